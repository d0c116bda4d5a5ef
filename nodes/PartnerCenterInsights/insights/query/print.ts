import type { Condition, OrderTerm, Query, Value } from './types';

/**
 * The canonical text of a query: keywords in capitals, one space between words, on one line
 * (unless a text value itself holds a line break). Parsing it gives the same query again.
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-custom-query
 */
export function printQuery(query: Query): string {
	const clauses = [
		`SELECT ${query.distinct ? 'DISTINCT ' : ''}${query.names.map(({ text }) => text).join(', ')}`,
		`FROM ${query.from.text}`,
	];
	if (query.conditions.length > 0) {
		clauses.push(`WHERE ${query.conditions.map(printCondition).join(' AND ')}`);
	}
	if (query.orderBy.length > 0) {
		clauses.push(`ORDER BY ${query.orderBy.map(printOrderTerm).join(', ')}`);
	}
	if (query.limit) clauses.push(`LIMIT ${query.limit.rows}`);
	if (query.timespan) clauses.push(`TIMESPAN ${query.timespan.text}`);
	return clauses.join(' ');
}

/**
 * The text as a literal. The service documents no way to write a single quote inside one;
 * it is doubled, as SQL does.
 */
export function printText(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}

function printCondition(condition: Condition): string {
	const value =
		'values' in condition
			? `(${condition.values.map(printValue).join(', ')})`
			: printValue(condition.value);
	return `${condition.name.text} ${condition.operator} ${value}`;
}

function printValue(value: Value): string {
	return value.kind === 'number' ? value.text : printText(value.text);
}

function printOrderTerm({ name, direction }: OrderTerm): string {
	return direction ? `${name.text} ${direction}` : name.text;
}
