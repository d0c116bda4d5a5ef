import { setTimeout as delay } from 'node:timers/promises';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { testQuery } from '../../../nodes/PartnerCenterInsights/operations/reportQuery/testQuery';
import { resume } from '../../../nodes/PartnerCenterInsights/operations/scheduledReport/resume';
import { update } from '../../../nodes/PartnerCenterInsights/operations/scheduledReport/update';
import { nodeRun } from '../../../nodes/PartnerCenterInsights/n8n/nodeRun';
import { runOperation } from '../../../nodes/PartnerCenterInsights/run/runOperation';
import { FakeClock } from '../insights/fakeClock';
import { node } from '../node/node';

const idOf = (n: number) => `6b6a1e0a-4f5d-4a53-9f0e-${String(n).padStart(12, '0')}`;

/** What the node's run sees of n8n: items with a report each, and a service behind the helper. */
function contextOf(
	reports: unknown[],
	answer: (report: number, request: IHttpRequestOptions) => Promise<unknown>,
	settings: {
		/** Of each item, beside its report and its options. */
		values?: Record<string, unknown>;
		options?: Record<string, unknown> | ((itemIndex: number) => unknown);
		getCredentials?: () => Promise<unknown>;
		parameters?: Record<string, unknown>;
		continueOnFail?: boolean;
		signal?: AbortSignal;
	} = {},
) {
	const sent: Array<{ report: number }> = [];
	const hints: string[] = [];
	const { options = {} } = settings;
	const context = {
		getInputData: () => reports.map(() => ({ json: {} })),
		getNode: () => ({ ...node, parameters: settings.parameters ?? {} }),
		addExecutionHints: ({ message }: { message: string }) => hints.push(message),
		getTimezone: () => 'UTC',
		getExecutionCancelSignal: () => settings.signal,
		continueOnFail: () => settings.continueOnFail ?? false,
		getNodeParameter: (name: string, itemIndex: number, fallback: unknown) =>
			({
				authentication: 'partnerCenterInsightsApi',
				program: 'mpn',
				reportId: reports[itemIndex],
				options: typeof options === 'function' ? options(itemIndex) : options,
				...settings.values,
			})[name] ?? fallback,
		getCredentials:
			settings.getCredentials ?? (async () => ({ environment: 'global', accessToken: 'a token' })),
		helpers: {
			httpRequestWithAuthentication: async (_type: string, request: IHttpRequestOptions) => {
				const report = Number(request.url.slice(-12));
				sent.push({ report });
				return await answer(report, request);
			},
		},
	};
	// The test runs one operation, which uses no more of n8n than this.
	return { context: context as unknown as IExecuteFunctions, sent, hints };
}

const ok = (report: number) => ({
	statusCode: 200,
	headers: {},
	body: JSON.stringify({ value: [{ reportId: idOf(report) }] }),
});

const busy = (retryAfter: string) =>
	Object.assign(new Error('Request failed with status code 429'), {
		response: { status: 429, headers: { 'retry-after': retryAfter }, data: '{"message":"busy"}' },
	});

