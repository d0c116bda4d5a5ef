import { trimmed } from '../../sameText';
import type { Cursor } from '../cursor';
import { decoded } from '../entities';
import * as foreign from '../foreign';
import { isKeyword } from '../names';
import { plainNumber } from '../numbers';
import { unquotedPhrase } from '../phrase';
import { printText } from '../print';
import { LONGEST, short, shown, writeInstead } from '../short';
import { COMPARISON_OPERATORS, isListOperator } from '../types';
import type { Name, Operator } from '../types';
import { emptyList, listOnlyAfterIn } from './list';
import { numberAt, numberForm, unclearAhead } from './numberForms';
import { FOREIGN_OPERATORS, longerOperator } from './operators';
import { notOrdered, range } from './ordered';
import { functionCall } from './select';
import { ofToken, strayCharacter, UNFILLED } from './signs';
import { NULL_RULE, subQuery } from './where';

/** Other languages write these before a text that is of a type: DATE '2026-01-31'. */
const TYPES_OF_LITERALS = ['DATE', 'TIME', 'TIMESTAMP', 'DATETIME', 'DATETIME2'];

const missingValue = (operator: Operator): string =>
	`A value is missing after ${operator}: write a number, or text in single quotes.`;

/** Where a value should stand. */
export function insteadOfValue(cursor: Cursor, name: Name, operator: Operator): string {
	const { kind, source, value, at } = cursor.peek();
	const missing = missingValue(operator);
	const left = foreign.leftAhead(cursor, operator);
	if (left !== undefined) return left;
	if (kind === 'quoted') return quotedValue(source, value, name, operator);
	const isComment = kind === 'comment' && !/^#\S/.test(source);
	if (kind === 'end' || isComment || kind === 'unclosed' || kind === 'unfilled') {
		return ofToken(cursor.peek()) ?? missing;
	}
	if (cursor.isSymbol('(')) return listInPlaceOfValue(cursor, name, operator);
	if (kind === 'symbol' && /^[<>=!]+$/.test(source)) {
		const whole = COMPARISON_OPERATORS.find((known) => known === `${operator}${source}`);
		const meant = whole ?? FOREIGN_OPERATORS.get(`${operator}${source}`);
		return meant === undefined || meant === operator
			? missing
			: writeInstead('An operator holds no space', meant, `${operator} ${source}`);
	}
	if (kind === 'name' && cursor.peek(1).kind === 'text' && isLiteralPrefix(cursor)) {
		const { source: literal } = cursor.peek(1);
		return writeInstead(
			'Text stands in single quotes, with nothing before them',
			literal,
			cursor.text.slice(at.offset, cursor.peek(1).at.offset) + literal,
		);
	}
	if (kind === 'name' && cursor.isSymbol('(', 1)) {
		if (['ANY', 'SOME', 'ALL'].includes(source.toUpperCase()))
			return listOnlyAfterIn(name, operator);
		if (cursor.peek(1).glued) return functionCall(source);
	}
	if (cursor.isWord('NULL')) return `NULL is not part of the query language: ${NULL_RULE}.`;
	if (isKeyword(source)) return missing;

	const phrase = unquotedPhrase(cursor.text, at.offset);
	const ahead = cursor.text.slice(at.offset, at.offset + LONGEST);
	if (phrase.includes('{{') || /^\$(?:\(|(?:json|node|input|now|today|vars|env)\b)/.test(ahead)) {
		return UNFILLED;
	}
	if (/^[@:?][A-Za-z_]?\w*$|^\$[A-Za-z_]\w*$/.test(phrase)) {
		return `Parameters such as ${short(phrase)} are not filled in: write the value itself.`;
	}
	const number = plainNumber(numberAt(cursor.text, at.offset) ?? phrase);
	if (number !== undefined && operator !== 'LIKE' && operator !== 'NOT LIKE') {
		return numberForm(number, numberAt(cursor.text, at.offset) ?? phrase);
	}
	if (/^[*.+-]*$/.test(phrase)) return missing;
	const unclear = isListOperator(operator)
		? unclearAhead(cursor, at.offset, { inList: true })
		: undefined;
	if (unclear !== undefined) return unclear;
	if (kind === 'name' && cursor.isSymbol('(', 1)) {
		return `Text stands in single quotes: write ' before and after all of the text that begins with ${shown(cursor)}.`;
	}
	if (kind === 'stray' && /^[^\p{L}\p{N}]*$/u.test(phrase)) {
		return longerOperator(cursor, operator) ?? strayCharacter(source);
	}
	const ordered = range(source, name.text, operator) ?? notOrdered(phrase, operator);
	if (ordered !== undefined) return ordered;
	const wrong = phrase + closingQuotes(cursor.text, at.offset, phrase);
	const isPattern = operator === 'LIKE' || operator === 'NOT LIKE';
	// What other languages write for "any text" stands for itself within quotes.
	const meant = decoded(isPattern ? phrase.replace(/^\*|\*$/g, '%') : phrase);
	return writeInstead('Text stands in single quotes', printText(trimmed(meant)), wrong);
}

const CLOSING_QUOTES = /^'+(?=\s*(?:$|[,);]|(?:AND|ORDER|LIMIT|TIMESPAN)\b))/i;

/** The quotes of a text that has its closing ones and lacks the others: x'. */
const closingQuotes = (text: string, offset: number, phrase: string): string =>
	text.startsWith(phrase, offset)
		? (CLOSING_QUOTES.exec(text.slice(offset + phrase.length))?.[0] ?? '')
		: '';

/** N'x', E'x' and DATE 'x'; but not O'Brien, whose quote is an apostrophe. */
function isLiteralPrefix(cursor: Cursor): boolean {
	const isGlued = cursor.peek(1).glued && /^[BENQRUX]$/i.test(cursor.peek().source);
	return isGlued || TYPES_OF_LITERALS.includes(cursor.peek().source.toUpperCase());
}

function quotedValue(source: string, value: string, name: Name, operator: Operator): string {
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

function listInPlaceOfValue(cursor: Cursor, name: Name, operator: Operator): string {
	if (isListOperator(operator)) {
		return subQuery(cursor) ?? 'A list holds only values: remove the inner parenthesis.';
	}
	return subQuery(cursor) ?? listOnlyAfterIn(name, operator);
}
