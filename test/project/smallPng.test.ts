import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

import { decodePng, smallPng } from '../e2e/browser/smallPng';

const WIDTH = 3;

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type), data]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const sum = Buffer.alloc(4);
	sum.writeUInt32BE(crc32(body));
	return Buffer.concat([length, body, sum]);
}

/** A picture three pixels wide: each row the number of its filter, and its bytes after that filter. */
function png(colourType: 2 | 6, rows: number[][]): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(WIDTH, 0);
	header.writeUInt32BE(rows.length, 4);
	header.set([8, colourType], 8);
	return Buffer.concat([
		Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

const shown = ({ pixels }: { pixels: Uint32Array }): string[] =>
	[...pixels].map((colour) => colour.toString(16).padStart(6, '0'));

describe('a picture', () => {
	it.each([
		['none', [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]],
		['left', [1, 10, 20, 30, 30, 30, 30, 30, 30, 30]],
		['up', [2, 9, 18, 27, 36, 45, 54, 63, 72, 81]],
		['average', [3, 10, 19, 29, 33, 38, 42, 47, 51, 56]],
		['Paeth', [4, 9, 18, 27, 30, 30, 30, 30, 30, 30]],
	])('is read whichever filter its rows have: %s', (_name, row) => {
		const first = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
		expect(shown(decodePng(png(2, [first, row])))).toEqual([
			'010203',
			'040506',
			'070809',
			'0a141e',
			'28323c',
			'46505a',
		]);
	});

	it('is read without its transparency', () => {
		const row = [0, 1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255];
		expect(shown(decodePng(png(6, [row])))).toEqual(['010203', '040506', '070809']);
	});

	it('of few colours keeps each of them in its palette, the most frequent first', () => {
		const small = smallPng(png(2, [[0, 255, 255, 255, 9, 9, 9, 255, 255, 255]]));
		const at = small.indexOf('PLTE') + 4;
		expect([...small.subarray(at, at + 6)]).toEqual([255, 255, 255, 9, 9, 9]);
		expect(small.readUInt8(25)).toBe(3);
		expect(small.readUInt32BE(16)).toBe(WIDTH);
	});

	it('of the docs has a palette, and is wide enough for a screen with twice the pixels', () => {
		const folder = join(__dirname, '../../docs/images');
		const pictures = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
		expect(pictures.map((picture) => picture.readUInt8(25))).toEqual(pictures.map(() => 3));
		expect(Math.min(...pictures.map((picture) => picture.readUInt32BE(16)))).toBeGreaterThan(700);
	});
});
