import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Container } from '@n8n/di';
import type { INode, INodeParameters } from 'n8n-workflow';
import type { WorkflowJson } from '../../sandbox/engine/engine';
import { type Bench, startBench } from './bench';

const load = (name: string) =>
	JSON.parse(
		readFileSync(join(__dirname, '../../examples', `${name}.json`), 'utf8'),
	) as WorkflowJson;

/** The workflow with other options in its Insights nodes, and stand-ins for the nodes that send. */
const adapt = (
	workflow: WorkflowJson,
	options: INodeParameters,
	standIns: string[] = [],
): WorkflowJson => ({
	...workflow,
	nodes: workflow.nodes.map((node): INode => {
		if (standIns.includes(node.type)) {
			return { ...node, type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
		}
		if (!node.type.endsWith('.partnerCenterInsights')) return node;
		const own = node.parameters.options as INodeParameters;
		return { ...node, parameters: { ...node.parameters, options: { ...own, ...options } } };
	}),
});

describe('The examples on the n8n engine', () => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench();
	}, 60_000);
	afterAll(async () => {
		await bench.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset();
		bench.useCredential();
	});

	it('approve-then-resume resumes what was approved and leaves the rest', async () => {
		const run = await bench.engine.run(load('approve-then-resume'));
		expect(run.error).toBeUndefined();
		expect(run.items('Report the new state').map(({ json }) => json.message)).toEqual([
			'"CSP revenue daily" is Active again (it was Paused)',
		]);
		expect(run.items('Leave it paused').length).toBeGreaterThan(0);
		const active = (await bench.sandbox.reports('mpn')).filter(
			({ reportStatus }) => reportStatus === 'Active',
		);
		expect(active.map(({ reportName }) => reportName)).toContain('CSP revenue daily');
		expect(active.map(({ reportName }) => reportName)).not.toContain('Renewals weekly');
	});

	it('nightly-query-to-spreadsheet makes a spreadsheet of the rows', async () => {
		await bench.sandbox.setOptions({ pendingMs: 0, runningMs: 300 });
		const run = await bench.engine.run(
			adapt(load('nightly-query-to-spreadsheet'), { pollSeconds: 1 }),
			{ pinData: { 'Every night at 3': [{ json: {} }] } },
		);
		expect(run.error).toBeUndefined();
		expect(run.items('Run query and get its data').length).toBeGreaterThan(10);
		const [file] = run.items('Put it where you need it');
		expect(file?.binary?.data?.fileName).toMatch(/^revenue-\d{4}-\d{2}-\d{2}\.xlsx$/);
	});

	it('resume-wait-download-email attaches the file of the run that it waited for', async () => {
		const workflow = load('resume-wait-download-email');
		const [paused] = (await bench.sandbox.reports('mpn')).filter(
			({ reportName }) => reportName === 'CSP revenue daily',
		);
		const reportId = paused?.reportId ?? '';
		expect(JSON.stringify(workflow)).toContain(reportId);

		const running = bench.engine.run(
			adapt(workflow, { pollSeconds: 1 }, ['n8n-nodes-base.emailSend']),
		);
		// The report runs once a day: the service's clock is moved past its next run.
		for (let round = 0; round < 50; round++) {
			const [report] = (await bench.sandbox.reports('mpn')).filter(
				(candidate) => candidate.reportId === reportId,
			);
			if (report?.reportStatus === 'Active') break;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		await new Promise((resolve) => setTimeout(resolve, 1_500));
		await bench.sandbox.advanceClock({ hours: 25 });

		const run = await running;
		expect(run.error).toBeUndefined();
		const [mail] = run.items('Send it by e-mail');
		expect(mail?.json).toMatchObject({
			ReportId: reportId,
			ExecutionId: run.items('Wait until report is ready')[0]?.json.ExecutionId as string,
		});
		const { BinaryDataService } = await import('n8n-core');
		const binary = mail?.binary?.data;
		if (!binary) throw new Error('Nothing is attached');
		const text = (await Container.get(BinaryDataService).getAsBuffer(binary)).toString('utf8');
		expect(text.split('\n')[0]).toContain('CustomerName');
	});
});
