import type { IDataObject, INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { EnginePoller, PollerOptions, WorkflowJson } from '../../sandbox/engine/engine';
import { type Bench, benchForEach } from './bench';
import { pass } from './time/turnedClock';

const TYPE = 'n8n-nodes-partner-center-insights.partnerCenterInsightsTrigger';
const DAY = 24 * 3_600_000;

function workflowOf(parameters: INodeParameters, node: Partial<INode> = {}): WorkflowJson {
	return {
		name: 'Report ready',
		nodes: [
			{
				id: 'trigger',
				name: 'Report Ready',
				type: TYPE,
				typeVersion: 1,
				position: [0, 0],
				parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...parameters },
				credentials: { partnerCenterInsightsApi: { id: '1', name: 'Sandbox' } },
				...node,
			},
		],
		connections: {},
	};
}

const jsonOf = (output: INodeExecutionData[][] | null): IDataObject[] =>
	output?.[0]?.map(({ json }) => json) ?? [];

describe('The trigger on the n8n engine', () => {
	let bench: Bench;

	benchForEach((started) => (bench = started));

	const activate = (
		parameters: INodeParameters = {},
		options: PollerOptions & { node?: Partial<INode> } = {},
	): EnginePoller => bench.engine.poller(workflowOf(parameters, options.node), options);
	const testRun = async (parameters: INodeParameters = {}, node: Partial<INode> = {}) =>
		await activate(parameters, { mode: 'manual', activation: 'manual', node }).poll();
	/** n8n is started anew with what it had stored. */
	const restart = (poller: EnginePoller, parameters: INodeParameters = {}): EnginePoller =>
		activate(parameters, {
			staticData: JSON.parse(JSON.stringify(poller.staticData())) as IDataObject,
			activation: 'init',
		});
	const failureOf = async (poll: Promise<unknown>): Promise<Record<string, unknown>> =>
		await poll.then(
			() => {
				throw new Error('The poll did not fail');
			},
			(error: unknown) => error as Record<string, unknown>,
		);

	const complete = async (reportId: string, scheduledTime?: string): Promise<string> => {
		const { executionId } = await bench.sandbox.seedExecution('mpn', reportId, {
			status: 'Completed',
			scheduledTime,
		});
		return executionId;
	};
	const reportIds = async (count: number): Promise<string[]> =>
		(await bench.sandbox.reports('mpn')).slice(0, count).map(({ reportId }) => reportId);
	const change = async (operation: string, reportId: string) => {
		const result = await bench.run([{}], {
			resource: 'scheduledReport',
			operation,
			reportId: { __rl: true, mode: 'id', value: reportId },
			options: {},
		});
		expect(result.error).toBeUndefined();
	};
	const idsOf = (output: INodeExecutionData[][] | null) =>
		jsonOf(output)
			.map(({ ExecutionId: id }) => id)
			.sort();

	describe('on completed executions', () => {
		it.each(['camel', 'pascal'] as const)(
			'marks what is there and emits what comes, with the service writing in %s case',
			async (casing) => {
				await bench.sandbox.setOptions({ casing });
				const [first = '', second = ''] = await reportIds(2);
				const { reportName } = (await bench.sandbox.reports('mpn'))[0] ?? {};
				const poller = activate();
				expect(await poller.poll()).toBeNull();
				expect(await poller.poll()).toBeNull();

				const ids = [await complete(first), await complete(first), await complete(second)];
				const output = await poller.poll();
				expect(idsOf(output)).toEqual([...ids].sort());
				expect(jsonOf(output)).toContainEqual(
					expect.objectContaining({
						ExecutionId: ids[0],
						ReportId: first,
						ReportName: reportName,
						ExecutionStatus: 'Completed',
						ReportGeneratedTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
					}),
				);
				expect(await poller.poll()).toBeNull();
			},
		);

		it('follows the schedule of the reports as time goes by', async () => {
			const poller = activate();
			await poller.poll();
			const before = new Set<string>();
			const reports = await bench.sandbox.reports('mpn');
			const executionIds = async () => {
				const lists = await Promise.all(
					reports.map(async ({ reportId }) => await bench.sandbox.executions('mpn', reportId)),
				);
				return lists
					.flat()
					.filter(({ executionStatus }) => executionStatus === 'Completed')
					.map(({ executionId }) => executionId);
			};
			for (const id of await executionIds()) before.add(id);
			const emitted: unknown[] = [];
			for (let day = 0; day < 4; day++) {
				await bench.sandbox.advanceClock(DAY);
				bench.useCredential();
				emitted.push(...idsOf(await poller.poll()));
			}
			const expected = (await executionIds()).filter((id) => !before.has(id));
			expect(expected.length).toBeGreaterThan(4);
			expect(emitted.sort()).toEqual(expected.sort());
		});

		it('emits what was completed while n8n was not running', async () => {
			const [first = ''] = await reportIds(1);
			const poller = activate();
			await poller.poll();
			const while_ = await complete(first);
			const restarted = restart(poller);
			expect(idsOf(await restarted.poll())).toEqual([while_]);
			expect(await restarted.poll()).toBeNull();
			expect(await restart(restarted).poll()).toBeNull();
		});

		it('emits an execution that turns up with a time before others', async () => {
			const [first = ''] = await reportIds(1);
			const poller = activate();
			await poller.poll();
			const late = await complete(first, new Date(Date.now() - 40 * DAY).toISOString());
			expect(idsOf(await poller.poll())).toEqual([late]);
			expect(await poller.poll()).toBeNull();
		});

		it.each([-3 * 365, 3 * 365])('does not care that its clock is %d days off', async (days) => {
			const [first = ''] = await reportIds(1);
			const now = Date.now;
			const poller = activate();
			await poller.poll();
			const id = await complete(first);
			bench.useCredential({ accessToken: await bench.sandbox.issueToken({ user: 'withMfa' }) });
			jest.spyOn(Date, 'now').mockImplementation(() => now() + days * DAY);
			try {
				expect(idsOf(await poller.poll())).toEqual([id]);
			} finally {
				jest.restoreAllMocks();
			}
			expect(await poller.poll()).toBeNull();
		});

		it('goes on when a report is deleted, and emits all of one that is created', async () => {
			const [first = '', second = ''] = await reportIds(2);
			const poller = activate();
			await poller.poll();
			await change('delete', first);
			const { reportId } = await bench.sandbox.seedReport('mpn', {
				reportName: 'New',
				createdTime: await bench.sandbox.now(),
			});
			const ids = [await complete(second), await complete(reportId), await complete(reportId)];
			expect(idsOf(await poller.poll())).toEqual(ids.sort());
			expect(await poller.poll()).toBeNull();
		});

		it('emits the run of a report that Run Query has made, as long as that is there', async () => {
			const poller = activate();
			await poller.poll();
			const { reportId } = await bench.sandbox.seedReport('mpn', {
				reportName: 'n8n-run-20261125T214400Z-1a2b3c4d',
				createdTime: await bench.sandbox.now(),
			});
			const executionId = await complete(reportId);
			expect(idsOf(await poller.poll())).toEqual([executionId]);
		});

		it('watches selected reports only, and marks those that are selected later', async () => {
			await bench.undisturbed();
			const [first = '', second = '', third = ''] = await reportIds(3);
			const selected = (...ids: string[]) => ({ reports: 'selected', reportIds: ids });
			const poller = activate(selected(first, second.toUpperCase()));
			await poller.poll();
			const ids = [await complete(first), await complete(second)];
			await complete(third);
			await bench.sandbox.clearJournal();
			expect(idsOf(await poller.poll())).toEqual(ids.sort());
			expect(await bench.sandbox.countRequests({ host: 'api' })).toBe(3);

			const edited = restart(poller, selected(first, third));
			const next = await complete(first);
			expect(idsOf(await edited.poll())).toEqual([next]);
			const later = await complete(third);
			expect(idsOf(await edited.poll())).toEqual([later]);
		});

		it('takes the selection from an expression', async () => {
			const [first = '', second = ''] = await reportIds(2);
			const poller = activate({ reports: 'selected', reportIds: `={{ ["${first}"] }}` });
			await poller.poll();
			await complete(second);
			const id = await complete(first);
			expect(idsOf(await poller.poll())).toEqual([id]);
		});

		it('marks the other program when that is chosen', async () => {
			const poller = activate();
			await poller.poll();
			const [cmp] = await bench.sandbox.reports('cmp');
			bench.suit('cmp');
			const edited = restart(poller, { program: 'cmp' });
			expect(await edited.poll()).toBeNull();
			const { executionId } = await bench.sandbox.seedExecution('cmp', cmp?.reportId ?? '', {
				status: 'Completed',
			});
			expect(idsOf(await edited.poll())).toEqual([executionId]);
		});

		it.each([true, 'true', "={{ 'True' }}"])(
			'attaches the report file by %s',
			async (downloadFile) => {
				const [first = ''] = await reportIds(1);
				await bench.sandbox.setReportData(first, { rows: 3, columns: ['RowNumber', 'Name'] });
				const poller = activate({ options: { downloadFile, binaryPropertyName: 'report' } });
				await poller.poll();
				await complete(first);
				const [[item] = []] = (await poller.poll()) ?? [];
				expect(item?.binary?.report).toMatchObject({ mimeType: 'text/csv', fileExtension: 'csv' });
				const blob = await bench.sandbox.journal({ host: 'blob' });
				expect(blob).toHaveLength(1);
				expect(blob[0]?.headers).not.toHaveProperty('authorization');
			},
		);

		it.each([
			['a refusal', { kind: 'status' as const, status: 410 }],
			[
				'a sign-in of the network',
				{ kind: 'redirect' as const, location: 'http://login.example/' },
			],
		])('keeps an execution whose file it cannot get for the next poll: %s', async (_why, fault) => {
			const [first = '', second = ''] = await reportIds(2);
			const poller = activate({ options: { downloadFile: true } });
			await poller.poll();
			const ids = [await complete(first), await complete(second)];
			// Files come at once, so it may hit either.
			await bench.sandbox.addFault({ ...fault, match: { host: 'blob' } });
			const had = idsOf(await poller.poll());
			expect(had).toHaveLength(1);
			expect([...had, ...idsOf(await poller.poll())].sort()).toEqual(ids.sort());
			expect(await poller.poll()).toBeNull();
		});

		it('emits an execution whose file is gone, and says why there is none', async () => {
			const [first = ''] = await reportIds(1);
			const poller = activate({ options: { downloadFile: true } });
			await poller.poll();
			const lost = await complete(first);
			const fault = { kind: 'status' as const, status: 403, times: 0 };
			await bench.sandbox.addFault({ ...fault, match: { host: 'blob' } });
			const [[item] = []] = (await poller.poll()) ?? [];
			expect(item?.json.ExecutionId).toBe(lost);
			expect(item?.binary).toBeUndefined();
			expect(item?.json.FileError).toMatch(/download link does not work/);
			expect(item?.json.FileError).not.toMatch(/https?:|sig=/);
			expect(await poller.poll()).toBeNull();
		});

		it('has a file that takes longer than a poll', async () => {
			// A limit that asks to wait a second leaves nothing of a poll this short.
			await bench.undisturbed();
			const [first = ''] = await reportIds(1);
			const poller = activate({ options: { downloadFile: true } }, { budget: 2_000 });
			await poller.poll();
			const id = await complete(first);
			await bench.sandbox.addFault({
				kind: 'slowBody',
				durationMs: 3_000,
				match: { host: 'blob' },
			});
			expect(await poller.poll()).toBeNull();
			let output: INodeExecutionData[][] | null = null;
			for (let n = 0; n < 40 && output === null; n++) {
				await pass(250);
				output = await poller.poll();
			}
			const [[item] = []] = output ?? [];
			expect(item).toMatchObject({ json: { ExecutionId: id } });
			expect(item?.binary?.data).toBeDefined();
			// It went on coming, and did not begin anew.
			expect(await bench.sandbox.countRequests({ host: 'blob' })).toBe(1);
		}, 30_000);
	});

	describe('when n8n has registered it twice', () => {
		it('polls by the latest one only', async () => {
			const [first = ''] = await reportIds(1);
			const twin = activate();
			await twin.poll();
			const stored = twin.staticData();
			const poller = activate({}, { staticData: stored });
			await poller.poll();
			const id = await complete(first);
			const outputs = await Promise.all([twin.poll(), poller.poll(), twin.poll()]);
			expect(outputs.flatMap(idsOf)).toEqual([id]);
			expect(await twin.poll()).toBeNull();
		});

		it('emits nothing twice where the one before is polling', async () => {
			const [first = ''] = await reportIds(1);
			const poller = activate();
			await poller.poll();
			const id = await complete(first);
			const isSlow = { kind: 'slowBody' as const, durationMs: 1_000 };
			await bench.sandbox.addFault({ ...isSlow, match: { path: '/execution/' } });
			await bench.sandbox.clearJournal();
			const before = poller.poll();
			const looks = { host: 'api', path: '/execution/' } as const;
			while ((await bench.sandbox.countRequests(looks)) === 0);
			const edited = restart(poller);
			expect(idsOf(await edited.poll())).toEqual([id]);
			expect(await before).toBeNull();
		});

		it('goes on with the one before where the activation of the latest was refused', async () => {
			const [first = ''] = await reportIds(1);
			const poller = activate();
			await poller.poll();
			await bench.sandbox.addFault({ kind: 'status', status: 400 });
			await failureOf(activate({}, { staticData: poller.staticData() }).poll());
			const id = await complete(first);
			expect(idsOf(await poller.poll())).toEqual([id]);
		});
	});

	it('keeps its mark when it is renamed', async () => {
		const [first = ''] = await reportIds(1);
		const poller = activate();
		await poller.poll();
		const id = await complete(first);
		const renamed = activate({}, { staticData: poller.staticData(), node: { name: 'Ready' } });
		expect(idsOf(await renamed.poll())).toEqual([id]);
		const back = activate({}, { staticData: renamed.staticData() });
		expect(await back.poll()).toBeNull();
	});

	describe('with 50 reports', () => {
		const windowOf = async (windowMs: number) => {
			await bench.sandbox.setOptions({ rateLimit: { limit: 25, windowMs } });
		};
		let ids: string[];

		beforeEach(async () => {
			await bench.sandbox.reset('empty');
			ids = await bench.sandbox.seedReports('mpn', 50);
			for (const id of ids) await complete(id, new Date(Date.now() - DAY).toISOString());
		});

		it('works within a limit of 25 requests per second', async () => {
			await windowOf(1_000);
			const poller = activate();
			expect(await poller.poll()).toBeNull();
			const expected = await Promise.all(ids.map(async (id) => await complete(id)));
			expect(idsOf(await poller.poll())).toEqual(expected.sort());
			expect(await poller.poll()).toBeNull();
		}, 60_000);

		it('looks at them in turn when a poll is too short for all', async () => {
			await bench.undisturbed();
			const poller = activate({}, { budget: 60_000 });
			await poller.poll();
			await windowOf(1_500);
			const budget = 800;
			const short = activate({}, { budget, staticData: poller.staticData() });
			const expected = await Promise.all(ids.map(async (id) => await complete(id)));
			const emitted: unknown[] = [];
			for (let n = 0; n < 16 && emitted.length < 50; n++) {
				const start = Date.now();
				emitted.push(...idsOf(await short.poll().catch(() => null)));
				// All of them would take ten times as long; a busy machine ends a little late.
				expect(Date.now() - start).toBeLessThan(4 * budget);
				await pass(1_000);
			}
			expect(emitted.sort()).toEqual(expected.sort());
		}, 90_000);

		it('needs one request for their states', async () => {
			await bench.undisturbed();
			const poller = activate({ event: 'reportStatusChanged' });
			await poller.poll();
			await bench.sandbox.clearJournal();
			await poller.poll();
			expect(await bench.sandbox.countRequests({ host: 'api' })).toBe(1);
		});

		it('keeps a small state', async () => {
			const poller = activate();
			await poller.poll();
			expect(JSON.stringify(poller.staticData()).length).toBeLessThan(6_000);
		});
	});

	describe('when the service fails', () => {
		it('waits as long as it is asked to', async () => {
			const [first = ''] = await reportIds(1);
			const poller = activate();
			await poller.poll();
			const id = await complete(first);
			await bench.sandbox.addFault({ kind: 'rateLimit', retryAfterSeconds: 1, times: 2 });
			const start = performance.now();
			expect(idsOf(await poller.poll())).toEqual([id]);
			expect(performance.now() - start).toBeGreaterThan(900);
		});

		it('does not wait longer than n8n allows, and says so', async () => {
			await bench.undisturbed();
			const poller = activate({}, { budget: 4_000 });
			await poller.poll();
			await bench.sandbox.addFault({ kind: 'rateLimit', retryAfterSeconds: 60, times: 0 });
			const start = performance.now();
			const error = await failureOf(poller.poll());
			expect(performance.now() - start).toBeLessThan(2_000);
			expect(error).toMatchObject({
				name: 'NodeApiError',
				message: expect.stringContaining('too busy'),
			});
		});

		it.each([
			['answers nothing', { kind: 'hang' }, /did not answer in time/],
			['is out of order', { kind: 'status', status: 503 }, /503/],
			['closes connections', { kind: 'reset' }, /connection/i],
		] as const)(
			'tells that the service %s, where a poll has no time to ask again',
			async (_what, fault, told) => {
				await bench.undisturbed();
				await activate().poll();
				await bench.sandbox.addFault({ ...fault, match: { host: 'api' }, times: 0 });
				for (const mode of ['manual', 'trigger'] as const) {
					const error = await failureOf(activate({}, { mode, budget: 800 }).poll());
					expect(error.message).toMatch(told);
					expect(error.message).not.toMatch(/too busy/);
				}
			},
		);

		it.each([
			['again, whatever hangs', true, { host: 'api' }],
			['with a list of reports whose runs hang', false, { path: '/execution/' }],
		] as const)('is activated %s, and goes on from there', async (_when, isKnown, match) => {
			await bench.undisturbed();
			const [first = ''] = await reportIds(1);
			const before = activate();
			await before.poll();
			const staticData = isKnown ? before.staticData() : {};
			const poller = activate({}, { staticData, budget: 2_000 });
			await bench.sandbox.addFault({ kind: 'hang', match, times: 0 });
			expect(await poller.poll()).toBeNull();
			await bench.sandbox.clearFaults();
			if (!isKnown) expect(await poller.poll()).toBeNull();
			const id = await complete(first);
			expect(idsOf(await poller.poll())).toEqual([id]);
		});

		it('lets n8n start although the service is busy', async () => {
			const poller = activate();
			await poller.poll();
			await bench.sandbox.addFault({ kind: 'rateLimit', retryAfterSeconds: 60, times: 0 });
			expect(await restart(poller).poll()).toBeNull();
		});

		it.each([
			['the service is away', { kind: 'status', status: 503, match: { host: 'api' } }],
			['Entra is away', { kind: 'status', status: 503, match: { host: 'login' } }],
			['a proxy stands in between', { kind: 'html', status: 403, match: { host: 'api' } }],
		] as const)('lets n8n start although %s, and goes on from there', async (_why, fault) => {
			const [first = ''] = await reportIds(1);
			const poller = activate();
			await poller.poll();
			bench.useCredential();
			await bench.sandbox.addFault({ ...fault, times: 0 });
			const restarted = restart(poller);
			expect(await restarted.poll()).toBeNull();
			const id = await complete(first);
			await bench.sandbox.clearFaults();
			expect(idsOf(await restarted.poll())).toEqual([id]);
		});

		it('renews a token that was revoked', async () => {
			const [first = ''] = await reportIds(1);
			const poller = activate();
			await poller.poll();
			const id = await complete(first);
			await bench.sandbox.revokeTokens();
			expect(idsOf(await poller.poll())).toEqual([id]);
		});

		it('tells that the credential is refused, and loses nothing by it', async () => {
			const [first = ''] = await reportIds(1);
			const poller = activate();
			await poller.poll();
			const id = await complete(first);
			await bench.sandbox.revokeTokens();
			bench.useCredential({ clientSecret: 'wrong' });
			const error = await failureOf(poller.poll());
			expect(error).toMatchObject({ name: 'NodeApiError' });
			expect(error.message).toMatch(/secret/i);
			bench.useCredential();
			expect(idsOf(await poller.poll())).toEqual([id]);
		});

		it('emits of the other reports when one cannot be read, and catches up with that one', async () => {
			const [first = '', second = ''] = await reportIds(2);
			const poller = activate({ reports: 'selected', reportIds: [first, second] });
			await poller.poll();
			const [hidden, seen] = [await complete(first), await complete(second)];
			const fault = { match: { path: first }, times: 0 };
			await bench.sandbox.addFault({ kind: 'status', status: 400, ...fault });
			expect(idsOf(await poller.poll())).toEqual([seen]);
			expect(await poller.poll()).toBeNull();
			// Nor is n8n kept from starting.
			expect(
				await restart(poller, { reports: 'selected', reportIds: [first, second] }).poll(),
			).toBe(null);
			await bench.sandbox.clearFaults();
			const restarted = restart(poller, { reports: 'selected', reportIds: [first, second] });
			expect(idsOf(await restarted.poll())).toEqual([hidden]);
		});

		it('says so when no report can be read', async () => {
			const poller = activate();
			await poller.poll();
			const fault = { match: { path: '/execution/' }, times: 0 };
			await bench.sandbox.addFault({ kind: 'status', status: 400, ...fault });
			const error = await failureOf(poller.poll());
			expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '400' });
		});

		it.each([
			['a refusal', { kind: 'status', status: 400 }],
			['no words', { kind: 'malformed' }],
		] as const)(
			'is activated although a report answers with %s',
			async (_what, effect) => {
				const [first = '', second = ''] = await reportIds(2);
				await bench.sandbox.addFault({ ...effect, match: { path: first }, times: 0 });
				const poller = activate();
				expect(await poller.poll()).toBeNull();
				const id = await complete(second);
				expect(idsOf(await poller.poll())).toEqual([id]);
			},
			60_000,
		);

		it('does not take a list that is empty for a moment for the loss of all reports', async () => {
			const [first = ''] = await reportIds(1);
			const poller = activate();
			await poller.poll();
			await bench.sandbox.addFault({ kind: 'emptyValue' });
			expect(await poller.poll()).toBeNull();
			const id = await complete(first);
			expect(idsOf(await poller.poll())).toEqual([id]);
		});

		it('does not begin a poll while the one before is under way', async () => {
			await bench.undisturbed();
			const [first = ''] = await reportIds(1);
			const poller = activate();
			await poller.poll();
			const id = await complete(first);
			await bench.sandbox.setOptions({ latencyMs: 200 });
			await bench.sandbox.clearJournal();
			const outputs = await Promise.all([poller.poll(), poller.poll(), poller.poll()]);
			expect(outputs.flatMap(idsOf)).toEqual([id]);
			const lists = { host: 'api' as const, path: '/ScheduledReport$' };
			expect(await bench.sandbox.countRequests(lists)).toBe(1);
		});
	});

	describe('on changed states', () => {
		const event = { event: 'reportStatusChanged' };

		it('emits each change once: paused, resumed, created, deleted', async () => {
			const [first = '', second = ''] = (await bench.sandbox.reports('mpn'))
				.filter(({ reportStatus }) => reportStatus === 'Active')
				.map(({ reportId }) => reportId);
			const poller = activate(event);
			expect(await poller.poll()).toBeNull();
			await change('pause', first);
			const paused = await poller.poll();
			expect(jsonOf(paused)).toEqual([
				expect.objectContaining({
					ReportId: first,
					ReportStatus: 'Paused',
					PreviousStatus: 'Active',
					NewStatus: 'Paused',
					QueryId: expect.any(String),
				}),
			]);
			expect(await poller.poll()).toBeNull();

			await change('resume', first);
			await change('delete', second);
			const { reportId } = await bench.sandbox.seedReport('mpn', {
				reportName: 'New',
				createdTime: await bench.sandbox.now(),
			});
			const restarted = restart(poller, event);
			const changes = jsonOf(await restarted.poll());
			expect(
				changes.map(({ ReportId, PreviousStatus, NewStatus }) => [
					ReportId,
					PreviousStatus,
					NewStatus,
				]),
			).toEqual([
				[first, 'Paused', 'Active'],
				[reportId, null, 'Paused'],
			]);
			// A list can lack a report for a moment: the second poll without it believes that.
			expect(jsonOf(await restarted.poll())).toEqual([
				{
					ReportId: second,
					ReportName: expect.stringMatching(/./),
					PreviousStatus: 'Active',
					NewStatus: 'Deleted',
				},
			]);
			expect(await restarted.poll()).toBeNull();
		});

		it('does not believe a list that lacks reports', async () => {
			const poller = activate(event);
			await poller.poll();
			await bench.sandbox.addFault({ kind: 'emptyValue', times: 0 });
			expect(await poller.poll()).toBeNull();
			await bench.sandbox.clearFaults();
			expect(await poller.poll()).toBeNull();
			expect(await poller.poll()).toBeNull();
		});

		it('tells of selected reports only', async () => {
			const [first, second] = (await bench.sandbox.reports('mpn'))
				.filter(({ reportStatus }) => reportStatus === 'Active')
				.map(({ reportId }) => reportId);
			const poller = activate({ ...event, reports: 'selected', reportIds: [first ?? ''] });
			await poller.poll();
			await change('pause', second ?? '');
			expect(await poller.poll()).toBeNull();
			await change('pause', first ?? '');
			expect(jsonOf(await poller.poll())).toHaveLength(1);
		});
	});

	describe('in a test run', () => {
		it('shows the newest execution and moves nothing', async () => {
			const [first = '', second = ''] = await reportIds(2);
			const poller = activate();
			await poller.poll();
			const newest = await complete(second, new Date(Date.now() + 1_000).toISOString());
			await bench.sandbox.advanceClock(120_000);
			const older = await complete(first, new Date(Date.now() - 30 * DAY).toISOString());
			const manual = activate({}, { mode: 'manual', staticData: poller.staticData() });
			expect(idsOf(await manual.poll())).toEqual([newest]);
			expect(idsOf(await manual.poll())).toEqual([newest]);
			expect(manual.staticData()).toEqual(poller.staticData());
			expect(idsOf(await poller.poll())).toEqual([newest, older].sort());
		});

		it('attaches the file', async () => {
			const output = await testRun({ options: { downloadFile: true } });
			expect(output?.[0]).toHaveLength(1);
			expect(output?.[0]?.[0]?.binary?.data).toMatchObject({ fileExtension: 'csv' });
		});

		it('shows the state of the report that was changed last', async () => {
			const [, second = ''] = (await bench.sandbox.reports('mpn'))
				.filter(({ reportStatus }) => reportStatus === 'Active')
				.map(({ reportId }) => reportId);
			await bench.sandbox.advanceClock(DAY / 24);
			await change('pause', second);
			expect(jsonOf(await testRun({ event: 'reportStatusChanged' }))).toEqual([
				expect.objectContaining({ ReportId: second, PreviousStatus: null, NewStatus: 'Paused' }),
			]);
		});

		it.each([
			['there are no reports', 'There are no scheduled reports in Partner Insights (mpn)', {}],
			[
				'nothing has run',
				'No report has completed a run yet',
				{ reportName: 'Fresh', reportStatus: 'Active' as const },
			],
		])('says so when %s', async (_what, message, seed) => {
			await bench.sandbox.reset('empty');
			if ('reportName' in seed) await bench.sandbox.seedReport('mpn', seed);
			const error = await failureOf(testRun());
			expect(error).toMatchObject({ name: 'NodeOperationError', message });
			expect(String(error.description).length).toBeGreaterThan(20);
		});

		it('says so when the selected reports do not exist', async () => {
			const parameters = {
				reports: 'selected',
				reportIds: ['00000000-0000-4000-8000-000000000000'],
			};
			const error = await failureOf(testRun(parameters));
			expect(error.message).toBe('None of the selected reports exists in Partner Insights (mpn)');
		});

		it.each([
			[[], "'Report Names or IDs' is empty", 'Pick at least one report'],
			[
				['CSP revenue'],
				`'Report Names or IDs' contains what is not a report ID: "CSP revenue"`,
				'By name, reports are picked from the list',
			],
		])('refuses the selection %j', async (selection, message, advice) => {
			const error = await failureOf(testRun({ reports: 'selected', reportIds: selection }));
			expect(error).toMatchObject({ name: 'NodeOperationError', message });
			expect(error.description).toContain(advice);
		});
	});

	describe('with expressions in its fields', () => {
		const ID = '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11';
		const selected = (reportIds: string) => ({ reports: 'selected', reportIds });
		const stored = (binaryPropertyName: string) => ({
			options: { downloadFile: true, binaryPropertyName },
		});

		it.each<[INodeParameters, string, RegExp]>([
			[selected(`=${ID}, {{ $vars.second }}`), '{{ $vars.second }}', /\$vars, \$workflow or \$now/],
			[selected('={{ $vars.some }}'), '{{ $vars.some }}', /No item comes into a trigger/],
			[selected('={{ $json.ids }}'), '{{ $json.ids }}', /No item comes into a trigger/],
			[selected('={{ $("Set").item.json.ids }}'), '{{ $("Set").item.json.ids }}', /n8n says: Ref/],
			[stored('=file {{ $vars.name }}'), '{{ $vars.name }}', /fixed value/],
			[stored('=file {{ $json.name }}'), 'file {{ $json.name }}', /fixed value/],
			[{ options: { useCallback: '={{ $vars.on }}' } }, '{{ $vars.on }}', /fixed value/],
			[{ event: '={{ $vars.event }}' }, '{{ $vars.event }}', /fixed value/],
		])('refuses %j, of which nothing is found', async (parameters, expression, advice) => {
			const error = await failureOf(activate(parameters).poll());
			expect(error.message).toMatch(/^'[A-Z][\w ]+' has an expression that found nothing: /);
			expect(error.message).toContain(`"${expression}"`);
			expect(error.description).toMatch(advice);
		});

		it('takes what is found, also by braces within braces', async () => {
			const parameters = {
				...selected(`={{ [{ id: "${ID}" }].map(({ id }) => ({ id }).id) }}`),
				...stored('=data of {{ { a: { b: 1 } }.a.b }} {{ $workflow.id }}'),
			};
			const poller = activate(parameters, { node: { name: 'Named' } });
			await expect(poller.poll()).resolves.toBeNull();
		});
	});
});
