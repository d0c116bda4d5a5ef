import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import {
	type DownloadSettings,
	receiveFile,
	type ReportFile,
} from '../../../nodes/PartnerCenterInsights/insights/files/reportFile';
import type { FileResponse } from '../../../nodes/PartnerCenterInsights/insights/files/transport';
import type { InsightsError } from '../../../nodes/PartnerCenterInsights/insights/errors';
import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import { streamOf } from './bytes';

const CSV = 'a,b\n1,2\n';
const link = (name = 'Sales.csv', expiry = '2026-03-08T08:00:00Z') =>
	`https://files.blob.core.windows.net/x/${name}?sig=SECRET&se=${encodeURIComponent(expiry)}`;
const record = (fields: InsightsRecord = {}): InsightsRecord => ({
	ExecutionId: 'one',
	ExecutionStatus: 'Completed',
	Format: 'csv',
	ReportAccessSecureLink: link(),
	...fields,
});

type Reply = { code: string } | { refusal: string } | Partial<FileResponse>;

/** Receives a file from a storage that answers from a script. */
async function receive(
	replies: Reply[],
	{
		execution = record(),
		consume = async ({ content }) => await textOf(content),
		...settings
	}: Partial<DownloadSettings> & {
		execution?: InsightsRecord;
		consume?: (file: ReportFile) => Promise<unknown>;
	} = {},
) {
	const waits: number[] = [];
	let time = Date.UTC(2026, 2, 1, 8);
	const clock = {
		now: () => time,
		wait: async (ms: number) => {
			await Promise.resolve();
			waits.push(ms);
			time += ms;
		},
	};
	const asked: string[] = [];
	const fetchFile: DownloadSettings['fetchFile'] = async (address) => {
		await Promise.resolve();
		asked.push(address);
		const reply = replies.shift() ?? {};
		if ('refusal' in reply) return reply;
		if ('code' in reply) return { code: reply.code, host: 'files.blob.core.windows.net' };
		const { status = 200, headers = {}, body: sent = streamOf(CSV) } = reply;
		return { response: { status, headers, body: sent } };
	};
	const received = receiveFile(
		execution,
		{
			fetchFile,
			refresh: () => Promise.resolve(record({ ReportAccessSecureLink: link('New.csv') })),
			maxRetries: 3,
			clock,
			random: () => 1,
			abortSignal: undefined,
			...settings,
		},
		consume,
	);
	const outcome = await received.then(
		(result) => ({ result, error: undefined }),
		(error: unknown) => ({ result: undefined, error: error as InsightsError }),
	);
	expect(`${outcome.error?.message} ${outcome.error?.advice}`).not.toContain('SECRET');
	return { ...outcome, asked, waits };
}

const body = (content: string | Buffer, headers: FileResponse['headers'] = {}): Reply => ({
	body: streamOf(content),
	headers,
});

