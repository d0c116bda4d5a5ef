import { gunzipSync } from 'node:zlib';

import { type FaultInput, type Sandbox, startSandbox } from '../../sandbox/service/client';
import { HttpsClient } from './httpsClient';

let sandbox: Sandbox;
let client: HttpsClient;
let reportId: string;

beforeAll(async () => {
	sandbox = await startSandbox({ seed: 'empty' });
	client = new HttpsClient(sandbox);
});
beforeEach(async () => {
	await sandbox.reset('empty');
	({ reportId } = await sandbox.seedReport('mpn', { reportName: 'Sales & more' }));
	await sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
});
afterAll(async () => await sandbox.stop());

async function freshLink(): Promise<string> {
	const runs = await sandbox.executions('mpn', reportId);
	return runs.at(0)?.reportAccessSecureLink ?? '';
}

function decoded(bytes: Buffer): string {
	return gunzipSync(bytes).toString('utf8');
}

describe('link', () => {
	test('opens the file, which is gzip and says so', async () => {
		const link = await freshLink();
		expect(link).toMatch(
			/\/programmatic-export-pi\/Sales%20%26%20more_[0-9a-f-]{36}\.csv\?sv=.+&sig=.+&se=.+&sp=r$/,
		);
		const { status, headers, bytes } = await client.send('GET', link);
		expect(status).toBe(200);
		expect(headers).toMatchObject({
			'content-encoding': 'gzip',
			'content-type': 'text/csv',
			'content-length': String(bytes.length),
		});
		expect(decoded(bytes)).toMatch(/^PGAMpnId,MpnId,PartnerName,/);
	});

	test('is worthless with a changed signature, path or expiry', async () => {
		const link = await freshLink();
		for (const changed of [
			link.replace('sig=', 'sig=A'),
			link.replace('Sales', 'Sale5'),
			link.replace(/se=\d{4}/, 'se=2099'),
		]) {
			const { status, text } = await client.send('GET', changed);
			expect(status).toBe(403);
			expect(text).toContain('<Code>AuthenticationFailed</Code>');
		}
		expect((await client.send('GET', link.split('?')[0] ?? '')).status).toBe(404);
	});

	test('expires after seven days; a fresh one opens the same file', async () => {
		const link = await freshLink();
		await sandbox.advanceClock({ hours: 7 * 24 - 1 });
		expect((await client.send('GET', link)).status).toBe(200);
		await sandbox.advanceClock({ hours: 1 });
		const { status, text } = await client.send('GET', link);
		expect(status).toBe(403);
		expect(text).toContain('Signature not valid in the specified time frame');
		expect((await client.send('GET', await freshLink())).status).toBe(200);
	});

	test('refuses any Authorization header, even beside a good signature', async () => {
		const { status, text } = await client.send('GET', await freshLink(), {
			authorization: 'Bearer anything',
		});
		expect(status).toBe(400);
		expect(text).toContain('<Code>InvalidAuthenticationInfo</Code>');
	});

	test('answers HEAD with the length alone', async () => {
		const link = await freshLink();
		const { bytes } = await client.send('GET', link);
		const head = await client.send('HEAD', link);
		expect(head.status).toBe(200);
		expect(head.headers['content-length']).toBe(String(bytes.length));
		expect(head.bytes).toHaveLength(0);
	});
});

