import type { Condition, Statement } from './queryLanguage';
import { valuesOf } from './sampleValues';

export type Row = Record<string, string | number>;

/** Up to `count` believable result rows: the statement's conditions, order and limit hold. */
export function sampleRows(statement: Statement, count: number): Row[] {
	const rows: Row[] = [];
	const wanted = Math.min(count, statement.limit ?? count);
	for (let index = 0; index < wanted * 20 && rows.length < wanted; index++) {
		const row = rowAt(statement, index);
		if (statement.conditions.every((condition) => satisfies(row, condition))) rows.push(row);
	}
	rows.sort((left, right) => compareRows(left, right, statement));
	return rows.map((row) => Object.fromEntries(statement.names.map((name) => [name, row[name]])));
}

/** Every column that the statement mentions. Equality picks its literal, so that rows exist. */
function rowAt(statement: Statement, index: number): Row {
	const row: Row = {};
	const mentioned = [
		...statement.names,
		...statement.conditions.map(({ name }) => name),
		...statement.orderBy.map(({ name }) => name),
	];
	for (const name of mentioned) {
		const { numeric, pool } = valuesOf(name);
		const chosen = chosenLiteral(statement.conditions, name, index);
		const value = chosen ?? pool[index % pool.length];
		row[name] = numeric && value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
	}
	return row;
}

function chosenLiteral(conditions: Condition[], name: string, index: number): string | undefined {
	const condition = conditions.find(
		(candidate) => candidate.name === name && ['=', 'IN'].includes(candidate.operator),
	);
	return condition?.values[index % condition.values.length];
}

function satisfies(row: Row, { name, operator, values }: Condition): boolean {
	const actual = row[name] ?? '';
	const [first = ''] = values;
	switch (operator) {
		case '=':
		case 'IN':
			return values.some((value) => compare(actual, value) === 0);
		case '!=':
		case 'NOT IN':
			return values.every((value) => compare(actual, value) !== 0);
		case 'LIKE':
			return like(String(actual), first);
		case 'NOT LIKE':
			return !like(String(actual), first);
		case '>':
			return compare(actual, first) > 0;
		case '>=':
			return compare(actual, first) >= 0;
		case '<':
			return compare(actual, first) < 0;
		default:
			return compare(actual, first) <= 0;
	}
}

/** The literal is converted to the column's type. Text ignores case. */
function compare(left: string | number, right: string | number): number {
	if (typeof left === 'number') return left - Number(right);
	const [a, b] = [left.toLowerCase(), String(right).toLowerCase()];
	return a < b ? -1 : a > b ? 1 : 0;
}

function like(text: string, pattern: string): boolean {
	const source = pattern
		.split('%')
		.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
		.join('.*');
	return new RegExp(`^${source}$`, 'is').test(text);
}

function compareRows(left: Row, right: Row, { orderBy }: Statement): number {
	for (const { name, descending } of orderBy) {
		const difference = compare(left[name] ?? '', right[name] ?? '');
		if (difference !== 0) return descending ? -difference : difference;
	}
	return 0;
}
