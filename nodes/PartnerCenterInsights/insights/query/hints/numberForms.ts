import type { Cursor } from '../cursor';
import { plainNumber } from '../numbers';
import { LONGEST, short } from '../short';
import type { Comparison, Value } from '../types';
import { LIST_FOR } from './operators';

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
	return list !== undefined && raw.includes(',')
		? `${numberForm(number, raw)} For several values write ${short(name.text)} ${list} (${raw.split(',').join(', ')}).`
		: numberForm(number, raw);
}

export const numberForm = (number: string, raw: string): string =>
	`A number is written in digits, with a point before decimals and no other separator: write ${number} instead of ${short(raw)}.`;

/**
 * Behind a value of a list: a number such as 20,000, which reads as two values. Nobody writes 000 for a
 * number by itself; who does puts a space before it.
 */
export function groupedNumber({ text }: Cursor, value: Value): string | undefined {
	if (value.kind !== 'number' || value.text !== '000' || value.at === undefined) return undefined;
	const { offset } = value.at;
	const [, before] =
		/[(\s](-?[1-9]\d{0,2}(?:,\d{3})*,)$/.exec(text.slice(0, offset).slice(-LONGEST)) ?? [];
	const after = /^000(?:,\d{3})*(?![\d.])/.exec(text.slice(offset, offset + LONGEST))?.[0];
	if (before === undefined || after === undefined) return undefined;
	const number = `${before}${after}`;
	return `${number} may be one number or several: write ${number.replaceAll(',', '')} for one, or a space after each comma for several.`;
}

export function spacedNumber(cursor: Cursor, { kind, text, at }: Value): string | undefined {
	if (kind !== 'number' || at === undefined || cursor.peek().kind !== 'number') return undefined;
	const whole = numberAt(cursor.text, at.offset) ?? '';
	const groups = /^[\d ]+$/.test(whole) ? whole : `${text} ${cursor.peek().source}`;
	return plainNumber(groups);
}
