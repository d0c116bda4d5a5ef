import type { Cursor } from '../cursor';
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
		'NOT LIKE': ['NOTLIKE'],
		'NOT IN': ['NOTIN'],
	}).flatMap(([meant, words]) => words.map((word) => [word, meant] as const)),
]);

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
