/** White space of every script, for a class of characters; the next line character U+0085 is none in JavaScript. */
export const WHITE_SPACE = '\\s\\u0085';
/** Signs without width, which come along when a text is copied from a page or a chat. */
export const WITHOUT_WIDTH =
	'\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff';
/** What cannot be seen. */
export const INVISIBLE = new RegExp(`[${WHITE_SPACE}${WITHOUT_WIDTH}]`);

/** Of one character: whether it is white space or a sign without width. */
export const isInvisible = (character: string): boolean => INVISIBLE.test(character);

/** A text without what cannot be seen at its ends. */
export function trimmed(text: string): string {
	let [start, end] = [0, text.length];
	while (start < end && isInvisible(text.charAt(start))) start++;
	while (end > start && isInvisible(text.charAt(end - 1))) end--;
	return text.slice(start, end);
}

const EACH_SPACE = new RegExp(`[${WHITE_SPACE}]`, 'g');

/**
 * A text as it is compared: whatever its case, without what cannot be seen around it. What looks the same
 * is the same: an accent in a character of its own, a space that does not break. By way of capitals, since
 * some letters have another form there: ß is SS. A number is its text: a record may write an ID so.
 */
export const folded = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number'
		? trimmed(String(value)).normalize('NFC').replace(EACH_SPACE, ' ').toUpperCase().toLowerCase()
		: '';

/**
 * Whether a record's text can be among those that a filter for another one lets through, if that does what
 * it is there for: it may find parts. A record without the text is taken as it was listed.
 */
export const mayMatch = (found: unknown, wanted: string | undefined): boolean =>
	wanted === undefined || folded(found) === '' || folded(found).includes(folded(wanted));

/** Whether two texts are the same, whatever their case and the space around them. */
export const sameText = (a: unknown, b: unknown): boolean => folded(a) === folded(b);
