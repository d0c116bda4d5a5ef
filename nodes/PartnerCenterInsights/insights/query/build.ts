import { isQueryableName } from './names';
import { isListOperator } from './types';
import type {
	Condition,
	Direction,
	Name,
	Operator,
	OrderTerm,
	Query,
	QueryProblem,
	QueryResult,
	Value,
} from './types';

export interface BuilderCondition {
	name: string;
	operator: Operator;
	/** Text, number or boolean; for IN and NOT IN also an array of them. Else it is refused. */
	value: unknown;
}

/** What the query builder's fields hold. */
export interface BuilderParts {
	dataset: string;
	columns: readonly string[];
	metrics?: readonly string[];
	distinct?: boolean;
	/** Joined by AND. */
	conditions?: readonly BuilderCondition[];
	orderBy?: ReadonlyArray<{ name: string; direction?: Direction }>;
	/** Rows, from 1. */
	limit?: number;
	/** One of the dataset's AvailableDateRanges; empty counts as not given. */
	timespan?: string;
}

/**
 * Makes a query of the builder's parts; `printQuery` gives its text.
 *
 * Values: a number stays a number, everything else becomes text in single quotes (the service
 * converts it to the column's type). A quote inside is doubled; text that already stands in single
 * quotes as a whole is taken without them. IN and NOT IN take text separated by commas, where a
 * value with a comma in it stands in single quotes, or an array, whose elements are taken as they
 * are. A list that is not all numbers becomes all text.
 *
 * @returns the query, or everything that is wrong with the parts, in the order of the fields.
 * Never throws.
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-custom-query
 */
export function buildQuery(parts: BuilderParts): QueryResult {
	const problems: QueryProblem[] = [];
	const refuse = (message: string): undefined => {
		problems.push({ message });
		return undefined;
	};
	const readName = (what: string, text: string): Name => {
		if (text === '') refuse(`${what} is empty: choose a name from the list.`);
		else if (!isQueryableName(text)) {
			refuse(
				`${what} '${text}' cannot be queried: the service accepts only letters, digits and underscores in names.`,
			);
		}
		return { text };
	};

	const from = readName('Dataset', parts.dataset);
	const names = [
		...parts.columns.map((text) => readName('Column', text)),
		...(parts.metrics ?? []).map((text) => readName('Metric', text)),
	];
	if (names.length === 0) refuse('Nothing is selected: choose at least one column or metric.');

	const conditions: Condition[] = [];
	(parts.conditions ?? []).forEach(({ name, operator, value }, index) => {
		const what = `Condition ${index + 1}`;
		const condition = readCondition(readName(`${what}: column`, name), operator, value);
		if (typeof condition === 'string') refuse(`${what} (${name}): ${condition}`);
		else conditions.push(condition);
	});

	const orderBy = (parts.orderBy ?? []).map(({ name, direction }, index): OrderTerm => {
		const read = readName(`Order ${index + 1}: column`, name);
		return direction ? { name: read, direction } : { name: read };
	});

	const query: Query = { distinct: parts.distinct ?? false, names, from, conditions, orderBy };
	if (parts.limit !== undefined) {
		if (!Number.isSafeInteger(parts.limit) || parts.limit < 1) {
			refuse(`Limit is a whole number from 1, for example 10, not ${parts.limit}.`);
		}
		query.limit = { rows: parts.limit };
	}
	if (parts.timespan) query.timespan = readName('Time span', parts.timespan);

	return problems.length > 0 ? { ok: false, problems } : { ok: true, query };
}

/** @returns the condition, or what is wrong with its value. */
function readCondition(name: Name, operator: Operator, value: unknown): Condition | string {
	if (isListOperator(operator)) {
		const values = readValues(value);
		return typeof values === 'string' ? values : { name, operator, values };
	}
	if (Array.isArray(value)) return `${operator} takes one value: choose IN or NOT IN for a list.`;
	const read = readValue(typeof value === 'string' ? withoutQuotes(value) : value);
	return typeof read === 'string' ? read : { name, operator, value: read };
}

function readValues(value: unknown): Value[] | string {
	const elements = typeof value === 'string' ? splitList(value) : [value].flat();
	if (elements.length === 0) return 'the list is empty: give at least one value.';
	const values: Value[] = [];
	for (const element of elements) {
		const read = readValue(element);
		if (typeof read === 'string') return read;
		values.push(read);
	}
	return values.every(({ kind }) => kind === 'number')
		? values
		: values.map(({ text }) => ({ kind: 'text', text }));
}

function readValue(value: unknown): Value | string {
	switch (typeof value) {
		case 'number': {
			const text = String(value);
			return /^-?\d+(\.\d+)?$/.test(text)
				? { kind: 'number', text }
				: `${text} cannot be written as a number: give its digits as text.`;
		}
		case 'string':
			return { kind: 'text', text: value };
		case 'boolean':
			return { kind: 'text', text: String(value) };
		case 'undefined':
			return 'the value is missing: give text or a number.';
		default:
			return value === null
				? 'the value is missing: give text or a number.'
				: 'the value is neither text nor a number: convert it first, a date for example with toISODate().';
	}
}

const QUOTED = /^\s*'([^']*(?:''[^']*)*)'\s*$/;

function withoutQuotes(text: string): string {
	return QUOTED.exec(text)?.[1]?.replaceAll("''", "'") ?? text;
}

/** Commas separate, but not within single quotes; empty parts are left out. */
function splitList(text: string): string[] {
	const parts = text.matchAll(/\s*('[^']*(?:''[^']*)*'|[^,]*)\s*(?:,|$)/g);
	return Array.from(parts, ([, part = '']) => part.trim())
		.filter((part) => part !== '')
		.map(withoutQuotes);
}
