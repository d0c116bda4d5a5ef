import { trimmed, WITHOUT_WIDTH } from '../sameText';
import { leftByExpression } from './foreign';
import { isQueryableName, repeatedNames } from './names';
import { plainNumber } from './numbers';
import { short } from './short';
import { isUnfilled } from './tokens';
import { isListOperator } from './types';
import type {
	Condition,
	Direction,
	ListOperator,
	Name,
	Operator,
	OrderTerm,
	Query,
	QueryPart,
	QueryProblem,
	QueryResult,
	Value,
} from './types';
import { beforeQuoted, oddlyQuoted } from './unclearList';
import { isListText, readList, type ValueProblem, withoutQuotes, WrittenNumber } from './valueText';

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
 * converts it to the column's type). A quote inside is doubled; text that already stands in quotes
 * as a whole is taken without them. IN and NOT IN take text separated by commas or line ends (see
 * `readList`), or an array, whose elements are taken as they are. A list that is not all numbers
 * becomes all text. What is compared by its order is written in plain digits where it is a number.
 *
 * @returns the query, or everything that is wrong with the parts, in the order of the fields.
 * Never throws.
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-custom-query
 */
export function buildQuery(parts: BuilderParts): QueryResult {
	const problems: QueryProblem[] = [];
	const refuse = (part: QueryPart, message: string, isUnfilled?: true): void => {
		problems.push({ message, part, ...(isUnfilled && { isUnfilled }) });
	};
	const readName = (part: QueryPart, what: string, text: string): Name => {
		if (text === '') refuse(part, `${what} is empty: choose a name from the list.`);
		else if (!isQueryableName(text)) {
			refuse(
				part,
				`${what} '${short(text)}' cannot be queried: the service accepts only letters, digits and underscores in names.`,
			);
		}
		return { text, part };
	};

	const from = readName('dataset', 'Dataset', parts.dataset);
	const names = [
		...parts.columns.map((text) => readName('columns', 'Column', text)),
		...(parts.metrics ?? []).map((text) => readName('metrics', 'Metric', text)),
	];
	for (const { text } of repeatedNames(names)) {
		const part = parts.columns.includes(text) ? 'columns' : 'metrics';
		refuse(part, `'${short(text)}' is selected twice: leave one of the two out.`);
	}
	if (names.length === 0)
		refuse('columns', 'Nothing is selected: choose at least one column or metric.');

	const conditions: Condition[] = [];
	(parts.conditions ?? []).forEach(({ name, operator, value }, index) => {
		const what = `Condition ${index + 1}`;
		const condition = readCondition(
			readName('conditions', `${what}: column`, name),
			operator,
			value,
		);
		if ('problem' in condition) {
			refuse('conditions', `${what} (${short(name)}): ${condition.problem}`, condition.isUnfilled);
		} else conditions.push(condition);
	});

	const orderBy = (parts.orderBy ?? []).map(({ name, direction }, index): OrderTerm => {
		const read = readName('orderBy', `Order ${index + 1}: column`, name);
		return direction ? { name: read, direction } : { name: read };
	});
	for (const { text } of repeatedNames(orderBy.map(({ name }) => name))) {
		refuse('orderBy', `'${short(text)}' stands twice in ORDER BY: leave one of the two out.`);
	}

	const query: Query = { distinct: false, names, from, conditions, orderBy };
	if (parts.limit !== undefined) {
		if (!Number.isSafeInteger(parts.limit) || parts.limit < 1) {
			refuse('limit', `Limit is a whole number from 1, for example 10, not ${parts.limit}.`);
		}
		query.limit = { rows: parts.limit };
	}
	if (parts.timespan) query.timespan = readName('timespan', 'Time span', parts.timespan);

	return problems.length > 0 ? { ok: false, problems } : { ok: true, query };
}

const UNFILLED: ValueProblem = {
	problem: 'the n8n expression in it was not filled in.',
	isUnfilled: true,
};

