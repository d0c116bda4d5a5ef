import { setTimeout as sleep } from 'node:timers/promises';

import { itemsOf } from '../../sandbox/n8n/execution';
import { startBench, type Bench } from './bench';
import { secretsLeftIn } from './secrets';
import { until } from './waiting';
import { chain, next, pollTimes, startedBy, trigger } from './workflows';

/** s */
const EVERY = 10;

describe('the trigger in n8n', () => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench();
	});
	afterAll(async () => {
		await bench.stop();
	});

	const polls = async () => await bench.sandbox.countRequests({ host: 'api', path: '/execution/' });

	async function nextPoll(): Promise<void> {
		const before = await polls();
		await until(async () => (await polls()) > before, 3 * EVERY * 1_000);
		await sleep(1_500);
	}

	it('starts the workflow once for each report that is ready', async () => {
		await bench.sandbox.reset('empty');
		const [reportId = ''] = await bench.sandbox.seedReports('mpn', 1, 'Active');
		await bench.sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
		const { rest } = bench.host;
		const credentialId = await bench.credential();
		const workflow = startedBy(
			trigger(credentialId, { pollTimes: pollTimes(EVERY) }),
			chain('Trigger', next()),
		);
		const workflowId = await rest.createWorkflow(workflow);
		await rest.activate(workflowId);
		try {
			await nextPoll();
			expect(await rest.executionsOf(workflowId)).toEqual([]);

			await bench.sandbox.advanceClock({ hours: 1 });
			const { executionId } = await bench.sandbox.seedExecution('mpn', reportId, {
				status: 'Completed',
			});
			await nextPoll();
			await nextPoll();
			const executions = await rest.executionsOf(workflowId);
			expect(executions).toEqual([expect.objectContaining({ mode: 'trigger' })]);
			const { data } = await rest.executionEnd(executions[0]?.id ?? '');
			expect(itemsOf(data, 'Next').map(({ json }) => json)).toEqual([
				expect.objectContaining({ ExecutionId: executionId, ReportId: reportId }),
			]);
		} finally {
			await rest.deactivate(workflowId);
		}
	});

	it('leaves no secret in the log or the database', async () => {
		expect(await secretsLeftIn(bench.host)).toEqual({ log: [], database: [] });
	});
});
