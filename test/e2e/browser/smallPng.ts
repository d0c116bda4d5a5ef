/**
 * Makes pictures of the editor small: a picture of a screen has few colours that matter, so it is
 * stored with a palette of 256.
 *
 * @see https://www.w3.org/TR/png-3/
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PALETTE_SIZE = 256;

/** Bytes of a pixel by PNG's colour type: the two that a browser writes. */
const BYTES: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

interface Picture {
	width: number;
	height: number;
	/** One number for each pixel, red in the high byte: 0xRRGGBB. */
	pixels: Uint32Array;
}

function* chunksOf(png: Buffer): Generator<[type: string, data: Buffer]> {
	for (let at = SIGNATURE.length; at < png.length;) {
		const length = png.readUInt32BE(at);
		yield [png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length)];
		at += length + 12;
	}
}

/** The neighbour that PNG's fourth filter goes by: the one that is nearest to left + up - corner. */
function paeth(left: number, up: number, corner: number): number {
	const a = Math.abs(up - corner);
	const b = Math.abs(left - corner);
	const c = Math.abs(left + up - 2 * corner);
	if (a <= b && a <= c) return left;
	return b <= c ? up : corner;
}

/** What a byte is stored as the difference from, by the filter of its row. */
function predicted(filter: number, left: number, up: number, corner: number): number {
	switch (filter) {
		case 1:
			return left;
		case 2:
			return up;
		case 3:
			return (left + up) >> 1;
		case 4:
			return paeth(left, up, corner);
		default:
			return 0;
	}
}

/** Reads a picture as browsers write it: 8 bits for each colour, not interlaced, no transparency that counts. */
export function decodePng(png: Buffer): Picture {
	const chunks = [...chunksOf(png)];
	const header = chunks.find(([type]) => type === 'IHDR')?.[1] ?? Buffer.alloc(13);
	const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
	const size = BYTES[header[9] ?? 0];
	if (header[8] !== 8 || size === undefined || header[12] !== 0) {
		throw new Error('This picture is not of the kind that a browser writes.');
	}
	const data = inflateSync(
		Buffer.concat(chunks.filter(([type]) => type === 'IDAT').map(([, part]) => part)),
	);
	const stride = width * size;
	const pixels = new Uint32Array(width * height);
	let above = new Uint8Array(stride);
	for (let y = 0; y < height; y++) {
		const begin = y * (stride + 1);
		const row = Uint8Array.from(data.subarray(begin + 1, begin + 1 + stride));
		const filter = data[begin] ?? 0;
		for (let i = 0; i < stride; i++) {
			const left = i < size ? 0 : (row[i - size] ?? 0);
			const corner = i < size ? 0 : (above[i - size] ?? 0);
			const guess = predicted(filter, left, above[i] ?? 0, corner);
			row[i] = ((row[i] ?? 0) + guess) & 0xff;
		}
		for (let x = 0; x < width; x++) {
			const at = x * size;
			const [red, green] = [row[at] ?? 0, row[at + 1] ?? 0];
			pixels[y * width + x] = (red << 16) | (green << 8) | (row[at + 2] ?? 0);
		}
		above = row;
	}
	return { width, height, pixels };
}

const channels = (colour: number): [number, number, number] => [
	colour >> 16,
	(colour >> 8) & 0xff,
	colour & 0xff,
];

function distance(one: number, other: number): number {
	const [a, b, c] = channels(one);
	const [x, y, z] = channels(other);
	return (a - x) ** 2 + (b - y) ** 2 + (c - z) ** 2;
}

/** The colours that stand for most of the picture, no two of them all but the same. */
function paletteOf(counts: ReadonlyMap<number, number>): number[] {
	const groups = new Map<number, { colour: number; most: number; total: number }>();
	for (const [colour, count] of counts) {
		// Colours whose three channels share their upper five bits make a group.
		const key = colour & 0xf8f8f8;
		const group = groups.get(key) ?? { colour, most: 0, total: 0 };
		group.total += count;
		if (count > group.most) Object.assign(group, { colour, most: count });
		groups.set(key, group);
	}
	return [...groups.values()]
		.sort((a, b) => b.total - a.total)
		.slice(0, PALETTE_SIZE)
		.map(({ colour }) => colour);
}

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const frame = Buffer.alloc(8);
	frame.writeUInt32BE(data.length, 0);
	frame.writeUInt32BE(crc32(body), 4);
	return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** The same picture with at most 256 colours, as a PNG with a palette. */
export function smallPng(png: Buffer): Buffer {
	const { width, height, pixels } = decodePng(png);
	const counts = new Map<number, number>();
	for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
	const palette = paletteOf(counts);
	const nearest = new Map(
		[...counts.keys()].map((colour) => {
			const distances = palette.map((candidate) => distance(colour, candidate));
			return [colour, distances.indexOf(Math.min(...distances))];
		}),
	);
	const rows = Buffer.alloc((width + 1) * height);
	pixels.forEach((colour, i) => {
		const y = Math.floor(i / width);
		rows[y * (width + 1) + 1 + (i % width)] = nearest.get(colour) ?? 0;
	});
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	// 8 bits, colour type 3: a palette.
	header.set([8, 3], 8);
	return Buffer.concat([
		SIGNATURE,
		chunk('IHDR', header),
		chunk('PLTE', Buffer.from(palette.flatMap(channels))),
		chunk('IDAT', deflateSync(rows, { level: 9 })),
		chunk('IEND', Buffer.alloc(0)),
	]);
}
