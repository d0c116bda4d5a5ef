import { type FaultInput, type Sandbox, startSandbox } from '../../sandbox/service/client';
import { HttpsClient } from './httpsClient';

let sandbox: Sandbox;
let client: HttpsClient;
let reportId: string;

beforeAll(async () => {
	sandbox = await startSandbox();
	client = new HttpsClient(sandbox);
});
beforeEach(async () => {
	await sandbox.reset();
	client.useToken(await sandbox.issueToken());
	reportId = (await sandbox.reports('mpn'))[0]?.reportId ?? '';
});
afterAll(async () => await sandbox.stop());

async function get() {
	return await client.insights('GET', `v1/mpn/ScheduledReport?reportId=${reportId}`);
}

async function getRaw() {
	return await client.send(
		'GET',
		`${sandbox.apiUrl}/insights/v1/mpn/ScheduledReport?reportId=${reportId}`,
		{ authorization: `Bearer ${await sandbox.issueToken()}` },
	);
}

test('a fault hits once by default, so often as told, or until cleared', async () => {
	const fault: FaultInput = { kind: 'status', status: 503, body: {} };
	const statuses = async (count: number) => {
		const seen: number[] = [];
		for (let index = 0; index < count; index++) seen.push((await get()).status);
		return seen;
	};
	await sandbox.addFault(fault);
	expect(await statuses(2)).toEqual([503, 200]);
	await sandbox.addFault({ ...fault, times: 2 });
	expect(await statuses(3)).toEqual([503, 503, 200]);
	await sandbox.addFault({ ...fault, times: Number.POSITIVE_INFINITY });
	expect(await statuses(4)).toEqual([503, 503, 503, 503]);
	await sandbox.clearFaults();
	expect(await statuses(1)).toEqual([200]);
});

test.each<[string, FaultInput['match'], boolean]>([
	['its method', { method: 'get' }, true],
	['another method', { method: 'POST' }, false],
	['its program', { program: 'mpn' }, true],
	['another program', { program: 'cmp' }, false],
	['a part of its path', { path: 'scheduledreport' }, true],
	['a pattern of its path', { path: /Report\?reportId=[0-9a-f-]+$/ }, true],
	['another path', { path: 'ScheduledQueries' }, false],
	['another host', { host: 'blob' }, false],
])('a fault for %s', async (_name, match, hit) => {
	await sandbox.addFault({ kind: 'status', status: 503, body: {}, match });
	expect((await get()).status).toBe(hit ? 503 : 200);
});

test('429 tells the wait in seconds, as a date, or not at all', async () => {
	await sandbox.addFault({ kind: 'rateLimit', retryAfterSeconds: 7 });
	expect((await get()).headers['retry-after']).toBe('7');
	await sandbox.addFault({ kind: 'rateLimit', retryAfterDate: 7 });
	const date = Date.parse((await get()).headers['retry-after'] ?? '');
	expect(date - Date.now()).toBeGreaterThan(6000);
	expect(date - Date.now()).toBeLessThanOrEqual(8000);
	await sandbox.addFault({ kind: 'rateLimit' });
	const { status, headers } = await get();
	expect(status).toBe(429);
	expect(headers).not.toHaveProperty('retry-after');
});

test('a reset before handling changes nothing, one after handling does', async () => {
	const resume = async () =>
		await client.insights('PUT', `v1/mpn/ScheduledReport/resume/${reportId}`);
	const status = async () => (await sandbox.reports('mpn'))[0]?.reportStatus;
	expect(await status()).toBe('Paused');
	await sandbox.addFault({ kind: 'reset' });
	await expect(resume()).rejects.toThrow('socket hang up');
	expect(await status()).toBe('Paused');
	await sandbox.addFault({ kind: 'resetAfterHandling' });
	await expect(resume()).rejects.toThrow('socket hang up');
	expect(await status()).toBe('Active');
	expect((await sandbox.journal({ host: 'api' })).map(({ faulted }) => faulted)).toEqual([
		'reset',
		'resetAfterHandling',
	]);
});

test('broken JSON, a page, an error in a 200, a redirect', async () => {
	await sandbox.addFault({ kind: 'malformed' });
	const malformed = await getRaw();
	expect(malformed.status).toBe(200);
	expect(() => JSON.parse(malformed.text) as unknown).toThrow();

	await sandbox.addFault({ kind: 'html', status: 200 });
	expect((await getRaw()).headers['content-type']).toContain('text/html');

	await sandbox.addFault({ kind: 'errorIn200', statusCode: 400, message: 'Not good' });
	const error = await getRaw();
	expect(error.status).toBe(200);
	expect(JSON.parse(error.text)).toMatchObject({ statusCode: 400, message: 'Not good' });

	await sandbox.addFault({ kind: 'redirect', location: 'https://example.com/', status: 302 });
	const redirect = await getRaw();
	expect([redirect.status, redirect.headers.location]).toEqual([302, 'https://example.com/']);
});

test('the envelope without value, with none, with others; a byte order mark', async () => {
	await sandbox.addFault({ kind: 'missingValue' });
	expect(JSON.parse((await getRaw()).text)).not.toHaveProperty('value');
	await sandbox.addFault({ kind: 'emptyValue' });
	expect(JSON.parse((await getRaw()).text)).toMatchObject({ value: [], totalCount: 0 });
	const value = [{ reportId: 'x' }, { ReportId: 'y', extra: { nested: true } }];
	await sandbox.addFault({ kind: 'elements', value });
	expect(JSON.parse((await getRaw()).text)).toMatchObject({ value, totalCount: 2 });
	await sandbox.addFault({ kind: 'bom' });
	expect((await getRaw()).text.startsWith('\uFEFF{')).toBe(true);
});

test('a fault on the content waits for an answer that has one', async () => {
	await sandbox.addFault({ kind: 'emptyValue' });
	expect((await client.insights('GET', 'v1/mpn/ScheduledReport?reportId=none')).status).toBe(404);
	expect((await get()).value).toEqual([]);
});

test('latency is added to each API request', async () => {
	await sandbox.setOptions({ latencyMs: 150 });
	const start = Date.now();
	await get();
	expect(Date.now() - start).toBeGreaterThanOrEqual(149);
});

test('a rate limit refuses what exceeds it and tells when to come back', async () => {
	await sandbox.setOptions({ rateLimit: { limit: 3, windowMs: 60_000 } });
	const answers = await Promise.all(Array.from({ length: 5 }, async () => await get()));
	const refused = answers.filter(({ status }) => status === 429);
	expect(refused).toHaveLength(2);
	const seconds = Number(refused[0]?.headers['retry-after']);
	expect(seconds).toBeGreaterThan(55);
	expect(seconds).toBeLessThanOrEqual(60);
	expect(refused[0]?.message).toBe(`Rate limit is exceeded. Try again in ${seconds} seconds.`);
	expect((await sandbox.journal({ status: 429 })).length).toBe(2);
});

test('connections are told apart', async () => {
	await get();
	await get();
	const journal = await sandbox.journal({ host: 'api' });
	expect(new Set(journal.map(({ connection }) => connection)).size).toBe(2);
});
