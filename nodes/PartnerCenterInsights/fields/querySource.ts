import type { INodePropertyOptions } from 'n8n-workflow';
import { datasetName } from './dataset';
import { entry, type Field, type Labelled, mapped } from './field';
import {
	cases,
	type Chosen,
	flag,
	isNothing,
	listOf,
	names,
	nothingFound,
	number,
	oneOf,
	optional,
	readText,
	text,
	untrimmed,
} from './kinds';
import { operator } from './operator';
import { queryId } from './query';
import { reportId } from './report';

const dependsOnDataset = { loadOptionsDependsOn: ['datasetName.value', 'program'] };

const columnOrMetric = text({
	displayName: 'Column Name or ID',
	name: 'name',
	type: 'options',
	typeOptions: { ...dependsOnDataset, loadOptionsMethod: 'getColumnsAndMetrics' },
	default: '',
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
});

const VALUE = 'Value';

/** A value as it is, for the query to write: a text, a number, or a list of them. */
const conditionValue = entry(
	{
		displayName: VALUE,
		name: 'value',
		type: 'string',
		default: '',
		placeholder: 'e.g. Germany',
		description:
			'The values of a list may also be separated by line ends. A value with a comma in it stands in quotes.',
		hint: 'IN and NOT IN: several values, separated by commas. LIKE: % stands for any text.',
	},
	(value) => {
		for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
			if (isNothing(one)) throw nothingFound(VALUE);
			// What an expression makes of an object in the midst of a text.
			if (typeof one === 'string') readText(one, VALUE);
		}
		return value;
	},
);

/** The fields that a query is put together in. */
export const builder = {
	dataset: datasetName,
	columns: names({
		displayName: 'Column Names or IDs',
		name: 'columns',
		type: 'multiOptions',
		typeOptions: { ...dependsOnDataset, loadOptionsMethod: 'getColumns' },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	}),
	metrics: names({
		displayName: 'Metric Names or IDs',
		name: 'metrics',
		type: 'multiOptions',
		typeOptions: { ...dependsOnDataset, loadOptionsMethod: 'getMetrics' },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		hint: 'A metric is computed for each distinct combination of the columns',
	}),
	conditions: listOf(
		{
			displayName: 'Conditions',
			name: 'conditions',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Condition',
			default: {},
			description: 'All of them must hold',
		},
		{ displayName: 'Condition', name: 'condition' },
		{ name: columnOrMetric, operator, value: conditionValue },
	),
	orderBy: listOf(
		{
			displayName: 'Order By',
			name: 'orderBy',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Column',
			default: {},
		},
		{ displayName: 'Column', name: 'column' },
		{
			name: columnOrMetric,
			direction: oneOf({
				displayName: 'Direction',
				name: 'direction',
				type: 'options',
				options: [
					{ name: 'Ascending', value: 'ASC' },
					{ name: 'Descending', value: 'DESC' },
				],
				default: 'ASC',
			}),
		},
	),
	/** Undefined for all. */
	limit: mapped(
		number({
			displayName: 'Rows in Query',
			name: 'queryLimit',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 0,
			description: 'How many rows the query gives at most: its LIMIT',
			hint: '0: all',
		}),
		(rows) => (rows === 0 ? undefined : rows),
	),
	timespan: optional(
		text({
			displayName: 'Time Span Name or ID',
			name: 'timespan',
			type: 'options',
			typeOptions: { ...dependsOnDataset, loadOptionsMethod: 'getTimeSpans' },
			default: '',
			description:
				'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		}),
	),
};

/**
 * A statement as it is written. n8n's SQL editor shows a text as if what stands in `{{ }}` were filled in,
 * whether it is an expression or not; see `run/itemValues.ts`.
 */
export const statement = untrimmed(
	text({
		displayName: 'Query',
		name: 'query',
		type: 'string',
		typeOptions: { editor: 'sqlEditor', sqlDialect: 'StandardSQL', rows: 5 },
		required: true,
		default: '',
		placeholder:
			"e.g. SELECT CustomerName, BilledRevenueUSD FROM CustomersAndTenants WHERE CustomerMarket = 'Germany' ORDER BY BilledRevenueUSD DESC LIMIT 100 TIMESPAN LAST_3_MONTHS",
		description: 'Clauses in the order SELECT, FROM, WHERE, ORDER BY, LIMIT, TIMESPAN',
		// The SQL editor shows no placeholder.
		hint: "E.g. SELECT CustomerName, BilledRevenueUSD FROM CustomersAndTenants WHERE CustomerMarket = 'Germany' TIMESPAN LAST_3_MONTHS",
	}),
);

const fieldsOf = { text: { statement }, saved: { queryId }, builder, report: { reportId } };

type Source = keyof typeof fieldsOf;

type SourceOption<S extends Source> = INodePropertyOptions & { value: S };

const sources: ReadonlyArray<SourceOption<Source>> = [
	{
		name: 'Query Builder',
		value: 'builder',
		description: "Pick dataset, columns and conditions from the account's catalogue",
	},
	{
		name: 'Query of a Report',
		value: 'report',
		description:
			'What a report runs, once and now, in its format. The report itself stays as it is.',
	},
	{ name: 'Query Text', value: 'text', description: 'Write the statement yourself' },
	{ name: 'Saved Query', value: 'saved', description: 'A query that Partner Center keeps' },
];

/** Where a query comes from, with what the fields of that source hold. */
export type QueryChoice<S extends Source = Source> = Chosen<Pick<typeof fieldsOf, S>>;
/** What the query builder's fields hold. */
export type BuilderInput = Extract<QueryChoice, { chosen: 'builder' }>;

/** The choice of a source, the first one at first, and the fields of each source that is offered. */
export const querySource = <const S extends Source>(
	first: S,
	...others: readonly S[]
): Field<QueryChoice<S>> & Labelled => {
	const offered: readonly Source[] = [first, ...others];
	return cases<S, Pick<typeof fieldsOf, S>>(
		{
			displayName: 'Query Source',
			name: 'source',
			type: 'options',
			options: sources.filter((source): source is SourceOption<S> =>
				offered.includes(source.value),
			),
			default: first,
		},
		fieldsOf,
	);
};

/** The option that switches the check of the query off. */
export const checkQuery = flag({
	displayName: 'Check Query',
	name: 'checkQuery',
	type: 'boolean',
	default: true,
	description:
		"Whether to compare the query with the grammar and with the account's datasets before it is sent",
});
