import { fraction, valuesOf } from '../insights/sampleValues';
import type { Row } from '../insights/sampleRows';

/** How much text goes into one piece of a file, in characters. */
const pieceLength = 128 * 1024;

const lineEnd = '\r\n';

export const byteOrderMark = '\uFEFF';

/** The shape of a generated file. */
export interface FileLayout {
	columns: string[];
	format: 'csv' | 'tsv';
	quotedLineBreaks: boolean;
}

/** When to stop: after so many rows, or when the text has at least so many bytes. */
export type FileExtent = { rows: number } | { sizeBytes: number };

/** Writes fields, quoting those that need it. */
function formatField(value: string, format: 'csv' | 'tsv'): string {
	const needsQuotes = format === 'csv' ? /[",\r\n]/ : /["\t\r\n]/;
	return needsQuotes.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function separatorOf(format: 'csv' | 'tsv'): string {
	return format === 'csv' ? ',' : '\t';
}

/** The line with the column names. */
export function headerLine({ columns, format }: FileLayout): string {
	const fields = columns.map((name) => formatField(name, format));
	return fields.join(separatorOf(format)) + lineEnd;
}

/** Given rows as a whole file. */
export function fileOf(layout: FileLayout, rows: Row[]): string {
	const separator = separatorOf(layout.format);
	const lines = rows.map(
		(row) =>
			layout.columns
				.map((name) => formatField(String(row[name] ?? ''), layout.format))
				.join(separator) + lineEnd,
	);
	return headerLine(layout) + lines.join('');
}

/** Writes the data row with this number (from 0). The same number gives the same row. */
export type RowWriter = (row: number) => string;

/**
 * Prepares a writer: all quoting is done once per value, so that a row costs lookups only.
 *
 * @param order `scattered`: values follow each other without a pattern, so that they compress about as
 *   well as those of a real report; costs more than `cyclic`
 */
export function rowWriter(layout: FileLayout, order: 'cyclic' | 'scattered' = 'cyclic'): RowWriter {
	const separator = separatorOf(layout.format);
	const awkward = layout.quotedLineBreaks ? firstTextColumn(layout.columns) : -1;
	const pools = layout.columns.map((name, index) => {
		const { pool } = valuesOf(name);
		const values = index === awkward ? pool.flatMap((value) => [value, trouble(value)]) : pool;
		return values.map((value) => formatField(value, layout.format));
	});
	const counters = layout.columns.map((name) => name === 'RowNumber');
	return (row) => {
		let line = '';
		for (let index = 0; index < pools.length; index++) {
			if (index > 0) line += separator;
			const pool = pools[index];
			const place =
				order === 'cyclic' ? row % pool.length : Math.floor(fraction(row, index) * pool.length);
			line += counters[index] ? String(row + 1) : pool[place];
		}
		return line + lineEnd;
	};
}

function firstTextColumn(columns: string[]): number {
	return columns.findIndex((name) => name !== 'RowNumber' && !valuesOf(name).numeric);
}

/** Every character that a careless reader trips over. */
function trouble(value: string): string {
	return `${value},\t"${value}"\r\nsecond line; "" \nthird line`;
}

/** The pieces of a generated file, in order. Nothing is kept: the file may be larger than memory. */
export function* filePieces(layout: FileLayout, extent: FileExtent): Generator<Buffer> {
	const write = rowWriter(layout);
	let text = headerLine(layout);
	let bytes = Buffer.byteLength(text);
	const rows = 'rows' in extent ? extent.rows : Number.POSITIVE_INFINITY;
	const sizeBytes = 'rows' in extent ? Number.POSITIVE_INFINITY : extent.sizeBytes;
	for (let row = 0; row < rows && bytes < sizeBytes; row++) {
		const line = write(row);
		bytes += Buffer.byteLength(line);
		text += line;
		if (text.length < pieceLength) continue;
		yield Buffer.from(text);
		text = '';
	}
	if (text) yield Buffer.from(text);
}