describe('an answer of the file storage', () => {
	it('is the file where its status is 200', async () => {
		expect(await receive([])).toMatchObject({ result: CSV, waits: [] });
	});

	it.each([
		[{ 'content-length': '8' }, 8],
		[{}, undefined],
		[{ 'content-length': 'unknown' }, undefined],
	])('tells how much is to come at least, where it does: %j', async (headers, bytes) => {
		const consume = ({ leastBytes }: ReportFile) => Promise.resolve({ leastBytes });
		const { result } = await receive([body(CSV, headers)], { consume });
		expect(result).toEqual({ leastBytes: bytes });
	});

	it.each([201, 202, 203, 204, 206, 207])('is none where its status is %i', async (status) => {
		const { error, asked } = await receive([{ status }]);
		expect(error).toMatchObject({ kind: 'unreadable', status });
		expect(error?.message).toContain(`HTTP ${status}`);
		expect(asked).toHaveLength(1);
	});

	it.each<[string, string | Buffer, FileResponse['headers'] | undefined]>([
		['an HTML page', '<!DOCTYPE html><html><body>Sign in</body></html>', undefined],
		['an HTML page', '\ufeff\r\n  <HTML lang="en"><head>', undefined],
		['an HTML page', 'Access denied', { 'content-type': 'text/html; charset=utf-8' }],
		['an HTML page', 'Denied, by policy\n', { 'content-type': 'application/xhtml+xml' }],
		['an HTML page', '<b>a</b>,b\n1,2\n', { 'content-type': 'text/html' }],
		['an HTML page', Buffer.from('\ufeff<html>\r\n<body>', 'utf16le'), undefined],
		['an HTML page', Buffer.from('\ufeffa,b', 'utf16le'), { 'content-type': 'text/html' }],
		['an XML page', '<?xml version="1.0"?><Error><Code>x</Code></Error>', undefined],
		['an XML page', '<Error><Code>AuthenticationFailed</Code></Error>', undefined],
		['an XML page', '<!-- gateway --><a/>', undefined],
		['an XML page', 'x', { 'content-type': 'application/atom+xml' }],
		['a JSON message', '{"error":"blocked"}', undefined],
		['a JSON message', '[]', { 'content-type': 'application/problem+json' }],
		['a JSON message', '[{"error":"blocked"}]', undefined],
		['a JSON message', ' [ ]', undefined],
		['a text without any columns', 'Access denied by policy', undefined],
		['a text without any columns', 'Sorry, access was denied by policy.', undefined],
		['a text without any columns', 'Access is denied.\nAsk the help desk.\n', undefined],
		[
			'a text without any columns',
			'Not found, sorry.\r\nAsk the help desk, please, at 5555.',
			undefined,
		],
		['a text without any columns', 'Service Unavailable.\r\n', undefined],
		['a text without any columns', 'Blocked by policy, ask the help desk', undefined],
		['a text without any columns', 'Access denied, sorry\nAsk IT, please, at 5555\n', undefined],
		['something that is no text', 'PK\x03\x04\x14', undefined],
		['something that is no text', '%PDF-1.7\n%', undefined],
		['something that is no text', 'a', { 'content-type': 'application/pdf' }],
		['something that is no text', 'a', { 'content-type': 'image/png' }],
		['something that is no text', '\x00\x01\x02', undefined],
		['something that is no text', 'a\0,\0b\0\n\0', undefined],
		[
			'something that is no text',
			Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0, 0x0a, 0, 0, 0]),
			undefined,
		],
	])('is told where it is %s', async (what, content, headers) => {
		for (const sent of [Buffer.from(content), gzipSync(content)]) {
			const { error, asked } = await receive([body(sent, headers)]);
			expect(error).toMatchObject({
				kind: 'unreadable',
				message: `Instead of the report file came ${what}`,
				subject: 'report file',
			});
			expect(asked).toHaveLength(1);
		}
	});

	it('is told where it is encoded and does not say so', async () => {
		const { error } = await receive([body(brotliCompressSync(CSV.repeat(100)))]);
		expect(error?.message).toBe('Instead of the report file came something that is no text');
	});

	it.each([
		['text of many languages', 'Näme,名前\n€,😀\n'],
		['text that is cut within a character', `${'x'.repeat(4_095)}é,1\n`],
		['text in an older encoding', Buffer.from('Näme,b\n1,2\n', 'latin1')],
		['UTF-16 with its mark', Buffer.from('\ufeffa,b\n', 'utf16le')],
		['a column of an odd name', '< 30 days,b\n1,2\n'],
		['a value that looks like a page', 'a\n<html>\n'],
		['one column without a row', 'CustomerName\r\n'],
		['two columns of several words', 'Customer Name,Country or Region\n'],
		['one column of several words', 'Customer Name\nContoso Ltd\n'],
		['one column of several words that ends with a point', 'Customer Name\nContoso Ltd.\n'],
		['columns of several words with spaces in values', 'Customer Name,Place\nContoso, DE\n'],
		['names set apart by spaces', 'Customer, Country\nContoso, DE\n'],
		['names of several words set apart by spaces', 'Customer Name, Country\nContoso Ltd, DE\n'],
		['a column in brackets', '[Name],b\n1,2\n'],
		['columns of several words, with a sentence', 'Customer Name,b\nContoso,Paid in full.\n'],
	])('is a report where it is %s', async (_what, content) => {
		const headers = { 'content-type': 'application/octet-stream' };
		expect(await receive([body(content, headers)])).toMatchObject({
			result: expect.any(String) as unknown,
		});
	});

	it.each([
		'text/html; charset=utf-8',
		'application/xhtml+xml',
		'text/xml',
		'application/json',
		'image/png',
		'application/zip',
	])('is a report where it begins with names of columns, though its type is %s', async (type) => {
		for (const content of ['a,b\n1,2\n', 'a,"Net Revenue"\r\n', 'Näme\tb\r1\t2\r']) {
			expect(await receive([body(content, { 'content-type': type })])).toMatchObject({
				result: content,
			});
		}
	});

	it.each(['', '\ufeff', '\ufeff\r\n', ' \n\n', '\0\0\0', Buffer.from('\ufeff', 'utf16le')])(
		'is asked for again where there is nothing in it, in whatever encoding: %j',
		async (nothing) => {
			expect(
				await receive([body(nothing), body(gzipSync(nothing), { 'content-encoding': 'gzip' })]),
			).toMatchObject({ result: CSV, waits: [1_000, 2_000] });
		},
	);

	it('is told where it is empty for good', async () => {
		const { error } = await receive([body('')], { maxRetries: 0 });
		expect(error?.message).toBe('The report file is empty: it has not even a header');
	});

	it('is decoded by the name of its encoding', async () => {
		const headers = { 'content-encoding': 'br' };
		expect(await receive([body(brotliCompressSync(CSV), headers)])).toMatchObject({ result: CSV });
	});
});

