import type { Cursor } from '../cursor';
import { printText } from '../print';
import { writeInstead } from '../short';
import { COMPARISON_OPERATORS } from '../types';
import type { Operator } from '../types';

/** Operators of other languages, and what stands for them here. */
export const FOREIGN_OPERATORS = new Map([
	['<>', '!='],
	['!==', '!='],
	['==', '='],
	['===', '='],
	['=>', '>='],
	['=<', '<='],
	['!<', '>='],
	['!>', '<='],
	['≠', '!='],
	['≥', '>='],
	['≤', '<='],
	['＝', '='],
	['＞', '>'],
	['＜', '<'],
	// Words of other languages, and of the query builder.
	...Object.entries({
		'=': ['EQ', 'EQUAL', 'EQUALS'],
		'!=': ['NE', 'NEQ', 'NOTEQUAL', 'NOTEQUALS'],
		'>': ['GT', 'GREATERTHAN'],
		'<': ['LT', 'LESSTHAN'],
		'>=': ['GE', 'GTE', 'GREATERTHANOREQUAL'],
		'<=': ['LE', 'LTE', 'LESSTHANOREQUAL'],
		// Case does not count here anyhow.
		LIKE: ['ILIKE'],
		'NOT LIKE': ['NOTLIKE'],
		'NOT IN': ['NOTIN'],
	}).flatMap(([meant, words]) => words.map((word) => [word, meant] as const)),
]);

/** What holds where the operator does not. */
export const NEGATED: ReadonlyMap<string, string> = new Map([
	['=', '!='],
	['!=', '='],
	['>', '<='],
	['<', '>='],
	['>=', '<'],
	['<=', '>'],
]);

/** Operators of several words, and those that are words only before a value: `Above average` is a text. */
const IN_WORDS: ReadonlyArray<readonly [form: RegExp, sign: string]> = [
	[/^(?:EQUALS?(?:\s+TO)?|(?:THE\s+)?SAME\s+AS)(?=\s+\S)/i, '='],
	[/^(?:GREATER|HIGHER|LARGER|LATER|MORE)\s+THAN(?=\s+\S)/i, '>'],
	[/^(?:EARLIER|FEWER|LESS|LOWER|SMALLER)\s+THAN(?=\s+\S)/i, '<'],
	[/^(?:ABOVE|AFTER)(?=\s+['\d-])/i, '>'],
	[/^(?:BEFORE|BELOW)(?=\s+['\d-])/i, '<'],
];
const OR_EQUAL = /^\s+OR\s+EQUALS?(?:\s+TO)?(?=\s+\S)/i;

/** No operator in words is longer, in characters. */
const LONGEST_WORDS = 80;

/** An operator in words, such as IS GREATER THAN. */
export function operatorInWords({ text }: Cursor, offset: number): string | undefined {
	const ahead = text.slice(offset, offset + LONGEST_WORDS);
	const [before = ''] = /^(?:(?:IS|DOES)\s+)?(?:NOT\s+)?/i.exec(ahead) ?? [];
	const rest = ahead.slice(before.length);
	for (const [form, sign] of IN_WORDS) {
		const [words] = form.exec(rest) ?? [];
		if (words === undefined) continue;
		const [orEqual = ''] = OR_EQUAL.exec(rest.slice(words.length)) ?? [];
		const meant = orEqual === '' || sign === '=' ? sign : `${sign}=`;
		const whole = before + words + orEqual;
		if (FOREIGN_OPERATORS.has(whole.toUpperCase())) return undefined;
		const operator = /NOT/i.test(before) ? (NEGATED.get(meant) ?? meant) : meant;
		return writeInstead('Operators are signs', operator, whole);
	}
	return undefined;
}

const IN_PATTERNS =
	/^(?:(?:DOES\s+)?(?<not>NOT)\s+)?(?:(?<within>CONTAINS?|INCLUDES?)|(?<start>(?:STARTS?|BEGINS?)[\s_]*WITH)|ENDS?[\s_]*WITH)\s*\(?\s*'(?<text>(?:[^'\r\n]|'')*)'\s*\)?/i;

/** What other languages have for LIKE, such as CONTAINS 'x'. */
export function patternInWords({ text }: Cursor, offset: number): string | undefined {
	const found = IN_PATTERNS.exec(text.slice(offset, offset + 2 * LONGEST_WORDS));
	if (found?.groups === undefined) return undefined;
	const { not, within, start, text: part = '' } = found.groups;
	const before = start === undefined ? '%' : '';
	const behind = within !== undefined || start !== undefined ? '%' : '';
	const pattern = printText(before + part.replaceAll("''", "'") + behind);
	return writeInstead(
		'A part of a text is found by LIKE, where % stands for what is around it',
		`${not === undefined ? '' : 'NOT '}LIKE ${pattern}`,
		found[0].trim(),
	);
}

/** Whether an operator stands there, of this language or another one. */
export const isOperator = (cursor: Cursor, distance: number): boolean =>
	/^(?:[<>=!]+|LIKE|IN|NOT)$/i.test(cursor.peek(distance).source);

/** An operator that goes on with signs that are none, such as =~. */
export function longerOperator(cursor: Cursor, operator: Operator): string | undefined {
	const { source, glued } = cursor.peek();
	return glued && /^[^\p{C}\p{Z}\\]$/u.test(source)
		? `${operator}${source} is not an operator: use ${COMPARISON_OPERATORS.join(', ')}, IN or NOT IN.`
		: undefined;
}

/** The operator for several values where one was written for a single value. */
export const LIST_FOR: Partial<Record<Operator, string>> = { '=': 'IN', '!=': 'NOT IN' };
