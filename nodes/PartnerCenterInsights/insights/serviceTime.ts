import { DateTime } from 'luxon';

/** What the service takes: UTC, seconds, `Z`. */
const SERVICE_FORMAT = "yyyy-MM-dd'T'HH:mm:ss'Z'";

/** A report starts at least so many hours after it is created. */
export const LEAD_HOURS = 4;
/** The start that is chosen where none is given: a little over the least, in minutes. */
export const DEFAULT_LEAD_MINUTES = LEAD_HOURS * 60 + 5;

/** A `DateTime` of n8n: an instance of n8n's own copy of luxon, told by what it can do. */
interface DateTimeLike {
	toMillis: () => number;
}

const isDateTime = (value: unknown): value is DateTimeLike =>
	typeof value === 'object' &&
	value !== null &&
	'toMillis' in value &&
	typeof value.toMillis === 'function';

function readText(text: string, timezone: string): DateTime {
	// Taken for text that names no zone of its own.
	const zoned = { zone: timezone };
	const readings = [
		() => DateTime.fromISO(text, zoned),
		// The date picker of n8n and the samples of the service write a space for the T.
		() => DateTime.fromSQL(text, zoned),
		() => DateTime.fromRFC2822(text, zoned),
	];
	return readings.reduce<DateTime>(
		(found, read) => (found.isValid ? found : read()),
		DateTime.invalid('unread'),
	);
}

/**
 * Reads what n8n users have for a date: ISO text with or without a zone, a `DateTime` of an
 * expression, a `Date`, or milliseconds since the epoch.
 *
 * @param timezone IANA name; taken for text that names no zone, as n8n's date picker writes it
 * @returns undefined when the value is no date
 */
export function readDate(value: unknown, timezone: string): DateTime | undefined {
	const date = isDateTime(value)
		? DateTime.fromMillis(value.toMillis())
		: value instanceof Date
			? DateTime.fromJSDate(value)
			: typeof value === 'number'
				? DateTime.fromMillis(value)
				: typeof value === 'string'
					? readText(value.trim(), timezone)
					: DateTime.invalid('unread');
	return date.isValid ? date : undefined;
}

/**
 * The form in which the service takes a time: `yyyy-MM-ddTHH:mm:ssZ`. Fractions of a second are cut.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-faq
 */
export const toServiceTime = (date: DateTime): string => date.toUTC().toFormat(SERVICE_FORMAT);
