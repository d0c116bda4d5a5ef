import type { Cursor } from './cursor';

/** As much text of a query as a person reads in a message, in UTF-16 code units. */
export const LONGEST = 60;

/** Text of the query for a message; longer ones are cut. */
export function short(text: string): string {
	if (text.length <= LONGEST) return text;
	// A character of two code units is not cut in two.
	const end = (text.codePointAt(39) ?? 0) > 0xffff ? 39 : 40;
	return `${text.slice(0, end)}...`;
}

/** What is too long to be repeated is named by its beginning. */
export function writeInstead(rule: string, right: string, wrong: string): string {
	return right.length > 2 * LONGEST || wrong.length > 2 * LONGEST
		? `${rule}: correct what begins with ${short(wrong)}`
		: `${rule}: write ${right} instead of ${wrong}.`;
}

/** The current token for a message. */
export function shown(cursor: Cursor): string {
	const { kind, source } = cursor.peek();
	return kind === 'end' ? 'the end of the query' : short(source);
}