describe('a failed download', () => {
	it.each<[string, Reply]>([
		['a dropped connection', { code: 'ECONNRESET' }],
		['a storage that is busy', { status: 503 }],
		['a file that is not there yet', { status: 404 }],
		['gzip that ends early', body(gzipSync(CSV.repeat(50)).subarray(0, 20))],
		[
			'Brotli that ends early',
			body(brotliCompressSync(CSV.repeat(50)).subarray(0, 10), { 'content-encoding': 'br' }),
		],
		['Brotli that is damaged', body('\x01 no Brotli', { 'content-encoding': 'br' })],
	])('is tried again: %s', async (_what, reply) => {
		expect(await receive([reply])).toMatchObject({ result: CSV, waits: [1_000] });
	});

	/** Its last bytes tell the length of what is in gzip. */
	const damaged = (bytes: Buffer) => bytes.fill(0xff, bytes.length - 4);

	it.each<[string, Buffer, string | undefined]>([
		['br', Buffer.from(Array.from({ length: 99 }, (_, i) => (i * 37) % 256)), 'br'],
		['deflate', Buffer.from(Array.from({ length: 99 }, () => 0xff)), 'deflate'],
		['gzip', damaged(gzipSync(CSV)), 'gzip'],
		['gzip', damaged(gzipSync(CSV)), undefined],
	])('for an encoding that it is not in is told as that: %s', async (named, sent, header) => {
		const headers = header === undefined ? {} : { 'content-encoding': header };
		const { error, asked } = await receive([body(sent, headers), body(sent, headers)], {
			maxRetries: 1,
		});
		expect(error).toMatchObject({
			kind: 'unreadable',
			message: `The report file cannot be decoded as "${named}"`,
		});
		expect(asked).toHaveLength(2);
	});

	it.each([
		['plain', CSV, {}],
		['gzip', gzipSync(CSV.repeat(99)).subarray(0, 30), { 'content-encoding': 'gzip' }],
	])('is told as stalled where no more of it comes in time: %s', async (_how, begin, headers) => {
		const stalling = (): Reply => ({
			headers,
			body: Readable.from(
				(function* () {
					yield Buffer.from(begin);
					throw Object.assign(new Error('The answer took too long'), { code: 'ETIMEDOUT' });
				})(),
			),
		});
		expect(await receive([stalling()])).toMatchObject({ result: CSV });
		const { error } = await receive([stalling(), stalling()], { maxRetries: 1 });
		expect(error).toMatchObject({
			kind: 'unreachable',
			message: 'The report file stopped coming before its end',
			timedOut: true,
			retries: 1,
		});
	});

	it('is told as cut where its encoding ends early', async () => {
		const sent = gzipSync(CSV.repeat(50)).subarray(0, 20);
		const { error } = await receive([body(sent, { 'content-encoding': 'gzip' })], {
			maxRetries: 0,
		});
		expect(error).toMatchObject({
			kind: 'unreachable',
			message: 'The report file broke off before its end',
		});
	});

	it.each<[string, Error]>([
		['by its code', Object.assign(new Error('socket'), { code: 'EPIPE' })],
		['by the words of Node.js', new Error('aborted')],
		['by the words of fetch', new TypeError('terminated')],
		['by its cause', new Error('It failed', { cause: { code: 'ECONNRESET' } })],
	])('is tried again where it was cut, known %s', async (_how, error) => {
		const broken = Readable.from(
			(function* () {
				yield Buffer.from(CSV);
				throw error;
			})(),
		);
		expect(await receive([{ body: broken }])).toMatchObject({ result: CSV });
	});

	it('is tried again where the store hides what broke', async () => {
		let attempts = 0;
		const consume = async ({ content }: { content: Readable }) => {
			attempts++;
			return await textOf(content).catch(() => {
				throw new Error('The binary data could not be stored');
			});
		};
		const sent = gzipSync(CSV.repeat(100_000)).subarray(0, -9);
		expect(await receive([body(sent), body(sent)], { consume })).toMatchObject({ result: CSV });
		expect(attempts).toBe(3);
	});

	it('is not tried again for a failure of whoever takes the file', async () => {
		const consume = async () => await Promise.reject(new Error('disk full'));
		const { error, asked } = await receive([], { consume });
		expect(error?.message).toBe('disk full');
		expect(asked).toHaveLength(1);
	});

	it.each([
		['57', [57_000]],
		['600', [600_000]],
		['0', [1_000]],
		['Sun, 01 Mar 2026 08:02:00 GMT', [120_000]],
		['Sun, 01 Mar 2020 08:00:00 GMT', [1_000]],
	])('waits as long as the storage asks: %s', async (retryAfter, waits) => {
		const reply = { status: 503, headers: { 'retry-after': retryAfter } };
		expect(await receive([reply])).toMatchObject({ result: CSV, waits });
	});

	it.each(['601', '3000000', '1e99', '99999999999999999999'])(
		'does not wait where the storage asks for longer than requests may: %s s',
		async (retryAfter) => {
			const { waits, result, error } = await receive([
				{ status: 429, headers: { 'retry-after': retryAfter } },
			]);
			if (retryAfter === '1e99') {
				// That is no number of seconds.
				expect({ waits, result }).toEqual({ waits: [1_000], result: CSV });
			} else {
				expect(waits).toEqual([]);
				expect(error).toMatchObject({ kind: 'busy' });
				expect(error?.advice).toContain('asks to wait');
			}
		},
	);
});

