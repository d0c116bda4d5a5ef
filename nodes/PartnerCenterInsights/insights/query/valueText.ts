import { plainNumber } from './numbers';
import { short } from './short';

/** What is wrong with the text of a value. */
export interface ValueProblem {
	problem: string;
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
/** A comma, the end of a line of whatever kind, or the tab that spreadsheets put between cells. */
const SEPARATOR = /[,\t\v\f\r\n\u0085\u2028\u2029]/;
const SPACE_WITHIN = /(?![\t\v\f\r\n\u0085\u2028\u2029])\s/;
/** What separates values elsewhere: in spreadsheets of some countries, in other lists and scripts. */
const OTHER_SEPARATOR = /[;|\uff0c\u3001\uff1b]/;

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

/** The value as SQL Server marks text of any script, N'…', up to a separator or the end. */
function readMarked(text: string, start: number): Quoted | null {
	if (!text.startsWith("N'", start)) return null;
	const quoted = readQuoted(text, start + 1);
	// Else it is a name such as N'Djamena.
	return quoted !== null && /^\s*(?:,|$)|^[\t\v\f\r\n]/.test(text.slice(quoted.end))
		? quoted
		: null;
}

/** The value without the quotes that stand around all of it. */
export function withoutQuotes(text: string): string {
	const trimmed = text.trim();
	const quoted =
		QUOTES[trimmed.charAt(0)] === undefined ? readMarked(trimmed, 0) : readQuoted(trimmed, 0);
	return quoted?.end === trimmed.length ? quoted.value : text;
}

/**
 * The values of a list as people write or paste it: separated by commas or line ends, each with or
 * without quotes, the whole in parentheses or brackets or not, or as JSON. Empty parts are left out.
 * Within a value a comma stands in quotes.
 */
export function readList(text: string): unknown[] | ValueProblem {
	const trimmed = text.trim();
	const array = jsonArray(trimmed);
	if (array !== undefined) return array;
	const inner = withoutBrackets(trimmed);
	if (inner === undefined) return splitList(trimmed);
	const isList =
		/^\s*['"`‘“„]/.test(inner) || SEPARATOR.test(inner) || plainNumber(inner) !== undefined;
	return isList || inner.trim() === ''
		? splitList(inner)
		: {
				problem: `${short(trimmed)} is one value in brackets: leave them out, or put '${short(trimmed)}' in single quotes where they belong to it.`,
			};
}

/** Whether the text is a list by its brackets, and so more than one value may stand in it. */
export function isListText(text: string): boolean {
	const trimmed = text.trim();
	return (
		jsonArray(trimmed) !== undefined || /^\(\s*'[^]*'\s*\)$/.test(trimmed) || isQuotedList(trimmed)
	);
}

/** Whether the text is several values in quotes, with commas between them. */
function isQuotedList(text: string): boolean {
	for (let index = 0, count = 1; ; count++) {
		const isQuote = QUOTES[text.charAt(index)] !== undefined;
		const quoted = isQuote ? readQuoted(text, index) : readMarked(text, index);
		if (quoted === null) return false;
		const [comma = '', end] = /^\s*(?:,\s*|($))/.exec(text.slice(quoted.end)) ?? [];
		if (end !== undefined) return count > 1;
		if (comma === '') return false;
		index = quoted.end + comma.length;
	}
}

function jsonArray(text: string): unknown[] | undefined {
	if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
	try {
		const array: unknown = JSON.parse(text);
		return Array.isArray(array) ? (array as unknown[]) : undefined;
	} catch {
		return undefined;
	}
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
	const unclear = unclearNumber(text);
	if (unclear !== undefined) return { problem: unclear };
	const values: string[] = [];
	let index = 0;
	while (index < text.length) {
		const character = text.charAt(index);
		const marked = readMarked(text, index);
		if (/[\s,]/.test(character)) {
			index++;
		} else if (marked !== null) {
			values.push(marked.value);
			index = marked.end;
		} else if (QUOTES[character] === undefined) {
			const start = index;
			while (index < text.length && !SEPARATOR.test(text.charAt(index))) index++;
			const value = text.slice(start, index).trim();
			const unclear = unclearPart(value);
			if (unclear !== undefined) return { problem: unclear };
			values.push(value);
		} else {
			const quoted = readQuoted(text, index);
			if (quoted === null) return { problem: openQuote(text.slice(index)) };
			values.push(quoted.value);
			index = quoted.end;
			while (SPACE_WITHIN.test(text.charAt(index))) index++;
			if (index < text.length && !SEPARATOR.test(text.charAt(index))) {
				return {
					problem: `a comma is missing after ${short(quoted.value)}: it separates the values of a list.`,
				};
			}
		}
	}
	return values;
}

/** A part of a list that stands without quotes, and seems to be more than one value or half of one. */
function unclearPart(value: string): string | undefined {
	const [separator] = OTHER_SEPARATOR.exec(value) ?? [];
	if (separator !== undefined) {
		return `${short(value)} is one value here: write commas in place of ${separator} for several, or put it in quotes where ${separator} belongs to it.`;
	}
	return /^[([{]\s*['"]/.test(value)
		? `the bracket before ${short(value.slice(1).trim())} has no end: write one after the last value, or leave it out.`
		: undefined;
}

function openQuote(rest: string): string {
	const value = rest.split(SEPARATOR, 1)[0] ?? rest;
	const literal = `'${value.trim().replaceAll("'", "''")}'`;
	return `the quote before ${short(value.slice(1).trim())} has no end: write one after its last character, or ${short(literal)} where the quote belongs to the value.`;
}

/** 20,000 is a number with a separator to most people, and two values of a list. */
function unclearNumber(text: string): string | undefined {
	if (!/^[\d\s,.+-]*$/.test(text)) return undefined;
	const [padded] = /(?<![\d.,])\d{1,3}(?:,\d{3})*,0\d\d(?![\d.])/.exec(text) ?? [];
	const [european = ''] = /(?<![\d.])\d{1,3}(?:\.\d{3})+,\d+(?![\d.,])/.exec(text) ?? [];
	if (european !== '') {
		return `${european} may be one number or several: write ${european.replaceAll('.', '').replace(',', '.')} for one, or a space after each comma for several.`;
	}
	const [grouped] = /(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.])/.exec(text) ?? [];
	const unclear = padded ?? (/,\s/.test(text) ? grouped : undefined);
	if (unclear === undefined || /^0/.test(unclear)) return undefined;
	return `${unclear} may be one number or several: write ${unclear.replaceAll(',', '')} for one, or a space after each comma for several.`;
}
