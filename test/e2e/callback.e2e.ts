import { setTimeout as sleep } from 'node:timers/promises';

import type { INodeParameters } from 'n8n-workflow';

import { itemsOf } from '../../sandbox/n8n/execution';
import { secretsLeftIn } from '../../sandbox/n8n/secrets';
import { startBench, type Bench } from './bench';
import { OFTEN } from './polling';
import { until } from './waiting';
import { chain, next, startedBy, trigger } from './workflows';

/** Seldom enough that whatever starts the workflow in the meantime is the callback. */
const HOURLY = { item: [{ mode: 'everyHour', minute: 59 }] };

describe('the callback in n8n', () => {
	let bench: Bench;
	let reportId: string;

	beforeAll(async () => {
		bench = await startBench();
	});
	afterAll(async () => {
		await bench.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset('empty');
		({ reportId } = await bench.sandbox.seedReport('mpn', {
			reportName: 'CSP revenue daily',
			reportStatus: 'Active',
			callbackUrl: 'https://example.com/ours',
			callbackMethod: 'POST',
		}));
		await bench.sandbox.setOptions({ pendingMs: 10, runningMs: 10 });
	});

	const polls = async () => await bench.sandbox.countRequests({ host: 'api', path: '/execution/' });

	async function activate(times: object): Promise<string> {
		const credentialId = await bench.credential();
		const workflow = startedBy(
			trigger(credentialId, { pollTimes: times, options: { useCallback: true } }),
			chain('Trigger', next()),
		);
		const workflowId = await bench.host.rest.createWorkflow(workflow);
		await bench.sandbox.clearJournal();
		await bench.host.rest.activate(workflowId);
		// n8n answers before it has done all of it: the address, and the first poll.
		await until(async () => (await registered())[0] === 'GET');
		await until(async () => (await polls()) > 0);
		// Calls are compared with what n8n has stored, which it does last.
		await until(async () => (await bench.host.rest.workflow(workflowId)).staticData !== null);
		return workflowId;
	}

	const registered = async () => {
		const [report] = await bench.sandbox.reports('mpn');
		return [report?.callbackMethod, report?.callbackUrl];
	};
	/** Lets the report run; the service calls when it is done. */
	const run = async () => {
		const { executionId } = await bench.sandbox.seedExecution('mpn', reportId);
		return executionId;
	};
	const called = async (count: number) => {
		const deadline = Date.now() + 15_000;
		let calls = await bench.sandbox.journal({ host: 'callback' });
		const done = () => calls.filter(({ status }) => status !== null).length >= count;
		while (!done() && Date.now() < deadline) {
			await sleep(200);
			calls = await bench.sandbox.journal({ host: 'callback' });
		}
		return calls.map(({ status }) => status);
	};
	const emitted = async (workflowId: string) => {
		await sleep(1_500);
		const executions = await bench.host.rest.executionsOf(workflowId);
		const ids = await Promise.all(
			executions.map(async ({ id }) =>
				itemsOf((await bench.host.rest.executionEnd(id)).data, 'Next').map(
					({ json }) => json.ExecutionId,
				),
			),
		);
		return { modes: executions.map(({ mode }) => mode), ids: ids.flat() };
	};

	it('starts the workflow at once, and puts back what was there', async () => {
		const workflowId = await activate(HOURLY);
		try {
			const [method, url] = await registered();
			expect(method).toBe('GET');
			expect(url).toMatch(/\/webhook\/.*\?token=[\w-]{32}$/);
			const stored = async () =>
				JSON.stringify((await bench.host.rest.workflow(workflowId)).staticData);
			const before = await stored();
			const id = await run();
			expect(await called(1)).toEqual([200]);
			expect(await emitted(workflowId)).toEqual({ modes: ['webhook'], ids: [id] });
			// Else an n8n that is killed now would emit it again.
			await until(async () => (await stored()) !== before);

			// Repeated and forged calls.
			const again = `${url}&reportId=${reportId}`;
			expect((await fetch(again)).status).toBe(200);
			expect((await fetch(again.replace('token=', 'token=A'))).status).toBe(401);
			expect((await emitted(workflowId)).ids).toEqual([id]);
		} finally {
			await bench.host.rest.deactivate(workflowId);
		}
		await until(async () => (await registered())[0] === 'POST');
		expect(await registered()).toEqual(['POST', 'https://example.com/ours']);
	});

	it.each<[string, INodeParameters]>([
		['switches it off', { options: {} }],
		['watches states', { event: 'reportStatusChanged' }],
	])('is taken out where the workflow is published with an edit that %s', async (_what, edit) => {
		const workflowId = await activate(HOURLY);
		try {
			const { rest } = bench.host;
			const { nodes, ...workflow } = await rest.workflow(workflowId);
			for (const node of nodes) if (node.name === 'Trigger') Object.assign(node.parameters, edit);
			await rest.call('PATCH', `/rest/workflows/${workflowId}`, { ...workflow, nodes });
			await rest.activate(workflowId);
			await until(async () => (await registered())[0] === 'POST');
			expect(await registered()).toEqual(['POST', 'https://example.com/ours']);
		} finally {
			await bench.host.rest.deactivate(workflowId);
		}
	});

	it('and the polls beside it start the workflow once for each run', async () => {
		const workflowId = await activate(OFTEN);
		try {
			const ids = [];
			for (let n = 0; n < 4; n++) {
				ids.push(await run());
				await sleep(4_000);
			}
			await bench.sandbox.setOptions({ callbacks: false });
			ids.push(await run());
			await sleep(12_000);
			expect((await emitted(workflowId)).ids.sort()).toEqual(ids.sort());
		} finally {
			await bench.host.rest.deactivate(workflowId);
		}
	});

	it('is no hindrance to a test run, which shows the newest run', async () => {
		const id = await run();
		await sleep(500);
		const workflowId = await activate(HOURLY);
		try {
			const execution = await bench.host.rest.runWorkflow(workflowId, 'Trigger');
			expect(itemsOf(execution.data, 'Next').map(({ json }) => json.ExecutionId)).toEqual([id]);
		} finally {
			await bench.host.rest.deactivate(workflowId);
		}
	});

	it('leaves no secret in the log or the database', async () => {
		expect(await secretsLeftIn(bench.host)).toEqual({ log: [], database: [] });
	});
});
