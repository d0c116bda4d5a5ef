import type { Cursor } from './cursor';
import type { Query } from './types';

/*
 * OR, which the query language does not have. A list is offered only where one can say the same: of
 * one column, by `=` or IN.
 */

const LIST_OR_TWO =
	"OR is not part of the query language: for several values of one column write Column IN ('A', 'B'), else run two queries.";
const TWO_QUERIES =
	'OR is not part of the query language, and IN takes no comparisons and no patterns: run two queries, one with each condition.';

const BESIDE_AND =
	"OR is not part of the query language. Where it stands for several values of one column, write Column IN ('A', 'B') and keep the other conditions; where AND is to bind first, as in SQL, run two queries.";

/** How far the end of a parenthesis is looked for, in tokens. */
const FARTHEST = 100;

/** At an OR, or so many tokens before it: what to write instead; `operator` is that of the condition before. */
function insteadOfOr(
	cursor: Cursor,
	operator: string | undefined,
	{ at = 0, besideAnd = false } = {},
): string {
	const isListable = (sign: string): boolean => /^(?:={1,3}|IN)$/i.test(sign);
	const { kind } = cursor.peek(at + 1);
	const next = cursor.peek(at + 2).source;
	const isCondition = kind === 'name' && /^(?:[<>=!]+|LIKE|NOT|IN)$/i.test(next);
	return (operator === undefined || isListable(operator)) && (!isCondition || isListable(next))
		? besideAnd
			? BESIDE_AND
			: LIST_OR_TWO
		: TWO_QUERIES;
}

/** Behind the conditions that were read. */
export function insteadOfOrAfter(cursor: Cursor, { conditions }: Query): string {
	let besideAnd = conditions.length > 1;
	for (let at = 1; at < FARTHEST && cursor.peek(at).kind !== 'end'; at++) {
		besideAnd ||= cursor.isWord('AND', at);
	}
	return insteadOfOr(cursor, conditions.at(-1)?.operator, { besideAnd });
}

/** At a parenthesis around conditions: what to write where one of them is joined by OR. */
export function orInParenthesis(cursor: Cursor): string | undefined {
	let operator: string | undefined;
	let besideAnd = false;
	for (let at = 1, depth = 1; at < FARTHEST && depth > 0; at++) {
		const { kind, source } = cursor.peek(at);
		if (kind === 'end') return undefined;
		if (cursor.isSymbol('(', at)) depth++;
		else if (cursor.isSymbol(')', at)) depth--;
		else if (cursor.isWord('OR', at) || source === '|') {
			return insteadOfOr(cursor, operator, { at, besideAnd });
		} else if (kind === 'name' && /^(?:LIKE|NOT|IN)$/i.test(source)) operator ??= source;
		else if (/^[<>=!]+$/.test(source)) operator = source;
		if (cursor.isWord('AND', at)) [operator, besideAnd] = [undefined, true];
	}
	return undefined;
}