/** @returns the condition, or what is wrong with its value. */
function readCondition(name: Name, operator: Operator, value: unknown): Condition | ValueProblem {
	if (isListOperator(operator)) {
		const values = readValues(value, operator);
		return 'problem' in values ? values : { name, operator, values };
	}
	if (typeof value === 'string' && isUnfilled(value)) return UNFILLED;
	if (Array.isArray(value) || (typeof value === 'string' && isListText(value))) {
		return { problem: `${operator} takes one value: choose IN or NOT IN for a list.` };
	}
	const odd = typeof value === 'string' ? oddValue(value) : undefined;
	if (odd !== undefined) return { problem: odd };
	const read = readValue(
		typeof value === 'string' ? withoutQuotes(withinLines(value)) : value,
		operator,
	);
	if ('problem' in read) return read;
	const ordered = /^[<>]/.test(operator) ? orderedValue(read) : read;
	return 'problem' in ordered ? ordered : { name, operator, value: ordered };
}

/** A value with an operator or with quotes that are none around it. */
const oddValue = (value: string): string | undefined =>
	beforeQuoted(trimmed(value)) ?? oddlyQuoted(trimmed(value), true);

function readValues(value: unknown, operator: ListOperator): Value[] | ValueProblem {
	// Before the list is read: an expression, or what is left of it, holds commas, quotes and brackets of its own.
	if (typeof value === 'string' && isUnfilled(value)) return UNFILLED;
	const left = typeof value === 'string' ? leftByExpression(value, operator) : undefined;
	if (left !== undefined) return { problem: left };
	const elements = typeof value === 'string' ? readList(value) : [value].flat();
	if ('problem' in elements) return elements;
	if (elements.length === 0) return { problem: 'the list is empty: give at least one value.' };
	const values: Value[] = [];
	for (const element of elements) {
		const read = readValue(element, operator);
		if ('problem' in read) return read;
		values.push(read);
	}
	return values.every(({ kind }) => kind === 'number')
		? values
		: values.map(({ text }) => ({ kind: 'text', text }));
}

function readValue(value: unknown, operator: Operator): Value | ValueProblem {
	if (value instanceof WrittenNumber) return numberValue(value.digits);
	switch (typeof value) {
		case 'number':
		case 'bigint':
			return numberValue(String(value));
		case 'string': {
			const left = leftByExpression(value, operator);
			if (left !== undefined) return { problem: left };
			return isUnfilled(value) ? UNFILLED : { kind: 'text', text: plainSign(value) };
		}
		case 'boolean':
			return { kind: 'text', text: String(value) };
		case 'undefined':
			return { problem: 'the value is missing: give text or a number.' };
		default:
			return {
				problem:
					value === null
						? 'the value is missing: give text or a number.'
						: 'the value is neither text nor a number: convert it first, a date for example with toISODate().',
			};
	}
}

function numberValue(written: string): Value | ValueProblem {
	const text = plainNumber(written);
	return text === undefined
		? { problem: `${short(written)} is not a number: give its digits.` }
		: { kind: 'number', text };
}

const AROUND_LINES = new RegExp(`[\\r\\n\\u0085\\u2028\\u2029${WITHOUT_WIDTH}]`);

/** A text without line ends and signs without width around it, which come with what is pasted or read from a file. */
function withinLines(text: string): string {
	const isLineEnd = (index: number) => AROUND_LINES.test(text.charAt(index));
	let [start, end] = [0, text.length];
	while (start < end && isLineEnd(start)) start++;
	while (end > start && isLineEnd(end - 1)) end--;
	return text.slice(start, end);
}

/** A number with a typographic minus or with full-width digits, in plain characters. */
function plainSign(text: string): string {
	return /^[\s\u2010-\u2015\u2212\uff0d-]*[\d\uff10-\uff19]+(?:[.\uff0e][\d\uff10-\uff19]+)?\s*$/.test(
		text,
	) && !/^[\s\d.-]*$/.test(text)
		? (plainNumber(text) ?? text)
		: text;
}

/** A value that is compared by its order: a number in another form would be compared wrongly. */
function orderedValue(value: Value): Value | ValueProblem {
	const number = value.kind === 'text' ? plainNumber(value.text) : undefined;
	if (number === undefined) return value;
	// A comma separates thousands in one country and decimals in another.
	return /^[^,]*,[^,]*$/.test(value.text)
		? { problem: `${value.text} is not clear as a number: write ${number} without the comma.` }
		: { kind: 'text', text: number };
}
