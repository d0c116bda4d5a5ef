import { InsightsError } from '../errors';

const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;

/** Bytes of a quoted value, at most: one that goes on and on was never meant to be one. */
const LONGEST_QUOTED = 4 * 1024 * 1024;

/** Where in a record the scanner stands. */
const enum Place {
	/** Before the first byte of a value. */
	Start,
	/** In a value without quotes around it. */
	Plain,
	/** Between the quotes of a value. */
	Quoted,
	/** Behind a quote that closes a value, or is the first of two that stand for one. */
	AfterQuote,
	/** Behind a CR, which an LF may follow. */
	AfterReturn,
}

/** A file that came whole, but cannot be cut into rows. */
export const malformed = (what: string): InsightsError =>
	new InsightsError(`The report file cannot be read as rows: ${what}`, {
		kind: 'malformed',
		advice: 'No row was put out. Look at that line of the file.',
	});

/**
 * Finds where the records of a CSV or TSV file end, chunk by chunk, without making text of its bytes.
 *
 * ```
 * record = value { delimiter value } end
 * value  = { any byte but delimiter, CR, LF }          a quote within stands for itself
 *        | '"' { any byte but '"' | '""' } '"'         may hold delimiters and line ends
 * end    = CR LF | LF | CR | end of the file           each by itself, whatever the others are
 * ```
 *
 * A quote that opens a value and is not closed as it should be is taken for a part of the value only
 * where it changes nothing: where neither a delimiter nor a line end stands behind it. Else it would
 * swallow what follows, and is an error.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180 which knows CRLF alone, and no quote within
 */
export class RecordScanner {
	/** Values in the record that ended last. */
	values = 0;

	/** Whether that record was an empty line. */
	isEmptyLine = false;

	/** Values of the first record; 0 until it has ended. */
	columns = 0;

	/**
	 * Line of the first value that goes on in other lines which could be records of their own; 0 for none.
	 * It may be meant so, or be made of them by a stray quote. The lines that a stray quote makes one record
	 * of begin and end as records do, or have one whole among them, however wide the others are; or they
	 * make a header, whose names have one line as a rule, or a record of another width than the header.
	 */
	suspectLine = 0;

	private place = Place.Start;

	private line = 1;

	private found = 1;

	/** Whether the record has a byte yet. */
	private hasBegun = false;

	private quotedLine = 0;

	private quotedBytes = 0;

	/** The byte before the next one between quotes, where it matters. */
	private previous: number | undefined;

	/** Whether what stands behind an opening quote would be the same value if the quote were a plain one. */
	private isHarmless = true;

	/** Line in which a value begins that goes on in the next line; 0 in a record of one line. */
	private spanLine = 0;

	/** Delimiters of the line, also those in quotes. */
	private delimitersInLine = 0;

	/** Whether the line in which the record begins could be a record of its own. */
	private firstLineFits = false;

	/** Whether the value that is read, or one before it in the record, holds a whole line that could. */
	private holdsRecord = false;

	/** Whether the value that is read has gone on in another line. */
	private hasBroken = false;

	private readonly delimiter: number;

	constructor(delimiter: ',' | '\t') {
		this.delimiter = delimiter.charCodeAt(0);
	}

	/**
	 * The index behind the end of the record that `from` lies in, or -1 where the chunk ends before it.
	 * A record that ends with CR ends behind the LF that follows, also in the next chunk.
	 *
	 * @throws InsightsError when a quote would swallow records
	 */
	next(chunk: Buffer, from: number): number {
		const { delimiter } = this;
		const { length } = chunk;
		let index = from;
		while (index < length) {
			const byte = chunk[index];
			switch (this.place) {
				case Place.AfterReturn:
					return this.endRecord(byte === LF ? index + 1 : index);
				case Place.Start:
					if (byte === QUOTE) {
						this.openQuote();
						index++;
					} else {
						this.place = Place.Plain;
					}
					break;
				case Place.Plain: {
					let end = index;
					let ends = byte;
					while (end < length && ends !== delimiter && ends !== LF && ends !== CR) {
						ends = chunk[++end];
					}
					if (end > index) this.hasBegun = true;
					index = end;
					if (end < length) {
						index++;
						if (this.endValue(ends)) return this.endRecord(index);
					}
					break;
				}
				case Place.Quoted:
					index = this.passQuoted(chunk, index);
					break;
				case Place.AfterQuote:
					index++;
					if (byte === QUOTE) {
						this.place = Place.Quoted;
						this.previous = undefined;
						this.isHarmless = false;
					} else if (byte === delimiter || byte === LF || byte === CR) {
						if (this.endValue(byte)) return this.endRecord(index);
					} else if (this.isHarmless) {
						this.place = Place.Plain;
					} else {
						throw malformed(
							`the quote that opens a value in line ${this.quotedLine} is not closed by the next one, in line ${this.line}`,
						);
					}
					break;
			}
		}
		return -1;
	}

