import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream';
import {
	type BrotliDecompress,
	createBrotliDecompress,
	createGunzip,
	createInflate,
	createInflateRaw,
	type Inflate,
	type InflateRaw,
} from 'node:zlib';
import { fileError } from './failures';
import { wholeCharacters } from './content';
import { freeUnusedBuffers } from './garbage';

/** Bytes that are decoded, or handed on, at once. */
const CHUNK = 256 * 1024;
/** Bytes of a file as it is sent, after which it is one of those that a server's memory feels. */
const LARGE = 4 * 1024 * 1024;
/** A file is packed once, and perhaps again on its way. */
const MOST_LAYERS = 4;

/** What the request for a file asks for, and all that is decoded here. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/**
 * Makes large pieces of small ones. TLS delivers 16 KiB at a time, and each piece costs a trip to
 * another thread when it is decoded, and one more when it is written.
 *
 * Once a file turns out to be a large one, memory is made for it.
 */
class Gathering extends Transform {
	private pieces: Buffer[] = [];

	private gathered = 0;

	private handedOn = 0;

	constructor() {
		super({ highWaterMark: CHUNK });
	}

	override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
		this.pieces.push(piece);
		this.gathered += piece.length;
		if (this.gathered < CHUNK) done();
		else this._flush(done);
	}

	override _flush(done: TransformCallback): void {
		const whole = Buffer.concat(this.pieces, this.gathered);
		const before = this.handedOn;
		this.handedOn += whole.length;
		if (before < LARGE && this.handedOn >= LARGE) freeUnusedBuffers();
		this.pieces = [];
		this.gathered = 0;
		done(null, whole);
	}
}

/** A stream that goes on in another one. Either may fail before its reader is there. */
function through<Target extends Transform>(source: Readable, target: Target): Target {
	pipeline(source, target, () => undefined);
	// The reader then finds it destroyed.
	return target.on('error', () => undefined);
}

/** The first bytes of a stream, which stay in it; none where it is empty. */
async function peek(content: Readable): Promise<Buffer> {
	await once(content, 'readable');
	const start = content.read() as Buffer | null;
	if (start === null) return Buffer.alloc(0);
	content.unshift(start);
	return start;
}

/** The two bytes of gzip, and its one method: Brotli may begin with the two, but hardly with all three. */
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/** Whether a body is gzip; one that ends within these bytes has been cut there. */
const isGzip = (start: Buffer): boolean =>
	start.length > 0 && GZIP.subarray(0, start.length).equals(start.subarray(0, GZIP.length));

/** "deflate" is meant to have zlib's two bytes in front; some send it without. */
const isZlib = (start: Buffer): boolean =>
	start.length > 1 && (start.readUInt8(0) & 0x0f) === 8 && start.readUInt16BE(0) % 31 === 0;

/** What has a byte order mark is text: no stream of deflate or Brotli begins like that. */
const MARKS = [
	[0xef, 0xbb, 0xbf],
	[0xff, 0xfe],
	[0xfe, 0xff],
].map((mark) => Buffer.from(mark));

/** Bytes that no text has. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Text: a proxy may have decoded the body and kept the name of its encoding. */
function isPlain(start: Buffer): boolean {
	if (MARKS.some((mark) => start.indexOf(mark) === 0)) return true;
	const looked = wholeCharacters(start.subarray(0, 64));
	return (
		isUtf8(looked) && !CONTROL.test(looked.toString('latin1')) && /[\s,]/.test(looked.toString())
	);
}

/** Hands on what it is given, and tells how much that was. */
class Counting extends Transform {
	bytes = 0;

	override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
		this.bytes += piece.length;
		done(null, piece);
	}
}

/** Undoes an encoding. */
type Decoding = (source: Readable) => Readable;

/** That of gzip goes on behind the end of a member by itself. */
const gunzip: Decoding = (source) => through(source, createGunzip({ chunkSize: CHUNK }));

/**
 * Decodes all of a stream. The decoders of deflate and Brotli drop what stands behind the first end that they
 * see, and a few bytes of another encoding can make sense to them as far as an end.
 */
const wholly =
	(decoder: Inflate | InflateRaw | BrotliDecompress): Decoding =>
	(source) => {
		const given = through(source, new Counting());
		const taken = new Transform({
			transform: (piece: Buffer, _encoding, done) => done(null, piece),
			flush: (done) => {
				if (decoder.bytesWritten === given.bytes) done();
				else done(Object.assign(new Error('Data behind the end'), { code: 'Z_DATA_ERROR' }));
			},
		});
		return through(through(given, decoder), taken);
	};

/** Undoes one encoding that the answer names; undefined where the body is not encoded like that. */
function decoderOf(encoding: string, start: Buffer): Decoding | undefined {
	switch (encoding) {
		case 'gzip':
		case 'x-gzip':
			// A proxy may have decoded it and kept the name.
			return isGzip(start) ? gunzip : undefined;
		case 'deflate':
			if (isPlain(start) || isGzip(start)) return undefined;
			return wholly(
				isZlib(start)
					? createInflate({ chunkSize: CHUNK })
					: createInflateRaw({ chunkSize: CHUNK }),
			);
		case 'br':
			if (isPlain(start) || isGzip(start)) return undefined;
			return wholly(createBrotliDecompress({ chunkSize: CHUNK }));
		default:
			throw fileError(
				'unreadable',
				`The report file is encoded as "${encoding.slice(0, 40)}"`,
				`Only ${ACCEPTED_ENCODINGS} were asked for and are decoded. A proxy before the file storage may have chosen it: let the storage's answers through as they are.`,
			);
	}
}

/** A decoded body, and its first bytes, which are still in it: none where it is empty. */
export interface Decoded {
	content: Readable;
	start: Buffer;
}

/**
 * Decodes a body: by the encodings that its header names, and where it is gzip then, told by its first
 * bytes, once more: the header was seen to be missing. A stream that ends before its trailer is an
 * error, not a short file.
 *
 * @param named the header `Content-Encoding`
 * @throws InsightsError when an encoding is not known
 */
export async function decode(body: Readable, named = ''): Promise<Decoded> {
	const encodings = named
		.toLowerCase()
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '' && name !== 'identity')
		.reverse();
	let content: Readable = through(body, new Gathering());
	let start = await peek(content);
	const go = async (undo: Decoding | undefined): Promise<void> => {
		if (undo === undefined || start.length === 0) return;
		content = undo(content);
		start = await peek(content);
	};
	for (const encoding of encodings) await go(decoderOf(encoding, start));
	for (let layer = 0; layer < MOST_LAYERS && isGzip(start); layer++) await go(gunzip);
	return { content, start };
}
