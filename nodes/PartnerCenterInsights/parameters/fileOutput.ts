import type { INodeProperties } from 'n8n-workflow';
import type { RowOptions } from '../insights/files/rows';
import { text } from '../insights/records';
import type { ParameterReader } from './reader';
import { isEmpty, oneOf, requiredText, wholeNumber } from './values';

export type FileOutput = 'file' | 'rows';

/** How the data comes out. */
export const fileOutput = (fallback: FileOutput): INodeProperties[] => [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'File', value: 'file', description: 'One item with the CSV or TSV file' },
			{ name: 'Rows', value: 'rows', description: 'One item for each row of the file' },
		],
		default: fallback,
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		displayOptions: { show: { output: ['file'] } },
		required: true,
		default: 'data',
		hint: 'The name of the output binary field to put the file in',
	},
];

/** The options of files and rows, for the 'Options' collection. */
export const rowOptions: INodeProperties[] = [
	{
		displayName: 'Add Record Fields',
		name: 'addRecordFields',
		type: 'boolean',
		default: false,
		description:
			'Whether each row also carries ReportId, ReportName, ExecutionId and ReportGeneratedTime. A column of that name in the file stays as it is.',
	},
	{
		displayName: 'Columns',
		name: 'columns',
		type: 'string',
		default: '',
		placeholder: 'e.g. CustomerName, BilledRevenueUSD',
		description: 'Rows only: the columns to keep, separated by commas. Empty keeps all.',
	},
	{
		displayName: 'First Row',
		name: 'firstRow',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 1,
		description:
			"Rows only: the row to begin with, counted from 1. With 'Row Limit' a loop takes the rows window by window.",
	},
	{
		displayName: 'Parse Numbers',
		name: 'parseNumbers',
		type: 'boolean',
		default: false,
		description:
			'Whether rows have numbers where the file has plain decimal numbers. Otherwise values stay text.',
	},
	{
		displayName: 'Row Limit',
		name: 'rowLimit',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		description:
			'Rows only: how many rows to put out at most. 0 stands for all, which takes memory for each of them.',
	},
	{
		displayName: 'Rows per File',
		name: 'rowsPerFile',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		description:
			'File only: puts the report out as several files of at most so many rows, each an item with the header of its own. 0 stands for one file.',
	},
];

export interface OutputChoice {
	output: FileOutput;
	binaryPropertyName: string;
	/** Most rows of a file; 0 for one file. */
	rowsPerFile: number;
	rows: RowOptions;
	/** Whether rows carry which run of which report they are of. */
	addRecordFields: boolean;
}

export function readOutputChoice(parameters: ParameterReader): OutputChoice {
	const options = parameters.collection('options');
	const output = oneOf(parameters.get('output'), 'Output', ['file', 'rows'] as const);
	const limit = wholeNumber(options.rowLimit ?? 0, 'Row Limit', { least: 0 });
	const names = Array.isArray(options.columns) ? options.columns : text(options.columns).split(',');
	return {
		output,
		binaryPropertyName:
			output === 'file'
				? requiredText(parameters.get('binaryPropertyName'), 'Put Output File in Field')
				: '',
		rowsPerFile: wholeNumber(options.rowsPerFile ?? 0, 'Rows per File', { least: 0 }),
		addRecordFields: options.addRecordFields === true,
		rows: {
			firstRow: wholeNumber(options.firstRow ?? 1, 'First Row', { least: 1 }),
			limit: limit === 0 ? undefined : limit,
			columns: names.map(text).filter((name) => name !== ''),
			parseNumbers: options.parseNumbers === true,
		},
	};
}

/** The options of a wait. */
export const waitOptions: INodeProperties[] = [
	{
		displayName: 'Poll Interval (Seconds)',
		name: 'pollSeconds',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 60,
		description:
			'How long to wait between two looks. The service allows about 10 requests in a short time.',
	},
	{
		displayName: 'Wait at Most (Minutes)',
		name: 'timeoutMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 60,
		description: 'When to give up. The service promises no time; a one-off report takes minutes.',
	},
];

/** @returns ms */
export function readWaitOptions(parameters: ParameterReader): { timeout: number; poll: number } {
	const options = parameters.collection('options');
	const minutes = isEmpty(options.timeoutMinutes) ? 60 : Number(options.timeoutMinutes);
	if (!(minutes > 0)) {
		// Fractions of a minute are allowed, so this is no whole number.
		wholeNumber(options.timeoutMinutes, 'Wait at Most (Minutes)', { least: 1 });
	}
	const poll = wholeNumber(options.pollSeconds ?? 60, 'Poll Interval (Seconds)', { least: 1 });
	return { timeout: minutes * 60_000, poll: poll * 1_000 };
}
