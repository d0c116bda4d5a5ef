import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { InsightsError } from '../errors';
import { type FileDescription, partName } from './fileName';
import { Table } from './table';

/** A part of a file that has been stored. */
export interface Part<T> {
	stored: T;
	/** The row of the file that it begins with, counted from 1. */
	firstRow: number;
	rows: number;
	/** Tells its content. */
	digest: string;
}

const anotherFile = (): InsightsError =>
	new InsightsError('The report file is another one than before the transfer broke off', {
		kind: 'unreadable',
		subject: 'report file',
		advice: 'Parts of two files are not mixed. Download it anew.',
	});

const [CARRIAGE_RETURN, LINE_FEED] = [0x0d, 0x0a];

/** What keeps the two apart: CR and LF of two lines, next to each other, would be the end of one. */
const between = (header: Buffer, rows: Buffer): Buffer =>
	header.at(-1) === CARRIAGE_RETURN && rows[0] === LINE_FEED
		? Buffer.of(LINE_FEED)
		: Buffer.alloc(0);

/**
 * Cuts a report file between its records, and has each part stored as a file with the header of its own
 * while the next ones are still on their way. Each part is read once, from its begin to its end, before
 * there is another.
 *
 * @param rowsPerFile most rows of a part
 * @param parts those stored so far: by an earlier attempt that broke off, whose parts are not stored
 *   again, and by this one
 * @param store stores one part
 * @returns the line of the first value that holds what looks like whole rows; 0 for none
 * @throws InsightsError when a quote would swallow records
 */
export async function storeParts<T>(
	{ content, delimiter, fileName }: FileDescription & { content: Readable },
	rowsPerFile: number,
	parts: Array<Part<T>>,
	store: (content: Readable, fileName: string) => Promise<T>,
): Promise<number> {
	const table = await Table.open(content, delimiter);
	let firstRow = 1;
	let count = 0;
	while ((await table.hasMore()) || count === 0) {
		const hash = createHash('sha256');
		let rows = 0;
		const bytes = async function* () {
			hash.update(table.header);
			yield table.header;
			let isFirst = true;
			for await (const piece of table.take(rowsPerFile, () => rows++)) {
				hash.update(piece);
				yield isFirst ? Buffer.concat([between(table.header, piece), piece]) : piece;
				isFirst = false;
			}
		};
		const known = parts[count++];
		if (known === undefined) {
			const part = Readable.from(bytes(), { objectMode: false });
			const stored = await store(part, partName(fileName, count));
			parts.push({ stored, firstRow, rows, digest: hash.digest('hex') });
		} else {
			// Read for what it does to the hash.
			const pieces = bytes();
			while (!(await pieces.next()).done);
			if (hash.digest('hex') !== known.digest) throw anotherFile();
		}
		firstRow += rows;
	}
	if (parts.length > count) throw anotherFile();
	return table.suspectLine;
}
