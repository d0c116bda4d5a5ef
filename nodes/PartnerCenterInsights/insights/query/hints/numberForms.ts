import type { Cursor } from '../cursor';
import { plainNumber } from '../numbers';
import { unquotedPhrase } from '../phrase';
import { printText } from '../print';
import { LONGEST, short, writeInstead } from '../short';
import type { Comparison, Value } from '../types';
import { mayBeOne, unclearValues } from '../unclearList';
import { LIST_FOR } from './operators';
import { isWithWords } from './ordered';

const DIGIT = '[\\d\\uff10-\\uff19]';
const CURRENCY = '(?:[$€£¥] ?)?';
const NUMBER_RUN = new RegExp(
	`${CURRENCY}[-+\\u2010-\\u2015\\u2212\\ufe63\\uff0d]? ?${CURRENCY}\\.?${DIGIT}` +
		`(?:[.,_'’\\u00a0\\u2009\\u202f ]?${DIGIT})*\\.?(?:[eE][+-]?\\d{1,3})?(?: ?[$€£¥])?(?![^\\s,;()])`,
	'y',
);

/** What stands there and looks like a number in any form, also with separators in it. */
export function numberAt(text: string, offset: number): string | undefined {
	NUMBER_RUN.lastIndex = offset;
	return NUMBER_RUN.exec(text)?.[0];
}

/** A number that goes on with a separator that the language does not have, as in 20,000. */
export function brokenNumber(
	cursor: Cursor,
	{ name, operator, value }: Comparison,
): string | undefined {
	const { kind, at } = value;
	if (kind !== 'number' || at === undefined) return undefined;
	const raw = numberAt(cursor.text, at.offset);
	const number = raw === undefined ? undefined : plainNumber(raw);
	if (raw === undefined || number === undefined || raw.length <= at.length) return undefined;
	const list = LIST_FOR[operator];
	if (list === undefined || !raw.includes(',')) return numberForm(number, raw);
	const isLast = !/^\s*[,;|]\s*\S/.test(
		cursor.text.slice(at.offset + raw.length).slice(0, LONGEST),
	);
	const unclear = isLast ? undefined : unclearAhead(cursor, at.offset);
	if (unclear !== undefined) return unclear;
	const parts = raw.split(',');
	return parts.every((part) => /^-?(?:0|[1-9]\d*)$/.test(part))
		? `${numberForm(number, raw)} For several values write ${short(name.text)} ${list} (${parts.join(', ')}).`
		: numberForm(number, raw);
}

export const numberForm = (number: string, raw: string): string =>
	`A number is written in digits, with a point before decimals and no other separator: write ${number} instead of ${short(raw)}.`;

/** Where a list should begin: a number with commas in it, which is one to some people and a list to others. */
export function oneOrSeveral(cursor: Cursor): string | undefined {
	const raw = numberAt(cursor.text, cursor.peek().at.offset) ?? '';
	const number = raw.includes(',') ? plainNumber(raw) : undefined;
	return number && mayBeOne(raw, number);
}

/** Up to a word, a quote or a bracket. */
const NUMBERS = /[^\p{L}'"()[\]{}]*/uy;
/** In a list also with words. */
const LISTED = /[^'"()[\]{}]*/y;

/**
 * What is unclear of the numbers that stand there one behind another, or of values without quotes in a list.
 * @param separator the one between them, where it is known
 */
export function unclearAhead(
	{ text }: Cursor,
	offset: number,
	{ inList = false, separator }: { inList?: boolean; separator?: string } = {},
): string | undefined {
	const pattern = inList ? LISTED : NUMBERS;
	pattern.lastIndex = offset;
	const [values = ''] = pattern.exec(text) ?? [];
	return unclearValues(values.replace(/[\s;]+$/, ''), separator);
}

/**
 * Behind a value of a list: a number such as 20,000 or 1.000,50, which reads as two values. Nobody writes
 * 000 for a number by itself; who does puts a space before it.
 */
export function groupedNumber(cursor: Cursor, { kind, at }: Value): string | undefined {
	if (kind !== 'number' || at === undefined) return undefined;
	const before = cursor.text.slice(0, at.offset).slice(-LONGEST);
	const after = cursor.text.slice(at.offset, at.offset + LONGEST);
	const [thousands = ''] = /(?<=[(\s])-?[1-9]\d{0,2}(?:,\d{3})*,$/.exec(before) ?? [];
	const [rest = ''] = /^000(?:,\d{3})*(?:\.\d+)?(?![\d.])/.exec(after) ?? [];
	if (thousands !== '' && rest !== '') {
		return mayBeOne(thousands + rest, `${thousands}${rest}`.replaceAll(',', ''));
	}
	// As in India, where the part after the first has two digits.
	const [lakhs = ''] = /(?<=[(\s])-?[1-9]\d?,$/.exec(before) ?? [];
	const [others = ''] = /^0\d(?:,\d{2})*,\d{3}(?:\.\d+)?(?![\d.])/.exec(after) ?? [];
	if (lakhs !== '' && others !== '') {
		return mayBeOne(lakhs + others, `${lakhs}${others}`.replaceAll(',', ''));
	}
	const [european = ''] = /^-?[1-9]\d{0,2}\.000,\d+(?!,?[\d.])/.exec(after) ?? [];
	return european === ''
		? undefined
		: mayBeOne(european, european.replace('.', '').replace(',', '.'));
}

/** A number of a list that goes on with a space, or with a separator of thousands. */
export function brokenInList(cursor: Cursor, { kind, text, at }: Value): string | undefined {
	const isWhole = cursor.isSymbol(',') || cursor.isSymbol(')');
	if (kind !== 'number' || at === undefined || isWhole) return undefined;
	const phrase = unquotedPhrase(cursor.text, at.offset);
	if (isWithWords(phrase)) {
		return writeInstead('Text stands in single quotes', printText(phrase), phrase);
	}
	const whole = numberAt(cursor.text, at.offset) ?? '';
	const meant = plainNumber(whole);
	if (meant !== undefined && whole.includes(',')) return mayBeOne(whole, meant);
	if (meant !== undefined && /['’]/.test(whole)) return numberForm(meant, whole);
	const { kind: nextKind, source: next } = cursor.peek();
	if (nextKind !== 'number') return undefined;
	const number = plainNumber(/^[\d ]+$/.test(whole) ? whole : `${text} ${next}`);
	return (
		number &&
		`A number holds no spaces: write ${number} for one number, or a comma before ${short(next)} for two.`
	);
}
