import type { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { FaultInput } from '../../sandbox/service/client';
import { type Bench, jsonOf, NODE, reportByExpression, benchForEach } from './bench';
import { pass } from './time/turnedClock';

const resume = {
	resource: 'scheduledReport',
	operation: 'resume',
	reportId: reportByExpression,
	options: {},
};

describe('Scheduled reports on the n8n engine', () => {
	let bench: Bench;
	let paused: string[];

	benchForEach((started) => (bench = started));
	beforeEach(async () => {
		paused = await bench.sandbox.seedReports('mpn', 12);
		await bench.sandbox.clearJournal();
	});

	const itemsFor = (ids: string[]) => ids.map((id) => ({ id }));
	const apiRequests = async () => await bench.sandbox.journal({ host: 'api' });

	it('resumes the report that an expression names and emits its record', async () => {
		const [id = ''] = paused;
		const run = await bench.run(itemsFor([id]), resume);

		expect(run.error).toBeUndefined();
		expect(jsonOf(run)).toEqual([
			expect.objectContaining({ ReportId: id, ReportStatus: 'Active', ReportName: 'Report 0001' }),
		]);
		const [request] = await apiRequests();
		expect(request).toMatchObject({
			method: 'PUT',
			path: `/insights/v1/mpn/ScheduledReport/resume/${id}`,
			body: '',
		});
		const kept = (await bench.sandbox.reports('mpn')).find(({ reportId }) => reportId === id);
		expect(kept?.reportStatus).toBe('Active');
	});

	it.each(['camel', 'pascal'] as const)(
		'puts out the same documented keys when the service answers in %s case',
		async (casing) => {
			await bench.sandbox.setOptions({ casing });
			const run = await bench.run(itemsFor(paused.slice(0, 1)), resume);
			expect(Object.keys(jsonOf(run)[0] ?? {})).toEqual(
				expect.arrayContaining([
					'ReportId',
					'ReportName',
					'QueryId',
					'ReportStatus',
					'CallbackUrl',
				]),
			);
			expect(Object.keys(jsonOf(run)[0] ?? {}).some((key) => /^[a-z]/.test(key))).toBe(false);
		},
	);

	it('emits each element of Value as an item of its own, paired and in the order of the input', async () => {
		const [a = '', b = '', c = ''] = paused;
		await bench.sandbox.addFault({
			kind: 'elements',
			match: { path: a },
			times: 0,
			value: [
				{ reportId: a, reportStatus: 'Active', odd_key: { inner: 1 } },
				{ reportId: a, reportStatus: 'Active', second: true },
			],
		});
		await bench.sandbox.addFault({ kind: 'emptyValue', match: { path: b } });
		// The first item answers last: order must not depend on it.
		await bench.sandbox.addFault({ kind: 'slowBody', durationMs: 400, match: { path: c } });

		const run = await bench.run(itemsFor([c, a, b, a]), resume);
		expect(run.items(NODE).map(({ json, pairedItem }) => [json.ReportId, pairedItem])).toEqual([
			[c, { item: 0 }],
			[a, { item: 1 }],
			[a, { item: 1 }],
			[a, { item: 3 }],
			[a, { item: 3 }],
		]);
		expect(jsonOf(run)[1]).toEqual({ ReportId: a, ReportStatus: 'Active', odd_key: { inner: 1 } });
	});

	it('uses the base path of the cmp program', async () => {
		const [id = ''] = await bench.sandbox.seedReports('cmp', 1);
		const run = await bench.run(itemsFor([id]), { ...resume, program: 'cmp' });
		expect(jsonOf(run)).toEqual([expect.objectContaining({ ReportId: id })]);
		expect((await apiRequests())[0]?.path).toBe(`/insights/v1.1/cmp/ScheduledReport/resume/${id}`);
	});

	it('pauses, gets and lists reports', async () => {
		const [id = ''] = paused;
		await bench.run(itemsFor([id]), resume);
		const pause = await bench.run(itemsFor([id]), { ...resume, operation: 'pause' });
		expect(jsonOf(pause)).toEqual([expect.objectContaining({ ReportStatus: 'Paused' })]);

		const get = await bench.run(itemsFor([id]), { ...resume, operation: 'get' });
		expect(jsonOf(get)).toEqual([
			expect.objectContaining({ ReportId: id, ReportStatus: 'Paused' }),
		]);

		const list = { resource: 'scheduledReport', operation: 'getAll', options: {} };
		const all = await bench.run([{}], { ...list, returnAll: true });
		const stored = await bench.sandbox.reports('mpn');
		expect(jsonOf(all)).toHaveLength(stored.length);
		const some = await bench.run([{}], { ...list, returnAll: false, limit: 3 });
		expect(jsonOf(some)).toHaveLength(3);
		const active = await bench.run([{}], {
			...list,
			returnAll: true,
			filters: { reportStatus: 'Active' },
		});
		expect(jsonOf(active)).toHaveLength(
			stored.filter(({ reportStatus }) => reportStatus === 'Active').length,
		);
	});

	it('keeps what a text of another form decides on', async () => {
		const list = { resource: 'scheduledReport', operation: 'getAll', limit: 2 };
		expect(jsonOf(await bench.run([{}], { ...list, returnAll: 'false' }))).toHaveLength(2);

		const once = {
			resource: 'scheduledReport',
			operation: 'create',
			reportName: 'Once',
			queryId: { __rl: true, mode: 'id', value: 'd1a4d75e-5ca8-4847-845f-ee0a9be6f07b' },
			schedule: 'Once',
			queryStartTime: '2026-01-01T00:00:00Z',
		};
		await bench.run([{}], once);
		expect((await bench.sandbox.journal({ host: 'api', method: 'POST' }))[0]?.body).toMatchObject({
			ExecuteNow: true,
			QueryStartTime: '2026-01-01T00:00:00Z',
		});
	});

	it('takes "nothing found" on a list for no items', async () => {
		await bench.sandbox.reset('empty');
		const run = await bench.run([{}], {
			resource: 'scheduledReport',
			operation: 'getAll',
			returnAll: true,
			options: {},
		});
		expect(run.error).toBeUndefined();
		expect(run.items(NODE)).toEqual([]);
		expect((await apiRequests())[0]?.status).toBe(404);
	});

	it('leaves a report alone that already is in the wanted state, when asked to', async () => {
		const [id = ''] = paused;
		const options = { skipIfUnchanged: true };
		const run = await bench.run(itemsFor([id]), { ...resume, operation: 'pause', options });
		expect(jsonOf(run)).toEqual([
			expect.objectContaining({ ReportId: id, ReportStatus: 'Paused' }),
		]);
		expect((await apiRequests()).map(({ method }) => method)).toEqual(['GET']);

		await bench.run(itemsFor([id]), { ...resume, options });
		expect((await apiRequests()).map(({ method }) => method)).toEqual(['GET', 'GET', 'PUT']);
	});

	describe('bad input', () => {
		it.each([
			['empty', { id: '' }, /'Report' is empty \(item 0\)/],
			['undefined', {}, /'Report' is empty \(item 0\)/],
			['null', { id: null }, /'Report' is empty \(item 0\)/],
			['not a GUID', { id: 'abc' }, /'Report' is not a report ID: "abc" \(item 0\)/],
			['another path', { id: '../pause/x' }, /'Report' is not a report ID/],
			['a number', { id: 7 }, /'Report' must be a text/],
			['a list', { id: [7] }, /'Report' must be a text, but is "\[7\]" \(item 0\)/],
		])(
			'sends nothing for an ID that is %s and names field and item',
			async (_case, item, message) => {
				const run = await bench.run([item], resume);
				const error = run.error as NodeOperationError;
				expect(error.name).toBe('NodeOperationError');
				expect(error.message).toMatch(message);
				expect(error.context.itemIndex).toBe(0);
				expect(await bench.sandbox.journal()).toEqual([]);
			},
		);

		it('goes on with the other items when the node continues on fail', async () => {
			const [a = '', b = ''] = paused;
			const run = await bench.run([{ id: a }, { id: '../pause/x' }, { id: b }], resume, {
				node: { onError: 'continueRegularOutput' },
			});
			expect(
				run.items(NODE).map(({ json, pairedItem }) => [Object.keys(json), pairedItem]),
			).toEqual([
				[expect.arrayContaining(['ReportId']), { item: 0 }],
				[['error'], { item: 1 }],
				[expect.arrayContaining(['ReportId']), { item: 2 }],
			]);
			expect(jsonOf(run)[1]?.error).toBe('\'Report\' is not a report ID: "../pause/x" (item 1)');
		});
	});

	describe('refusals', () => {
		it("tells the service's own message, the code, what to do, and the correlation ID", async () => {
			const unknown = '00000000-0000-4000-8000-000000000000';
			const run = await bench.run(itemsFor([unknown]), resume);
			const error = run.error as NodeApiError;
			expect(error.name).toBe('NodeApiError');
			expect(error.message).toBe(
				`Scheduled report ${unknown} was not found: No item found with given filters`,
			);
			expect(error.httpCode).toBe('404');
			expect(error.description).toContain('no such scheduled report in Partner Insights (mpn)');
			const [request] = await apiRequests();
			expect(error.description).toContain(
				`Correlation ID: ${String(request?.headers['ms-correlationid'])}`,
			);
			expect(error.context.itemIndex).toBe(0);
		});

		it.each([
			[
				'an error inside HTTP 200',
				{ kind: 'errorIn200', statusCode: 400, message: 'Invalid report parameters' } as const,
				/^Invalid report parameters$/,
				'400',
			],
			['a body without Value', { kind: 'missingValue' } as const, /no 'Value' list/, null],
			['broken JSON', { kind: 'malformed' } as const, /not the JSON/, null],
			['an HTML page', { kind: 'html', status: 200 } as const, /not the JSON/, null],
			[
				'a redirect',
				{ kind: 'redirect', location: 'https://127.0.0.1:9/elsewhere' } as const,
				/redirect/,
				'307',
			],
		])('tells %s', async (_case, fault, message, code) => {
			await bench.sandbox.addFault({ ...fault, times: 0 });
			const run = await bench.run(itemsFor(paused.slice(0, 1)), resume);
			const error = run.error as NodeApiError;
			expect(error.name).toBe('NodeApiError');
			expect(error.message).toMatch(message);
			expect(error.httpCode).toBe(code);
			expect(await apiRequests()).toHaveLength(1);
		});

		it('says which role is missing on 403', async () => {
			bench.useCredential({ ...bench.sandbox.apps.noRole });
			const run = await bench.run(itemsFor(paused.slice(0, 1)), resume);
			const error = run.error as NodeApiError;
			expect(error.httpCode).toBe('403');
			expect(error.description).toContain('Executive report viewer');
		});

		it('shows no token, secret or header anywhere in the error', async () => {
			await bench.sandbox.addFault({ kind: 'status', status: 400, times: 0 });
			const run = await bench.run(itemsFor(paused.slice(0, 1)), resume);
			const { accessToken, clientSecret } = bench.storedCredential();
			const shown = JSON.stringify(run.run) + (run.error?.stack ?? '');
			expect(String(accessToken).length).toBeGreaterThan(20);
			expect(shown).not.toContain(accessToken);
			expect(shown).not.toContain(clientSecret);
			expect(shown).not.toContain('Bearer');
		});
	});

	describe('faults', () => {
		it.each([
			['429 with seconds', { kind: 'rateLimit', retryAfterSeconds: 1 } as const],
			['429 with a date', { kind: 'rateLimit', retryAfterDate: 1 } as const],
			['429 without a header', { kind: 'rateLimit' } as const],
			['500', { kind: 'status', status: 500 } as const],
			['502 with an HTML page', { kind: 'html' } as const],
			['503', { kind: 'status', status: 503 } as const],
			['504', { kind: 'status', status: 504 } as const],
			['a dropped connection', { kind: 'reset' } as const],
			['a connection dropped after the change', { kind: 'resetAfterHandling' } as const],
		])('gets over %s', async (_case, fault) => {
			await bench.sandbox.addFault(fault);
			const run = await bench.run(itemsFor(paused.slice(0, 1)), resume);
			expect(run.error).toBeUndefined();
			expect(jsonOf(run)).toEqual([expect.objectContaining({ ReportStatus: 'Active' })]);
			expect(await apiRequests()).toHaveLength(2);
		});

		it('waits as long as Retry-After says', async () => {
			await bench.sandbox.addFault({ kind: 'rateLimit', retryAfterSeconds: 2 });
			await bench.run(itemsFor(paused.slice(0, 1)), resume);
			const [first, second] = await apiRequests();
			expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_990);
		});

		it('gives up after the wanted number of retries', async () => {
			await bench.sandbox.addFault({ kind: 'status', status: 503, times: 0 });
			const run = await bench.run(itemsFor(paused.slice(0, 1)), {
				...resume,
				options: { maxRetries: 1 },
			});
			expect((run.error as NodeApiError).httpCode).toBe('503');
			expect((run.error as NodeApiError).description).toContain('It was tried 2 times.');
			expect(await apiRequests()).toHaveLength(2);
		});

		it.each<[string, FaultInput]>([
			['gets no answer', { kind: 'hang', times: 0 }],
			['has an answer that trickles', { kind: 'slowBody', durationMs: 10_000 }],
		])('ends a request that %s', async (_case, fault) => {
			await bench.sandbox.addFault(fault);
			const run = await bench.run(itemsFor(paused.slice(0, 1)), {
				...resume,
				options: { timeoutSeconds: 1, maxRetries: 0 },
			});
			expect(run.error?.message).toMatch(/did not answer in time/);
		});

		it('stops a wait at once when the execution is stopped', async () => {
			await bench.sandbox.addFault({ kind: 'rateLimit', retryAfterSeconds: 60, times: 0 });
			const controller = new AbortController();
			const running = bench.run(itemsFor(paused.slice(0, 2)), resume, {
				signal: controller.signal,
			});
			while ((await bench.sandbox.countRequests({ status: 429 })) === 0) await pass(20);
			const began = Date.now();
			controller.abort();
			const run = await running;
			expect(Date.now() - began).toBeLessThan(5_000);
			expect(run.run.status).toBe('canceled');
			expect(jsonOf(run)).toEqual([]);
		});
	});

	describe('tokens', () => {
		it('fetches one for a cold start with many items', async () => {
			await bench.sandbox.setOptions({ latencyMs: 20 });
			const run = await bench.run(itemsFor(paused), {
				...resume,
				options: { maxConcurrency: 12 },
			});
			expect(run.items(NODE)).toHaveLength(12);
			expect(await bench.tokenRequests()).toBe(1);
		});

		it('fetches one for 20 executions', async () => {
			for (let round = 0; round < 10; round++)
				await bench.run(itemsFor(paused.slice(0, 1)), resume);
			await Promise.all(
				Array.from(
					{ length: 10 },
					async () => await bench.run(itemsFor(paused.slice(0, 1)), resume),
				),
			);
			expect(await bench.tokenRequests()).toBe(1);
		});

		it('fetches one for 20 executions that start cold at the same moment', async () => {
			await Promise.all(
				Array.from(
					{ length: 20 },
					async () => await bench.run(itemsFor(paused.slice(0, 1)), resume),
				),
			);
			expect(await bench.tokenRequests()).toBe(1);
		});

		it('renews a refused token once for all items and goes on', async () => {
			await bench.run(itemsFor(paused.slice(0, 1)), resume);
			const before = bench.storedCredential().accessToken;
			await bench.sandbox.revokeTokens();
			await bench.sandbox.clearJournal();

			const run = await bench.run(itemsFor(paused), resume);
			expect(run.error).toBeUndefined();
			expect(run.items(NODE)).toHaveLength(paused.length);
			expect(await bench.tokenRequests()).toBe(1);
			expect(bench.storedCredential().accessToken).not.toBe(before);
		});

		it('stores a rotated refresh token', async () => {
			const refreshToken = bench.sandbox.apps.refreshTokens.standard;
			bench.useCredential({ grantType: 'refreshToken', refreshToken });
			const run = await bench.run(itemsFor(paused.slice(0, 1)), resume);
			expect(run.error).toBeUndefined();
			const stored = bench.storedCredential().refreshToken;
			expect(stored).not.toBe(refreshToken);
			expect(String(stored).length).toBeGreaterThan(10);
		});

		it('sends the bearer to the API host alone', async () => {
			await bench.sandbox.addFault({
				kind: 'redirect',
				location: `${bench.sandbox.blobUrl}/steal`,
				status: 302,
			});
			await bench.run(itemsFor(paused.slice(0, 1)), resume);
			const elsewhere = (await bench.sandbox.journal()).filter(({ host }) => host !== 'api');
			expect(elsewhere.map(({ host }) => host)).toEqual(['login']);
			expect(elsewhere[0]?.headers.authorization).toBeUndefined();
		});
	});
});
