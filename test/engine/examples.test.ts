import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Container } from '@n8n/di';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import type { EngineRun, WorkflowJson } from '../../sandbox/engine/engine';
import { type Bench, jsonOf, reportByExpression, benchForEach } from './bench';
import { pass } from './time/turnedClock';

const load = (name: string) =>
	JSON.parse(
		readFileSync(join(__dirname, '../../examples', `${name}.json`), 'utf8'),
	) as WorkflowJson;

/** A node that puts out these fields, in the place of one that talks to a person or to another service. */
const standIn = (
	node: INode,
	fields: Array<[name: string, type: 'string' | 'boolean', value: unknown]>,
): INode => ({
	...node,
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	parameters: {
		assignments: {
			assignments: fields.map(([name, type, value]) => ({ id: name, name, type, value })),
		},
		options: {},
	} as INodeParameters,
});

interface Adaptation {
	/** Other options for the Insights nodes. */
	options?: INodeParameters;
	/** What the person answers who is asked by message or by form: true, false or an expression. */
	approved?: boolean | string;
}

/** A form begins the approval as an execution of its own: what comes before that is not run here. */
const isOfTheApproval = ({ type }: INode): boolean =>
	!['n8n-nodes-base.formTrigger', 'n8n-nodes-base.executeWorkflow'].includes(type);

/** The workflow with local stand-ins for the nodes that send messages or wait for a person. */
const adapt = (
	workflow: WorkflowJson,
	{ options = {}, approved = false }: Adaptation = {},
): WorkflowJson => ({
	...workflow,
	nodes: workflow.nodes.filter(isOfTheApproval).map((node): INode => {
		const { operation, message } = node.parameters;
		switch (node.type) {
			case 'n8n-nodes-base.emailSend':
				return { ...node, type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
			case 'n8n-nodes-base.microsoftTeams':
				return operation === 'sendAndWait'
					? standIn(node, [
							['message', 'string', message],
							['data.approved', 'boolean', approved],
						])
					: standIn(node, [['message', 'string', message]]);
			case 'n8n-nodes-base.executeWorkflowTrigger':
				return { ...node, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} };
			case 'n8n-nodes-base.wait':
				return standIn(node, [['Decision', 'string', approved === true ? 'Approve' : 'Decline']]);
			case 'n8n-nodes-partner-center-insights.partnerCenterInsights': {
				const own = node.parameters.options as INodeParameters;
				return { ...node, parameters: { ...node.parameters, options: { ...own, ...options } } };
			}
			default:
				return node;
		}
	}),
});

