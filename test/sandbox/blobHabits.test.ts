import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

import { type BlobEncoding, type Sandbox, startSandbox } from '../../sandbox/service/client';
import { HttpsClient } from './httpsClient';

let sandbox: Sandbox;
let client: HttpsClient;
let reportId: string;
let executionId: string;

const DAY = 24;

beforeAll(async () => {
	sandbox = await startSandbox({ seed: 'empty' });
	client = new HttpsClient(sandbox);
});
beforeEach(async () => {
	await sandbox.reset('empty');
	({ reportId } = await sandbox.seedReport('mpn'));
	({ executionId } = await sandbox.seedExecution('mpn', reportId, { status: 'Completed' }));
});
afterAll(async () => await sandbox.stop());

const freshLink = async () =>
	(await sandbox.executions('mpn', reportId)).at(-1)?.reportAccessSecureLink ?? '';
const download = async () => await client.send('GET', await freshLink());

test("a file's name holds the execution's ID, or one that stands nowhere else", async () => {
	expect(await freshLink()).toContain(executionId);
	await sandbox.setOptions({ blobNames: 'ownId' });
	const link = await freshLink();
	expect(link).toMatch(/_[0-9a-f]{8}-[0-9a-f-]{27}\.csv\?/);
	expect(link).not.toContain(executionId);
	expect(link).not.toContain(reportId);
	expect((await download()).status).toBe(200);
});

test('a link is signed with each reading, or once, and then dead for good after seven days', async () => {
	await sandbox.advanceClock({ hours: 8 * DAY });
	expect((await download()).status).toBe(200);
	await sandbox.setOptions({ linksSignedAt: 'completion' });
	const { status, text } = await download();
	expect(status).toBe(403);
	expect(text).toContain('<Code>AuthenticationFailed</Code>');
});

test('a file is gone when its time is over', async () => {
	await sandbox.setOptions({ fileLifetimeMs: 2 * DAY * 3_600_000 });
	expect((await download()).status).toBe(200);
	await sandbox.advanceClock({ hours: 3 * DAY });
	const { status, text } = await download();
	expect(status).toBe(404);
	expect(text).toContain('<Code>BlobNotFound</Code>');
});

const decoders: Record<string, (bytes: Buffer) => Buffer> = {
	gzip: gunzipSync,
	br: brotliDecompressSync,
	deflate: inflateSync,
};
const decode = (named: string, bytes: Buffer): string =>
	named
		.split(', ')
		.reverse()
		.reduce((inner, layer) => decoders[layer]?.(inner) ?? inner, bytes)
		.toString('utf8');

test.each<BlobEncoding>(['gzip', 'br', 'deflate', 'gzip, gzip'])(
	'a file is encoded as %s, small and large',
	async (blobEncoding) => {
		await sandbox.setOptions({ blobEncoding });
		for (const sizeBytes of [1000, 5_000_000]) {
			await sandbox.setReportData(reportId, { columns: ['RowNumber', 'Name'], sizeBytes });
			const { headers, bytes } = await download();
			expect(headers['content-encoding']).toBe(blobEncoding);
			const text = decode(blobEncoding, bytes);
			expect(text.length).toBeGreaterThanOrEqual(sizeBytes);
			expect(text).toMatch(/^RowNumber,Name\r\n1,/);
		}
	},
);

test('encodings differ from run to run, always the same for one run, one of them unnamed', async () => {
	await sandbox.setOptions({ blobEncoding: 'varied' });
	for (let run = 0; run < 40; run++) {
		await sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
	}
	const seen = new Set<string>();
	for (const { reportAccessSecureLink: link } of await sandbox.executions('mpn', reportId)) {
		const first = await client.send('GET', link ?? '');
		const again = await client.send('GET', link ?? '');
		expect(again.bytes.equals(first.bytes)).toBe(true);
		seen.add(first.headers['content-encoding'] ?? 'unnamed');
	}
	expect([...seen].sort()).toEqual(['br', 'deflate', 'gzip', 'gzip, gzip', 'unnamed']);
});

test.each<BlobEncoding>(['br', 'deflate', 'varied'])(
	'where files are encoded as %s, one whose header is missing is gzip all the same',
	async (blobEncoding) => {
		await sandbox.setOptions({ blobEncoding });
		for (let run = 0; run < 5; run++) {
			await sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
		}
		for (const { reportAccessSecureLink: link } of await sandbox.executions('mpn', reportId)) {
			await sandbox.addFault({ kind: 'noEncodingHeader' });
			const { headers, bytes } = await client.send('GET', link ?? '');
			expect(headers).not.toHaveProperty('content-encoding');
			expect(gunzipSync(bytes).toString('utf8')).toMatch(/^\w+,/);
		}
	},
);
