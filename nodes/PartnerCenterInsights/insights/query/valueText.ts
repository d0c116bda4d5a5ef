import { isInvisible, trimmed, WHITE_SPACE } from '../sameText';
import { plainNumber } from './numbers';
import { short } from './short';
import * as unclear from './unclearList';
import { SEPARATOR } from './unclearList';

/** What is wrong with the text of a value. */
export interface ValueProblem {
	problem: string;
	/** An expression in it was not filled in. */
	isUnfilled?: true;
}

/** Quotes that may stand around a value, and what closes them; straight ones are doubled inside. */
const QUOTES: Partial<Record<string, string>> = {
	"'": "'",
	'"': '"',
	'`': "`'",
	'´': '´',
	'‘': "’‘'",
	'’': "’'",
	'‚': '‘’',
	'‛': '’',
	'“': '”“"',
	'”': '”"',
	'„': '“”"',
	'‟': '”',
	'«': '»',
	'»': '«',
	'‹': '›',
	'›': '‹',
	'＇': '＇',
	'＂': '＂',
};

const LETTER = /[\p{L}\p{N}]/u;

interface Quoted {
	value: string;
	/** Where the text goes on. */
	end: number;
}

/** The quoted value that begins there; null where its quote has no end. */
function readQuoted(text: string, start: number): Quoted | null {
	const quote = text.charAt(start);
	const closing = QUOTES[quote] ?? quote;
	let value = '';
	for (let index = start + 1; index < text.length; index++) {
		const character = text.charAt(index);
		const next = text.charAt(index + 1);
		if (character === '\\' && quote === '"' && (next === '"' || next === '\\')) {
			value += next;
			index++;
		} else if (!closing.includes(character)) {
			value += character;
		} else if (character === quote && next === quote) {
			value += character;
			index++;
		} else if (character !== quote && LETTER.test(text.charAt(index - 1)) && LETTER.test(next)) {
			// An apostrophe between typographic quotes.
			value += character;
		} else {
			return { value, end: index + 1 };
		}
	}
	return null;
}

/** A comma, the end of a line, or that of the text. */
const BEHIND_MARKED = new RegExp(`^\\s*(?:,|$)|^${SEPARATOR.source}`);

/** The value as SQL Server marks text of any script, N'…', up to a separator or the end. */
function readMarked(text: string, start: number): Quoted | null {
	if (!text.startsWith("N'", start)) return null;
	const quoted = readQuoted(text, start + 1);
	// Else it is a name such as N'Djamena.
	return quoted !== null && BEHIND_MARKED.test(text.slice(quoted.end)) ? quoted : null;
}

/** The value without the quotes that stand around all of it. */
export function withoutQuotes(text: string): string {
	const whole = text.trim();
	const quoted =
		QUOTES[whole.charAt(0)] === undefined ? readMarked(whole, 0) : readQuoted(whole, 0);
	return quoted?.end === whole.length ? quoted.value : (withApostrophes(whole) ?? text);
}

/** What stands in straight quotes as a whole, with apostrophes in it that are not doubled: 'O'Brien'. */
function withApostrophes(text: string): string | undefined {
	if (!/^'[^]+'$/.test(text)) return undefined;
	const inner = text.slice(1, -1);
	return /(?<!\p{L})'|'(?!\p{L})/u.test(inner.replaceAll("''", ''))
		? undefined
		: inner.replaceAll("''", "'");
}

/**
 * The values of a list as people write or paste it: separated by commas or line ends, each with or
 * without quotes, the whole in parentheses or brackets or not, or as JSON. Empty parts are left out.
 * Within a value a comma stands in quotes.
 */
export function readList(text: string): unknown[] | ValueProblem {
	const list = withoutBullets(trimmed(text));
	const problem = unclear.withOperator(list) ?? unclear.oddlyQuoted(list);
	if (problem !== undefined) return { problem };
	const array = jsonArray(list) ?? jsonObject(list);
	if (array !== undefined) return array;
	const inner = withoutBrackets(list);
	if (inner === undefined) return splitList(list);
	const isList =
		/^\s*['"`‘“„]/.test(inner) || SEPARATOR.test(inner) || plainNumber(inner) !== undefined;
	return isList || inner.trim() === ''
		? splitList(inner)
		: {
				problem: `${short(list)} is one value in brackets: leave them out, or put '${short(list)}' in single quotes where they belong to it.`,
			};
}

const LINE_END = /\r\n|[\r\n\u0085\u2028\u2029]/;
/** A sign with a space behind it, as lists in documents and chats have before each entry. */
const BULLET = /^([•·‣◦▪*–—-])\s+(?=\S)/;

/** A list of several lines without the bullets or the numbers that stand before all of its entries. */
function withoutBullets(text: string): string {
	const lines = text
		.split(LINE_END)
		.map(trimmed)
		.filter((line) => line !== '');
	const [, bullet] = BULLET.exec(lines[0] ?? '') ?? [];
	const marks = lines.map(
		(line, index) =>
			(BULLET.exec(line)?.[1] === bullet ? BULLET.exec(line)?.[0] : undefined) ??
			(/^(\d+)[.)]\s+(?=\S)/.exec(line)?.[1] === String(index + 1)
				? /^\d+[.)]\s+/.exec(line)?.[0]
				: undefined),
	);
	const isList = lines.length > 1 && marks.every((mark) => mark !== undefined);
	const entries = lines.map((line, index) => line.slice(marks[index]?.length ?? 0));
	// A dash before a number may be its minus.
	const areNegative =
		/[-–—]/.test(bullet ?? '') && entries.every((entry) => plainNumber(entry) !== undefined);
	return isList && !areNegative ? entries.join('\n') : text;
}

