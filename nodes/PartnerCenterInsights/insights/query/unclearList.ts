import { printText } from './print';
import { short } from './short';

/*
 * What to say of the text of a list that can be read in more than one way. Who writes what a sentence
 * says has the list that was meant.
 */

/** A comma, the end of a line of whatever kind, or the tab that spreadsheets put between cells. */
export const SEPARATOR = /[,\t\v\f\r\n\u0085\u2028\u2029]/;
/** What separates values elsewhere: in spreadsheets of some countries, in other lists and scripts. */
const OTHER_SEPARATOR = /[;|\uff0c\u060c\u3001\uff1b]/;

/** How far the end of a value is looked for that a sentence is to repeat. */
const LONGEST_REPEATED = 200;

/** A list with its operator, as it stands in a query. */
export function withOperator(list: string): string | undefined {
	const [operator] = /^(?:NOT\s+)?IN(?=\s*\()/i.exec(list) ?? [];
	return operator !== undefined && list.endsWith(')')
		? leaveOut(operator, 'the values')
		: beforeQuoted(list);
}

const leaveOut = (operator: string, rest: string): string =>
	`the operator stands in a field of its own: leave out ${operator}, and give only ${rest}.`;

/** A value in quotes behind an operator, as it stands in a query. What has no quotes may be a text: > 5. */
export function beforeQuoted(text: string): string | undefined {
	const [, operator] =
		/^((?:[<>=!]=?|<>|(?:NOT\s+)?LIKE\b)|==+)\s*(?:'[^']*'|"[^"]*")$/i.exec(text) ?? [];
	return operator === undefined ? undefined : leaveOut(operator, 'the value');
}

const QUOTE_OF_PAGE = /^&(?:quot|apos|#0?3[49]|#x2[27]|[lr][sd]quo|sbquo|bdquo);/i;

/**
 * A value between quotes that are no quotes: as web pages write them, or doubled as within a text.
 * @param isAll whether the text is the value alone
 */
export function oddlyQuoted(text: string, isAll = false): string | undefined {
	const [entity] = QUOTE_OF_PAGE.exec(text) ?? [];
	if (entity !== undefined) {
		return `${entity} is a quote as web pages write it in their source: write ' in its place.`;
	}
	const [doubled, inner = ''] = /^''([^',;\s](?:[^',;]*[^',;\s])?)''(?!')/.exec(text) ?? [];
	return doubled === undefined || (isAll && doubled !== text) || text.length > 10 * LONGEST_REPEATED
		? undefined
		: `a value stands between one single quote on each side: write '${inner}' instead of ${doubled}.`;
}

/** A part of a list that stands without quotes, and seems to be more than one value or half of one. */
export function unclearPart(value: string): string | undefined {
	const [separator] = OTHER_SEPARATOR.exec(value) ?? [];
	if (separator !== undefined) {
		return `${short(value)} is one value here: write commas in place of ${separator} for several, or put it in quotes where ${separator} belongs to it.`;
	}
	return /^[([{]\s*['"]/.test(value)
		? `the bracket before ${short(value.slice(1).trim())} has no end: write one after the last value, or leave it out.`
		: undefined;
}

/**
 * A list without quotes in which commas stand beside another separator, as in `1,5; 2,5`: the commas
 * are decimal points or parts of names there, or the other sign is.
 */
export function twoSeparators(
	text: string,
	separator = /[;|\uff1b]/.exec(text)?.[0],
): string | undefined {
	if (separator === undefined || !text.includes(',')) return undefined;
	const values = text
		.split(separator)
		.map((value) => value.trim())
		.filter((value) => value !== '');
	const example = values.map(printText).join(', ');
	const shown =
		values.length < 2 || example.length > LONGEST_REPEATED ? '' : `, for example ${example}`;
	return `both , and ${separator} stand in the list, and each of them may separate its values: put every value in single quotes, with commas between them${shown}.`;
}

/** What stands behind the quote that ends a value, where a separator should. */
export function afterQuoted(whole: string, value: string, following: string): string {
	const [, separator] =
		/^\s*([;|\uff0c\u060c\u3001\uff1b]|(?:AND|OR)(?=\s*['"\u2018\u201c\u201e]))/i.exec(following) ??
		[];
	if (separator !== undefined) {
		return `the values of a list are separated by commas: write a comma in place of ${separator}.`;
	}
	// The value reaches up to where the next one was to begin.
	if (/[,\t\r\n]\s*$/.test(value.slice(-LONGEST_REPEATED))) return openQuote(whole);
	const odd = oddlyQuoted(whole);
	if (odd !== undefined) return odd;
	const [source, inner] = quotedUpToSeparator(whole.slice(0, LONGEST_REPEATED));
	return inner === undefined
		? `a comma is missing after ${short(value)}: it separates the values of a list.`
		: `a quote inside a value is written twice: write ${printText(inner)} instead of ${source}.`;
}

/** The value up to a quote that a separator or the end follows, where no other value begins before. */
function quotedUpToSeparator(text: string): [source: string, inner: string] | [] {
	const quote = text.charAt(0);
	for (let end = text.indexOf(quote, 1); end > 0; end = text.indexOf(quote, end + 1)) {
		if (/[\s,;]/.test(text.charAt(end - 1))) return [];
		if (/^\s*(?:[,;\t\r\n]|$)/.test(text.slice(end + 1))) {
			return [text.slice(0, end + 1), text.slice(1, end).replaceAll(quote + quote, quote)];
		}
	}
	return [];
}

/** A quote without an end; `rest` begins with it. */
export function openQuote(rest: string): string {
	const value = rest.split(SEPARATOR, 1)[0] ?? rest;
	const literal = printText(value.trim());
	return `the quote before ${short(value.slice(1).trim())} has no end: write one after its last character, or ${short(literal)} where the quote belongs to the value.`;
}

/** Quotes as `join("','")` leaves them; `first` is a value with one at its end, `rest` begins with one. */
export function quotesBetween(first: string, rest: string): string {
	const last = (rest.split(SEPARATOR, 1)[0] ?? rest).slice(1).trim();
	return `the quotes stand only between the values: write ${rest.charAt(0)} before ${short(first.slice(0, -1))} and after ${short(last)} as well.`;
}

/** Of a number with commas in it that may be a list. */
export const mayBeOne = (number: string, meant: string): string =>
	`${short(number)} may be one number or several: write ${short(meant)} for one, or a space after each comma for several.`;

/** 20,000 is a number with a separator to most people, and two values of a list. */
export function unclearNumber(written: string): string | undefined {
	// Around a number, the sign of a currency or its code.
	const text = written.replace(/[$€£¥](?=\s?\d)|(?<=\d\s?)(?:[$€£¥]|[A-Z]{3}(?=\s*(?:,|$)))/g, '');
	if (!/^[\d\s,.+-]*$/.test(text)) return undefined;
	const [spaced] = /(?<![\d.,])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d.])/.exec(text) ?? [];
	if (spaced !== undefined) {
		return `${short(spaced)} is a number with a space in it: write ${short(spaced.replace(/\s/g, ''))}, or ${short(printText(spaced))} where it is text.`;
	}
	const [padded] =
		/(?<![\d.]|(?<!\d{4}),)\d{1,3}(?:,\d{3})*,0\d\d(?:\.\d+)?(?![\d.])/.exec(text) ?? [];
	const [european = ''] = /(?<![\d.])\d{1,3}(?:\.\d{3})+,\d+(?![\d.,])/.exec(text) ?? [];
	if (european !== '') {
		return mayBeOne(european, european.replaceAll('.', '').replace(',', '.'));
	}
	const [grouped] = /(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d.])/.exec(text) ?? [];
	// Two digits in each group but the last, as in India; a list has no values that begin with 0.
	const [indian] =
		/(?<![\d.,])\d{1,2}(?=[\d,]*,0)(?:,\d{2})+,\d{3}(?:\.\d+)?(?![\d.])/.exec(text) ?? [];
	const unclear = indian ?? padded ?? (/,\s/.test(text) ? grouped : undefined);
	if (unclear === undefined || /^0/.test(unclear)) return undefined;
	return mayBeOne(unclear, unclear.replaceAll(',', ''));
}

/** Numbers of which some commas have a space behind them and others have none, as in `1,5, 2,5`. */
function unclearCommas(text: string): string | undefined {
	if (!/^[\d\s,.+-]*$/.test(text) || !/,\s/.test(text)) return undefined;
	const [number] = /(?<![\d.,])\d+,\d+(?!,?[\d.])/.exec(text) ?? [];
	return number && mayBeOne(number, number.replace(',', '.'));
}

/**
 * What is unclear of values without quotes, before a list of them is proposed: a sentence by itself.
 * @param separator the one between them, where it is known
 */
export function unclearValues(text: string, separator?: string): string | undefined {
	const problem = unclearNumber(text) ?? unclearCommas(text) ?? twoSeparators(text, separator);
	return problem && problem.charAt(0).toUpperCase() + problem.slice(1);
}
