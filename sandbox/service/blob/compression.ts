import { promisify } from 'node:util';
import { Readable, type Transform } from 'node:stream';
import {
	brotliCompressSync,
	constants,
	crc32,
	createBrotliCompress,
	createDeflate,
	createGzip,
	deflateRawSync,
	deflateSync,
	gzip,
	gzipSync,
} from 'node:zlib';

import type { EncodingLayer } from './encodings';
import { byteOrderMark, type FileExtent, type FileLayout, headerLine, rowWriter } from './csv';

const compress = promisify(gzip);

/** Files up to this decoded size are built in memory, so that their length is known. */
const bufferedBytes = 4 * 1024 * 1024;

/** Decoded size of the block that a prepared file repeats. */
const blockBytes = 1024 * 1024;

/** The bytes of a response, and how many there are where that is known beforehand. */
export interface Body {
	stream: Readable;
	length: number | undefined;
}

/** A body that is all there. */
function bufferedBody(bytes: Buffer): Body {
	return { stream: Readable.from([bytes]), length: bytes.length };
}

/** Pieces as they are, uncompressed. */
export function plainBody(pieces: Iterable<Buffer>): Body {
	return collectOr(
		pieces,
		(bytes) => bytes,
		(all) => Readable.from(all),
	);
}

/** Quick: at its best quality, brotli takes seconds for what gzip packs in a blink. */
const quickBrotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

const encoders: Record<
	EncodingLayer,
	{ whole: (bytes: Buffer) => Buffer; stream: () => Transform }
> = {
	gzip: {
		whole: (bytes) => gzipSync(bytes),
		stream: () => createGzip({ level: 1, chunkSize: 64 * 1024 }),
	},
	deflate: { whole: (bytes) => deflateSync(bytes), stream: () => createDeflate({ level: 1 }) },
	br: {
		whole: (bytes) => brotliCompressSync(bytes, quickBrotli),
		stream: () => createBrotliCompress(quickBrotli),
	},
};

/** Pieces in these layers of compression, compressed while they are sent. */
export function encodedBody(pieces: Iterable<Buffer>, layers: EncodingLayer[]): Body {
	return collectOr(
		pieces,
		(bytes) => layers.reduce((inner, layer) => encoders[layer].whole(inner), bytes),
		(all) =>
			layers.reduce<Readable>((source, layer) => {
				const encoder = encoders[layer].stream();
				source.on('error', (error) => encoder.destroy(error));
				encoder.on('close', () => source.destroy());
				return source.pipe(encoder);
			}, Readable.from(all)),
	);
}

/** Pieces as concatenated gzip members, one each. */
export function gzipMembersBody(pieces: Iterable<Buffer>): Body {
	return {
		stream: Readable.from(
			(async function* () {
				for (const piece of pieces) yield await compress(piece, { level: 1 });
			})(),
		),
		length: undefined,
	};
}

/** Small files whole, with a length; larger ones as a stream. */
function collectOr(
	pieces: Iterable<Buffer>,
	encode: (bytes: Buffer) => Buffer,
	streamed: (pieces: Iterable<Buffer>) => Readable,
): Body {
	const iterator = pieces[Symbol.iterator]();
	const collected: Buffer[] = [];
	let size = 0;
	while (size <= bufferedBytes) {
		const next = iterator.next();
		if (next.done) return bufferedBody(encode(Buffer.concat(collected)));
		collected.push(next.value);
		size += next.value.length;
	}
	function* all(): Generator<Buffer> {
		yield* collected;
		for (let next = iterator.next(); !next.done; next = iterator.next()) yield next.value;
	}
	return { stream: streamed(all()), length: undefined };
}

interface PreparedPart {
	plain: Buffer;
	/** Deflated up to a full flush: refers to nothing before it and can follow anything. */
	deflated: Buffer;
}

function prepare(text: string): PreparedPart {
	const plain = Buffer.from(text);
	return { plain, deflated: deflateRawSync(plain, { finishFlush: constants.Z_FULL_FLUSH }) };
}

const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const lastBlock = Buffer.from([0x03, 0x00]);

/**
 * One valid gzip stream, made of a block of rows that is compressed once and repeated: it costs
 * next to nothing per byte, whatever its size, and its length is known.
 */
export function preparedGzipBody(layout: FileLayout, extent: FileExtent, bom = false): Body {
	const write = rowWriter(layout, 'scattered');
	const header = prepare((bom ? byteOrderMark : '') + headerLine(layout));
	let blockText = '';
	let blockRows = 0;
	while (blockText.length < blockBytes) blockText += write(blockRows++);
	const block = prepare(blockText);

	const repeats =
		'rows' in extent
			? Math.floor(extent.rows / blockRows)
			: Math.max(0, Math.floor((extent.sizeBytes - header.plain.length) / block.plain.length));
	const restRows = 'rows' in extent ? extent.rows - repeats * blockRows : blockRows;
	const restBytes =
		'rows' in extent
			? Number.POSITIVE_INFINITY
			: extent.sizeBytes - header.plain.length - repeats * block.plain.length;
	let restText = '';
	let written = 0;
	for (let row = 0; row < restRows && written < restBytes; row++) {
		const line = write(row);
		written += Buffer.byteLength(line);
		restText += line;
	}
	const rest = prepare(restText);

	function* parts(): Generator<PreparedPart> {
		yield header;
		for (let index = 0; index < repeats; index++) yield block;
		if (rest.plain.length > 0) yield rest;
	}
	function* bytes(): Generator<Buffer> {
		yield gzipHeader;
		let checksum = 0;
		let size = 0;
		for (const part of parts()) {
			checksum = crc32(part.plain, checksum);
			size += part.plain.length;
			yield part.deflated;
		}
		yield lastBlock;
		const trailer = Buffer.alloc(8);
		trailer.writeUInt32LE(checksum, 0);
		trailer.writeUInt32LE(size % 2 ** 32, 4);
		yield trailer;
	}
	return {
		stream: Readable.from(bytes()),
		length:
			gzipHeader.length +
			header.deflated.length +
			repeats * block.deflated.length +
			(rest.plain.length > 0 ? rest.deflated.length : 0) +
			lastBlock.length +
			8,
	};
}
