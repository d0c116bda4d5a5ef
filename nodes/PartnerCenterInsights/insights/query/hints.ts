import type { Cursor } from './cursor';
import { insteadOfOrAfter, orInParenthesis } from './alternatives';
import { decoded } from './entities';
import * as foreign from './foreign';
import { closestName, isKeyword, isQueryableName } from './names';
import { trimmed } from '../sameText';
import { plainNumber } from './numbers';
import { unquotedPhrase } from './phrase';
import { printText } from './print';
import { LONGEST, short } from './short';
import { oddQuoteIn, type Token } from './tokens';
import { COMPARISON_OPERATORS, isListOperator } from './types';
import type { Comparison, Name, Operator, Query, Value } from './types';

/*
 * What to say of a query that breaks the grammar. Each sentence names the rule and what to write;
 * who writes that has a query that means what the writer meant, or meets the next sentence. Text of
 * the query is quoted only as far as a person reads it.
 */

const ORDER_OF_CLAUSES =
	'the order of the clauses is SELECT, FROM, WHERE, ORDER BY, LIMIT, TIMESPAN';
const CLAUSES = ['SELECT', 'FROM', 'WHERE', 'ORDER', 'LIMIT', 'TIMESPAN'];
const AGGREGATES = ['AVG', 'COUNT', 'MAX', 'MIN', 'SUM'];
/** Other languages write these before a text that is of a type: DATE '2026-01-31'. */
const TYPES_OF_LITERALS = ['DATE', 'TIME', 'TIMESTAMP', 'DATETIME', 'DATETIME2'];

export const NO_DATASET = 'FROM needs the name of one dataset, for example CustomersAndTenants.';
export const NO_CONDITION =
	"A condition is missing here: write for example CustomerMarket = 'Germany'.";
export const NO_ORDER_NAME =
	'ORDER BY needs the name of a column or metric here, for example ORDER BY Month DESC.';
export const NO_BY = 'BY is missing: write ORDER BY.';
export const NOT_PLACE =
	"NOT stands only between a column and LIKE or IN: write for example Product NOT IN ('A', 'B').";
export const MIXED_LIST =
	'A list holds either numbers or text: put all of its values in single quotes.';
export const COMMA_TOO_MANY =
	'There is a comma too many in the list: remove it, or add another value.';
export const TIMESPAN_RULE =
	'TIMESPAN takes one keyword of the dataset, without quotes: write for example TIMESPAN LAST_6_MONTHS.';

const SUB_QUERY =
	'Sub-queries are not part of the query language: run the inner query first and list its values.';
const ALIAS = 'Aliases are not part of the query language: leave out AS and the name after it.';
const ONE_DATASET = 'A query reads one dataset: run one query for each dataset and merge the rows.';
const PARENTHESES =
	'Conditions stand without parentheses: remove them, and join conditions by AND.';
const LIMIT_RULE =
	'LIMIT takes one whole number from 1, without an offset: write for example LIMIT 10.';
const NULL_RULE = 'remove the condition, or compare the column with a value';
const UNFILLED =
	'The n8n expression that begins here was not filled in: switch the field from Fixed to Expression.';

const ESCAPED_QUOTE =
	"A single quote inside text is written twice, and not with a backslash: write '' instead of \\'.";

