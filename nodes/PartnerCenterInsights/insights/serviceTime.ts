import { createRequire } from 'node:module';
import type * as Luxon from 'luxon';
import { trimmed } from './sameText';

/** A report starts at least so many hours after it is created. */
export const LEAD_HOURS = 4;
/** The start that is chosen where none is given: a little over the least, in minutes. */
export const DEFAULT_LEAD_MINUTES = LEAD_HOURS * 60 + 5;

/**
 * Years in which something can be meant to happen, ms since the epoch. The service was seen to send 0001
 * and 9999 for "no time"; a number outside of them is seconds, days of a spreadsheet or digits of a date.
 */
export const FIRST_TIME = Date.UTC(2000, 0);
/** 2100 is the last of them. */
const END_OF_TIMES = Date.UTC(2101, 0);

/** Whether a time, in ms since the epoch, can be meant. */
export const isPlausibleTime = (ms: number): boolean => ms >= FIRST_TIME && ms < END_OF_TIMES;

/** The service writes a year in four digits. */
const LAST_YEAR = 9999;

const yearOf = (ms: number): number => new Date(ms).getUTCFullYear();

/** A `DateTime` of n8n: an instance of n8n's own copy of luxon, told by what it can do. */
interface DateTimeLike {
	toMillis: () => number;
}

const isDateTime = (value: unknown): value is DateTimeLike =>
	typeof value === 'object' &&
	value !== null &&
	'toMillis' in value &&
	typeof value.toMillis === 'function' &&
	// A duration has as many ms as it lasts.
	!('isLuxonDuration' in value);

/** Loaded with the first date that is read: n8n loads the node's file with every start. */
const luxon = (): typeof Luxon => createRequire(__filename)('luxon') as typeof Luxon;

/** A date that names its year, month and perhaps more: not `20240601`, `2024` or a time of today. */
const DATED = /^\d{4}-|^\d{8}T/;

/** The year of a date that was made of seconds, or of the days of a spreadsheet, as if they were ms. */
const YEAR_OF_SECONDS = 1970;
/** What a person writes for "since ever", whose date has no other in its year. */
const BEGIN_OF_TIME = /^1970-?01-?01(?:[T ](?:00[:.,]?)+0*)?(?![\d:.,T]| \d)/i;

function readText(text: string, timezone: string): number {
	const { DateTime } = luxon();
	// Taken for text that names no zone of its own.
	const zoned = { zone: timezone };
	const readings = DATED.test(text)
		? // The date picker of n8n and the samples of the service write a space for the T.
			[DateTime.fromISO(text, zoned), DateTime.fromSQL(text, zoned)]
		: [DateTime.fromRFC2822(text, zoned)];
	const ms = readings.find(({ isValid }) => isValid)?.toMillis() ?? NaN;
	return yearOf(ms) === YEAR_OF_SECONDS && !BEGIN_OF_TIME.test(text) ? NaN : ms;
}

const readMs = (ms: number): number => (isPlausibleTime(ms) ? ms : NaN);

function readObject(ms: unknown): number {
	return typeof ms === 'number' && yearOf(ms) !== YEAR_OF_SECONDS ? ms : NaN;
}

/** A time to the minute as a clock in that zone shows it: `2026-11-26 15:33`. */
export const clockTime = (ms: number, timezone: string): string =>
	luxon().DateTime.fromMillis(ms, { zone: timezone }).toFormat('yyyy-MM-dd HH:mm');

/**
 * Reads what n8n users have for a date: ISO text with or without a zone, a `DateTime` of an
 * expression, a `Date`, or a number that is plausible as milliseconds since 1970. Objects in 1970 are
 * seconds that were taken for milliseconds.
 *
 * @param timezone IANA name; taken for text that names no zone, as n8n's date picker writes it
 * @returns ms since the epoch; undefined when the value is no date that the service could take
 */
export function readDate(value: unknown, timezone: string): number | undefined {
	const ms = isDateTime(value)
		? readObject(value.toMillis())
		: value instanceof Date
			? readObject(value.getTime())
			: typeof value === 'number'
				? readMs(value)
				: typeof value === 'string'
					? readText(trimmed(value), timezone)
					: NaN;
	const year = yearOf(ms);
	return year >= 0 && year <= LAST_YEAR ? ms : undefined;
}

/**
 * The form in which the service takes a time: `yyyy-MM-ddTHH:mm:ssZ`. Fractions of a second are cut.
 *
 * @param ms since the epoch
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-faq
 */
export const toServiceTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Whether an end does not lie after its start; false where one of both is not known. */
export function endsTooEarly(start: unknown, end: unknown): boolean {
	const from = readServiceTime(start);
	const to = readServiceTime(end);
	return from !== undefined && to !== undefined && to <= from;
}

const HAS_ZONE = /(Z|GMT|UTC|[+-]\d{2}:?\d{2})$/i;
/** Day, time and zone as ISO has them, and as databases write them: with spaces between, a zone of hours alone. */
const ISO_TIME = /^(\d{4}-\d{2}-\d{2})(?:[ t](\d[\d:.]*) ?(?:Z|UTC|GMT|([+-]\d{2}):?(\d{2})?)?)?$/i;

/** In the one form of ISO that JavaScript is sure to read; UTC where it names no zone. */
function withZone(text: string): string {
	const [isIso, day, time = '00:00', hours, minutes = '00'] = ISO_TIME.exec(text) ?? [];
	if (isIso === undefined) return HAS_ZONE.test(text) ? text : `${text} UTC`;
	return `${day}T${time}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`;
}

/**
 * A time as the service writes it, also with fractions, with a space for the T or (as some of its
 * samples) without the `Z`: it is UTC, whatever the zone of the machine.
 *
 * @returns ms since the epoch; undefined when it is none
 */
export function readServiceTime(value: unknown): number | undefined {
	if (typeof value !== 'string') return undefined;
	const ms = Date.parse(withZone(value.trim()));
	return Number.isNaN(ms) ? undefined : ms;
}