describe('a storage that does not answer', () => {
	const host = 'files.blob.core.windows.net';

	it.each([
		['ECONNREFUSED', `The connection to the file storage ${host} failed (ECONNREFUSED)`, false],
		['ECONNABORTED', `The file storage ${host} did not answer in time`, true],
		['ETIMEDOUT', `The file storage ${host} did not answer in time`, true],
	])('is told by what can be done: %s', async (code, message, timedOut) => {
		const { error } = await receive([{ code }], { maxRetries: 0 });
		expect(error).toMatchObject({ kind: 'unreachable', message, timedOut });
		expect(error?.advice).toContain('*.blob.core.windows.net');
	});

	it('because n8n did not let the request out is told in its words, and not asked again', async () => {
		const { error, asked } = await receive([
			{ refusal: `GET ${link()} was blocked because the destination hostname is restricted` },
		]);
		expect(error).toMatchObject({
			kind: 'notSent',
			message:
				'n8n did not send the request for the report file: GET [link] was blocked because the destination hostname is restricted',
		});
		expect(error?.advice).toContain('*.blob.core.windows.net');
		expect(asked).toHaveLength(1);
	});

	it('behind a proxy that inspects TLS is told with what n8n has to trust, and not asked again', async () => {
		const { error, asked } = await receive([{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }]);
		expect(error?.message).toBe(
			`n8n does not trust the certificate of the file storage ${host} (SELF_SIGNED_CERT_IN_CHAIN)`,
		);
		expect(error?.advice).toContain('NODE_EXTRA_CA_CERTS');
		expect(asked).toHaveLength(1);
	});
});

describe('a link', () => {
	it.each(['http://files.blob.core.windows.net/x/Sales.csv?sig=SECRET', 'Sales.csv', ''])(
		'that is no https address is not asked for: %s',
		async (address) => {
			const execution = record({ ReportAccessSecureLink: address });
			const { error, asked } = await receive([], { execution });
			expect(error).toMatchObject({
				kind: 'fileGone',
				message: 'The execution has no download link that can be used',
			});
			expect(asked).toEqual([]);
		},
	);
});

