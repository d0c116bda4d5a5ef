import { itemsOf } from '../../sandbox/n8n/execution';
import { secretsLeftIn } from '../../sandbox/n8n/secrets';
import { startBench, type Bench } from './bench';
import { nextPoll, OFTEN } from './polling';
import { chain, next, startedBy, trigger } from './workflows';

describe('the trigger in n8n', () => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench();
	});
	afterAll(async () => {
		await bench.stop();
	});

	it('starts the workflow once for each report that is ready', async () => {
		await bench.sandbox.reset('empty');
		const [reportId = ''] = await bench.sandbox.seedReports('mpn', 1, 'Active');
		await bench.sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
		const { rest } = bench.host;
		const credentialId = await bench.credential();
		const workflow = startedBy(
			trigger(credentialId, { pollTimes: OFTEN }),
			chain('Trigger', next()),
		);
		const workflowId = await rest.createWorkflow(workflow);
		await rest.activate(workflowId);
		try {
			await nextPoll(bench.sandbox);
			expect(await rest.executionsOf(workflowId)).toEqual([]);

			await bench.sandbox.advanceClock({ hours: 1 });
			const { executionId } = await bench.sandbox.seedExecution('mpn', reportId, {
				status: 'Completed',
			});
			await nextPoll(bench.sandbox);
			await nextPoll(bench.sandbox);
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
