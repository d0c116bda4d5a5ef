import type { Readable } from 'node:stream';
import type { JsonValue } from '../records';
import { folded } from '../sameText';
import type { FileDescription } from './fileName';
import { Table } from './table';
import { createValueReader } from './values';

/** A row by the names of its columns. */
export type Row = Record<string, JsonValue>;

export interface RowOptions {
	/** The first row to keep, counted from 1. */
	firstRow?: number;
	/** Most rows to keep; undefined for all. */
	limit?: number;
	/** Names of the columns to keep, in any case; empty for all. */
	columns?: readonly string[];
	/** Turns text that is a plain decimal number into a number. */
	parseNumbers?: boolean;
	/** Values that each row also carries, but for those of which the file has a column. */
	added?: Row;
}

export interface Rows {
	rows: Row[];
	/** Whether the file has more rows than were kept. */
	cut: boolean;
	/** Rows among them that have more values than the header has names. */
	longer: number;
	/** Rows among them that have fewer. */
	shorter: number;
	/** Whether a value has the sign for what is not valid UTF-8. */
	isDamaged: boolean;
	/** Line of the first value that holds what looks like whole rows; 0 for none. */
	suspectLine: number;
	/** The names that columns were given because another one has theirs, or because they have none. */
	renamed: string[];
}

/** Columns were asked for that the file does not have. */
export class UnknownColumns extends Error {
	override readonly name = 'UnknownColumns';

	constructor(
		readonly unknown: readonly string[],
		/** Those that it has. */
		readonly columns: readonly string[],
	) {
		super();
	}
}

/** A decimal number that a JavaScript number holds without loss: no leading zeros, at most 15 digits. */
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const MOST_DIGITS = 15;

const asNumber = (value: string): string | number =>
	PLAIN_NUMBER.test(value) && value.replace(/\D/g, '').length <= MOST_DIGITS
		? Number(value)
		: value;

/** What stands in a text in place of bytes that are not valid UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * From this length on a part of a text is a view of it, which keeps the whole in memory.
 *
 * @see https://github.com/v8/v8/blob/main/src/objects/string.h SlicedString::kMinLength
 */
const VIEW_LENGTH = 13;

/** A value without the record that it was cut from. */
const byItself = (text: string): string =>
	text.length < VIEW_LENGTH ? text : Buffer.from(text).toString();

/** How many values of a column are remembered. A column with more of them is not worth the looking up. */
const MOST_KNOWN = 2_000;

/**
 * Makes a column's values. Reports repeat most of theirs (customers, products, months), so that rows
 * which share them take a fraction of the memory.
 */
function valueMaker(
	parseNumbers: boolean,
	onDamaged: () => void,
): (text: string) => string | number {
	const make = (text: string) => {
		if (text.includes(REPLACEMENT)) onDamaged();
		return parseNumbers ? asNumber(text) : text;
	};
	const known = new Map<string, string | number>();
	let misses = 0;
	return (text) => {
		if (misses >= MOST_KNOWN) return make(byItself(text));
		const found = known.get(text);
		if (found !== undefined) {
			misses = 0;
			return found;
		}
		const own = byItself(text);
		const value = make(own);
		if (known.size < MOST_KNOWN) known.set(own, value);
		else misses++;
		return value;
	};
}

/** Gives out each name once: `Name`, then `Name_2`, whatever else is called so. */
function createNaming(taken: Iterable<string>): (wanted: string) => string {
	const names = new Set(taken);
	return (wanted) => {
		let name = wanted;
		for (let number = 2; names.has(name); number++) name = `${wanted}_${number}`;
		names.add(name);
		return name;
	};
}

const placeName = (index: number): string => `Column ${index + 1}`;

