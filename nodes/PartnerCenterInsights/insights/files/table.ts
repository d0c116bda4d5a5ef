import { asUtf8, withoutPadding } from './content';
import { malformed, RecordScanner } from './recordScanner';
import type { FileDescription } from './fileName';

const CR = 0x0d;
const LF = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** Bytes of a header, at most: a file without line ends is no table. */
const LONGEST_HEADER = 4 * 1024 * 1024;

/** Bytes in which the header's delimiter is looked for. */
const LONGEST_LOOK = 64 * 1024;
const FIRST_LINE = /^[\r\n]*([^\r\n]+)[\r\n]/;
/** What a header that has neither comma nor tab does not hold unless its names are separated by it. */
const FOREIGN_DELIMITER = /[^;|]([;|])[^;|]/;

const NOTHING = Buffer.alloc(0);

/** A record without its line end. */
function textOf(bytes: Buffer, from: number, end: number): string {
	let to = end;
	if (to > from && bytes[to - 1] === LF) to--;
	if (to > from && bytes[to - 1] === CR) to--;
	return bytes.toString('utf8', from, to);
}

/**
 * A report file as a header and the records below it, in bytes. Only as much of it is in memory as has
 * arrived and was not taken yet.
 */
export class Table {
	/** The header's bytes with its line end; a byte order mark is not among them. */
	header: Buffer = NOTHING;

	/** What stands between values. */
	delimiter: FileDescription['delimiter'];

	private scanner: RecordScanner;

	private readonly chunks: AsyncIterator<Buffer>;

	private chunk: Buffer = NOTHING;

	private at = 0;

	private hasEnded = false;

	private constructor(content: AsyncIterable<Buffer>, delimiter: FileDescription['delimiter']) {
		this.delimiter = delimiter;
		this.scanner = new RecordScanner(delimiter);
		this.chunks = withoutPadding(asUtf8(content))[Symbol.asyncIterator]();
	}

	/**
	 * Reads as far as the header, which is missing in an empty file.
	 *
	 * @param delimiter what stands between values by the file's record; where the header has only the other
	 *   one, it is that: no name of a column has either
	 * @throws InsightsError when a quote in it is not closed, or something else stands between its names
	 */
	static async open(
		content: AsyncIterable<Buffer>,
		delimiter: FileDescription['delimiter'],
	): Promise<Table> {
		const table = new Table(content, delimiter);
		await table.passByteOrderMarks();
		await table.findDelimiter();
		await table.passEmptyLines();
		const pieces: Buffer[] = [];
		let length = 0;
		for await (const piece of table.take(1)) {
			pieces.push(piece);
			length += piece.length;
			if (length > LONGEST_HEADER) throw malformed('its first line has no end');
		}
		table.header = Buffer.concat(pieces);
		return table;
	}

	/** The header without its line end. */
	get headerText(): string {
		return textOf(this.header, 0, this.header.length);
	}

	/** How many columns the header names; 0 in an empty file. */
	get columns(): number {
		return this.scanner.columns;
	}

	/** Line of the first value that holds what looks like whole records, which a stray quote may have put there. */
	get suspectLine(): number {
		return this.scanner.suspectLine;
	}

	/** Whether there are records that have not been taken. */
	async hasMore(): Promise<boolean> {
		if (this.columns !== 1) await this.passEmptyLines();
		return this.at < this.chunk.length || (await this.pull());
	}

	/**
	 * The bytes of the next records, at most so many. Empty lines count only in a table of one column,
	 * where they are records.
	 *
	 * @param onRecord called for each record
	 * @throws InsightsError when a quote would swallow records
	 */
	async *take(most: number, onRecord?: () => void): AsyncGenerator<Buffer> {
		const { scanner } = this;
		let count = 0;
		const countOne = () => {
			if (scanner.isEmptyLine && scanner.columns !== 1) return;
			count++;
			onRecord?.();
		};
		while (count < most && (this.at < this.chunk.length || (await this.pull()))) {
			const { chunk, at: from } = this;
			let at = from;
			while (count < most) {
				const end = scanner.next(chunk, at);
				if (end === -1) {
					at = chunk.length;
					break;
				}
				at = end;
				countOne();
			}
			this.at = at;
			if (at > from) yield chunk.subarray(from, at);
		}
		if (count < most && scanner.end()) countOne();
	}

