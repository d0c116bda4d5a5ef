/** As much text of a query as a person reads in a message, in UTF-16 code units. */
export const LONGEST = 60;

/** Text of the query for a message; longer ones are cut. */
export function short(text: string): string {
	if (text.length <= LONGEST) return text;
	// A character of two code units is not cut in two.
	const end = (text.codePointAt(39) ?? 0) > 0xffff ? 39 : 40;
	return `${text.slice(0, end)}...`;
}
