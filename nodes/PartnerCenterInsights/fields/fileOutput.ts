import type { RowOptions } from '../insights/files/rows';
import { type Inputs, type InputOf, mapped, named } from './field';
import { cases, flag, names, number, text } from './kinds';

/** Operations differ in how their output begins, so each says why. */
const WHY = {
	file: 'Begins with File: a report can have more rows than n8n holds as items',
	rows: 'Begins with Rows: a query mostly asks for what the next node works on. For very many rows take File.',
};

/** How the data comes out. */
export const fileOutput = (fallback: 'file' | 'rows') =>
	cases(
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			options: [
				{ name: 'File', value: 'file', description: 'One item with the CSV or TSV file' },
				{ name: 'Rows', value: 'rows', description: 'One item for each row of the file' },
			],
			default: fallback,
			description: WHY[fallback],
		},
		{
			file: {
				binaryPropertyName: text({
					displayName: 'Put Output File in Field',
					name: 'binaryPropertyName',
					type: 'string',
					required: true,
					default: 'data',
					hint: 'The name of the output binary field to put the file in',
				}),
			},
			rows: {},
		},
	);

/** Undefined for all. */
const rowLimit = mapped(
	number({
		displayName: 'Row Limit',
		name: 'rowLimit',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		description: 'How many rows to put out at most. Each takes memory.',
		hint: 'For Output: Rows. 0: all',
	}),
	(rows) => (rows === 0 ? undefined : rows),
);

/** The options of files and rows, for the 'Options' collection. */
export const outputOptions = {
	/** Whether rows carry which run of which report they are of. */
	addRecordFields: flag({
		displayName: 'Add Record Fields',
		name: 'addRecordFields',
		type: 'boolean',
		default: false,
		description:
			'Whether each row also carries ReportId, ReportName, ExecutionId and ReportGeneratedTime. A column of that name in the file stays as it is.',
		hint: 'For Output: Rows',
	}),
	columns: names({
		displayName: 'Columns',
		name: 'columns',
		type: 'string',
		default: '',
		placeholder: 'e.g. CustomerName, BilledRevenueUSD',
		description: 'The columns to keep, separated by commas',
		hint: 'For Output: Rows. Empty: all',
	}),
	firstRow: number({
		displayName: 'First Row',
		name: 'firstRow',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 1,
		description: `The row to begin with, counted from 1. With ${named(rowLimit)} a loop takes the rows window by window.`,
		hint: 'For Output: Rows',
	}),
	parseNumbers: flag({
		displayName: 'Parse Numbers',
		name: 'parseNumbers',
		type: 'boolean',
		default: false,
		description:
			'Whether rows have numbers where the file has plain decimal numbers. Otherwise values stay text.',
		hint: 'For Output: Rows',
	}),
	rowLimit,
	/** Most rows of a file; 0 for one file. */
	rowsPerFile: number({
		displayName: 'Rows per File',
		name: 'rowsPerFile',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		description:
			'Puts the report out as several files of at most so many rows, each an item with the header of its own',
		hint: 'For Output: File. 0: one file',
	}),
};

export interface OutputChoice {
	output: 'file' | 'rows';
	binaryPropertyName: string;
	/** Most rows of a file; 0 for one file. */
	rowsPerFile: number;
	rows: RowOptions;
	/** Whether rows carry which run of which report they are of. */
	addRecordFields: boolean;
}

/** What the fields of an output come to. */
export const outputChoice = (
	to: InputOf<ReturnType<typeof fileOutput>>,
	options: Inputs<typeof outputOptions>,
): OutputChoice => ({
	output: to.chosen,
	binaryPropertyName: to.chosen === 'file' ? to.binaryPropertyName : '',
	rowsPerFile: options.rowsPerFile,
	rows: {
		firstRow: options.firstRow,
		limit: options.rowLimit,
		columns: options.columns,
		parseNumbers: options.parseNumbers,
	},
	addRecordFields: options.addRecordFields,
});
