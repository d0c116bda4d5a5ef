import { LEFT_BY_EXPRESSIONS, NEVER_WRITTEN } from '../leftByExpressions';
import type { Cursor } from './cursor';
import { entityAt, quotedByEntities } from './entities';
import { isKeyword } from './names';
import { unquotedPhrase } from './phrase';
import { printText } from './print';
import { short } from './short';
import type { Token } from './tokens';
import { COMPARISON_OPERATORS } from './types';
import type { Name, Operator } from './types';

/*
 * What comes from elsewhere: out of a web page, an address or a template, or by the habits of another
 * language. What looks like a slip of this language there is another one, and so is what to write.
 */

/** A query that was copied out of JSON, or of an address, where spaces are written otherwise. */
export function encodedQuery(text: string): string | undefined {
	if (/^\s*\{\s*"\w*query"\s*:/i.test(text)) {
		return 'A query stands by itself, not in JSON: leave only what is between the quotes behind "query".';
	}
	const space = /^\s*SELECT(%20|\+)/i.exec(text)?.[1];
	return (
		space &&
		`The query is written as in an address: write a space in place of each ${space}, and every other sign as itself.`
	);
}

/** White space as programs write it in their source. */
const ESCAPED_SPACE = /\\(?:r\\n|[nrt])/y;

/** A sign as web pages or programs write it in their source, wherever it stands. */
export function webSign({ text }: Cursor, { offset }: Token['at']): string | undefined {
	ESCAPED_SPACE.lastIndex = offset;
	const [escaped] = ESCAPED_SPACE.exec(text) ?? [];
	if (escaped !== undefined) {
		return `A space stands as itself, not as in the source of a program: write a space instead of ${escaped}.`;
	}
	return webEntity(text, offset);
}

function webEntity(text: string, offset: number): string | undefined {
	const [source, sign] = entityAt(text, offset) ?? [];
	return (
		source &&
		`A sign stands as itself, not as in the source of a web page: write ${sign} instead of ${source}.`
	);
}

const FLIPPED = new Map([
	['=', '='],
	['!=', '!='],
	['<', '>'],
	['>', '<'],
	['<=', '>='],
	['>=', '<='],
]);

/** A condition that begins with its value. */
export function reversedCondition(cursor: Cursor): string | undefined {
	const [value, operator, name] = [cursor.peek(0), cursor.peek(1), cursor.peek(2)];
	if (value.kind !== 'text' && value.kind !== 'number') return undefined;
	if (/^(?:NOT|LIKE|IN)$/i.test(operator.source)) {
		return `A condition begins with its column: write the column before ${operator.source}, and ${short(value.source)} behind it.`;
	}
	const flipped = FLIPPED.get(operator.source);
	if (flipped === undefined || name.kind !== 'name' || isKeyword(name.source)) return undefined;
	const written = cursor.text.slice(value.at.offset, name.at.offset + name.source.length);
	return written.length > 100
		? `A condition begins with its column: write ${short(name.source)} ${flipped} and the value.`
		: `A condition begins with its column: write ${name.source} ${flipped} ${value.source} instead of ${written}.`;
}

/** What separates values in other lists, where one of them follows. */
export function otherSeparator(cursor: Cursor): string | undefined {
	const { source } = cursor.peek();
	const isSeparator = /^(?:[;|&]|OR|AND)$/i.test(source);
	const { kind: follows, source: value } = cursor.peek(1);
	const isUnquoted =
		follows === 'name' && !isKeyword(value) && /^[,);|&]$/.test(cursor.peek(2).source);
	return isSeparator && (follows === 'text' || follows === 'number' || isUnquoted)
		? source
		: undefined;
}

/** A list in braces. */
export const bracedList = (cursor: Cursor): string | undefined =>
	cursor.peek().source === '{'
		? 'A list stands in parentheses: write ( and ) in place of { and }.'
		: undefined;

/** Signs that stand where an operator should and make none, such as `~`, `:=` or `^=`. */
export function noOperator({ text }: Cursor, { at, kind }: Token): string | undefined {
	if (kind !== 'stray') return undefined;
	const [signs] = /^[~^¬:@!<>=]+/.exec(text.slice(at.offset, at.offset + 10)) ?? [];
	return (
		signs && `${signs} is not an operator: use ${COMPARISON_OPERATORS.join(', ')}, IN or NOT IN.`
	);
}

