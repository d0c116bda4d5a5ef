import type { DateTime } from 'luxon';
import { InputError } from '../insights/errors';
import { readDate, toServiceTime } from '../insights/serviceTime';

const LONGEST_QUOTE = 60;

/** A value as it is shown in a message: quoted and short. */
export function quote(value: unknown): string {
	const json = JSON.stringify(value) as string | undefined;
	const text = typeof value === 'string' ? value : (json ?? String(value));
	return `"${text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text}"`;
}

/** Whether a field was left empty, also by an expression that found nothing. */
export const isEmpty = (value: unknown): boolean =>
	value === undefined || value === null || value === '' || value === 'undefined';

const CHECK_EXPRESSION =
	'Where it is an expression, check that the field it names exists in the input item.';

/** A text that must be there, trimmed. */
export function requiredText(value: unknown, displayName: string): string {
	if (isEmpty(value)) throw new InputError(`'${displayName}' is empty`, CHECK_EXPRESSION);
	if (typeof value !== 'string' || value.trim() === '') {
		throw new InputError(`'${displayName}' must be a text, but is ${quote(value)}`);
	}
	return value.trim();
}

const LONGEST_TEXT = 256;

/**
 * Checks a report's name or description.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/analytics-faq
 */
export function reportText(value: string, displayName: string): string {
	if (value.length > LONGEST_TEXT) {
		throw new InputError(
			`'${displayName}' has ${value.length} characters, and the service takes at most ${LONGEST_TEXT}`,
			`Shorten it, e.g. to ${quote(value.slice(0, 40).trim())}.`,
		);
	}
	if (value.includes(';')) {
		throw new InputError(
			`'${displayName}' contains a semicolon, which the service does not take`,
			`Write e.g. ${quote(value.replaceAll(';', ','))}.`,
		);
	}
	return value;
}

/** A whole number in a range. Text that is one counts, because expressions often give text. */
export function wholeNumber(
	value: unknown,
	displayName: string,
	{ least, most, unit = '' }: { least: number; most?: number; unit?: string },
): number {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	const fits =
		typeof number === 'number' &&
		Number.isInteger(number) &&
		number >= least &&
		number <= (most ?? Infinity);
	if (!fits) {
		const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
		throw new InputError(
			`'${displayName}' must be a whole number ${range}${unit}, but is ${quote(value)}`,
		);
	}
	return number;
}

/**
 * A date as n8n users have it.
 *
 * @param timezone IANA name, for text without a zone
 * @param example a date that would do
 */
export function dateValue(
	value: unknown,
	displayName: string,
	timezone: string,
	example: string,
): DateTime {
	const date = readDate(value, timezone);
	if (date === undefined) {
		throw new InputError(
			`'${displayName}' is not a date: ${quote(value)}`,
			`Use an ISO date such as ${example}, or a DateTime expression such as {{ $now.plus({ hours: 5 }) }}.`,
		);
	}
	return date;
}

/** The one of these options that the value is, whatever its case. */
export function oneOf<T extends string>(
	value: unknown,
	displayName: string,
	options: readonly T[],
): T {
	const wanted = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
	const found = options.find((option) => option.toLowerCase() === wanted);
	if (found === undefined) {
		throw new InputError(
			`'${displayName}' must be ${options.join(' or ')}, but is ${quote(value)}`,
		);
	}
	return found;
}

/** An address that the service can call. */
export function callbackAddress(value: unknown, displayName: string): string {
	const address = requiredText(value, displayName);
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
		throw new InputError(
			`'${displayName}' is not a web address: ${quote(value)}`,
			'Use an address that Microsoft can reach from the internet, e.g. https://n8n.example.com/webhook/report-ready.',
		);
	}
	return address;
}

/** The end of a span in the service's form; it must lie after the start. */
export function endOfSpan(date: DateTime, start: string | undefined, displayName: string): string {
	const end = toServiceTime(date);
	if (start !== undefined && end <= start) {
		throw new InputError(
			`'${displayName}' must be later than the start, but is ${end}`,
			`The start is ${start}.`,
		);
	}
	return end;
}