/** Operators of other languages, and what stands for them here. */
const FOREIGN_OPERATORS = new Map([
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

/** Words of SQL that may follow a complete clause there, and what to do here. */
const FOREIGN_CLAUSES = new Map([
	['AS', ALIAS],
	...[
		'JOIN',
		'INNER',
		'LEFT',
		'RIGHT',
		'FULL',
		'CROSS',
		'NATURAL',
		'UNION',
		'INTERSECT',
		'EXCEPT',
	].map((word) => [word, ONE_DATASET] as const),
	[
		'GROUP',
		'GROUP BY is not part of the query language: remove it, metrics are computed for each combination of the selected columns.',
	],
	[
		'HAVING',
		'HAVING is not part of the query language: put the condition on the metric into WHERE.',
	],
	['OFFSET', LIMIT_RULE],
	['FETCH', LIMIT_RULE],
]);

const FOLLOWERS: Record<Clause, string> = {
	FROM: 'a dataset has no alias, and after it come WHERE, ORDER BY, LIMIT, TIMESPAN or the end',
	WHERE: 'after a condition come AND, ORDER BY, LIMIT, TIMESPAN or the end',
	'ORDER BY': 'after a column in ORDER BY come a comma, ASC or DESC, LIMIT, TIMESPAN or the end',
	LIMIT: 'after LIMIT come TIMESPAN or the end',
	TIMESPAN: 'after TIMESPAN and its keyword comes the end',
};

/** A clause that a query can end with. */
export type Clause = 'FROM' | 'WHERE' | 'ORDER BY' | 'LIMIT' | 'TIMESPAN';

/** What a token is that no rule takes, whatever stood to be read; undefined for a token in order. */
export function ofToken({ kind, source }: Token): string | undefined {
	switch (kind) {
		case 'unfilled':
			return UNFILLED;
		case 'comment':
			return `Comments are not part of the query language: remove what begins with ${/^(?:#|..)/.exec(source)?.[0] ?? source}.`;
		case 'unclosed': {
			if (source.includes("\\'")) return ESCAPED_QUOTE;
			const quote = oddQuoteIn(source);
			const hint = quote ? `; the ${quote} in it is another kind of quote and does not end it` : '';
			return `The text that begins here has no end: write ' after its last character${hint}.`;
		}
		case 'stray':
			return strayCharacter(source);
		default:
			return undefined;
	}
}

const INVISIBLE = /[\p{C}\p{Z}]/u;

function strayCharacter(character: string): string {
	const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
	if (INVISIBLE.test(character)) {
		return `The invisible character U+${code} is not part of the query language: remove it, or put text in single quotes.`;
	}
	const plain = FOREIGN_OPERATORS.get(character) ?? character.normalize('NFKC');
	if (plain !== character && /^[\w(),;*<>=!-]+$/.test(plain)) {
		return `The character ${character} is not part of the query language: write ${plain}.`;
	}
	if (/[-+*/%|&^~]/.test(character)) {
		return `Calculations with ${character} are not part of the query language: select the columns, and calculate with the rows.`;
	}
	// Letters of other scripts look like those of this one.
	return /(?!\p{Script=Latin})\p{L}/u.test(character)
		? `The letter ${character} (U+${code}) is not part of the query language: names hold only the letters A to Z, digits and underscores, and text stands in single quotes. Where it looks like one of them, type it anew.`
		: `The character ${character} is not part of the query language: names hold only letters, digits and underscores, and text stands in single quotes.`;
}

/** Of a word that an invisible character has cut off; undefined for any other. */
export function cutWord(cursor: Cursor): string | undefined {
	const { kind, source, glued } = cursor.peek(1);
	const isCut = cursor.peek().kind === 'name' && kind === 'stray' && glued;
	return isCut && INVISIBLE.test(source) ? strayCharacter(source) : undefined;
}

export function beforeSelect(cursor: Cursor): string {
	const { kind } = cursor.peek();
	if (kind === 'end') {
		return 'The query is empty: write for example SELECT CustomerName FROM CustomersAndTenants.';
	}
	if (cursor.isSymbol('=') && cursor.peek(1).kind === 'unfilled') return UNFILLED;
	if (
		['text', 'quoted', 'unclosed'].includes(kind) &&
		/SELECT|``/i.test(cursor.text.slice(0, 20))
	) {
		return 'A query stands without quotes around it: remove them.';
	}
	return `A query begins with SELECT, not with ${shown(cursor)}.`;
}

/** Where a name of the SELECT list should stand. */
export function missingSelectName(cursor: Cursor, isFirst: boolean): string {
	if (cursor.isSymbol('*')) {
		return 'SELECT * is not accepted: name the columns and metrics, separated by commas.';
	}
	if (cursor.isSymbol('(')) {
		return subQuery(cursor) ?? 'The names after SELECT stand without parentheses: remove them.';
	}
	if (cursor.isWord('DISTINCT')) {
		return 'DISTINCT stands once, right behind SELECT, and holds for whole rows: remove it here.';
	}
	const isNothing = cursor.isWord('FROM') || cursor.peek().kind === 'end';
	if (!isNothing && !cursor.isSymbol(',')) {
		return `SELECT takes names of columns and metrics, not ${shown(cursor)}.`;
	}
	return isFirst && isNothing
		? 'SELECT has no columns: name at least one column or metric of the dataset after it.'
		: 'There is a comma too many in the SELECT list: remove it, or name another column.';
}

/** Where a comma or FROM should stand. */
export function afterSelectName(cursor: Cursor, last: Name): string {
	const { kind, source } = cursor.peek();
	if (cursor.isWord('AS')) return ALIAS;
	if (cursor.isWord('AND')) return notByAnd('SELECT', source);
	if (last.text.toUpperCase() === 'CASE' && cursor.isWord('WHEN')) {
		return 'CASE is not part of the query language: select the columns, and decide by the rows.';
	}
	if (kind === 'number' && last.text.toUpperCase() === 'TOP') {
		return `TOP is not part of the query language: remove TOP ${short(source)}, and write LIMIT ${short(source)} before TIMESPAN.`;
	}
	if (kind === 'name' && last.text.toUpperCase() === 'ALL' && !isKeyword(source)) {
		return 'ALL is not part of the query language: leave it out, a query gives all rows unless it says DISTINCT.';
	}
	if (kind === 'end' || isClause(cursor) || FOREIGN_CLAUSES.has(source.toUpperCase())) {
		return 'FROM is missing: write FROM and the name of the dataset after the columns.';
	}
	if (kind === 'name' && closestName(source, ['FROM'])) {
		return `${shown(cursor)} cannot stand after a column. Did you mean FROM?`;
	}
	if (kind === 'name' && !isKeyword(source)) {
		return `Names in SELECT are separated by commas and have no aliases: write ${short(last.text)}, ${short(source)} or leave one out.`;
	}
	if (cursor.isSymbol('*')) return strayCharacter('*');
	return `After ${short(last.text)} comes a comma or FROM, not ${shown(cursor)}.`;
}

const notByAnd = (clause: Clause | 'SELECT', word: string): string =>
	`Names in ${clause} are separated by commas: write a comma in place of ${word}.`;

/** Of a name that stands a second time in a list of names. */
export const repeatedName = (name: Name, clause: 'SELECT' | 'ORDER BY'): string =>
	`${short(name.text)} stands twice in ${clause}: leave one out.`;

/** Where a name should stand; `missing` is what to say when nothing like a name is there. */
export function insteadOfName(cursor: Cursor, missing: string): string {
	const { kind, source, value } = cursor.peek();
	if (kind === 'text' || kind === 'quoted') {
		if (cursor.isSymbol('.', 1)) return prefixedName(source, cursor.peek(2));
		return isQueryableName(value)
			? writeInstead('Names stand without quotes', value, source)
			: `${short(source)} cannot be queried: names hold only letters, digits and underscores, and stand without quotes.`;
	}
	return missing;
}

/** After a name, where what follows makes something else of it; undefined for a name by itself. */
export function ofNameBefore(cursor: Cursor, { text }: Name): string | undefined {
	if (cursor.isSymbol('.')) return prefixedName(text, cursor.peek(1));
	return cursor.isSymbol('(') ? functionCall(text) : undefined;
}

function prefixedName(prefix: string, { kind, value, source, glued }: Token): string {
	if (kind === 'end' || !glued) return `${short(prefix)} has a point behind it: remove it.`;
	return isQueryableName(value)
		? writeInstead('Names have no prefix', `only ${value}`, `${prefix}.${source}`)
		: 'Names have no prefix: write only the last part.';
}

function functionCall(name: string): string {
	const word = name.toUpperCase();
	if (word === 'TOP') {
		return 'TOP is not part of the query language: remove it and its number, and write LIMIT with the number before TIMESPAN.';
	}
	return AGGREGATES.includes(word)
		? `Functions such as ${name}(...) are not part of the query language: select a metric of the dataset, it is computed for each combination of the selected columns.`
		: `${short(name)}(...) cannot be queried: the service knows no functions and rejects names with parentheses.`;
}

/** Where a condition should begin. */
export const missingCondition = (cursor: Cursor): string =>
	openingParenthesis(cursor) ??
	(cursor.isWord('AND')
		? 'AND stands only between two conditions: remove it, or write a condition before it.'
		: NO_CONDITION);

/** Before a dataset or a condition: what a parenthesis means there, if one stands there. */
export const openingParenthesis = (cursor: Cursor): string | undefined =>
	cursor.isSymbol('(') ? (subQuery(cursor) ?? orInParenthesis(cursor) ?? PARENTHESES) : undefined;

/** At a parenthesis: whether a query stands in it. */
export const subQuery = (cursor: Cursor): string | undefined =>
	cursor.isWord('SELECT', cursor.isSymbol('(') ? 1 : 0) ? SUB_QUERY : undefined;

export function insteadOfOperator(cursor: Cursor, { text }: Name): string {
	const { kind, source } = cursor.peek();
	const column = short(text);
	const meant = FOREIGN_OPERATORS.get(source.toUpperCase());
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

/** Behind a NOT that neither LIKE nor IN follows. */
export const afterNot = (cursor: Cursor): string =>
	cursor.isWord('BETWEEN')
		? 'BETWEEN is not part of the query language: run one query for what is below and one for what is above.'
		: NOT_PLACE;

/** Where the parenthesis of a list should open. */
export function missingList(cursor: Cursor, { text }: Name, operator: Operator): string {
	const { kind, source, value } = cursor.peek();
	if (kind === 'quoted' && source.startsWith('[')) {
		return `A list stands in parentheses: write (${short(value)}) instead of ${short(source)}.`;
	}
	const list = literalsAhead(cursor) ?? (kind === 'end' || isKeyword(source) ? "'A', 'B'" : '...');
	return `${operator} needs a list in parentheses: write ${short(text)} ${operator} (${list}).`;
}

export const emptyList = (operator: Operator): string =>
	`The list after ${operator} is empty: name at least one value.`;

/** Where a comma or the end of a list should stand. */
export function afterListValue(cursor: Cursor, last: Value): string {
	const { kind, source } = cursor.peek();
	if (kind === 'end' || isKeyword(source))
		return 'The list has no end: write ) after its last value.';
	const spaced = spacedNumber(cursor, last);
	return (
		gluedToText(cursor, last) ??
		(spaced &&
			`A number holds no spaces: write ${spaced} for one number, or a comma before ${short(source)} for two.`) ??
		`Values in a list are separated by commas: write a comma before ${shown(cursor)}.`
	);
}

/** Where a value should stand. */
export function insteadOfValue(cursor: Cursor, name: Name, operator: Operator): string {
	const { kind, source, value, at } = cursor.peek();
	const missing = `A value is missing after ${operator}: write a number, or text in single quotes.`;
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
	const left = foreign.leftByExpression(source);
	if (left !== undefined) return left;
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
	if (kind === 'name' && cursor.isSymbol('(', 1)) {
		return `Text stands in single quotes: write ' before and after all of the text that begins with ${shown(cursor)}.`;
	}
	if (kind === 'stray' && /^[^\p{L}\p{N}]*$/u.test(phrase)) {
		return otherOperator(cursor, operator) ?? strayCharacter(source);
	}
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

/** An operator that goes on with signs that are none, such as =~. */
function otherOperator(cursor: Cursor, operator: Operator): string | undefined {
	const { source, glued } = cursor.peek();
	return glued && /^[^\p{C}\p{Z}\\]$/u.test(source)
		? `${operator}${source} is not an operator: use ${COMPARISON_OPERATORS.join(', ')}, IN or NOT IN.`
		: undefined;
}

/** N'x', E'x' and DATE 'x'; but not O'Brien, whose quote is an apostrophe. */
function isLiteralPrefix(cursor: Cursor): boolean {
	const isGlued = cursor.peek(1).glued && /^[BENQRUX]$/i.test(cursor.peek().source);
	return isGlued || TYPES_OF_LITERALS.includes(cursor.peek().source.toUpperCase());
}

function quotedValue(source: string, value: string, name: Name, operator: Operator): string {
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

function listOnlyAfterIn({ text }: Name, operator: Operator): string {
	const meant = LIST_FOR[operator];
	return meant === undefined
		? `A list stands only after IN and NOT IN: write one value after ${operator}, without parentheses.`
		: `A list stands only after IN and NOT IN: write ${short(text)} ${meant} (...) instead of ${short(text)} ${operator} (...).`;
}

/** The operator for several values where one was written for a single value. */
const LIST_FOR: Partial<Record<Operator, string>> = { '=': 'IN', '!=': 'NOT IN' };

/** Where a limit stands, or goes on, that is no whole number. */
export function notALimit(cursor: Cursor, offset = cursor.peek().at.offset): string {
	const raw = numberAt(cursor.text, offset);
	const number = raw === undefined ? undefined : plainNumber(raw);
	return number !== undefined && raw !== number && /^[1-9]\d*$/.test(number)
		? `LIMIT takes digits only: write LIMIT ${number} instead of LIMIT ${raw}.`
		: LIMIT_RULE;
}

/** Behind a semicolon that does not end the text. */
export const afterSemicolon = (cursor: Cursor): string =>
	(isClause(cursor) && !cursor.isWord('SELECT')) || cursor.isWord('AND')
		? 'A semicolon stands only at the end of a query: remove it.'
		: 'A query is one statement: run what follows the semicolon by itself.';

/** Where a complete clause has ended and something follows that cannot. */
export function afterClause(cursor: Cursor, clause: Clause, query: Query): string {
	const { kind, source } = cursor.peek();
	const word = source.toUpperCase();
	if (cursor.isSymbol(')')) return 'This parenthesis was never opened: remove it.';
	if (cursor.isWord('OR') || source === '|') return insteadOfOrAfter(cursor, query);
	const clauseOfSql = kind === 'name' ? FOREIGN_CLAUSES.get(word) : undefined;
	if (clauseOfSql !== undefined) return clauseOfSql;
	if (isClause(cursor)) return misplacedClause(word, clause, query);
	if (source === '&') {
		const sign = cursor.peek(1).source === '&' ? '&&' : '&';
		return `Conditions are joined by a word: write AND instead of ${sign}.`;
	}
	if (cursor.isWord('AND') && clause !== 'WHERE') {
		if (clause === 'ORDER BY' && !isOperator(cursor, 2)) return notByAnd(clause, source);
		if (query.conditions.length > 0) return conditionTooLate(query);
		return 'AND joins conditions: write WHERE before the first condition, after the dataset.';
	}
	const special = afterWholeClause[clause]?.(cursor, query) ?? ofToken(cursor.peek());
	if (special !== undefined) return special;
	const span = foreign.bareTimeSpan(cursor);
	if (span !== undefined) return span;
	const known = ['WHERE', 'ORDER BY', 'AND', 'LIMIT', 'TIMESPAN', 'DESC'];
	const meant = kind === 'name' ? closestName(word, known) : undefined;
	return `${shown(cursor)} cannot stand here: ${FOLLOWERS[clause]}.${meant && meant !== word ? ` Did you mean ${meant}?` : ''}`;
}

function conditionTooLate({ orderBy, limit }: Query): string {
	const later = orderBy.length > 0 ? 'ORDER BY' : limit === undefined ? 'TIMESPAN' : 'LIMIT';
	return `Conditions stand together: move AND and the condition behind it to the other conditions, before ${later}.`;
}

const afterWholeClause: Partial<
	Record<Clause, (cursor: Cursor, query: Query) => string | undefined>
> = {
	FROM: (cursor) => {
		if (cursor.isSymbol(',')) return ONE_DATASET;
		const { kind, source } = cursor.peek();
		return kind === 'name' && !isKeyword(source) && isOperator(cursor, 1)
			? `WHERE is missing: write it before ${short(source)}.`
			: undefined;
	},
	WHERE: (cursor, query) => {
		const last = query.conditions.at(-1);
		if (last === undefined) return undefined;
		if ('values' in last) {
			return cursor.isSymbol(',') && cursor.isSymbol('(', 1)
				? `All values of ${last.operator} stand in one parenthesis, separated by commas.`
				: undefined;
		}
		return (
			gluedToText(cursor, last.value) ??
			brokenNumber(cursor, last) ??
			gluedToNumber(cursor, last.value) ??
			(cursor.isSymbol(',')
				? severalValues(cursor, last.name, last.operator, last.value)
				: undefined)
		);
	},
	LIMIT: (cursor, { limit }) =>
		cursor.isSymbol(',') ? notALimit(cursor, limit?.at?.offset) : undefined,
	TIMESPAN: () => TIMESPAN_RULE,
};

/** What follows a text without a space shows where its quotes are wrong. */
function gluedToText(cursor: Cursor, { kind, text }: Value): string | undefined {
	const { kind: next, glued } = cursor.peek();
	const goesOn = ['name', 'number', 'malformed', 'text'].includes(next);
	if (kind !== 'text' || !goesOn) return undefined;
	if (text.endsWith('\\')) return ESCAPED_QUOTE;
	if (!glued) return undefined;
	if (text === '') return "Text stands between one single quote on each side, as in 'Germany'.";
	// The text reaches up to where the next one was to begin.
	if (/[=<>(,]\s*$|\s(?:AND|ORDER BY|LIMIT|TIMESPAN)\s/i.test(text.slice(-200))) {
		return "The text before this has no end of its own: write ' after its last character.";
	}
	return "A single quote inside text is written twice, as in 'O''Brien'.";
}

/** A text that begins with a number, as in 20%. */
function gluedToNumber(cursor: Cursor, { kind, at }: Value): string | undefined {
	const { kind: next, glued } = cursor.peek();
	if (kind !== 'number' || at === undefined || next !== 'stray' || !glued) return undefined;
	const phrase = unquotedPhrase(cursor.text, at.offset);
	return writeInstead('Text stands in single quotes', printText(phrase), phrase);
}

/** A number that goes on with a separator that the language does not have, as in 20,000. */
function brokenNumber(cursor: Cursor, { name, operator, value }: Comparison): string | undefined {
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

const numberForm = (number: string, raw: string): string =>
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

function spacedNumber(cursor: Cursor, { kind, text, at }: Value): string | undefined {
	if (kind !== 'number' || at === undefined || cursor.peek().kind !== 'number') return undefined;
	const whole = numberAt(cursor.text, at.offset) ?? '';
	const groups = /^[\d ]+$/.test(whole) ? whole : `${text} ${cursor.peek().source}`;
	return plainNumber(groups);
}

function severalValues(cursor: Cursor, { text }: Name, operator: Operator, first: Value): string {
	const { kind: next, source } = cursor.peek(1);
	if (isClause(cursor, 1) || cursor.isWord('AND', 1)) {
		return `There is a comma too many before ${source}: remove it.`;
	}
	if (next === 'name' && !isKeyword(source) && isOperator(cursor, 2)) {
		return 'Conditions are joined by AND: write it in place of this comma.';
	}
	const meant = LIST_FOR[operator];
	if (meant === undefined) {
		return `Only IN and NOT IN take several values: write one value after ${operator}.`;
	}
	const others = literalsAhead(cursor, 1);
	const start = first.kind === 'text' ? printText(first.text) : first.text;
	const list = others === undefined || start.length > LONGEST ? '...' : `${start}, ${others}`;
	return `Only IN and NOT IN take several values: write ${short(text)} ${meant} (${list}).`;
}

/** Whether an operator stands there, of this language or another one. */
const isOperator = (cursor: Cursor, distance: number): boolean =>
	/^(?:[<>=!]+|LIKE|IN|NOT)$/i.test(cursor.peek(distance).source);

/** The literals that stand at the cursor, separated by commas; undefined for none or too many. */
function literalsAhead(cursor: Cursor, from = 0): string | undefined {
	const found: string[] = [];
	for (let distance = from; distance < 20; distance += 2) {
		const { kind, source } = cursor.peek(distance);
		if (kind !== 'text' && kind !== 'number') return undefined;
		found.push(source);
		if (!cursor.isSymbol(',', distance + 1)) {
			const list = found.join(', ');
			return list.length > LONGEST ? undefined : list;
		}
	}
	return undefined;
}

function misplacedClause(word: string, last: Clause, query: Query): string {
	if (word === 'SELECT') return 'A query has one SELECT: run one query for each.';
	const clause = word === 'ORDER' ? 'ORDER BY' : word;
	const isSecond =
		word === 'FROM' ||
		(word === 'WHERE' && query.conditions.length > 0) ||
		(word === 'ORDER' && query.orderBy.length > 0) ||
		(word === 'LIMIT' && query.limit !== undefined) ||
		(word === 'TIMESPAN' && query.timespan !== undefined);
	if (!isSecond) return `${clause} stands before ${last}: ${ORDER_OF_CLAUSES}.`;
	return word === 'WHERE'
		? 'WHERE stands once: join the conditions by AND.'
		: `${clause} stands once: remove one of the two.`;
}

function isClause(cursor: Cursor, distance = 0): boolean {
	return CLAUSES.some((word) => cursor.isWord(word, distance));
}

const DIGIT = '[\\d\\uff10-\\uff19]';
const CURRENCY = '(?:[$€£¥] ?)?';
const NUMBER_RUN = new RegExp(
	`${CURRENCY}[-+\\u2010-\\u2015\\u2212\\ufe63\\uff0d]? ?${CURRENCY}\\.?${DIGIT}` +
		`(?:[.,_'’\\u00a0\\u2009\\u202f ]?${DIGIT})*\\.?(?:[eE][+-]?\\d{1,3})?(?: ?[$€£¥])?(?![^\\s,;()])`,
	'y',
);

/** What stands there and looks like a number in any form, also with separators in it. */
function numberAt(text: string, offset: number): string | undefined {
	NUMBER_RUN.lastIndex = offset;
	return NUMBER_RUN.exec(text)?.[0];
}

/** What is too long to be repeated is named by its beginning. */
function writeInstead(rule: string, right: string, wrong: string): string {
	return right.length > 2 * LONGEST || wrong.length > 2 * LONGEST
		? `${rule}: correct what begins with ${short(wrong)}`
		: `${rule}: write ${right} instead of ${wrong}.`;
}

function shown(cursor: Cursor): string {
	const { kind, source } = cursor.peek();
	return kind === 'end' ? 'the end of the query' : short(source);
}
