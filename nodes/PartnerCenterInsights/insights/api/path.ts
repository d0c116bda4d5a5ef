import { InputError } from '../errors';

const HALF_CHARACTERS = /\p{Cs}/gu;

/** One segment of a path, whatever it holds. */
function segment(text: string): string {
	// Nothing else has another meaning in a path once it is encoded.
	if (/^\.{0,2}$/.test(text))
		throw new InputError(`An ID in an address cannot be ${text === '' ? 'empty' : text}`);
	// Half a character cannot be encoded; no ID has one.
	return encodeURIComponent(text.replace(HALF_CHARACTERS, '\ufffd'));
}

/**
 * A path with values in it, each one segment: `` path`ScheduledReport/resume/${reportId}` ``.
 *
 * @throws InputError for a value that is empty or consists of dots, which would lead to another address
 */
export const path = (fixed: TemplateStringsArray, ...values: string[]): string =>
	fixed.reduce((start, rest, index) => `${start}${segment(values[index - 1] ?? '')}${rest}`);
