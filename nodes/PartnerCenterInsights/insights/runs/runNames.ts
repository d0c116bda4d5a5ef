import { randomBytes } from 'node:crypto';
import { HOUR } from '../clock';

/** How long a run takes at most whose name does not say until when it waits, in ms. */
const USUAL_WAIT = 20 * HOUR;
/** What a run may take beside its wait, for its file and its clean-up, in ms. */
const BESIDE_WAIT = 4 * HOUR;
/** The latest time that a name can tell, in ms since the epoch. */
const LAST_TIME = Date.UTC(9999, 11, 31);

/**
 * Names of what a run creates on the service, by which a later run knows what a killed one has left
 * behind. What is to be kept is called otherwise, and is never tidied away.
 */
export interface RunNames {
	report: string;
	/** The service takes letters, digits and spaces in the name of a query. */
	query: string;
}

const written = (time: number): string =>
	new Date(Math.min(time, LAST_TIME)).toISOString().replace(/[-:]|\.\d+/g, '');

/**
 * @param now ms since the epoch
 * @param wait how long the run waits for its report at most, in ms; a long one stands in the names, so
 *   that no other run takes for left behind what is waited for
 */
export function runNames(now: number, isKept: boolean, wait = 0): RunNames {
	const words = [
		...['n8n', isKept ? 'kept' : 'run', written(now)],
		...(wait > USUAL_WAIT ? ['until', written(now + wait)] : []),
		randomBytes(4).toString('hex'),
	];
	return { report: words.join('-'), query: words.join(' ') };
}

/** The whole of a name, to the letter: one that a person has given or edited is another. */
const REPORT_NAME = /^n8n-run-(\d{8}T\d{6}Z)(?:-until-(\d{8}T\d{6}Z))?-[0-9a-f]{8}$/;
const QUERY_NAME = /^n8n run (\d{8}T\d{6}Z)(?: until (\d{8}T\d{6}Z))? [0-9a-f]{8}$/;

function readTime(name: string): number | undefined {
	const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(name)?.slice(1) ?? [];
	const [year, month, day, hour, minute, second] = parts;
	const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
	const time = Date.parse(iso);
	// 30 February is a date that nobody has written here.
	const isTime = !Number.isNaN(time) && new Date(time).toISOString() === iso.replace('Z', '.000Z');
	return isTime ? time : undefined;
}

/** What a name tells of the run that gave it, in ms since the epoch. */
export interface RunTimes {
	began: number;
	/** By when it is over, whatever it has waited for. */
	over: number;
}

function timesIn(name: unknown, form: RegExp): RunTimes | undefined {
	const [, begin = '', end] = (typeof name === 'string' ? form.exec(name) : null) ?? [];
	const began = readTime(begin);
	const until = end === undefined ? (began ?? 0) + USUAL_WAIT : readTime(end);
	if (began === undefined || until === undefined) return undefined;
	return { began, over: until + BESIDE_WAIT };
}

/** The times of the run that created a report of this name; undefined for any other name. */
export const timesOfReport = (name: unknown): RunTimes | undefined => timesIn(name, REPORT_NAME);

/** The same for the name of a query. */
export const timesOfQuery = (name: unknown): RunTimes | undefined => timesIn(name, QUERY_NAME);