	/**
	 * The text of all records that have not been taken, without their line ends, as they arrive: many at
	 * a time, none of them an empty line but in a table of one column.
	 *
	 * @throws InsightsError when a quote would swallow records
	 */
	async *records(): AsyncGenerator<string[]> {
		const { scanner } = this;
		/** Begins in an earlier chunk. */
		let begun: Buffer[] = [];
		while (this.at < this.chunk.length || (await this.pull())) {
			const { chunk } = this;
			const records: string[] = [];
			let from = this.at;
			for (let end = scanner.next(chunk, from); end !== -1; end = scanner.next(chunk, from)) {
				const isWanted = !scanner.isEmptyLine || scanner.columns === 1;
				if (begun.length > 0) {
					const record = Buffer.concat([...begun, chunk.subarray(from, end)]);
					begun = [];
					if (isWanted) records.push(textOf(record, 0, record.length));
				} else if (isWanted) {
					records.push(textOf(chunk, from, end));
				}
				from = end;
			}
			if (from < chunk.length) begun.push(chunk.subarray(from));
			this.at = chunk.length;
			yield records;
		}
		if (scanner.end() && (!scanner.isEmptyLine || scanner.columns === 1)) {
			const record = Buffer.concat(begun);
			yield [textOf(record, 0, record.length)];
		}
	}

	/** Reads the next chunk, where the last one is used up. */
	private async pull(): Promise<boolean> {
		while (!this.hasEnded) {
			const next = await this.chunks.next();
			this.hasEnded = next.done === true;
			if (next.done !== true && next.value.length > 0) {
				this.chunk = next.value;
				this.at = 0;
				return true;
			}
		}
		return false;
	}

	/** Reads on until there are so many bytes that were not taken, where the file has them. */
	private async gather(isEnough: (bytes: Buffer) => boolean): Promise<void> {
		let start = this.chunk.subarray(this.at);
		while (!isEnough(start) && (await this.pull())) start = Buffer.concat([start, this.chunk]);
		this.chunk = start;
		this.at = 0;
	}

	/** One as a rule; each writer on the way may have set its own. */
	private async passByteOrderMarks(): Promise<void> {
		const { length } = BYTE_ORDER_MARK;
		do await this.gather((bytes) => bytes.length >= length);
		while (this.passed(BYTE_ORDER_MARK));
	}

	private passed(bytes: Buffer): boolean {
		const isThere = bytes.equals(this.chunk.subarray(0, bytes.length));
		if (isThere) this.at = bytes.length;
		return isThere;
	}

	private async findDelimiter(): Promise<void> {
		const headerIn = (bytes: Buffer) => FIRST_LINE.exec(bytes.toString('latin1'))?.[1];
		await this.gather((bytes) => bytes.length > LONGEST_LOOK || headerIn(bytes) !== undefined);
		const header = headerIn(this.chunk) ?? this.chunk.toString('latin1');
		const other = this.delimiter === ',' ? '\t' : ',';
		if (header.includes(this.delimiter)) return;
		if (!header.includes(other)) {
			const [, foreign] = FOREIGN_DELIMITER.exec(header) ?? [];
			if (foreign === undefined) return;
			// All of it would come out as one column.
			throw malformed(`the names in its first line are separated by "${foreign}"`);
		}
		this.delimiter = other;
		this.scanner = new RecordScanner(other);
	}

	private async passEmptyLines(): Promise<void> {
		while (this.at < this.chunk.length || (await this.pull())) {
			const byte = this.chunk[this.at];
			if (byte !== CR && byte !== LF) return;
			const end = this.scanner.next(this.chunk, this.at);
			this.at = end === -1 ? this.chunk.length : end;
		}
	}
}
