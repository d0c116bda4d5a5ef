import { orInParenthesis } from '../alternatives';
import type { Cursor } from '../cursor';
import { isKeyword } from '../names';
import { short, shown, writeInstead } from '../short';
import { COMPARISON_OPERATORS } from '../types';
import type { Condition, Name } from '../types';
import { isClause, oneTooMany } from './clauses';
import {
	FOREIGN_OPERATORS,
	isOperator,
	NEGATED,
	operatorInWords,
	patternInWords,
} from './operators';
import { strayCharacter } from './signs';

/** What stands in place of a comparison with nothing. */
export const NULL_RULE = 'remove the condition, or compare the column with a value';
const NO_CONDITION = "A condition is missing here: write for example CustomerMarket = 'Germany'.";
const NOT_RULE = 'NOT stands only between a column and LIKE or IN';
const NOT_PLACE = `${NOT_RULE}: write for example Product NOT IN ('A', 'B').`;
const SUB_QUERY =
	'Sub-queries are not part of the query language: run the inner query first and list its values.';
const PARENTHESES =
	'Conditions stand without parentheses: remove them, and join conditions by AND.';

/** Where a condition should begin. */
export function missingCondition(cursor: Cursor, before: Condition | undefined): string {
	const parenthesis = openingParenthesis(cursor);
	if (parenthesis !== undefined) return parenthesis;
	if (cursor.isWord('AND')) {
		return 'AND stands only between two conditions: remove it, or write a condition before it.';
	}
	if (before && cursor.isSymbol(',')) return 'There is a comma too many behind AND: remove it.';
	if (before && cursor.isWord('WHERE')) {
		return 'WHERE stands once, before the first condition: remove it here.';
	}
	if (!isClause(cursor)) return NO_CONDITION;
	return (
		(before && oneTooMany(cursor, 'an AND')) ?? NO_CONDITION.replace(/\.$/, ', or leave WHERE out.')
	);
}

/** Before a dataset or a condition: what a parenthesis means there, if one stands there. */
const openingParenthesis = (cursor: Cursor): string | undefined =>
	cursor.isSymbol('(') ? (subQuery(cursor) ?? orInParenthesis(cursor) ?? PARENTHESES) : undefined;

/** At a parenthesis: whether a query stands in it. */
export const subQuery = (cursor: Cursor): string | undefined =>
	cursor.isWord('SELECT', cursor.isSymbol('(') ? 1 : 0) ? SUB_QUERY : undefined;

/** As the columns of the service are written: Customer, Market. */
const isPartOfName = (word: string): boolean => /^[A-Z]\w*[a-z]/.test(word);

export function insteadOfOperator(cursor: Cursor, { text }: Name): string {
	const { kind, source } = cursor.peek();
	const column = short(text);
	const meant = FOREIGN_OPERATORS.get(source.toUpperCase());
	const { offset } = cursor.peek().at;
	const inWords = operatorInWords(cursor, offset) ?? patternInWords(cursor, offset);
	if (inWords !== undefined) return inWords;
	if (source === '!' && cursor.isSymbol('=', 1))
		return writeInstead('An operator holds no space', '!=', '! =');
	if (meant) return `The operator ${source} is not part of the query language: write ${meant}.`;
	if (cursor.isWord('BETWEEN')) {
		return `BETWEEN is not part of the query language: write ${column} >= low AND ${column} <= high.`;
	}
	if (cursor.isWord('IS')) return insteadOfIs(cursor);
	if (kind === 'end' || isKeyword(source)) {
		return `The condition on ${column} is not complete: write for example ${column} = 'value'.`;
	}
	if (kind === 'symbol' && source === '*') return strayCharacter(source);
	const isSign = /^[<>=!]+$/.test(cursor.peek(1).source);
	if (kind === 'name' && isSign && isPartOfName(text) && isPartOfName(source)) {
		return writeInstead('Names hold no spaces', `${text}${source}`, `${text} ${source}`);
	}
	return `${shown(cursor)} is not an operator: use ${COMPARISON_OPERATORS.join(', ')}, IN or NOT IN.`;
}

function insteadOfIs(cursor: Cursor): string {
	const isNegated = cursor.isWord('NOT', 1);
	const at = isNegated ? 2 : 1;
	const { kind, source } = cursor.peek(at);
	const sign = FOREIGN_OPERATORS.get(source.toUpperCase()) ?? source;
	if (isNegated && sign === '=') return 'Operators stand without IS: write != for IS NOT =.';
	if (isOperator(cursor, at) || sign !== source || cursor.isWord('BETWEEN', at)) {
		return 'Operators stand without IS: leave it out.';
	}
	if (cursor.isWord('DISTINCT', at)) {
		return `The operator IS ${isNegated ? 'NOT ' : ''}DISTINCT FROM is not part of the query language: write ${isNegated ? '=' : '!='}.`;
	}
	if (cursor.isSymbol('(', at)) {
		return `The operator IS is not part of the query language: write ${isNegated ? 'NOT IN' : 'IN'}.`;
	}
	const isValue = kind === 'text' || kind === 'number' || kind === 'quoted' || kind === 'name';
	return isValue && !/^(?:NULL|EMPTY|BLANK|MISSING|UNKNOWN)$/i.test(source)
		? `The operator IS is not part of the query language: write ${isNegated ? '!=' : '='}.`
		: `IS NULL and IS NOT NULL are not part of the query language: ${NULL_RULE}.`;
}

/** The text from the current token up to the one so many places ahead, which is the last of it. */
function writtenUpTo(cursor: Cursor, distance: number): string {
	const { at, source } = cursor.peek(distance);
	return cursor.text.slice(cursor.peek().at.offset, at.offset + source.length);
}

/** At a NOT behind a column, where it is that of another operator than LIKE and IN; undefined for those. */
export function notOfOther(cursor: Cursor): string | undefined {
	const { offset } = cursor.peek().at;
	const inWords = operatorInWords(cursor, offset) ?? patternInWords(cursor, offset);
	const negated = NEGATED.get(cursor.peek(1).source);
	return inWords ?? (negated && writeInstead(NOT_RULE, negated, writtenUpTo(cursor, 1)));
}

/** Behind a NOT that neither LIKE nor IN follows. */
export const afterNot = (cursor: Cursor): string =>
	cursor.isWord('BETWEEN')
		? 'BETWEEN is not part of the query language: run one query for what is below and one for what is above.'
		: NOT_PLACE;

/** At a NOT before a whole condition. */
export function notBefore(cursor: Cursor): string {
	const [name, operator] = [cursor.peek(1), cursor.peek(2).source];
	if (name.kind !== 'name' || isKeyword(name.source)) return NOT_PLACE;
	const meant = /^(?:LIKE|IN)$/i.test(operator)
		? `NOT ${operator.toUpperCase()}`
		: NEGATED.get(operator);
	return meant === undefined
		? NOT_PLACE
		: writeInstead(NOT_RULE, `${name.source} ${meant}`, writtenUpTo(cursor, 2));
}
