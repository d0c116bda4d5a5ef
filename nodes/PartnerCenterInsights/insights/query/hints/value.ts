import type { Cursor } from '../cursor';
import * as foreign from '../foreign';
import { isKeyword } from '../names';
import { printText } from '../print';
import { writeInstead } from '../short';
import { COMPARISON_OPERATORS, isListOperator } from '../types';
import type { Name, Operator } from '../types';
import { emptyList, listOnlyAfterIn } from './list';
import { FOREIGN_OPERATORS } from './operators';
import { firstOf, missingValue, type Place, type Rule } from './place';
import { functionCall } from './select';
import { ofToken } from './signs';
import { insteadOfUnquoted } from './unquoted';
import { NULL_RULE, subQuery } from './where';

/** Other languages write these before a text that is of a type: DATE '2026-01-31'. */
const TYPES_OF_LITERALS = ['DATE', 'TIME', 'TIMESTAMP', 'DATETIME', 'DATETIME2'];

/** In this order: what is nothing else stands without quotes. */
const RULES: readonly Rule[] = [
	({ cursor, operator }) => foreign.leftAhead(cursor, operator),
	inOtherQuotes,
	wrongByItself,
	innerParenthesis,
	restOfOperator,
	markedLiteral,
	call,
	keyword,
];

/** Where a value should stand. */
export function insteadOfValue(cursor: Cursor, name: Name, operator: Operator): string {
	const place = { cursor, name, operator };
	return firstOf(RULES, place) ?? insteadOfUnquoted(place);
}

function inOtherQuotes({ cursor, name, operator }: Place): string | undefined {
	const { kind, source, value } = cursor.peek();
	if (kind !== 'quoted') return undefined;
	if (source.startsWith('[') && value.trim() === '') {
		return isListOperator(operator) ? emptyList(operator) : missingValue(operator);
	}
	if (source.startsWith('[') && /[,'"]/.test(value)) {
		return isListOperator(operator)
			? `A list stands in parentheses, and its values in single quotes: remove the brackets.`
			: listOnlyAfterIn(name, operator);
	}
	// Whoever typed on a phone or in Word meant straight apostrophes, too.
	const straight = value.replace(/(?<=\p{L})[`´‘’‛′＇](?=\p{L})/gu, "'");
	return writeInstead('Text stands in straight single quotes', printText(straight), source);
}

function wrongByItself({ cursor, operator }: Place): string | undefined {
	const { kind, source } = cursor.peek();
	const isComment = kind === 'comment' && !/^#\S/.test(source);
	return isComment || ['end', 'unclosed', 'unfilled'].includes(kind)
		? (ofToken(cursor.peek()) ?? missingValue(operator))
		: undefined;
}

function innerParenthesis({ cursor, name, operator }: Place): string | undefined {
	if (!cursor.isSymbol('(')) return undefined;
	const query = subQuery(cursor);
	if (query !== undefined) return query;
	return isListOperator(operator)
		? 'A list holds only values: remove the inner parenthesis.'
		: listOnlyAfterIn(name, operator);
}

function restOfOperator({ cursor, operator }: Place): string | undefined {
	const { kind, source } = cursor.peek();
	if (kind !== 'symbol' || !/^[<>=!]+$/.test(source)) return undefined;
	const whole = COMPARISON_OPERATORS.find((known) => known === `${operator}${source}`);
	const meant = whole ?? FOREIGN_OPERATORS.get(`${operator}${source}`);
	return meant === undefined || meant === operator
		? missingValue(operator)
		: writeInstead('An operator holds no space', meant, `${operator} ${source}`);
}

/** N'x', E'x' and DATE 'x'; but not O'Brien, whose quote is an apostrophe. */
function markedLiteral({ cursor }: Place): string | undefined {
	const { kind, source, at } = cursor.peek();
	const literal = cursor.peek(1);
	if (kind !== 'name' || literal.kind !== 'text') return undefined;
	const isMarked =
		(literal.glued && /^[BENQRUX]$/i.test(source)) ||
		TYPES_OF_LITERALS.includes(source.toUpperCase());
	return isMarked
		? writeInstead(
				'Text stands in single quotes, with nothing before them',
				literal.source,
				cursor.text.slice(at.offset, literal.at.offset) + literal.source,
			)
		: undefined;
}

function call({ cursor, name, operator }: Place): string | undefined {
	const { kind, source } = cursor.peek();
	if (kind !== 'name' || !cursor.isSymbol('(', 1)) return undefined;
	if (/^(?:ANY|SOME|ALL)$/i.test(source)) return listOnlyAfterIn(name, operator);
	return cursor.peek(1).glued ? functionCall(source) : undefined;
}

function keyword({ cursor, operator }: Place): string | undefined {
	if (cursor.isWord('NULL')) return `NULL is not part of the query language: ${NULL_RULE}.`;
	const { source } = cursor.peek();
	const isNegated = cursor.isWord('NOT');
	const [word, value] = [cursor.peek(isNegated ? 1 : 0), cursor.peek(isNegated ? 2 : 1)];
	const isWhole = value.kind === 'text' || value.kind === 'quoted' || value.source === '(';
	if (operator === '=' && isWhole && /^(?:LIKE|IN)$/i.test(word.source)) {
		const meant = isNegated ? `${source} ${word.source}` : source;
		return writeInstead('A condition has one operator', meant, `${operator} ${meant}`);
	}
	return isKeyword(source) ? missingValue(operator) : undefined;
}
