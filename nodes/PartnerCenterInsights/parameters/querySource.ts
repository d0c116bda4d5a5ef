import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { datasetName, queryId } from './locators';
import { DEFAULT_OPERATOR, operatorChoices } from './operators';

/** Where the query comes from, and the fields of each source. */
export type QuerySourceName = 'text' | 'saved' | 'builder';

const sources: Record<QuerySourceName, { name: string; value: string; description: string }> = {
	builder: {
		name: 'Query Builder',
		value: 'builder',
		description: "Pick dataset, columns and conditions from the account's catalogue",
	},
	saved: { name: 'Saved Query', value: 'saved', description: 'A query that Partner Center keeps' },
	text: { name: 'Query Text', value: 'text', description: 'Write the statement yourself' },
};

const EXAMPLE =
	"SELECT CustomerName, BilledRevenueUSD FROM CustomersAndTenants WHERE CustomerMarket = 'Germany' ORDER BY BilledRevenueUSD DESC LIMIT 100 TIMESPAN LAST_3_MONTHS";

const shownFor = (source: QuerySourceName, ...properties: INodeProperties[]): INodeProperties[] =>
	properties.map((property) => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { source: [source], ...property.displayOptions?.show },
		},
	}));

const dependsOnDataset = { loadOptionsDependsOn: ['datasetName.value', 'program'] };

const columnOrMetric: INodeProperties = {
	displayName: 'Column Name or ID',
	name: 'name',
	type: 'options',
	typeOptions: { ...dependsOnDataset, loadOptionsMethod: 'getColumnsAndMetrics' },
	default: '',
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

const builder: INodeProperties[] = [
	datasetName,
	{
		displayName: 'Column Names or IDs',
		name: 'columns',
		type: 'multiOptions',
		typeOptions: { ...dependsOnDataset, loadOptionsMethod: 'getColumns' },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	{
		displayName: 'Metric Names or IDs',
		name: 'metrics',
		type: 'multiOptions',
		typeOptions: { ...dependsOnDataset, loadOptionsMethod: 'getMetrics' },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		hint: 'A metric is computed for each distinct combination of the columns',
	},
	{
		displayName: 'Conditions',
		name: 'conditions',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Condition',
		default: {},
		description: 'All of them must hold',
		options: [
			{
				displayName: 'Condition',
				name: 'condition',
				values: [
					columnOrMetric,
					{
						displayName: 'Operator',
						name: 'operator',
						type: 'options',
						options: operatorChoices,
						default: DEFAULT_OPERATOR,
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						placeholder: 'e.g. Germany',
						description:
							'For IN and NOT IN a list, separated by commas or line ends, where a value with a comma in it stands in quotes; for LIKE with % as wildcard',
					},
				],
			},
		],
	},
	{
		displayName: 'Order By',
		name: 'orderBy',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Column',
		default: {},
		options: [
			{
				displayName: 'Column',
				name: 'column',
				values: [
					columnOrMetric,
					{
						displayName: 'Direction',
						name: 'direction',
						type: 'options',
						options: [
							{ name: 'Ascending', value: 'ASC' },
							{ name: 'Descending', value: 'DESC' },
						],
						default: 'ASC',
					},
				],
			},
		],
	},
	{
		displayName: 'Row Limit',
		name: 'queryLimit',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		description: 'How many rows the query gives at most. 0 stands for all.',
	},
	{
		displayName: 'Time Span Name or ID',
		name: 'timespan',
		type: 'options',
		typeOptions: { ...dependsOnDataset, loadOptionsMethod: 'getTimeSpans' },
		default: '',
		description:
			'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
];

const statement: INodeProperties = {
	displayName: 'Query',
	name: 'query',
	type: 'string',
	typeOptions: { rows: 5 },
	required: true,
	default: '',
	placeholder: `e.g. ${EXAMPLE}`,
	description: 'Clauses in the order SELECT, FROM, WHERE, ORDER BY, LIMIT, TIMESPAN',
};

/** The choice of a source and the fields of each source that is offered; `text` is the default. */
export function querySource(...offered: QuerySourceName[]): INodeProperties[] {
	const fields: Record<QuerySourceName, INodeProperties[]> = {
		text: shownFor('text', statement),
		saved: shownFor('saved', queryId),
		builder: shownFor('builder', ...builder),
	};
	return [
		{
			displayName: 'Query Source',
			name: 'source',
			type: 'options',
			options: offered.map((name) => sources[name]).sort((a, b) => a.name.localeCompare(b.name)),
			default: 'text',
		},
		...offered.flatMap((name) => fields[name]),
	];
}

/** The option that switches the check of the query off. */
export const checkQueryOption: INodeProperties = {
	displayName: 'Check Query',
	name: 'checkQuery',
	type: 'boolean',
	default: true,
	description:
		"Whether to compare the query with the grammar and with the account's datasets before it is sent",
};

/** The entries of a fixed collection that allows several. */
export const entries = (collection: IDataObject, name: string): IDataObject[] =>
	Array.isArray(collection[name]) ? (collection[name] as IDataObject[]) : [];