describe('running an operation', () => {
	it('holds back every item while the service asks to wait', async () => {
		const clock = new FakeClock();
		const start = clock.now();
		const times: Array<[report: number, at: number]> = [];
		const { context } = contextOf(
			[idOf(0), idOf(1), idOf(2)],
			async (report) => {
				times.push([report, clock.now() - start]);
				if (times.length === 1) throw busy('60');
				await clock.wait(20);
				return ok(report);
			},
			{ options: { maxConcurrency: 2 } },
		);
		await clock.run(runOperation(nodeRun(context), resume, () => clock));
		expect(times).toEqual([
			[0, 0],
			[1, 0],
			[0, 60_000],
			[2, 60_000],
		]);
	});

	it('gives the results in the order of the items, paired, whichever comes first', async () => {
		const { context } = contextOf([0, 1, 2, 3].map(idOf), async (report) => {
			await delay(40 - 10 * report);
			return ok(report);
		});
		expect(await runOperation(nodeRun(context), resume)).toEqual(
			[0, 1, 2, 3].map((item) => ({ json: { ReportId: idOf(item) }, pairedItem: { item } })),
		);
	});

	it.each([1, 3])('works on %d items at once and on no more', async (maxConcurrency) => {
		let now = 0;
		let most = 0;
		const { context } = contextOf(
			[0, 1, 2, 3, 4, 5, 6].map(idOf),
			async (report) => {
				most = Math.max(most, ++now);
				await delay(5);
				now--;
				return ok(report);
			},
			{ options: { maxConcurrency } },
		);
		await runOperation(nodeRun(context), resume);
		expect(most).toBe(maxConcurrency);
	});

	it('begins no further item after a failure', async () => {
		const { context, sent } = contextOf(
			[idOf(0), 'undefined', idOf(2), idOf(3)],
			async (report) => ok(report),
			{ options: { maxConcurrency: 1 } },
		);
		await expect(runOperation(nodeRun(context), resume)).rejects.toThrow(
			/'Report' is empty.*item 1/,
		);
		expect(sent.map(({ report }) => report)).toEqual([0]);
	});

	it('fails with the first item that has failed, whichever came first', async () => {
		const { context } = contextOf(
			[0, 1, 2, 3].map(idOf),
			async (report) => {
				await delay(report === 0 ? 0 : 40 - 10 * report);
				if (report === 0) return ok(report);
				throw Object.assign(new Error('no'), {
					response: { status: 403, headers: {}, data: `{"message":"not allowed: ${report}"}` },
				});
			},
			{ options: { maxConcurrency: 4 } },
		);
		await expect(runOperation(nodeRun(context), resume)).rejects.toMatchObject({
			message: 'not allowed: 1',
			context: { itemIndex: 1 },
		});
	});

	it('does not sit out a wait when another item has failed', async () => {
		const { context } = contextOf(
			[idOf(0), idOf(1)],
			async (report) => {
				if (report === 0) throw busy('300');
				await delay(20);
				throw Object.assign(new Error('no'), {
					response: { status: 403, headers: {}, data: '{"message":"not allowed"}' },
				});
			},
			{ options: { maxConcurrency: 2 } },
		);
		await expect(runOperation(nodeRun(context), resume)).rejects.toThrow('not allowed');
	});

	it('sends nothing for items that waited for their turn at a report when its change has failed', async () => {
		const methods: string[] = [];
		const { context } = contextOf(
			[0, 0, 0, 0].map(idOf),
			async (_report, { method = '' }) => {
				methods.push(method);
				await new Promise(setImmediate);
				return method === 'GET'
					? ok(0)
					: { statusCode: 400, headers: {}, body: '{"message":"not like this"}' };
			},
			{ values: { updateFields: { description: 'x' } }, options: { maxConcurrency: 4 } },
		);
		await expect(runOperation(nodeRun(context), update)).rejects.toThrow('not like this');
		expect(methods).toEqual(['GET', 'PUT']);
	});

	it('with continue on fail hands on the message and works on', async () => {
		const { context } = contextOf([idOf(0), '../pause/x', idOf(2)], async (report) => ok(report), {
			continueOnFail: true,
		});
		const [first, second, third] = await runOperation(nodeRun(context), resume);
		expect(first).toEqual({ json: { ReportId: idOf(0) }, pairedItem: { item: 0 } });
		expect(second).toEqual({
			json: { error: expect.stringMatching(/'Report' is not a report ID.*item 1/) },
			pairedItem: { item: 1 },
		});
		expect(third).toEqual({ json: { ReportId: idOf(2) }, pairedItem: { item: 2 } });
	});

	it('with continue on fail hands on the message letter for letter, which is data', async () => {
		const { context } = contextOf(
			[idOf(0)],
			async () => ({ statusCode: 400, headers: {}, body: '{"message":"Use a date < <now>"}' }),
			{ continueOnFail: true },
		);
		const [{ json }] = await runOperation(nodeRun(context), resume);
		expect(json.error).toContain('Use a date < <now>');
	});

	it.each<[string, (itemIndex: number) => unknown]>([
		[
			'cannot be resolved',
			(itemIndex) => {
				if (itemIndex === 0) throw new Error('No such field');
				return {};
			},
		],
		['hold what will not do', (itemIndex) => (itemIndex === 0 ? { timeoutSeconds: '' } : {})],
		[
			'hold nothing where something is',
			(itemIndex) => ({
				skipIfUnchanged: itemIndex === 0 ? undefined : 'false',
			}),
		],
	])('fails the first item alone whose options %s', async (_what, options) => {
		const { context, sent } = contextOf([idOf(0), idOf(1)], async (report) => ok(report), {
			options,
			continueOnFail: true,
		});
		const results = await runOperation(nodeRun(context), resume);
		expect(results).toEqual([
			{ json: { error: expect.any(String) }, pairedItem: { item: 0 } },
			{ json: { ReportId: idOf(1) }, pairedItem: { item: 1 } },
		]);
		expect(sent.map(({ report }) => report)).toEqual([1]);
	});

	it('takes the limits from the first item whose options can be used', async () => {
		let now = 0;
		let most = 0;
		const { context } = contextOf(
			[0, 1, 2, 3, 4].map(idOf),
			async (report) => {
				most = Math.max(most, ++now);
				await delay(5);
				now--;
				return ok(report);
			},
			{
				continueOnFail: true,
				options: (itemIndex) => ({ maxConcurrency: itemIndex === 0 ? 'many' : 2 }),
			},
		);
		await runOperation(nodeRun(context), resume);
		expect(most).toBe(2);
	});

	it('tells bad input whatever the credential is', async () => {
		const { context } = contextOf(['abc'], async (report) => ok(report), {
			getCredentials: async () => {
				throw new Error('No credential');
			},
		});
		await expect(runOperation(nodeRun(context), resume)).rejects.toThrow(
			"'Report' is not a report ID",
		);
	});

	it('tells each item that its options cannot be used where no item has ones that can', async () => {
		const { context, sent } = contextOf([0, 1].map(idOf), async (report) => ok(report), {
			options: { maxRetries: 'many' },
			continueOnFail: true,
		});
		const refused = (item: number) => ({
			json: {
				error: `'Max Retries' must be a whole number from 0 to 20, but is "many" (item ${item})`,
			},
			pairedItem: { item },
		});
		expect(await runOperation(nodeRun(context), resume)).toEqual([refused(0), refused(1)]);
		expect(sent).toEqual([]);
	});

	it('hints once that every item names the report that is picked from the list', async () => {
		const { context, hints } = contextOf([idOf(0), idOf(0)], async (report) => ok(report), {
			parameters: { reportId: { __rl: true, mode: 'list', value: idOf(0) } },
		});
		await runOperation(nodeRun(context), resume);
		expect(hints).toEqual([expect.stringContaining("'Execute Once'")]);
	});

	it('shows a hint once, however many items have it', async () => {
		const { context, hints } = contextOf([0, 1, 2].map(idOf), async (report) => ok(report), {
			values: { source: 'saved', queryId: idOf(1) },
		});
		await runOperation(nodeRun(context), testQuery);
		expect(hints).toEqual([expect.stringMatching(/^A test gives a sample/)]);
	});

	it('gives each of many items its result or its error, though every tenth request fails', async () => {
		const count = Number(process.env.ITEMS ?? 500);
		const failed = (status: number, data: string) =>
			Object.assign(new Error('no'), { response: { status, headers: {}, data } });
		/** What becomes of every tenth request, in turn. */
		const failures = [
			failed(403, '{"message":"not allowed"}'),
			failed(500, '{"message":"out of order"}'),
			failed(502, '<html>Bad gateway</html>'),
			Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
			failed(404, '{"message":"No item found","value":[]}'),
		];
		let requests = 0;
		const broken = new Set<number>();
		const { context } = contextOf(
			Array.from({ length: count }, (_, n) => idOf(n)),
			async (report) => {
				await new Promise(setImmediate);
				if (++requests % 10 !== 0) return ok(report);
				broken.add(report);
				throw failures[broken.size % failures.length];
			},
			{ options: { maxConcurrency: 50, maxRetries: 0 }, continueOnFail: true },
		);
		const results = await runOperation(nodeRun(context), resume);
		expect(broken.size).toBe(count / 10);
		expect(results).toHaveLength(count);
		const wrong = results.filter(({ json, pairedItem }, n) => {
			const isBroken = typeof json.error === 'string' && json.error !== '';
			const isRight = broken.has(n) ? isBroken : json.ReportId === idOf(n) && !('error' in json);
			return !isRight || (pairedItem as { item: number }).item !== n;
		});
		expect(wrong).toEqual([]);
	}, 60_000);

	it('ends at once when the execution is stopped', async () => {
		const stop = new AbortController();
		const { context, sent } = contextOf(
			[0, 1, 2].map(idOf),
			async () => {
				throw busy('300');
			},
			{ signal: stop.signal, options: { maxConcurrency: 1 } },
		);
		setTimeout(() => stop.abort(), 30);
		await runOperation(nodeRun(context), resume);
		expect(sent).toHaveLength(1);
	});
});