describe('file', () => {
	const columns = ['RowNumber', 'CustomerName', 'BilledRevenueUSD'];

	function rowNumbers(text: string): number[] {
		return [...text.matchAll(/^(\d+)[,\t]/gm)].map((match) => Number(match[1]));
	}

	test.each(['stream', 'members', 'prepared'] as const)(
		'%s: any number of rows, from none',
		async (compression) => {
			for (const rows of [0, 1, 3000]) {
				await sandbox.setReportData(reportId, { rows, columns, compression });
				const text = decoded((await client.send('GET', await freshLink())).bytes);
				expect(text.startsWith('RowNumber,CustomerName,BilledRevenueUSD\r\n')).toBe(true);
				expect(rowNumbers(text)).toEqual(Array.from({ length: rows }, (_, index) => index + 1));
			}
		},
	);

	test.each(['stream', 'members', 'prepared'] as const)(
		'%s: a size to reach, the same bytes every time',
		async (compression) => {
			const sizeBytes = 9 * 1024 * 1024;
			await sandbox.setReportData(reportId, { sizeBytes, compression });
			const first = decoded((await client.send('GET', await freshLink())).bytes);
			const second = decoded((await client.send('GET', await freshLink())).bytes);
			expect(first.length).toBeGreaterThanOrEqual(sizeBytes);
			expect(first.length).toBeLessThan(sizeBytes + 2000);
			expect(second === first).toBe(true);
			expect(first.endsWith('\r\n')).toBe(true);
		},
	);

	test('TSV with line breaks, separators and quotes inside fields', async () => {
		await sandbox.setReportData(reportId, {
			rows: 4,
			columns,
			format: 'tsv',
			quotedLineBreaks: true,
		});
		const text = decoded((await client.send('GET', await freshLink())).bytes);
		expect(text).toContain('RowNumber\tCustomerName\tBilledRevenueUSD\r\n');
		expect(text).toMatch(/^2\t"[^"]+,\t""[^"]+""\r\nsecond line/m);
	});

	test('can be told to the letter', async () => {
		const text = 'Name,Note\nA,"one\r\ntwo"\n';
		await sandbox.setReportData(reportId, { text });
		expect(decoded((await client.send('GET', await freshLink())).bytes)).toBe(text);
	});

	test('can differ between executions', async () => {
		const { executionId } = await sandbox.seedExecution('mpn', reportId, {
			status: 'Completed',
			scheduledTime: '2020-01-01T00:00:00Z',
		});
		await sandbox.setReportData(reportId, { rows: 1, columns });
		await sandbox.setReportData(reportId, { rows: 2, columns, executionId });
		expect(rowNumbers(decoded((await client.send('GET', await freshLink())).bytes))).toEqual([1]);
	});
});

describe('spoiled transfers', () => {
	test('a cut connection delivers a start and then fails', async () => {
		await sandbox.addFault({ kind: 'cut', afterBytes: 100 });
		await expect(client.send('GET', await freshLink())).rejects.toThrow('aborted');
		expect((await client.send('GET', await freshLink())).status).toBe(200);
	});

	test('a Content-Length that is too large never gets fulfilled', async () => {
		await sandbox.addFault({ kind: 'wrongLength' });
		await expect(client.send('GET', await freshLink())).rejects.toThrow('aborted');
	});

	test.each<[string, FaultInput]>([
		['truncated', { kind: 'truncate', afterBytes: 100 }],
		['announced shorter than it is', { kind: 'wrongLength', by: -50 }],
	])('a file that is %s looks complete to HTTP and is none', async (_name, fault) => {
		await sandbox.addFault(fault);
		const { status, bytes } = await client.send('GET', await freshLink());
		expect(status).toBe(200);
		expect(() => decoded(bytes)).toThrow('unexpected end of file');
	});

	test('gzip without the header, no gzip at all, a byte order mark', async () => {
		await sandbox.addFault({ kind: 'noEncodingHeader' });
		const silent = await client.send('GET', await freshLink());
		expect(silent.headers).not.toHaveProperty('content-encoding');
		expect(decoded(silent.bytes)).toContain('PGAMpnId');

		await sandbox.addFault({ kind: 'plain' });
		await sandbox.addFault({ kind: 'bom', match: { host: 'blob' } });
		const plain = await client.send('GET', await freshLink());
		expect(plain.headers).not.toHaveProperty('content-encoding');
		expect(plain.text.startsWith('\uFEFFPGAMpnId')).toBe(true);
	});

	test.each<[FaultInput, number, string]>([
		[{ kind: 'expired' }, 403, 'AuthenticationFailed'],
		[{ kind: 'notFound' }, 404, 'BlobNotFound'],
	])('%j', async (fault, expected, code) => {
		await sandbox.addFault(fault);
		const { status, text } = await client.send('GET', await freshLink());
		expect(status).toBe(expected);
		expect(text).toContain(`<Code>${code}</Code>`);
	});
});
