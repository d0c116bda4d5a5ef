import { WHITE_SPACE } from '../sameText';

/** What is a plain space to people, and none to other programs. */
const OTHER_SPACE = new RegExp(`(?![ \\t\\r\\n])[${WHITE_SPACE}]`, 'g');

/**
 * The text of a query as it is sent: as it was written, but outside of single quotes every kind of
 * white space that is none for other programs (no-break spaces, U+3000, U+2028, a byte order mark) is
 * a plain space, and a semicolon at the end is dropped, because the service's grammar has none.
 */
export function normaliseQuery(text: string): string {
	const plain = text.replace(/'[^']*'?|[^']+/g, (piece) =>
		piece.startsWith("'") ? piece : piece.replace(OTHER_SPACE, ' '),
	);
	let end = plain.length;
	while (end > 0 && /[\s;]/.test(plain.charAt(end - 1))) end--;
	// A semicolon that ends an entity is none of the query.
	if (/&#?\w{2,6}$/.test(plain.slice(Math.max(0, end - 8), end)) && plain[end] === ';') end++;
	return plain.slice(0, end).trimStart();
}

/** A query as it is sent, behind as many lines and spaces as stand before it where it was written. */
export function placedQuery(written: string, sent: string): string {
	const before = sent === '' ? '' : written.slice(0, written.indexOf(sent.charAt(0)));
	return before.replace(/[^\r\n]/g, ' ') + sent;
}