/** Time spans of the language, which stand in a clause of their own. */
export const TIME_SPAN = /^(?:TODAY|YESTERDAY|LIFETIME|LAST_\d*_?(?:DAY|MONTH|YEAR)S?)$/i;
/** What other languages call the present time. */
const PRESENT = /^(?:CURRENT_(?:DATE|TIME|TIMESTAMP)|LOCALTIME(?:STAMP)?|SYSDATE)$/i;
/** A time span without the name of its clause, or with a space in it. */
export function bareTimeSpan(cursor: Cursor): string | undefined {
	const { source } = cursor.peek();
	if (cursor.isWord('TIME') && cursor.isWord('SPAN', 1)) {
		return 'TIMESPAN is one word: write TIMESPAN instead of TIME SPAN.';
	}
	return TIME_SPAN.test(source)
		? `TIMESPAN is missing: write TIMESPAN ${source} instead of ${source}.`
		: undefined;
}

/** A value that an expression has left in place of what it was to find, in a pattern also part of one. */
export function leftByExpression(value: string, operator: Operator): string | undefined {
	const isPattern = operator === 'LIKE' || operator === 'NOT LIKE';
	const whole = (isPattern ? value.replace(/^[%*]|[%*]$/g, '') : value).trim();
	const left = NEVER_WRITTEN.find((part) => value.includes(part)) ?? whole;
	const what = LEFT_BY_EXPRESSIONS.get(left);
	return what && `${left} is what is left of an expression ${what}: check the field that it names.`;
}

/** The same of what stands there without quotes, or in other ones. */
export function leftAhead(cursor: Cursor, operator: Operator): string | undefined {
	const { source, value, at } = cursor.peek();
	return (
		leftByExpression(source, operator) ??
		leftByExpression(value, operator) ??
		leftByExpression(unquotedPhrase(cursor.text, at.offset), operator)
	);
}

/** Text between two quotes as addresses hold them. */
function quotedInAddress(rest: string): string[] | undefined {
	const [source, inner = ''] = /^%2[27](.*?)%2[27]/.exec(rest) ?? [];
	return source === undefined
		? undefined
		: [source, inner.replace(/%20|\+/g, ' ').replace(/%25/g, '%')];
}

/** What stands where a value should and is that of a template, a page or another language. */
export function otherValue(cursor: Cursor, { text: column }: Name): string | undefined {
	const { source, at } = cursor.peek();
	const rest = cursor.text.slice(at.offset, at.offset + 100);
	const [placeholder] = /^(?:<[\w ]+>|\$\{[^}\r\n]*\})/.exec(rest) ?? [];
	if (placeholder !== undefined) {
		return `Parameters such as ${short(placeholder)} are not filled in: write the value itself.`;
	}
	const [quoted, inner = ''] =
		/^\\['"](.*?)\\['"]/.exec(rest) ??
		/^#([-\d:/. ]+)#/.exec(rest) ??
		quotedInAddress(rest) ??
		quotedByEntities(rest);
	if (quoted !== undefined) {
		return `Text stands in straight single quotes: write ${printText(inner)} instead of ${quoted}.`;
	}
	const entity = webEntity(cursor.text, at.offset);
	if (entity !== undefined) return entity;
	const isCalculated = /^\s*(?:\(|[-+]\s*\d)/.test(rest.slice(source.length));
	if (PRESENT.test(source) || (TIME_SPAN.test(source) && isCalculated)) {
		return "The service knows no functions: write the date itself, for example '2026-01-31'.";
	}
	if (TIME_SPAN.test(source)) {
		return `${source} is a time span: write TIMESPAN ${source} at the end of the query, or compare ${short(column)} with a date in single quotes.`;
	}
	const [, number, word] = /^(-?\d+(?:\.\d+)?)(AND|ORDER|LIMIT|TIMESPAN)$/i.exec(source) ?? [];
	return number && spaceAfterNumber(number, word, source);
}

const spaceAfterNumber = (number: string, word = '', source = ''): string =>
	`A space stands behind a number: write ${number} ${word} instead of ${source}.`;

/** A limit with the next clause at it. */
export function gluedLimit({ source }: Token): string | undefined {
	const [, number, word] = /^(\d+)(TIMESPAN)$/i.exec(source) ?? [];
	return number && spaceAfterNumber(number, word, source);
}
