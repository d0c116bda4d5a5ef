import { printText } from '../print';
import { LONGEST, short } from '../short';
import type { Operator } from '../types';

const IN_WORDS = [
	// With a unit or the sign of a currency: 5k, 50 %, 500 USD, USD 500.
	/^[A-Z]{3} ?\d[\d.,]*$/,
	/^\d[\d.,]* ?(?:[kKmMbB]|%|[A-Z]{3})$/,
	/^0x[\da-f]+$/i,
	// About, or more: ~5, 5+.
	/^[~\u2248] ?\d[\d.,]*$|^\d[\d.,]*\+$/,
	// In digits of another script.
	/^(?=.*[^\d.,])\p{Nd}[\p{Nd}.,]*$/u,
];

/** Whether it is a number to people, and none to the query language. */
export const isNumberInWords = (phrase: string): boolean =>
	phrase.length <= LONGEST && IN_WORDS.some((form) => form.test(phrase));

/** Beyond these with words of other letters: 10GB, 5 months, 30 days ago. */
const WITH_WORD = /^-?\d[\d.,]* ?\p{L}/u;

/** Text that begins with a number and goes on with words: 365 Business Premium, 1. May 2026. */
export const isWithWords = (phrase: string): boolean =>
	/^-?\d[\d.,]*\s+(?!(?:TO|UP|OR)\b)\p{L}/iu.test(phrase);

/** Text without quotes where a number is compared by its order: in quotes it may be compared as text. */
export function notOrdered(phrase: string, operator: Operator): string | undefined {
	if (!/^[<>]/.test(operator)) return undefined;
	const literal = short(printText(phrase));
	if (isNumberInWords(phrase) || WITH_WORD.test(phrase.slice(0, LONGEST))) {
		return `${short(phrase)} is no number of the query language: write its value in digits alone, or ${literal} where the column holds text.`;
	}
	return /^[A-Za-z_]\w*$/.test(phrase)
		? `A column is compared with a value, and not with another column: write a number, or ${literal} where ${short(phrase)} is text.`
		: undefined;
}

/** A range as some languages write it, such as 1..5. */
export function range(source: string, column: string, operator: Operator): string | undefined {
	const [, low, high] = /^(-?\d+(?:\.\d+)?)\.{2,3}(-?\d+(?:\.\d+)?)$/.exec(source) ?? [];
	if (low === undefined || source.length > LONGEST) return undefined;
	const way =
		operator === '=' || operator === 'IN'
			? `write ${short(column)} >= ${low} AND ${short(column)} <= ${high}`
			: 'name each of the values';
	return `Ranges such as ${source} are not part of the query language: ${way}.`;
}
