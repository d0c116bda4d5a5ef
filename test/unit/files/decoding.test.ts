import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { decode as decodeBody } from '../../../nodes/PartnerCenterInsights/insights/files/decoding';
import { freeUnusedBuffers } from '../../../nodes/PartnerCenterInsights/insights/files/garbage';
import { streamOf } from './bytes';

/** How much TLS delivers at once. */
const RECORD = 16 * 1024;
const PIECE = 256 * 1024;

const inRecords = (bytes: Buffer) => streamOf(bytes, RECORD);

const decode = async (body: Readable, named?: string) => (await decodeBody(body, named)).content;

const lines = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `${i},Contoso\r\n`).join(''));
/** At a quality that takes no second. */
const brotli = (bytes: Buffer) =>
	brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });

const small = Buffer.from('a,b\n1,2\n');

describe('decoding a report file', () => {
	it.each<[string, string | undefined, Buffer]>([
		['plain', undefined, lines],
		['plain, and named so', 'identity', lines],
		['gzip by its bytes', undefined, gzipSync(lines)],
		['gzip by its name', 'gzip', gzipSync(lines)],
		['gzip by its other name', 'X-GZIP', gzipSync(lines)],
		['named gzip, but decoded by a proxy', 'gzip', lines],
		['named br, but decoded by a proxy', 'br', lines],
		['named deflate, but decoded by a proxy', 'deflate', lines],
		['small, named br, but decoded by a proxy', 'br', Buffer.concat([small, small])],
		['gzip within gzip, by its bytes', undefined, gzipSync(gzipSync(lines))],
		['gzip within gzip, one of them named', 'gzip', gzipSync(gzipSync(lines))],
		['gzip within gzip, both of them named', 'gzip, gzip', gzipSync(gzipSync(lines))],
		['gzip within gzip within gzip', 'gzip', gzipSync(gzipSync(gzipSync(lines)))],
		['several members of gzip', 'gzip', Buffer.concat([gzipSync(lines), gzipSync(lines)])],
		['deflate', 'deflate', deflateSync(lines)],
		['deflate without the bytes of zlib', 'deflate', deflateRawSync(lines)],
		['small deflate', 'deflate', deflateSync(small, { level: 1 })],
		['small deflate without the bytes of zlib', 'deflate', deflateRawSync(small)],
		['Brotli', 'br', brotli(lines)],
		['gzip within Brotli, both named', 'gzip,br', brotli(gzipSync(lines))],
		['gzip within Brotli', 'br', brotli(gzipSync(lines))],
		['Brotli within gzip', 'br, gzip', gzipSync(brotli(lines))],
		['empty', 'gzip', Buffer.alloc(0)],
		['empty within gzip', 'gzip', gzipSync('')],
	])('gives the bytes of the file: %s', async (what, named, sent) => {
		const received = await buffer(await decode(inRecords(sent), named));
		const expected = what.includes('empty')
			? Buffer.alloc(0)
			: what.startsWith('small,')
				? sent
				: what.startsWith('small')
					? small
					: what.startsWith('several')
						? Buffer.concat([lines, lines])
						: lines;
		expect(received.equals(expected)).toBe(true);
	});

	describe.each(['br', 'deflate', 'gzip'])('what is named %s, and is not', (named) => {
		it.each<[string, Buffer, Buffer?]>([
			['text with a byte order mark', Buffer.from('\ufeffKunde,Land\r\nContoso,DE\r\n')],
			['text of other letters', Buffer.from('Kunde,Ländercode\r\nMüller,DE\r\n名前,JP\r\n')],
			['text that is looked at as far as within a letter', Buffer.from(`${'a,'.repeat(31)}a名\n1`)],
			['a few bytes', small],
			['a header alone', Buffer.from('a,b')],
			['the page of a proxy', Buffer.from('<html lang="en"><body>Sign in</body></html>')],
			['UTF-16', Buffer.from('\ufeffKunde,Land\r\nMüller,DE\r\n', 'utf16le')],
			['UTF-16 of the other order', Buffer.from('\ufeffKunde,Land\r\n', 'utf16le').swap16()],
			['gzip', gzipSync(lines), lines],
			['gzip of a few bytes', gzipSync(small), small],
		])('comes as it is: %s', async (_what, sent, expected = sent) => {
			const received = await buffer(await decode(inRecords(sent), named));
			expect(received.equals(expected)).toBe(true);
		});
	});

	it('takes no short stream of deflate or Brotli for text', async () => {
		for (const line of ['a', 'CustomerName', '+', 'x,y', 'Näme', '0123456789']) {
			for (const rows of [0, 1, 4, 11]) {
				const text = Buffer.from(`${line}\n${`${rows},b\n`.repeat(rows)}`);
				for (const lgwin of [16, 21, 22]) {
					const sent = brotliCompressSync(text, {
						params: { [constants.BROTLI_PARAM_LGWIN]: lgwin },
					});
					expect((await buffer(await decode(inRecords(sent), 'br'))).equals(text)).toBe(true);
				}
				for (const sent of [deflateRawSync(text), deflateSync(text)]) {
					expect((await buffer(await decode(inRecords(sent), 'deflate'))).equals(text)).toBe(true);
				}
			}
		}
	});

	it.each(['zstd', 'compress', 'gzip, zstd', 'snappy', 'aws-chunked'])(
		'refuses what was not asked for by its name: %s',
		async (named) => {
			await expect(decode(inRecords(lines), named)).rejects.toMatchObject({
				kind: 'unreadable',
				message: `The report file is encoded as "${named.split(', ').at(-1) ?? ''}"`,
			});
		},
	);

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

	it.each([1, 2, 3, 10])('fails when only the first %i bytes of gzip are there', async (there) => {
		for (const named of [undefined, 'gzip']) {
			const sent = gzipSync(lines).subarray(0, there);
			await expect(decode(inRecords(sent), named).then(buffer)).rejects.toMatchObject({
				code: 'Z_BUF_ERROR',
			});
		}
	});

	it.each([
		['br', brotli(lines)],
		['deflate', deflateSync(lines)],
		['deflate', deflateRawSync(lines)],
	])('fails when the end of %s is missing', async (named, sent) => {
		await expect(
			decode(inRecords(sent.subarray(0, sent.length - 3)), named).then(buffer),
		).rejects.toMatchObject({ code: 'Z_BUF_ERROR' });
	});

	it.each<[string, string, Buffer]>([
		['deflate', 'Brotli', brotliCompressSync('A,B\n1,2\n3,4\n')],
		['deflate', 'Brotli of a header', brotliCompressSync('Month,Revenue\r\n')],
		['deflate', 'two streams of it', Buffer.concat([deflateSync(small), deflateSync(small)])],
		['deflate', 'one with more behind it', Buffer.concat([deflateRawSync(lines), small])],
		['br', 'two streams of it', Buffer.concat([brotli(lines), brotli(small)])],
		['br', 'one with more behind it', Buffer.concat([brotli(small), lines])],
	])('fails where what is named %s is %s', async (named, _what, sent) => {
		for (const size of [1, RECORD]) {
			const decoded = (async () => await buffer(await decode(streamOf(sent, size), named)))();
			await expect(decoded).rejects.toMatchObject({
				code: expect.stringMatching(/^(?:Z_|ERR__ERROR_)/) as unknown,
			});
		}
	});

	it('makes room for a large file: what nobody uses any more is freed, however little that is', async () => {
		let freed = 0;
		const registry = new FinalizationRegistry(() => freed++);
		const becomes = async (count: number): Promise<void> => {
			const deadline = performance.now() + 4_000;
			while (freed < count && performance.now() < deadline) await setImmediate();
			expect(freed).toBe(count);
		};
		registry.register({}, undefined);
		// By itself V8 does not look again for long.
		freeUnusedBuffers();
		await becomes(1);
		for (const count of [2, 3, 4]) {
			registry.register({}, undefined);
			await buffer(await decode(inRecords(Buffer.alloc(5 * 1024 * 1024, 'a,b\n'))));
			await becomes(count);
		}
	});
});