	/**
	 * Tells that the file is at its end.
	 *
	 * @returns whether a record ended with it
	 * @throws InsightsError when a quote is still open
	 */
	end(): boolean {
		if (this.place === Place.Quoted) throw this.neverClosed();
		const isRecord = this.hasBegun || this.place === Place.AfterReturn;
		if (isRecord) this.endRecord(0);
		return isRecord;
	}

	private neverClosed(): InsightsError {
		return malformed(`the quote that opens a value in line ${this.quotedLine} is never closed`);
	}

	private openQuote(): void {
		this.place = Place.Quoted;
		this.hasBegun = true;
		this.quotedLine = this.line;
		this.quotedBytes = 0;
		this.previous = undefined;
		this.isHarmless = true;
		this.hasBroken = false;
	}

	/** Passes what stands between quotes, up to the next quote. */
	private passQuoted(chunk: Buffer, from: number): number {
		const { delimiter } = this;
		const { length } = chunk;
		let { previous } = this;
		let index = from;
		for (; index < length; index++) {
			const byte = chunk[index];
			if (byte === QUOTE) break;
			if (byte === CR || (byte === LF && previous !== CR)) {
				this.isHarmless = false;
				this.breakLine();
			} else if (byte === delimiter) {
				this.isHarmless = false;
				this.delimitersInLine++;
			}
			previous = byte;
		}
		this.previous = previous;
		this.quotedBytes += index - from;
		if (this.quotedBytes > LONGEST_QUOTED) throw this.neverClosed();
		if (index === length) return length;
		this.place = Place.AfterQuote;
		return index + 1;
	}

	/** @returns whether the record ends too, and all of its end has been seen */
	private endValue(by: number | undefined): boolean {
		if (by === this.delimiter) {
			this.found++;
			this.delimitersInLine++;
			this.hasBegun = true;
			this.place = Place.Start;
			return false;
		}
		if (by === LF) return true;
		this.place = Place.AfterReturn;
		return false;
	}

	/** Whether the line could be a record of its own. */
	private lineFits(): boolean {
		return this.delimitersInLine === this.columns - 1;
	}

	private endLine(): void {
		this.line++;
		this.delimitersInLine = 0;
	}

	/** Ends a line between quotes. */
	private breakLine(): void {
		if (this.spanLine === 0) this.firstLineFits = this.lineFits();
		if (this.hasBroken) this.holdsRecord ||= this.lineFits();
		this.hasBroken = true;
		this.spanLine ||= this.quotedLine;
		this.endLine();
	}

	private endRecord(index: number): number {
		const linesFit = this.firstLineFits && this.lineFits();
		this.endLine();
		this.values = this.found;
		this.isEmptyLine = !this.hasBegun;
		const isHeader = this.columns === 0;
		if (isHeader && !this.isEmptyLine) this.columns = this.values;
		if (this.spanLine > 0) {
			const isOfWidth = this.values === this.columns;
			// A quote that opens one record and is closed in a later one makes one of both, of another width.
			if (!isOfWidth && (linesFit || this.values < this.columns)) {
				throw malformed(
					`the quote that opens a value in line ${this.spanLine} is closed in a later line, where other values are missing`,
				);
			}
			if (isHeader || !isOfWidth || linesFit || this.holdsRecord)
				this.suspectLine ||= this.spanLine;
		}
		this.place = Place.Start;
		this.found = 1;
		this.hasBegun = false;
		this.spanLine = 0;
		this.firstLineFits = false;
		this.holdsRecord = false;
		return index;
	}
}
