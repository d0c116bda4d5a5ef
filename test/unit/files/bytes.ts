import { Readable } from 'node:stream';

/** A stream of these bytes, so many at once. */
export function streamOf(content: string | Buffer, size = 64 * 1024): Readable {
	const bytes = Buffer.from(content);
	const count = Math.ceil(bytes.length / size);
	return Readable.from(
		Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size)),
		{ objectMode: false },
	);
}