describe('a redirect', () => {
	const redirect = (location: string): Reply => ({ status: 302, headers: { location } });

	it('is followed to another https address', async () => {
		const { result, asked } = await receive([redirect('/y/Moved.csv')]);
		expect(result).toBe(CSV);
		expect(asked[1]).toBe('https://files.blob.core.windows.net/y/Moved.csv');
	});

	it.each(['http://login.proxy.example/?from=SECRET', 'http://', 'ftp://files.example/a.csv'])(
		'to what is not https is told as that of a proxy: %s',
		async (location) => {
			const { error, asked } = await receive([redirect(location)]);
			expect(error).toMatchObject({
				kind: 'intercepted',
				message: 'A proxy or firewall redirects the download to an address that is not https',
			});
			expect(error?.advice).toContain('proxy or firewall');
			expect(asked).toHaveLength(1);
		},
	);

	it.each([400, 404])(
		'is none where the status is %d, whatever address it names',
		async (status) => {
			const reply = { status, headers: { location: '/y/Moved.csv' } };
			const { error, asked } = await receive([reply], { maxRetries: 0 });
			expect(error?.status).toBe(status);
			expect(asked).toHaveLength(1);
		},
	);

	it('without an end is told as that of a proxy', async () => {
		const { error, asked } = await receive(Array<Reply>(9).fill(redirect('/again')));
		expect(error).toMatchObject({
			kind: 'intercepted',
			message: 'The download is redirected again and again',
		});
		expect(error?.advice).toContain('proxy or firewall');
		expect(asked).toHaveLength(4);
	});

	it.each([401, 403, 404])(
		'to another host that does not have the file does not say that it is gone: %d',
		async (status) => {
			const portal = [redirect('https://login.proxy.example/'), { status }];
			const { error } = await receive([...portal, ...portal], { maxRetries: 1 });
			expect(error).toMatchObject({ kind: 'intercepted', status });
		},
	);

	it('to another path of the storage leaves its word about the file', async () => {
		const { error } = await receive([redirect('/y'), { status: 404 }], { maxRetries: 0 });
		expect(error).toMatchObject({ kind: 'fileGone' });
	});
});

describe('a link that has expired', () => {
	const denied = { status: 403 };

	it('is read anew, and the record with it', async () => {
		const renewed = record({ ReportAccessSecureLink: link('New.csv'), ReportStatus: 'seen' });
		const { result, asked } = await receive([denied], {
			refresh: () => Promise.resolve(renewed),
			consume: ({ execution }) => Promise.resolve(execution),
		});
		expect(result).toEqual(renewed);
		expect(asked.map((address) => new URL(address).pathname)).toEqual([
			'/x/Sales.csv',
			'/x/New.csv',
		]);
	});

	it('is read anew before it is used where it says so itself', async () => {
		const execution = record({ ReportAccessSecureLink: link('Old.csv', '2026-03-01T07:59:00Z') });
		const { asked } = await receive([], { execution });
		expect(asked.map((address) => new URL(address).pathname)).toEqual(['/x/New.csv']);
	});

	it('never brings the file of another run', async () => {
		const { error, asked } = await receive([denied], {
			refresh: () => Promise.resolve(record({ ExecutionId: 'two' })),
		});
		expect(error).toMatchObject({ kind: 'unreadable' });
		expect(error?.message).toContain('does not list this run now');
		expect(asked).toHaveLength(1);
	});

	it('is read anew once only', async () => {
		const { error, asked } = await receive([denied, denied]);
		expect(error?.message).toBe('The download link does not work, also not a new one');
		expect(asked).toHaveLength(2);
	});

	const busy = { status: 503, headers: { 'retry-after': '120' } };

	it('is read anew as often as it expires in a wait that the storage asks for', async () => {
		let renewals = 0;
		const at = (minute: number) => `2026-03-01T08:0${minute}:00Z`;
		const { result, asked } = await receive([busy, busy, busy], {
			execution: record({ ReportAccessSecureLink: link('0.csv', at(1)) }),
			refresh: async () => {
				renewals++;
				return record({ ReportAccessSecureLink: link(`${renewals}.csv`, at(1 + 2 * renewals)) });
			},
		});
		expect(result).toBe(CSV);
		expect(asked.map((address) => new URL(address).pathname)).toEqual([
			'/x/0.csv',
			'/x/1.csv',
			'/x/2.csv',
			'/x/3.csv',
		]);
	});

	it('is read anew where it was denied after it had been taken', async () => {
		const { result, asked } = await receive([denied, busy, denied]);
		expect(result).toBe(CSV);
		expect(asked).toHaveLength(4);
	});

	it('is not read anew without an end where each new one has expired', async () => {
		const expired = record({ ReportAccessSecureLink: link('Old.csv', '2026-03-01T07:59:00Z') });
		const { error, asked } = await receive([denied, denied], {
			execution: expired,
			refresh: () => Promise.resolve(expired),
		});
		expect(error).toMatchObject({ kind: 'fileGone' });
		expect(asked).toHaveLength(1);
	});

	it.each<[number, FileResponse['headers']]>([
		[403, { 'content-type': 'text/html' }],
		[404, { 'content-type': 'text/html; charset=utf-8' }],
		[451, { 'content-type': 'text/html' }],
		[407, {}],
		[511, {}],
		[302, {}],
		[304, {}],
	])('is told from what a proxy answers: %d', async (status, headers) => {
		const { error, asked } = await receive([{ status, headers }]);
		expect(error).toMatchObject({ kind: 'intercepted', status });
		expect(error?.advice).toContain('proxy or firewall');
		expect(asked).toHaveLength(1);
	});
});
