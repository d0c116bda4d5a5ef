import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { decode } from '../../../nodes/PartnerCenterInsights/insights/files/reportFile';

/** How much TLS delivers at once. */
const RECORD = 16 * 1024;
const PIECE = 256 * 1024;

function inRecords(bytes: Buffer): Readable {
	const count = Math.ceil(bytes.length / RECORD);
	return Readable.from(
		Array.from({ length: count }, (_, i) => bytes.subarray(i * RECORD, (i + 1) * RECORD)),
	);
}

const lines = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `${i},Contoso\r\n`).join(''));

describe('decoding a report file', () => {
	it.each([
		['plain', lines],
		['gzip', gzipSync(lines)],
		['empty', Buffer.alloc(0)],
		['one byte, the first of the two that tell gzip', Buffer.from([0x1f])],
	])('gives the bytes of the file: %s', async (_, sent) => {
		const expected = sent[1] === 0x8b ? lines : sent;
		const received = await buffer(await decode(inRecords(sent)));
		expect(received.equals(expected)).toBe(true);
	});

	it.each([
		['plain', lines],
		['gzip', gzipSync(lines, { level: 0 })],
	])('hands on large pieces, however small they arrive: %s', async (_, sent) => {
		const sizes: number[] = [];
		for await (const piece of await decode(inRecords(sent))) sizes.push((piece as Buffer).length);
		expect(sizes.length).toBeLessThanOrEqual(Math.ceil(lines.length / PIECE) * 2);
	});

	it('fails when the body fails', async () => {
		const body = new Readable({
			read() {
				this.push(lines.subarray(0, RECORD));
				this.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
			},
		});
		await expect(decode(body).then(buffer)).rejects.toMatchObject({ code: 'ECONNRESET' });
	});

	it.each([1, 8, 9, 1_000])('fails when the last %i bytes of gzip are missing', async (missing) => {
		const sent = gzipSync(lines);
		await expect(
			decode(inRecords(sent.subarray(0, sent.length - missing))).then(buffer),
		).rejects.toMatchObject({ code: 'Z_BUF_ERROR' });
	});
});
