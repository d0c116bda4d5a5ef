import { randomBytes } from 'node:crypto';

/**
 * Names of what a run creates on the service, by which a later run knows what a killed one has left
 * behind. What is to be kept is called otherwise, and is never tidied away.
 */
export interface RunNames {
	report: string;
	/** The service takes letters, digits and spaces in the name of a query. */
	query: string;
}

/** @param now ms since the epoch */
export function runNames(now: number, isKept: boolean): RunNames {
	const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
	const words = ['n8n', isKept ? 'kept' : 'run', time, randomBytes(4).toString('hex')];
	return { report: words.join('-'), query: words.join(' ') };
}

/** The whole of a name, to the letter: one that a person has given or edited is another. */
const REPORT_NAME = /^n8n-run-(\d{8}T\d{6}Z)-[0-9a-f]{8}$/;
const QUERY_NAME = /^n8n run (\d{8}T\d{6}Z) [0-9a-f]{8}$/;

function timeIn(name: unknown, form: RegExp): number | undefined {
	const written = typeof name === 'string' ? form.exec(name)?.[1] : undefined;
	const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(written ?? '')?.slice(1) ?? [];
	const [year, month, day, hour, minute, second] = parts;
	const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
	const time = Date.parse(iso);
	// 30 February is a date that nobody has written here.
	const isTime = !Number.isNaN(time) && new Date(time).toISOString() === iso.replace('Z', '.000Z');
	return isTime ? time : undefined;
}

/** When the run that created a report of this name began, in ms since the epoch; undefined for any other name. */
export const timeOfReport = (name: unknown): number | undefined => timeIn(name, REPORT_NAME);

/** The same for the name of a query. */
export const timeOfQuery = (name: unknown): number | undefined => timeIn(name, QUERY_NAME);