/** The names of a header, each of them once: a repeated one gets a number, a missing one its place. */
function columnNames(header: readonly string[]): {
	names: string[];
	renamed: string[];
	nameBeyond: (index: number) => string;
} {
	const first = new Map(header.map((name, index): [string, number] => [name, index]).reverse());
	const keeps = (name: string, index: number) => name !== '' && first.get(name) === index;
	const naming = createNaming(header.filter(keeps));
	const names = header.map((name, index) =>
		keeps(name, index) ? name : naming(name === '' ? placeName(index) : name),
	);
	const beyond = new Map<number, string>();
	return {
		names,
		renamed: names.filter((name, index) => name !== header[index]),
		nameBeyond: (index) => {
			const name = beyond.get(index) ?? naming(placeName(index));
			beyond.set(index, name);
			return name;
		},
	};
}

/**
 * Makes rows of a file's records. All are copies of one: objects of the same shape are small and quick
 * to make, those that get their keys one by one are neither.
 *
 * @throws UnknownColumns
 */
function createRowMaker(
	header: readonly string[],
	{ columns = [], parseNumbers = false, added = {} }: RowOptions,
	onDamaged: () => void,
) {
	const { names, renamed, nameBeyond } = columnNames(header);
	const has = new Set(names.map(folded));
	const unknown = columns.filter((name) => !has.has(folded(name)));
	if (unknown.length > 0) throw new UnknownColumns(unknown, names);
	const wanted = new Set(columns.map(folded));
	const kept = names
		.map((name, index) => ({ name, index, make: valueMaker(parseNumbers, onDamaged) }))
		.filter(({ name }) => wanted.size === 0 || wanted.has(folded(name)));
	const more = Object.entries(added).filter(([name]) => !has.has(folded(name)));
	const model = JSON.parse(
		JSON.stringify(Object.fromEntries([...kept.map(({ name }) => [name, '']), ...more])),
	) as Row;
	const makeBeyond = valueMaker(parseNumbers, onDamaged);
	const { length } = header;
	return {
		renamed,
		toRow: (record: readonly string[]): Row => {
			if (record.length < length) {
				// A record that ends before its time has no values there, not empty ones.
				const had = kept.filter(({ index }) => index < record.length);
				const values = had.map(({ name, index, make }) => [name, make(record[index] ?? '')]);
				return Object.fromEntries([...values, ...more]) as Row;
			}
			const row: Row = { ...model };
			for (const { name, index, make } of kept) row[name] = make(record[index] ?? '');
			if (record.length > length && wanted.size === 0) {
				record.slice(length).forEach((text, index) => {
					row[nameBeyond(length + index)] = makeBeyond(text);
				});
			}
			return row;
		},
	};
}

/**
 * Reads a report file row by row into objects keyed by its header. Rows keep the dataset's own column
 * names; values stay text unless numbers are asked for.
 *
 * @throws UnknownColumns when the file lacks a column that is wanted
 * @throws InsightsError when the file cannot be read as rows
 */
export async function readRows(
	{ content, delimiter }: { content: Readable; delimiter: FileDescription['delimiter'] },
	options: RowOptions,
): Promise<Rows> {
	const { firstRow = 1, limit = Infinity } = options;
	const table = await Table.open(content, delimiter);
	const found: Rows = {
		rows: [],
		cut: false,
		longer: 0,
		shorter: 0,
		isDamaged: false,
		suspectLine: 0,
		renamed: [],
	};
	if (table.columns === 0) return found;
	const onDamaged = () => {
		found.isDamaged = true;
	};
	const valuesOf = await createValueReader(table.delimiter);
	const [header = []] = valuesOf([table.headerText]);
	if (table.headerText.includes(REPLACEMENT)) onDamaged();
	const { renamed, toRow } = createRowMaker(header, options, onDamaged);
	found.renamed = renamed;
	let passed = 0;
	for await (const records of table.records()) {
		const wanted = records.slice(Math.max(0, firstRow - 1 - passed));
		passed += records.length;
		const room = limit - found.rows.length;
		found.cut = wanted.length > room;
		for (const values of valuesOf(found.cut ? wanted.slice(0, room) : wanted)) {
			if (values.length !== header.length) {
				found[values.length > header.length ? 'longer' : 'shorter']++;
			}
			found.rows.push(toRow(values));
		}
		if (found.cut) break;
	}
	// Also where a quote in the header has made one record of the whole file.
	found.suspectLine = table.suspectLine;
	content.destroy();
	return found;
}
