import {
	NodeHelpers,
	Workflow,
	type IDataObject,
	type INode,
	type INodeParameters,
} from 'n8n-workflow';
import { PartnerCenterInsightsTrigger } from '../../nodes/PartnerCenterInsights/PartnerCenterInsightsTrigger.node';
import type { EnginePoller, PollerOptions, WorkflowJson } from '../../sandbox/engine/engine';
import { type Bench, benchForEach } from './bench';
import { pass } from './time/turnedClock';

const TYPE = 'n8n-nodes-partner-center-insights.partnerCenterInsightsTrigger';
const BASE = 'https://n8n.example.com/webhook';

const workflowOf = (parameters: INodeParameters, node: Partial<INode> = {}): WorkflowJson => ({
	name: 'Report ready',
	nodes: [
		{
			id: 'trigger',
			name: 'Report Ready',
			type: TYPE,
			typeVersion: 1,
			position: [0, 0],
			webhookId: '0d6f2bd4-5c0e-4f57-8f3a-0a4f5f0f7a11',
			parameters: {
				pollTimes: { item: [{ mode: 'everyMinute' }] },
				options: { useCallback: true },
				...parameters,
			},
			credentials: { partnerCenterInsightsApi: { id: '1', name: 'Sandbox' } },
			...node,
		},
	],
	connections: {},
});

