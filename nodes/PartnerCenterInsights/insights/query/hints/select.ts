import type { Cursor } from '../cursor';
import { closestName, isKeyword, isQueryableName } from '../names';
import { short, shown, writeInstead } from '../short';
import type { Token } from '../tokens';
import type { Name } from '../types';
import { ALIAS, type Clause, FOREIGN_CLAUSES, isClause } from './clauses';
import { strayCharacter, UNFILLED } from './signs';
import { subQuery } from './where';

export const NO_DATASET = 'FROM needs the name of one dataset, for example CustomersAndTenants.';
const AGGREGATES = ['AVG', 'COUNT', 'MAX', 'MIN', 'SUM'];
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

export const notByAnd = (clause: Clause | 'SELECT', word: string): string =>
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
	if (cursor.isSymbol('.')) {
		const part = cursor.peek(1);
		return cursor.isSymbol('(', 2) && cursor.peek(2).glued
			? functionCall(`${text}.${part.source}`)
			: prefixedName(text, part);
	}
	return cursor.isSymbol('(') ? functionCall(text) : undefined;
}

function prefixedName(prefix: string, { kind, value, source, glued }: Token): string {
	if (kind === 'end' || !glued) return `${short(prefix)} has a point behind it: remove it.`;
	return isQueryableName(value)
		? writeInstead('Names have no prefix', `only ${value}`, `${prefix}.${source}`)
		: 'Names have no prefix: write only the last part.';
}

export function functionCall(name: string): string {
	const word = name.toUpperCase();
	if (word === 'TOP') {
		return 'TOP is not part of the query language: remove it and its number, and write LIMIT with the number before TIMESPAN.';
	}
	return AGGREGATES.includes(word)
		? `Functions such as ${name}(...) are not part of the query language: select a metric of the dataset, it is computed for each combination of the selected columns.`
		: `${short(name)}(...) cannot be queried: the service knows no functions and rejects names with parentheses.`;
}