describe('The examples on the n8n engine', () => {
	let bench: Bench;

	benchForEach((started) => (bench = started));

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
			adapt(load('nightly-query-to-spreadsheet'), { options: { pollSeconds: 1 } }),
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
		const running = bench.engine.run(adapt(workflow, { options: { pollSeconds: 1 } }));
		// The report runs once a day: the service's clock is moved past its next run.
		for (let round = 0; round < 50; round++) {
			const [report] = (await bench.sandbox.reports('mpn')).filter(
				(candidate) => candidate.reportId === reportId,
			);
			if (report?.reportStatus === 'Active') break;
			await pass(100);
		}
		await pass(1_500);
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

	const statusOf = async (reportName: string) =>
		(await bench.sandbox.reports('mpn')).find((report) => report.reportName === reportName)
			?.reportStatus;
	const messages = (run: EngineRun, node: string) =>
		run.items(node).map(({ json }) => json.message);

	it.each([true, false])('send-and-wait-then-resume follows the answer %s', async (approved) => {
		const run = await bench.engine.run(adapt(load('send-and-wait-then-resume'), { approved }));
		expect(run.error).toBeUndefined();
		expect(messages(run, 'Ask for approval')).toEqual([
			'The report <b>CSP revenue daily</b> is Paused. Resume it?',
		]);
		expect(messages(run, 'Tell the new state')).toEqual(
			approved ? ['<b>CSP revenue daily</b> is Active now.'] : [],
		);
		expect(run.items('Leave it paused')).toHaveLength(approved ? 0 : 1);
		expect(await statusOf('CSP revenue daily')).toBe(approved ? 'Active' : 'Paused');
	});

	it.each([true, false])('form-then-resume follows the answer %s', async (approved) => {
		const run = await bench.engine.run(adapt(load('form-then-resume'), { approved }), {
			pinData: {
				'When a report is asked for': [
					{ json: { 'Report name': 'Renewals weekly', Reason: 'The quarter ends' } },
				],
			},
		});
		expect(run.error).toBeUndefined();
		const [link] = messages(run, 'Send the link to the approver');
		expect(link).toMatch(/^<b>Renewals weekly<\/b> is Paused\..*The quarter ends<br><a href="http/);
		expect(messages(run, 'Tell the new state')).toEqual(
			approved ? ['<b>Renewals weekly</b> is Active now.'] : [],
		);
		expect(await statusOf('Renewals weekly')).toBe(approved ? 'Active' : 'Paused');
	});

	it('form-then-resume takes no report for another one whose name begins alike', async () => {
		const run = await bench.engine.run(adapt(load('form-then-resume'), { approved: true }), {
			pinData: {
				'When a report is asked for': [{ json: { 'Report name': 'Renewals', Reason: 'None' } }],
			},
		});
		expect(run.error?.message).toContain('no report is called "Renewals"');
		expect(await statusOf('Renewals weekly')).toBe('Paused');
	});

	it('nightly-health-check asks about each report and resumes those that were approved', async () => {
		const run = await bench.engine.run(
			adapt(load('nightly-health-check'), {
				approved: "={{ !$json.ReportName.includes('Renewals') }}",
			}),
			{ pinData: { 'Every day at 7': [{ json: {} }] } },
		);
		expect(run.error).toBeUndefined();
		const [result] = messages(run, 'Tell the result');
		expect(String(result).split('<br>')).toEqual([
			'CSP revenue daily: Paused → Active',
			expect.stringMatching(/^Customers and tenants monthly: Inactive → .*cannot be resumed$/),
			'Renewals weekly: Paused → Paused',
			'Teams apps daily: Paused → Active',
		]);
		expect(await statusOf('CSP revenue daily')).toBe('Active');
		expect(await statusOf('Renewals weekly')).toBe('Paused');
	});

	it('report-ready-to-notify tells the rows that stand out', async () => {
		const [report] = (await bench.sandbox.reports('mpn')).filter(
			({ reportName }) => reportName === 'CSP revenue daily',
		);
		const latest = await bench.run([{ id: report?.reportId ?? '' }], {
			resource: 'reportExecution',
			operation: 'getLatest',
			reportId: reportByExpression,
		});
		const workflow = load('report-ready-to-notify');
		const run = await bench.engine.run(adapt(workflow), {
			pinData: {
				'When a report is ready': [
					...jsonOf(latest).map((json) => ({ json: { ...json, ReportName: 'CSP revenue daily' } })),
					{ json: { ReportName: 'Another report' } },
				],
			},
		});
		expect(run.error).toBeUndefined();
		const rows = run.items('Rows that stand out').map(({ json }) => json);
		expect(rows.length).toBeGreaterThan(0);
		expect(run.items('Download report file').length).toBeGreaterThan(rows.length);
		const [message] = messages(run, 'Tell it');
		expect(message).toContain(
			`<b>CSP revenue daily</b>: ${rows.length} rows of 5,000 USD or more.<br>`,
		);
		expect(String(message).split('<br>')[1]).toMatch(/^.+: \d+/);

		// A test run of the trigger as it is.
		const sample = await bench.engine.run(adapt(workflow));
		expect(sample.error).toBeUndefined();
		expect(sample.items('When a report is ready')).toHaveLength(1);
	});

	it('agent-with-human-review has tools that work, and a review before the one that changes', async () => {
		const { nodes, connections } = load('agent-with-human-review');
		const targets = (name: string) =>
			Object.values(connections[name] ?? {})
				.flat(2)
				.map((connection) => connection?.node);
		expect(targets('Resume a report')).toEqual(['Ask a person first']);
		expect(targets('Ask a person first')).toEqual(['AI Agent']);
		expect(targets('List reports')).toEqual(['AI Agent']);

		// The engine has no agent: the tools run as the node that they are, and the test is the model.
		const useTool = async (name: string, input: IDataObject) => {
			const tool = nodes.find((node) => node.name === name);
			const parameters = JSON.parse(
				JSON.stringify(tool?.parameters).replace(/\$fromAI\('(\w+)'[^)]*\)/g, '$json.$1'),
			) as INodeParameters;
			expect(tool?.type).toBe('n8n-nodes-partner-center-insights.partnerCenterInsightsTool');
			return jsonOf(await bench.run([input], parameters));
		};
		const reports = await useTool('List reports', {});
		const paused = reports.find(({ ReportName: name }) => name === 'CSP revenue daily');
		expect(paused).toMatchObject({ ReportStatus: 'Paused' });
		const [resumed] = await useTool('Resume a report', { reportId: paused?.ReportId });
		expect(resumed).toMatchObject({ ReportName: 'CSP revenue daily', ReportStatus: 'Active' });
	});
});
