import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { fileError, LET_THROUGH } from './failures';

/** So much of a file is looked at to see what it is. */
const LOOKED_AT = 4_096;

const HTML = /^<(?:!doctype html|html|head|body|title|script|style|meta|center|h1|p|div)\b/i;
/** Tags, declarations and comments: no report begins with a column of such a name. */
const MARKUP = /^<[!?a-z]/i;
const JSON_TEXT = /^(?:\{|\[\s*(?:[{["\d\]-]|true|false|null))/;
const CONTROL = /[\0-\x08\x0e-\x1f]/;
/** What PDF and ZIP files, and with them Office's, begin with: they may look like text for a while. */
const OTHER_FORMAT = /^(?:%PDF-|PK\x03\x04)/;
const OTHER_TYPE = /^(?:(?:image|audio|video|font)\/|application\/(?:pdf|zip|x-zip))/;
/** A line of names, each a word or in quotes: what begins with one is a table, whatever its type is called. */
const HEADER = /^(?:"[^"\r\n<>]+"|[^\s",<>]+)(?:[,\t](?:"[^"\r\n<>]+"|[^\s",<>]+))+[\r\n]/;
const WORDS = /[^\s,"] +[^\s,"]/;

const ENDS_A_SENTENCE = /[.!?]\s*$/;

/**
 * Sentences and nothing else: what begins with words is no table where it is one line of words, where a
 * space stands behind each comma and no columns can be seen, or where it ends like a sentence and its
 * lines have no columns in common. Names of columns have no spaces as a rule, but values end with a point,
 * such as Ltd.
 */
function isProse(text: string): boolean {
	const lines = text.split(/[\r\n]+/).filter((line) => line !== '');
	if (/["\t]/.test(text) || !WORDS.test(lines[0] ?? '')) return false;
	const widths = new Set(lines.map((line) => line.split(',').length));
	const isSpaced = !/,(?! )/.test(text);
	const isUneven = widths.size > 1 && lines[0]?.includes(',');
	if (isSpaced && (lines.length === 1 || isUneven)) return true;
	if (lines.length === 1 || widths.size > 1) return ENDS_A_SENTENCE.test(text);
	return widths.has(1) && lines.every((line) => ENDS_A_SENTENCE.test(line));
}

/** Bytes of such a file, at most. */
const LONGEST_MESSAGE = 1_000;

/** The start of a file without a character that it may have been cut in. */
export function wholeCharacters(start: Buffer): Buffer {
	for (let cut = 0; cut < 4; cut++) {
		const whole = start.subarray(0, start.length - cut);
		if (isUtf8(whole)) return whole;
	}
	return start;
}

const isUtf16 = (start: Buffer): boolean =>
	(start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);

/** The encoding that the byte order mark of a UTF-16 file tells. */
const utf16Of = (start: Buffer): string => (start[0] === 0xff ? 'utf-16le' : 'utf-16be');

const textOf = (start: Buffer): string =>
	isUtf16(start) ? new TextDecoder(utf16Of(start)).decode(start) : start.toString('utf8');

/** What a body is instead of a report, if its first bytes or its type tell that it is none. */
function otherThanReport(start: Buffer, contentType: string): string | undefined {
	const looked = start.subarray(0, LOOKED_AT);
	const said = textOf(looked).replace(/^[\ufeff\s]+/, '');
	// A wrong name does not make another thing of a table.
	const type = HEADER.test(said) ? '' : contentType.toLowerCase();
	if (HTML.test(said) || /^(?:text\/html|application\/xhtml)/.test(type)) return 'an HTML page';
	if (MARKUP.test(said) || /^(?:text|application)\/(?:\w+\+)?xml/.test(type)) return 'an XML page';
	if (JSON_TEXT.test(said) || /^application\/(?:\w+\+)?json/.test(type)) return 'a JSON message';
	// What UTF-16 makes of UTF-32 has every second character missing.
	const isText =
		(isUtf16(looked) && !said.includes('\0')) ||
		(isUtf8(wholeCharacters(looked)) && !looked.subarray(0, 2).includes(0));
	const isOther = OTHER_FORMAT.test(said) || OTHER_TYPE.test(type);
	if (isOther || (!isText && CONTROL.test(looked.toString('latin1')))) {
		return 'something that is no text';
	}
	return start.length <= LONGEST_MESSAGE && isProse(said)
		? 'a text without any columns'
		: undefined;
}

/**
 * Refuses what is no report: the page of a proxy or a sign-in, which comes with status 200 too, and
 * what is not text.
 *
 * @param start the first bytes, decoded
 * @param contentType the header of that name
 */
export function checkContent(start: Buffer, contentType = ''): void {
	const other = otherThanReport(start, contentType);
	if (other === undefined) return;
	throw fileError(
		'unreadable',
		`Instead of the report file came ${other}`,
		`A proxy, a firewall or a sign-in page stands before the file storage. ${LET_THROUGH}`,
	);
}

/** A UTF-16 file as UTF-8, told by its byte order mark; any other as it is. */
export async function* asUtf8(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	let decoder: TextDecoder | undefined;
	let isFirst = true;
	for await (const chunk of content) {
		if (isFirst && isUtf16(chunk)) {
			decoder = new TextDecoder(utf16Of(chunk));
		}
		isFirst = false;
		yield decoder === undefined ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
	}
	// A character that the file was cut in comes out as the sign for what cannot be read.
	if (decoder !== undefined) yield Buffer.from(decoder.decode());
}

/** Bytes that some writers fill a file up with: NUL, and the end mark of DOS. */
const PADDING: ReadonlySet<number | undefined> = new Set([0x00, 0x1a]);
/** Byte order marks and white space. */
const BLANK: ReadonlySet<number> = new Set([
	0xef, 0xbb, 0xbf, 0xff, 0xfe, 0x09, 0x0a, 0x0d, 0x20, 0x00, 0x1a,
]);
/** Bytes of padding that are held back, at most. */
const MOST_PADDING = 1024 * 1024;

/** Whether there is nothing to read in a body: no byte, or none that means anything. */
export const isBlank = (start: Buffer): boolean => start.every((byte) => BLANK.has(byte));

/** A file without the padding at its end. */
export async function* withoutPadding(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	let held: Buffer = Buffer.alloc(0);
	for await (const chunk of content) {
		let end = chunk.length;
		while (end > 0 && PADDING.has(chunk[end - 1])) end--;
		if (end > 0 || held.length > MOST_PADDING) {
			if (held.length > 0) yield held;
			if (end > 0) yield chunk.subarray(0, end);
			held = chunk.subarray(end);
		} else {
			held = Buffer.concat([held, chunk]);
		}
	}
}