/** An object in JSON, which is no list of values. */
function jsonObject(text: string): unknown[] | undefined {
	if (!/^\{\s*"/.test(text)) return undefined;
	try {
		return [JSON.parse(text) as unknown];
	} catch {
		return undefined;
	}
}

/** Whether the text is a list by its brackets, and so more than one value may stand in it. */
export function isListText(text: string): boolean {
	const list = text.trim();
	const inner = withoutBrackets(list)?.trim();
	return (
		jsonArray(list) !== undefined ||
		/^\(\s*'[^]*'\s*\)$/.test(list) ||
		isQuotedList(list, 2) ||
		(inner !== undefined && isQuotedList(inner, 1))
	);
}

/** What stands between two values in quotes. */
const GAP = new RegExp(`^[${WHITE_SPACE},;|\\uff0c\\u060c\\u3001\\uff1b]*`);

/** Whether the text is so many values in quotes or more, each with a separator behind it but the last. */
function isQuotedList(text: string, least: number): boolean {
	for (let index = 0, count = 1; ; count++) {
		const isQuote = QUOTES[text.charAt(index)] !== undefined;
		const quoted = isQuote ? readQuoted(text, index) : readMarked(text, index);
		if (quoted === null) return false;
		const [gap = ''] = GAP.exec(text.slice(quoted.end)) ?? [];
		index = quoted.end + gap.length;
		if (index === text.length) return count >= least || trimmed(gap) !== '';
		if (trimmed(gap) === '' && !SEPARATOR.test(gap)) return false;
	}
}

/** A number as it was written: one of JavaScript holds only 15 digits for sure. */
export class WrittenNumber {
	constructor(readonly digits: string) {}
}

function jsonArray(text: string): unknown[] | undefined {
	if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
	try {
		const array: unknown = JSON.parse(text);
		return Array.isArray(array) ? withWrittenNumbers(array, text) : undefined;
	} catch {
		return undefined;
	}
}

/** The array with its numbers as they stand in its text; one that holds other arrays or objects as it is. */
function withWrittenNumbers(array: readonly unknown[], text: string): unknown[] {
	if (array.some((element) => typeof element === 'object' && element !== null)) return [...array];
	const sources = text.slice(1, -1).match(/"(?:[^"\\]|\\.)*"|[^\s,]+/g) ?? [];
	return array.map((element, index) =>
		Number.isFinite(element) ? new WrittenNumber(sources[index] ?? String(element)) : element,
	);
}

const BRACKETS: Partial<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** What one pair of brackets encloses, if it encloses the whole text. */
function withoutBrackets(text: string): string | undefined {
	const opening = text.charAt(0);
	const closing = BRACKETS[opening];
	if (closing === undefined || !text.endsWith(closing)) return undefined;
	let depth = 0;
	for (let index = 0; index < text.length; index++) {
		const character = text.charAt(index);
		const startsValue = index > 0 && /[\s,([]/.test(text.charAt(index - 1));
		if (startsValue && QUOTES[character] !== undefined) {
			const quoted = readQuoted(text, index);
			if (quoted === null) return text.slice(1, -1);
			index = quoted.end - 1;
		} else if (character === opening) {
			depth++;
		} else if (character === closing && --depth === 0) {
			return index === text.length - 1 ? text.slice(1, -1) : undefined;
		}
	}
	return undefined;
}

function splitList(text: string): string[] | ValueProblem {
	const number = unclear.unclearNumber(text);
	if (number !== undefined) return { problem: number };
	const values: string[] = [];
	/** A value without quotes that has one at its end. */
	let half: string | undefined;
	let hasQuotes = false;
	let index = 0;
	while (index < text.length) {
		const character = text.charAt(index);
		const marked = readMarked(text, index);
		if (SEPARATOR.test(character) || isInvisible(character)) {
			index++;
		} else if (marked !== null) {
			hasQuotes = true;
			values.push(marked.value);
			index = marked.end;
		} else if (QUOTES[character] === undefined) {
			const start = index;
			while (index < text.length && !SEPARATOR.test(text.charAt(index))) index++;
			const value = trimmed(text.slice(start, index));
			const problem = unclear.unclearPart(value);
			if (problem !== undefined) {
				return { problem: (hasQuotes ? undefined : unclear.twoSeparators(text)) ?? problem };
			}
			if (QUOTES[value.slice(-1)] !== undefined) half ??= value;
			values.push(value);
		} else {
			hasQuotes = true;
			const quoted = readQuoted(text, index);
			if (quoted === null) {
				const rest = text.slice(index);
				return {
					problem: half?.endsWith(character)
						? unclear.quotesBetween(half, rest)
						: unclear.openQuote(rest),
				};
			}
			const start = index;
			values.push(quoted.value);
			index = quoted.end;
			while (!SEPARATOR.test(text.charAt(index)) && isInvisible(text.charAt(index))) index++;
			if (index < text.length && !SEPARATOR.test(text.charAt(index))) {
				const following = text.slice(quoted.end);
				return { problem: unclear.afterQuoted(text.slice(start), quoted.value, following) };
			}
		}
	}
	return values;
}