describe('The callback of the trigger', () => {
	let bench: Bench;
	let first: string;
	let second: string;

	benchForEach((started) => (bench = started), 'empty');
	beforeEach(async () => {
		await bench.sandbox.setOptions({ callbacks: false });
		({ reportId: first } = await bench.sandbox.seedReport('mpn', {
			reportName: 'With its own',
			description: 'One',
			callbackUrl: 'https://example.com/ours',
			callbackMethod: 'POST',
		}));
		({ reportId: second } = await bench.sandbox.seedReport('mpn', {
			reportName: 'Without',
			description: 'Other',
		}));
		await bench.sandbox.clearJournal();
	});

	const triggerOf = (
		options: PollerOptions = {},
		parameters: INodeParameters = {},
		node: Partial<INode> = {},
	) => bench.engine.poller(workflowOf(parameters, node), { webhookBaseUrl: BASE, ...options });
	/** As n8n does it: first the address, then the first poll, then it stores. */
	const activate = async (
		options: PollerOptions = {},
		parameters: INodeParameters = {},
		node: Partial<INode> = {},
	) => {
		const trigger = triggerOf(options, parameters, node);
		if (!(await trigger.address('checkExists'))) await trigger.address('create');
		await trigger.poll();
		return trigger;
	};
	const callbacks = async () =>
		Object.fromEntries(
			(await bench.sandbox.reports('mpn')).map(({ reportId, callbackUrl, callbackMethod }) => [
				reportId,
				[callbackMethod, callbackUrl],
			]),
		);
	const addressOf = async (): Promise<string> => {
		const [, url] = (await callbacks())[second] ?? [];
		return String(url);
	};
	const complete = async (reportId: string) =>
		(await bench.sandbox.seedExecution('mpn', reportId, { status: 'Completed' })).executionId;
	const receive = async (trigger: EnginePoller, url: string, stored = trigger.staticData()) =>
		await trigger.receive(url, stored);
	const idsIn = (items: Array<{ json: IDataObject }>) => items.map(({ json }) => json.ExecutionId);
	const writes = async () => await bench.sandbox.countRequests({ host: 'api', method: 'PUT' });

	it('has an address only when it is wanted and the workflow is active', () => {
		const { description } = new PartnerCenterInsightsTrigger();
		const expression = description.webhooks?.[0]?.httpMethod;
		const methodOf = (active: boolean, parameters: INodeParameters) => {
			const { nodes, connections } = workflowOf(parameters);
			const nodeTypes = {
				getByName: () => new PartnerCenterInsightsTrigger(),
				getByNameAndVersion: () => new PartnerCenterInsightsTrigger(),
				getKnownTypes: () => ({}),
			};
			const workflow = new Workflow({ nodes, connections, active, nodeTypes });
			const [node] = workflow.getPollNodes();
			return node && workflow.expression.getSimpleParameterValue(node, expression, 'internal', {});
		};
		expect(methodOf(true, {})).toBe('GET');
		expect(methodOf(false, {})).toBe('');
		expect(methodOf(true, { options: {} })).toBe('');
		expect(methodOf(true, { event: 'reportStatusChanged' })).toBe('');
		expect(
			NodeHelpers.getNodeWebhookPath('w', workflowOf({}).nodes[0] ?? ({} as never), 'callback'),
		).toContain('callback');
	});

	it('enters its address and puts back what was there', async () => {
		const trigger = await activate();
		const entered = await callbacks();
		const [method, url] = entered[first] ?? [];
		expect(method).toBe('GET');
		expect(url).toMatch(
			/^https:\/\/n8n\.example\.com\/webhook\/[\w/-]+\/callback\?insights=[\w.-]+\?token=[\w-]{32}$/,
		);
		expect(entered[second]?.[0]).toBe('GET');
		expect(entered[second]?.[1]).toMatch(/\/callback\?insights=[\w-]{16}\?token=[\w-]{32}$/);

		await triggerOf({ staticData: trigger.staticData() }).address('delete');
		expect(await callbacks()).toEqual({
			[first]: ['POST', 'https://example.com/ours'],
			[second]: [null, null],
		});
	});

	it('changes nothing else of the reports', async () => {
		const before = await bench.sandbox.reports('mpn');
		await activate();
		const after = await bench.sandbox.reports('mpn');
		const own = { callbackUrl: null, callbackMethod: null, modifiedTime: null };
		const without = (reports: typeof before) => reports.map((record) => ({ ...record, ...own }));
		expect(without(after)).toEqual(without(before));
	});

	it('shortens no report of cmp that has used up some of its runs', async () => {
		bench.suit('cmp');
		const startTime = new Date(Date.now() + 5 * 3_600_000).toISOString().replace(/\.\d+/, '');
		const counts = { recurrenceInterval: 24, recurrenceCount: 180 };
		await bench.sandbox.seedReport('cmp', { reportStatus: 'Active', startTime, ...counts });
		await bench.sandbox.advanceClock({ hours: 60 });
		await bench.sandbox.setOptions({ remainingCounts: true });
		const trigger = await activate({}, { program: 'cmp' });
		await triggerOf({ staticData: trigger.staticData() }, { program: 'cmp' }).address('delete');
		const puts = await bench.sandbox.journal({ host: 'api', method: 'PUT' });
		expect(puts).toHaveLength(2);
		for (const { body } of puts) {
			expect(body).toMatchObject({ RecurrenceCount: 180 });
			expect(body).not.toHaveProperty('EndTime');
		}
	});

	it.each(['false', "={{ 'False' }}"])('is entered nowhere by %s', async (useCallback) => {
		await activate({}, { options: { useCallback } });
		expect(await writes()).toBe(0);
	});

	it('is left alone when n8n is started anew, and entered anew when its address has changed', async () => {
		const trigger = await activate();
		const written = await writes();
		const again = await activate({ staticData: trigger.staticData(), activation: 'init' });
		expect(await writes()).toBe(written);

		const moved = await activate({
			staticData: again.staticData(),
			activation: 'init',
			webhookBaseUrl: 'https://other.example.com/webhook',
		});
		expect(await addressOf()).toMatch(/^https:\/\/other\.example\.com\//);
		await triggerOf({ staticData: moved.staticData() }).address('delete');
		expect((await callbacks())[first]).toEqual(['POST', 'https://example.com/ours']);
	});

	describe('is put back', () => {
		const THEIRS = ['POST', 'https://example.com/ours'];
		const asBefore = () => ({ [first]: THEIRS, [second]: [null, null] });
		/** Another workflow on the same reports. */
		const OTHER = { id: 'other', webhookId: '7c1c9d0e-0b7b-4a55-8d4c-6b1f0f7a2b22' };

		it('although n8n has stored nothing', async () => {
			await activate();
			await triggerOf().address('delete');
			expect(await callbacks()).toEqual(asBefore());
		});

		it('in a report that a poll has entered, although n8n has not stored that', async () => {
			const trigger = await activate();
			const stored = trigger.staticData();
			const { reportId } = await bench.sandbox.seedReport('mpn', {
				reportName: 'Later',
				callbackUrl: 'https://example.com/later',
				callbackMethod: 'GET',
			});
			await trigger.poll();
			expect((await callbacks())[reportId]?.[1]).toMatch(/^https:\/\/n8n\./);
			await triggerOf({ staticData: stored }).address('delete');
			expect(await callbacks()).toEqual({
				...asBefore(),
				[reportId]: ['GET', 'https://example.com/later'],
			});
		});

		it('after n8n was started anew without what it had stored', async () => {
			await activate();
			const restarted = await activate({ activation: 'init' });
			await triggerOf({ staticData: restarted.staticData() }).address('delete');
			expect(await callbacks()).toEqual(asBefore());
		});

		it('although another parameter cannot be read any more', async () => {
			const selected = { reports: 'selected', reportIds: [second] };
			const trigger = await activate({}, selected);
			expect(await addressOf()).toContain('insights=');
			const edited = { ...selected, reportIds: '={{ $vars.gone }}' };
			await triggerOf({ staticData: trigger.staticData() }, edited).address('delete');
			expect(await callbacks()).toEqual(asBefore());
		});

		it('after n8n has moved and was started anew', async () => {
			await activate();
			await triggerOf({ webhookBaseUrl: 'https://other.example.com/webhook' }).address('delete');
			expect(await callbacks()).toEqual(asBefore());
		});

		it.each([
			['the first', false],
			['the second', true],
		])('after two workflows on one report, %s is deactivated first', async (_which, isReversed) => {
			const one = await activate();
			const other = await activate({}, {}, OTHER);
			const ends = [
				async () => await triggerOf({ staticData: one.staticData() }).address('delete'),
				async () =>
					await triggerOf({ staticData: other.staticData() }, {}, OTHER).address('delete'),
			];
			if (isReversed) ends.reverse();
			for (const end of ends) await end();
			expect(await callbacks()).toEqual(asBefore());
		});

		it('after two workflows have come over each other again and again', async () => {
			for (let n = 0; n < 3; n++) {
				await activate();
				await activate({}, {}, OTHER);
			}
			await triggerOf().address('delete');
			await triggerOf({}, {}, OTHER).address('delete');
			expect(await callbacks()).toEqual(asBefore());
		});

		it('where a first version of this package has entered its address', async () => {
			const token = 'T'.repeat(32);
			const url = `${BASE}/0d6f2bd4-5c0e-4f57-8f3a-0a4f5f0f7a11/callback?token=${token}`;
			await bench.sandbox.reset('empty');
			const { reportId } = await bench.sandbox.seedReport('mpn', {
				callbackUrl: url,
				callbackMethod: 'GET',
			});
			const [method, theirs] = THEIRS;
			const staticData = {
				'node:Report Ready': {
					callback: { token, url, previous: { [reportId]: { url: theirs, method } } },
				},
			};
			const trigger = await activate({ staticData, activation: 'init' });
			expect((await callbacks())[reportId]?.[1]).toMatch(/insights=/);
			await triggerOf({ staticData: trigger.staticData() }).address('delete');
			expect(await callbacks()).toEqual({ [reportId]: THEIRS });
			// Nor is it lost where the first version's address is still there.
			await bench.sandbox.reset('empty');
			const again = await bench.sandbox.seedReport('mpn', {
				callbackUrl: url,
				callbackMethod: 'GET',
			});
			const { callback } = staticData['node:Report Ready'];
			const previous = { [again.reportId]: { url: theirs, method } };
			await triggerOf({
				staticData: { 'node:Report Ready': { callback: { ...callback, previous } } },
			}).address('delete');
			expect(await callbacks()).toEqual({ [again.reportId]: THEIRS });
		});

		it('although a poll is entering the address at the same moment', async () => {
			const trigger = await activate();
			const { reportId } = await bench.sandbox.seedReport('mpn', { reportName: 'Later' });
			await bench.sandbox.setOptions({ latencyMs: 100 });
			const polled = trigger.poll();
			await new Promise((resolve) => setTimeout(resolve, 350));
			await triggerOf({ staticData: trigger.staticData() }).address('delete');
			await polled;
			expect(await callbacks()).toEqual({ ...asBefore(), [reportId]: [null, null] });
			await trigger.poll();
			expect(await callbacks()).toEqual({ ...asBefore(), [reportId]: [null, null] });
		});

		it('although the service enters the address only when the workflow has been deactivated', async () => {
			const trigger = await activate();
			const { reportId } = await bench.sandbox.seedReport('mpn', { reportName: 'Later' });
			await bench.sandbox.clearJournal();
			const sent = async (method: string, count: number) => {
				const filter = { host: 'api', method, path: '/ScheduledReport' } as const;
				while ((await bench.sandbox.countRequests(filter)) < count);
			};
			await bench.sandbox.setOptions({ latencyMs: 100 });
			const polled = trigger.poll();
			// The list, and the report as it is now.
			await sent('GET', 2);
			await bench.sandbox.setOptions({ latencyMs: 1_000 });
			await sent('PUT', 1);
			await bench.sandbox.setOptions({ latencyMs: 0 });
			await triggerOf({ staticData: trigger.staticData() }).address('delete');
			await polled;
			expect(await callbacks()).toEqual({ ...asBefore(), [reportId]: [null, null] });
		});

		it('although the service fails for a moment', async () => {
			const trigger = await activate();
			await bench.sandbox.addFault({ kind: 'status', status: 400, match: { method: 'PUT' } });
			await triggerOf({ staticData: trigger.staticData() }).address('delete');
			expect(await callbacks()).toEqual(asBefore());
		});

		it('later, where the service cannot be reached at all when the workflow is deactivated', async () => {
			const trigger = await activate();
			const fault = { kind: 'status' as const, status: 400, times: 0 };
			await bench.sandbox.addFault({ ...fault, match: { host: 'api' } });
			const leaving = triggerOf({ staticData: trigger.staticData() });
			await expect(leaving.address('delete')).rejects.toThrow();
			expect(await addressOf()).toContain('insights=');
			await bench.sandbox.clearFaults();
			await pass(90_000);
			for (let look = 0; look < 600; look++) {
				if (!(await addressOf()).includes('insights=')) break;
				await pass(100);
			}
			expect(await callbacks()).toEqual(asBefore());
		});

		it('no more once the workflow is active again', async () => {
			const trigger = await activate();
			const fault = { kind: 'status' as const, status: 400, times: 0 };
			await bench.sandbox.addFault({ ...fault, match: { host: 'api' } });
			const leaving = triggerOf({ staticData: trigger.staticData() });
			await expect(leaving.address('delete')).rejects.toThrow();
			await bench.sandbox.clearFaults();
			await activate({ staticData: leaving.staticData() });
			await pass(120_000);
			expect(await addressOf()).toContain('insights=');
		});
	});

	it('is no reason for n8n to refuse a workflow when it starts', async () => {
		const trigger = await activate();
		await triggerOf({ staticData: trigger.staticData() }).address('delete');
		const fault = { kind: 'status' as const, status: 400, times: 0 };
		await bench.sandbox.addFault({ ...fault, match: { method: 'PUT' } });
		expect(await triggerOf({ activation: 'init' }).address('create')).toBe(true);
	});

	it('is no reason for it either where the service is away, and is entered by the polls then', async () => {
		const trigger = await activate();
		const away = { kind: 'status' as const, status: 503, times: 0 };
		await bench.sandbox.addFault({ ...away, match: { host: 'api' } });
		const started = triggerOf({ staticData: trigger.staticData(), activation: 'init' });
		expect(await started.address('checkExists')).toBe(true);
		const fresh = triggerOf({ activation: 'init' });
		expect(await fresh.address('checkExists')).toBe(false);
		expect(await fresh.address('create')).toBe(true);
		expect(await fresh.poll()).toBeNull();
		await bench.sandbox.clearFaults();
		await fresh.poll();
		expect(await addressOf()).toContain('insights=');
	});

	it('is entered in no further report once the workflow is deactivated', async () => {
		for (let n = 0; n < 4; n++) await bench.sandbox.seedReport('mpn', { reportName: `More ${n}` });
		await bench.sandbox.setOptions({ latencyMs: 100 });
		const trigger = triggerOf();
		const entering = trigger.address('create');
		while ((await writes()) === 0) await pass(10);
		const leaving = trigger.address('delete');
		await Promise.all([entering, leaving]);
		// One that was under way, and its removal.
		expect(await writes()).toBeLessThanOrEqual(4);
		const urls = Object.values(await callbacks()).map(([, url]) => url);
		expect(urls.filter((url) => url?.includes('insights='))).toEqual([]);
	});

	const changeByHand = async () => {
		const { error } = await bench.run([{}], {
			resource: 'scheduledReport',
			operation: 'update',
			reportId: { __rl: true, mode: 'id', value: second },
			updateFields: { callbackUrl: 'https://example.com/theirs' },
			options: {},
		});
		expect(error).toBeUndefined();
	};

	it('comes over a change by somebody else with the next publication, and with no poll', async () => {
		const trigger = await activate();
		await changeByHand();
		await trigger.poll();
		expect((await callbacks())[second]?.[1]).toBe('https://example.com/theirs');

		const again = await activate({ staticData: trigger.staticData() });
		expect(await addressOf()).toContain('/callback?insights=');
		await triggerOf({ staticData: again.staticData() }).address('delete');
		expect((await callbacks())[second]?.[1]).toBe('https://example.com/theirs');
	});

	it('is not put back where somebody else has changed it meanwhile', async () => {
		const trigger = await activate();
		await changeByHand();
		await triggerOf({ staticData: trigger.staticData() }).address('delete');
		expect((await callbacks())[second]?.[1]).toBe('https://example.com/theirs');
	});

	it('is entered in reports that are created later', async () => {
		const trigger = await activate();
		const { reportId } = await bench.sandbox.seedReport('mpn', { reportName: 'Later' });
		await trigger.poll();
		expect((await callbacks())[reportId]).toEqual(['GET', await addressOf()]);
		const written = await writes();
		await trigger.poll();
		expect(await writes()).toBe(written);
	});

	it('leaves reports alone that run once, and those that are not selected', async () => {
		const once = await bench.sandbox.seedReport('mpn', { reportName: 'Once', executeNow: true });
		await activate({}, { reports: 'selected', reportIds: [second, once.reportId] });
		const entered = await callbacks();
		expect(entered[first]).toEqual(['POST', 'https://example.com/ours']);
		expect(entered[once.reportId]).toEqual([null, null]);
		expect(await writes()).toBe(1);
		expect(entered[second]?.[0]).toBe('GET');
	});

	it('is no obstacle where one report refuses it, but is where all do', async () => {
		const refusal = { kind: 'status' as const, status: 400, times: 0 };
		await bench.sandbox.addFault({ ...refusal, match: { method: 'PUT', path: first } });
		const trigger = await activate();
		expect((await callbacks())[second]?.[0]).toBe('GET');
		const written = await writes();
		await trigger.poll();
		expect(await writes()).toBe(written);

		await bench.sandbox.addFault({ ...refusal, match: { method: 'PUT' } });
		await triggerOf({ staticData: trigger.staticData() }).address('delete');
		await expect(triggerOf().address('create')).rejects.toMatchObject({ name: 'NodeApiError' });
	});

	it('starts the workflow at once, and the poll does not repeat it', async () => {
		const trigger = await activate();
		const id = await complete(first);
		const { status, items } = await receive(trigger, `${await addressOf()}&reportId=${first}`);
		expect(status).toBe(200);
		expect(items.map(({ json }) => json)).toEqual([
			expect.objectContaining({ ExecutionId: id, ReportName: 'With its own' }),
		]);
		expect(await trigger.poll()).toBeNull();
	});

	it('stores what it has started', async () => {
		const trigger = await activate();
		await complete(first);
		const { stored } = await receive(trigger, `${await addressOf()}&reportId=${first}`);
		expect(await triggerOf({ staticData: stored, activation: 'init' }).poll()).toBeNull();
	});

	it('drops repeated calls, also at the same time, and calls that come after the poll', async () => {
		await bench.undisturbed();
		const trigger = await activate();
		const url = `${await addressOf()}&reportId=${first}`;
		const id = await complete(first);
		await bench.sandbox.clearJournal();
		const answers = await Promise.all([1, 2, 3].map(async () => await receive(trigger, url)));
		expect(answers.flatMap(({ items }) => idsIn(items))).toEqual([id]);
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
		// The list of reports and the runs of this one, for all calls together.
		expect(await bench.sandbox.countRequests({ host: 'api' })).toBe(2);
		expect((await receive(trigger, url)).items).toEqual([]);

		const next = await complete(first);
		expect(idsIn((await trigger.poll())?.[0] ?? [])).toEqual([next]);
		expect((await receive(trigger, url)).items).toEqual([]);
	});

	it('starts the workflow also where n8n registers it once more when it has polled', async () => {
		const trigger = await activate();
		await trigger.address('delete');
		if (!(await trigger.address('checkExists'))) await trigger.address('create');
		const stored = trigger.staticData();
		await trigger.poll();
		const id = await complete(first);
		const { items } = await receive(trigger, `${await addressOf()}&reportId=${first}`, stored);
		expect(idsIn(items)).toEqual([id]);
	});

	it('emits nothing twice where the workflow is edited while a call is followed', async () => {
		await bench.undisturbed();
		const trigger = await activate();
		const id = await complete(first);
		const url = `${await addressOf()}&reportId=${first}`;
		const isSlow = { kind: 'slowBody' as const, durationMs: 1_500, match: { path: '/execution/' } };
		await bench.sandbox.addFault(isSlow);
		await bench.sandbox.clearJournal();
		const call = receive(trigger, url);
		while ((await bench.sandbox.countRequests({ host: 'api', path: '/execution/' })) === 0);
		await trigger.address('delete');
		const edited = triggerOf({ staticData: trigger.staticData() });
		await edited.address('create');
		expect(idsIn((await edited.poll())?.[0] ?? [])).toEqual([id]);
		expect((await call).items).toEqual([]);
	});

	it('does not emit twice when poll and call come together', async () => {
		const trigger = await activate();
		const id = await complete(first);
		await bench.sandbox.setOptions({ latencyMs: 50 });
		const [polled, received] = await Promise.all([
			trigger.poll(),
			receive(trigger, `${await addressOf()}&reportId=${first}`),
		]);
		expect([...idsIn(polled?.[0] ?? []), ...idsIn(received.items)]).toEqual([id]);
	});

	it.each([
		['without a token', (url: string) => url.replace(/\?token=.*/, '?')],
		['with another token', (url: string) => `${url.slice(0, -4)}AAAA`],
		['with part of the token', (url: string) => url.slice(0, -1)],
		['with an empty token', (url: string) => url.replace(/=.*/, '=')],
	])('refuses a call %s, and asks the service nothing', async (_what, forge) => {
		const trigger = await activate();
		await complete(first);
		const url = await addressOf();
		await bench.sandbox.clearJournal();
		const { status, items } = await receive(trigger, `${forge(url)}&reportId=${first}`);
		expect(status).toBe(401);
		expect(items).toEqual([]);
		expect(await bench.sandbox.countRequests({ host: 'api' })).toBe(0);
	});

	it('refuses every call once the workflow is not active', async () => {
		const trigger = await activate();
		const url = await addressOf();
		await triggerOf({ staticData: trigger.staticData() }).address('delete');
		expect((await trigger.receive(`${url}&reportId=${first}`, {})).status).toBe(401);
	});

	it.each([
		['no report', '', 0],
		['no ID', '&reportId=1%20or%202', 0],
		['a report that does not exist', '&reportId=00000000-0000-4000-8000-000000000000', 1],
		['words of its own', '&executionId=1&executionStatus=Completed', 0],
	])('emits nothing for a call that names %s', async (_what, query, requests) => {
		await bench.undisturbed();
		const trigger = await activate();
		await complete(first);
		const url = (await addressOf()) + query;
		await bench.sandbox.clearJournal();
		const { status, items } = await receive(trigger, url);
		expect(await bench.sandbox.countRequests({ host: 'api' })).toBe(requests);
		expect(status).toBe(200);
		expect(items).toEqual([]);
		expect((await trigger.poll())?.[0]).toHaveLength(1);
	});

	it('understands a parameter that is added with a second question mark', async () => {
		const trigger = await activate();
		const id = await complete(first);
		const { items } = await receive(
			trigger,
			`${await addressOf()}?ReportId=${first.toUpperCase()}`,
		);
		expect(idsIn(items)).toEqual([id]);
	});

	it('leaves it to the poll when that runs in another process', async () => {
		const trigger = await activate();
		const url = `${await addressOf()}&reportId=${first}`;
		const id = await complete(first);
		// Another main process has taken over, and n8n has stored that.
		const stored = { ...trigger.staticData() };
		const node = { ...(stored['node:Report Ready'] as IDataObject), polledBy: 'another' };
		const { status, items } = await receive(trigger, url, { 'node:Report Ready': node });
		expect({ status, items }).toEqual({ status: 200, items: [] });
		expect(idsIn((await trigger.poll())?.[0] ?? [])).toEqual([id]);
	});

	it('leaves it to the poll when the service cannot be asked', async () => {
		const trigger = await activate();
		const url = `${await addressOf()}&reportId=${first}`;
		const id = await complete(first);
		await bench.sandbox.addFault({ kind: 'status', status: 400 });
		expect(await receive(trigger, url)).toMatchObject({ status: 200, items: [] });
		expect(idsIn((await trigger.poll())?.[0] ?? [])).toEqual([id]);
	});

	it('attaches the report file', async () => {
		const trigger = await activate({}, { options: { useCallback: true, downloadFile: true } });
		await complete(first);
		const { items } = await receive(trigger, `${await addressOf()}&reportId=${first}`);
		expect(items[0]?.binary?.data).toMatchObject({ fileExtension: 'csv' });
	});
});
