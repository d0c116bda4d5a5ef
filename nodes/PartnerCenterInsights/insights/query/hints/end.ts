import { insteadOfOrAfter } from '../alternatives';
import type { Cursor } from '../cursor';
import * as foreign from '../foreign';
import { closestName, isKeyword } from '../names';
import { plainNumber } from '../numbers';
import { LONGEST, short, shown, writeInstead } from '../short';
import type { Comparison, Query } from '../types';
import {
	type Clause,
	FOREIGN_CLAUSES,
	isClause,
	LIMIT_RULE,
	ONE_DATASET,
	oneTooMany,
} from './clauses';
import { gluedToNumber, gluedToText } from './glued';
import { insteadOfComma, severalValues } from './list';
import { brokenNumber, numberAt } from './numberForms';
import { isOperator } from './operators';
import { notByAnd } from './select';
import { ofToken, strayCharacter } from './signs';

const ORDER_OF_CLAUSES =
	'the order of the clauses is SELECT, FROM, WHERE, ORDER BY, LIMIT, TIMESPAN';
const NO_ORDER_NAME =
	'ORDER BY needs the name of a column or metric here, for example ORDER BY Month DESC.';

/** Where a name of ORDER BY should stand. */
export function missingOrderName(cursor: Cursor, isFirst: boolean): string {
	const isDirection = cursor.isWord('ASC') || cursor.isWord('DESC');
	if (isFirst || (!isDirection && !isClause(cursor))) return NO_ORDER_NAME;
	return `There is a comma too many before ${cursor.peek().source}: remove it.`;
}
export const NO_BY = 'BY is missing: write ORDER BY.';
const TIMESPAN_TAKES = 'TIMESPAN takes one keyword of the dataset, without quotes';
const TIMESPAN_RULE = `${TIMESPAN_TAKES}: write for example TIMESPAN LAST_6_MONTHS.`;
/** Between words as people write a keyword: 'LAST_MONTH', = LAST_MONTH, last 6 months. */
const SPAN_IN_WORDS =
	/^[=\s]*["'`\u2018\u2019\u201c\u201d[(]?\s*([a-z][\w\s-]*?)\s*["'`\u2018\u2019\u201c\u201d\])]?$/i;

const FOLLOWERS: Record<Clause, string> = {
	FROM: 'a dataset has no alias, and after it come WHERE, ORDER BY, LIMIT, TIMESPAN or the end',
	WHERE: 'after a condition come AND, ORDER BY, LIMIT, TIMESPAN or the end',
	'ORDER BY': 'after a column in ORDER BY come a comma, ASC or DESC, LIMIT, TIMESPAN or the end',
	LIMIT: 'after LIMIT come TIMESPAN or the end',
	TIMESPAN: 'after TIMESPAN and its keyword comes the end',
};

/** Where a limit stands that is no whole number. */
export function notALimit(cursor: Cursor): string {
	const { source, at } = cursor.peek();
	return /^0*[1-9]\d{15,}$/.test(source)
		? `LIMIT ${short(source)} is more than a report can have rows: leave LIMIT out for all of them.`
		: (limitInOtherForm(cursor, at.offset) ?? limitInQuotes(cursor, at.offset) ?? LIMIT_RULE);
}

/**
 * Where a time span stands that is no keyword.
 *
 * @param offset of what stands behind TIMESPAN
 */
export function notATimespan(cursor: Cursor, offset = cursor.peek().at.offset): string {
	const written = cursor.text.slice(offset, offset + LONGEST).replace(/[\s;]+$/, '');
	const keyword =
		SPAN_IN_WORDS.exec(written)?.[1]
			?.replace(/[\s-]+/g, '_')
			.toUpperCase() ?? '';
	return foreign.TIME_SPAN.test(keyword)
		? writeInstead(TIMESPAN_TAKES, keyword, written)
		: TIMESPAN_RULE;
}

/** A limit as people write large numbers, such as 10,000 or 10 000. */
function limitInOtherForm(cursor: Cursor, offset: number): string | undefined {
	const raw = numberAt(cursor.text, offset) ?? '';
	// Between digits a point is one of thousands: rows are whole.
	const number = /^\d{1,3}(?:\.\d{3})+$/.test(raw) ? raw.replaceAll('.', '') : plainNumber(raw);
	return number !== undefined && raw !== number && /^[1-9]\d*$/.test(number)
		? `LIMIT takes digits only: write LIMIT ${number} instead of LIMIT ${raw}.`
		: undefined;
}

/** A limit with a sign or quotes that it does not take. */
function limitInQuotes({ text }: Cursor, offset: number): string | undefined {
	const [written, digits] =
		/^(?:=\s*)?[('"\u2018\u2019\u201c\u201d]*(\d+)[)'"\u2018\u2019\u201c\u201d]*(?=[\s;]|$)/.exec(
			text.slice(offset, offset + LONGEST),
		) ?? [];
	return digits !== undefined && digits !== written && Number(digits) > 0
		? `LIMIT takes digits only: write LIMIT ${digits} instead of LIMIT ${written}.`
		: undefined;
}

/** Behind a semicolon that does not end the text. */
export function afterSemicolon(cursor: Cursor): string {
	const goesOn = isKeyword(cursor.peek().source) && !cursor.isWord('SELECT');
	if (goesOn || cursor.isWord('OR')) {
		return 'A semicolon stands only at the end of a query: remove it.';
	}
	return (
		insteadOfComma(cursor, 0, 'the semicolon') ??
		'A query is one statement: run what follows the semicolon by itself.'
	);
}

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
		const tooMany = oneTooMany(cursor, 'an AND', 1);
		if (tooMany !== undefined) return tooMany;
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
		if (cursor.isSymbol(',')) return oneTooMany(cursor, 'a comma', 1) ?? ONE_DATASET;
		const { kind, source } = cursor.peek();
		return kind === 'name' && !isKeyword(source) && isOperator(cursor, 1)
			? `WHERE is missing: write it before ${short(source)}.`
			: undefined;
	},
	WHERE: (cursor, query) => {
		const last = query.conditions.at(-1);
		if (last === undefined) return undefined;
		if ('values' in last) {
			if (!cursor.isSymbol(',')) return undefined;
			return cursor.isSymbol('(', 1)
				? `All values of ${last.operator} stand in one parenthesis, separated by commas.`
				: (oneTooMany(cursor, 'a comma', 1) ?? insteadOfComma(cursor, 1));
		}
		return (
			gluedToText(cursor, last.value) ??
			brokenNumber(cursor, last) ??
			gluedToNumber(cursor, last) ??
			secondOperator(cursor, last) ??
			(cursor.isSymbol(',')
				? severalValues(cursor, last.name, last.operator, last.value)
				: undefined)
		);
	},
	LIMIT: (cursor, { limit }) => {
		const { kind } = cursor.peek();
		const goesOn = cursor.isSymbol(',') || ['number', 'quoted', 'text', 'unclosed'].includes(kind);
		const meant = limit?.at && goesOn ? limitInOtherForm(cursor, limit.at.offset) : undefined;
		if (meant !== undefined || !cursor.isSymbol(',')) return meant;
		return oneTooMany(cursor, 'a comma', 1) ?? LIMIT_RULE;
	},
	TIMESPAN: (cursor, { timespan }) => notATimespan(cursor, timespan?.at?.offset),
};

/** Behind a whole comparison: the operator of a further one, as in A > 1 < 5, or a sign of a calculation. */
function secondOperator(cursor: Cursor, { name, operator }: Comparison): string | undefined {
	const { kind, source } = cursor.peek();
	if (source === '*') return strayCharacter(source);
	// Of two that ask for an order both may hold.
	const areOrdered = /^[<>]/.test(operator) && /^[<>]=?$/.test(source);
	return kind === 'symbol' && areOrdered
		? writeInstead('A condition has one operator', `AND ${name.text} ${source}`, source)
		: undefined;
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
