import { finished, type Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { IDataObject } from 'n8n-workflow';
import type { ReportFile } from './reportFile';

export interface RowOptions {
	/** The first row to keep, counted from 1. */
	firstRow?: number;
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

/** How many values of a column are remembered. A column with more of them is not worth the looking up. */
const MOST_KNOWN = 2_000;

/**
 * Makes a column's values. Reports repeat most of theirs (customers, products, months), so that rows
 * which share them take a fraction of the memory.
 */
function valueMaker(parseNumbers: boolean): (text: string) => string | number {
	const make = parseNumbers ? asNumber : (text: string) => text;
	const known = new Map<string, string | number>();
	let misses = 0;
	return (text) => {
		if (misses >= MOST_KNOWN) return make(text);
		const found = known.get(text);
		if (found !== undefined) {
			misses = 0;
			return found;
		}
		const value = make(text);
		if (known.size < MOST_KNOWN) known.set(text, value);
		else misses++;
		return value;
	};
}

/**
 * Makes rows of a file's records. All are copies of one: objects of the same shape are small and quick
 * to make, those that get their keys one by one are neither.
 */
function rowMaker(
	header: readonly string[],
	{ columns = [], parseNumbers = false }: RowOptions,
): (record: readonly string[]) => IDataObject {
	const wanted = new Set(columns.map((name) => name.toLowerCase()));
	const kept = header
		.map((name, index) => ({ name, index, make: valueMaker(parseNumbers) }))
		.filter(({ name }) => wanted.size === 0 || wanted.has(name.toLowerCase()));
	const empty = Object.fromEntries(kept.map(({ name }) => [name, '']));
	const model = JSON.parse(JSON.stringify(empty)) as IDataObject;
	return (record) => {
		// A record that ends before its time has no values there, not empty ones.
		const row: IDataObject = record.length < header.length ? {} : { ...model };
		for (const { name, index, make } of kept) {
			const text = record[index];
			if (text !== undefined) row[name] = make(text);
		}
		return row;
	};
}

/**
 * Reads a report file row by row into objects keyed by its header. Rows keep the dataset's own column
 * names; values stay text unless numbers are asked for.
 */
export async function readRows(
	{ content, delimiter }: Pick<ReportFile, 'content' | 'delimiter'>,
	options: RowOptions,
): Promise<Rows> {
	const { firstRow = 1, limit = Infinity } = options;
	const parser = parse({
		bom: true,
		delimiter,
		relax_column_count: true,
		relax_quotes: true,
		skip_empty_lines: true,
	});
	forward(content, parser);

	const rows: IDataObject[] = [];
	let toRow: ReturnType<typeof rowMaker> | undefined;
	let passed = 0;
	for await (const record of parser as AsyncIterable<string[]>) {
		if (toRow === undefined) {
			toRow = rowMaker(record, options);
		} else if (++passed < firstRow) {
			continue;
		} else if (rows.length >= limit) {
			content.destroy();
			return { rows, cut: true };
		} else {
			rows.push(toRow(record));
		}
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
