import { finished, type Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { IDataObject } from 'n8n-workflow';
import type { ReportFile } from './reportFile';

export interface RowOptions {
	/** Most rows to keep; undefined for all. */
	limit?: number;
	/** Names of the columns to keep; empty for all. */
	columns?: readonly string[];
	/** Turns text that is a plain decimal number into a number. */
	parseNumbers?: boolean;
}

export interface Rows {
	rows: IDataObject[];
	/** Whether the file has more rows than were kept. */
	cut: boolean;
}

/** A decimal number that a JavaScript number holds without loss: no leading zeros, at most 15 digits. */
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const MOST_DIGITS = 15;

const asNumber = (value: string): string | number =>
	PLAIN_NUMBER.test(value) && value.replace(/\D/g, '').length <= MOST_DIGITS
		? Number(value)
		: value;

/**
 * Reads a report file row by row into objects keyed by its header. Rows keep the dataset's own column
 * names; values stay text unless numbers are asked for.
 */
export async function readRows(
	{ content, delimiter }: Pick<ReportFile, 'content' | 'delimiter'>,
	{ limit = Infinity, columns = [], parseNumbers = false }: RowOptions,
): Promise<Rows> {
	const kept = new Set(columns.map((name) => name.toLowerCase()));
	const parser = parse({
		bom: true,
		delimiter,
		columns: (header: string[]) =>
			header.map((name) => (kept.size === 0 || kept.has(name.toLowerCase()) ? name : false)),
		relax_column_count: true,
		relax_quotes: true,
		skip_empty_lines: true,
		...(parseNumbers && {
			cast: (value: string, { header }: { header: boolean }) => (header ? value : asNumber(value)),
		}),
	});
	forward(content, parser);

	const rows: IDataObject[] = [];
	for await (const row of parser as AsyncIterable<IDataObject>) {
		if (rows.length >= limit) {
			content.destroy();
			return { rows, cut: true };
		}
		rows.push(row);
	}
	return { rows, cut: false };
}

/** Pipes, and ends the parser with the source's error when that breaks. */
function forward(source: Readable, parser: ReturnType<typeof parse>): void {
	finished(source, { writable: false }, (error) => {
		if (error) parser.destroy(error);
	});
	source.pipe(parser);
}
