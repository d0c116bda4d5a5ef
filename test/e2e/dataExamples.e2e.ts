import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { INode } from 'n8n-workflow';

import { REFERENCE } from '../../sandbox/n8n/editions';
import { sandboxCredentials, storeCredentials, withCredentials } from '../../sandbox/n8n/examples';
import { itemsOf } from '../../sandbox/n8n/execution';
import { startHost } from '../../sandbox/n8n/host';
import { repositoryFolder } from '../../sandbox/n8n/install';
import type { WorkflowInput } from '../../sandbox/n8n/rest';
import { type Postgres, startPostgres } from '../../sandbox/n8n/services';
import { type Bench, startBench } from './bench';
import { currentRun } from './run';
import { linksOf, type Mailbox, openMailbox } from './standIns/mailbox';
import { emptyUserFolder } from './userFolder';

const run = promisify(execFile);

const REPORT = 'CSP revenue daily';
/** n8n does not take a robot's visit for an answer, and a robot is who does not name a browser. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';

async function example(name: string): Promise<WorkflowInput> {
	const file = join(repositoryFolder, 'examples', `${name}.json`);
	return JSON.parse(await readFile(file, 'utf8')) as WorkflowInput;
}

/** The workflow with some of its nodes changed. */
const changed = (
	workflow: WorkflowInput,
	change: (node: INode) => Partial<INode> | undefined,
): WorkflowInput => ({
	...workflow,
	nodes: workflow.nodes.map((node) => ({ ...node, ...change(node) })),
});

/** The trigger's test run takes the newest run of all reports; the filter behind it wants this one. */
const triggerFor =
	(reportId: string) =>
	({ name, parameters }: INode) =>
		name === 'When a report is ready'
			? { parameters: { ...parameters, reports: 'selected', reportIds: [reportId] } }
			: undefined;

describe('the examples that move data, in n8n', () => {
	let bench: Bench;
	let postgres: Postgres;
	let mailbox: Mailbox;
	let ids: Map<string, string>;

	beforeAll(async () => {
		[bench, postgres, mailbox] = await Promise.all([startBench(), startPostgres(), openMailbox()]);
		ids = await storeCredentials(bench.host.rest, [
			...sandboxCredentials(bench.sandbox),
			mailbox.credential,
			{
				name: 'PostgreSQL',
				type: 'postgres',
				data: {
					...{ host: '127.0.0.1', port: postgres.port, database: 'postgres' },
					...{ user: 'postgres', password: postgres.password },
					...{ ssl: 'disable', sshTunnel: false, maxConnections: 10 },
				},
			},
			{ name: 'MCP clients', type: 'httpBearerAuth', data: { token: 'a token for the test' } },
		]);
	});
	afterAll(async () => {
		await Promise.all([bench.stop(), postgres.stop(), mailbox.stop()]);
	});
	beforeEach(async () => {
		await bench.sandbox.reset();
	});

	const query = async (sql: string): Promise<string> => {
		const connection = ['-h', '127.0.0.1', '-p', String(postgres.port), '-U', 'postgres'];
		const env = { ...process.env, PGPASSWORD: postgres.password };
		const { stdout } = await run('psql', [...connection, '-d', 'postgres', '-Atc', sql], { env });
		return stdout.trim();
	};

	const store = async (workflow: WorkflowInput): Promise<string> =>
		await bench.host.rest.createWorkflow(withCredentials(workflow, ids));

	/** Runs a stored workflow from one of its triggers to its end. */
	const runFrom = async (workflowId: string, trigger: string) => {
		const { rest } = bench.host;
		const execution = await rest.executionEnd(await rest.startWorkflow(workflowId, trigger));
		const { error } = execution.data.resultData;
		expect([execution.status, error?.message, error?.description]).toEqual([
			'success',
			undefined,
			undefined,
		]);
		return execution.data;
	};

	const reportId = async (): Promise<string> =>
		(await bench.sandbox.reports('mpn')).find(({ reportName }) => reportName === REPORT)
			?.reportId ?? '';

	const revenue = (rows: Array<[customer: string, month: string, amount: string]>) => ({
		columns: ['CustomerName', 'CustomerTenantId', 'Product', 'MonthKey', 'BilledRevenueUSD'],
		rows: rows.map(([customer, month, amount]) => [
			customer,
			`tenant of ${customer}`,
			'Azure',
			month,
			amount,
		]),
	});
	const csv = ({ columns, rows }: ReturnType<typeof revenue>) => ({
		text: [columns, ...rows].map((row) => row.join(',')).join('\r\n') + '\r\n',
	});

	it('report-to-postgres adds rows, and brings those up to date whose key is there', async () => {
		const id = await reportId();
		const workflow = await store(changed(await example('report-to-postgres'), triggerFor(id)));
		await runFrom(workflow, "When clicking 'Execute workflow'");
		await bench.sandbox.setReportData(
			id,
			csv(
				revenue([
					['Adatum', '2026-01-01', '10.5'],
					['Litware', '2026-01-01', '20'],
				]),
			),
		);
		await runFrom(workflow, 'When a report is ready');
		await bench.sandbox.setReportData(
			id,
			csv(
				revenue([
					['Adatum', '2026-01-01', '11.25'],
					['Adatum', '2026-02-01', '12'],
				]),
			),
		);
		await runFrom(workflow, 'When a report is ready');
		expect(
			await query(
				'SELECT "CustomerName", "MonthKey", "BilledRevenueUSD", "ReportName" FROM csp_revenue ORDER BY 1, 2',
			),
		).toBe(
			[
				`Adatum|2026-01-01|11.25|${REPORT}`,
				`Adatum|2026-02-01|12|${REPORT}`,
				`Litware|2026-01-01|20|${REPORT}`,
			].join('\n'),
		);
	});

	it("report-to-data-table does the same in n8n's own table", async () => {
		const id = await reportId();
		const workflow = await store(changed(await example('report-to-data-table'), triggerFor(id)));
		await runFrom(workflow, "When clicking 'Execute workflow'");
		for (const amount of ['10.5', '11.25']) {
			await bench.sandbox.setReportData(id, csv(revenue([['Adatum', '2026-01-01', amount]])));
			const data = await runFrom(workflow, 'When a report is ready');
			expect(itemsOf(data, 'Write the rows').map(({ json }) => json)).toEqual([
				expect.objectContaining({
					CustomerName: 'Adatum',
					BilledRevenueUSD: Number(amount),
					ReportName: REPORT,
				}),
			]);
		}
	});

	it('big-report-in-parts writes each row once, also when it is run again', async () => {
		const rows = Array.from({ length: 25_000 }, (_, i): [string, string, string] => [
			`Customer ${i}`,
			'2026-01-01',
			String(i),
		]);
		await bench.sandbox.setReportData(await reportId(), csv(revenue(rows)));
		await query(
			'CREATE TABLE big_report ("CustomerName" text PRIMARY KEY, "CustomerTenantId" text, "Product" text, "MonthKey" text, "BilledRevenueUSD" numeric)',
		);
		const workflow = await store(await example('big-report-in-parts'));
		for (let time = 0; time < 2; time++) {
			const data = await runFrom(workflow, "When clicking 'Execute workflow'");
			expect(itemsOf(data, 'One part after the other').map(({ json }) => json)).toEqual([
				{ Part: 1, FirstRow: 1, Rows: 10_000 },
				{ Part: 2, FirstRow: 10_001, Rows: 10_000 },
				{ Part: 3, FirstRow: 20_001, Rows: 5_000 },
			]);
			expect(
				await query(
					'SELECT count(*), sum("BilledRevenueUSD"), max("CustomerName") FROM big_report',
				),
			).toBe('25000|312487500|Customer 9999');
		}
	});

	it('account-overview mails one table of what the account has', async () => {
		const workflow = await store(
			changed(await example('account-overview'), ({ type }) =>
				type === 'n8n-nodes-base.emailSend'
					? { credentials: { smtp: { id: ids.get('smtp') ?? '', name: 'Mail' } } }
					: type === 'n8n-nodes-base.scheduleTrigger'
						? { type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} }
						: undefined,
			),
		);
		await runFrom(workflow, 'Every Monday at 8');
		const { html } = await mailbox.next();
		const table = (html || '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
		const reports = await bench.sandbox.reports('mpn');
		const count = (status: string) =>
			reports.filter(({ reportStatus }) => reportStatus === status).length;
		expect(table).toContain(
			`Active reports ${count('Active')} of 50 Reports: Active ${count('Active')} ` +
				`Reports: Inactive ${count('Inactive')} Reports: Paused ${count('Paused')}`,
		);
		expect(table).toMatch(/Datasets \d+ Queries of your own \d+ of 100/);
	});

	it('mcp-server lets a client list reports, and resume one after a person has agreed', async () => {
		const { rest, url } = bench.host;
		const workflow = await store(
			changed(await example('mcp-server'), (node) =>
				node.type === 'n8n-nodes-base.microsoftTeams'
					? {
							type: 'n8n-nodes-base.emailSend',
							typeVersion: 2.1,
							parameters: {
								operation: 'sendAndWait',
								...{ fromEmail: 'n8n@example.com', toEmail: 'finance@example.com' },
								...{ subject: 'Review', message: node.parameters.message },
								approvalOptions: { values: { approvalType: 'double' } },
								options: {},
							},
							credentials: { smtp: { id: ids.get('smtp') ?? '', name: 'Mail' } },
						}
					: undefined,
			),
		);
		await rest.activate(workflow);
		const load = createRequire(join(REFERENCE.folder, 'package.json'));
		const { Client } = load('@modelcontextprotocol/sdk/client/index.js') as {
			Client: new (about: object) => McpClient;
		};
		const { StreamableHTTPClientTransport } = load(
			'@modelcontextprotocol/sdk/client/streamableHttp.js',
		) as { StreamableHTTPClientTransport: new (url: URL, options: object) => object };
		const client = new Client({ name: 'test', version: '1.0.0' });
		try {
			await client.connect(
				new StreamableHTTPClientTransport(new URL('/mcp/partner-center-reports', url), {
					requestInit: { headers: { authorization: 'Bearer a token for the test' } },
				}),
			);
			const { tools } = await client.listTools();
			expect(tools.map(({ name }) => name).sort()).toEqual([
				'Ask_to_resume_a_report',
				'List_reports',
			]);
			const listed = await client.callTool({ name: 'List_reports', arguments: {} });
			expect(JSON.stringify(listed.content)).toContain(REPORT);
			const asked = await client.callTool({
				name: 'Ask_to_resume_a_report',
				arguments: { reportName: REPORT, reason: 'the quarter ends' },
			});
			expect(JSON.stringify(asked.content)).toMatch(/A person was asked/);
		} finally {
			await client.close();
		}
		const mail = await mailbox.next();
		expect(mail.text).toContain('the quarter ends');
		expect(await bench.sandbox.countRequests({ method: 'PUT' })).toBe(0);
		await rest.waitingExecution(workflow);
		const link = linksOf(mail).get('Approve') ?? '';
		expect((await fetch(link, { headers: { 'user-agent': BROWSER } })).status).toBe(200);
		const isActive = async () =>
			(await bench.sandbox.reports('mpn')).some(
				({ reportName, reportStatus }) => reportName === REPORT && reportStatus === 'Active',
			);
		for (let look = 0; look < 50 && !(await isActive()); look++) await sleep(200);
		expect(await isActive()).toBe(true);
		await rest.deactivate(workflow);
	});

	it('query-that-survives-a-restart gets its file, and leaves nothing, with n8n ended in between', async () => {
		const { packed } = currentRun();
		const options = { userFolder: await emptyUserFolder('restart'), packed };
		let host: Awaited<ReturnType<typeof startHost>> = await startHost(options);
		try {
			const credentials = sandboxCredentials(bench.sandbox);
			const ownIds = await storeCredentials(host.rest, credentials);
			// n8n stores a wait of more than 65 s.
			const workflow = withCredentials(
				changed(await example('query-that-survives-a-restart'), ({ type, parameters }) =>
					type === 'n8n-nodes-base.wait'
						? { parameters: { ...parameters, amount: 68, unit: 'seconds' } }
						: undefined,
				),
				ownIds,
			);
			const workflowId = await host.rest.createWorkflow(workflow);
			await host.rest.startWorkflow(workflowId);
			const id = await host.rest.waitingExecution(workflowId);
			expect(await bench.sandbox.queries('mpn')).toContainEqual(
				expect.objectContaining({ name: expect.stringMatching(/^Revenue of /) }),
			);
			await host.stop();
			await bench.sandbox.advanceClock({ hours: 1 });
			host = await startHost(options);

			const { status, data } = await host.rest.executionEnd(id, 150_000);
			expect(status).toBe('success');
			const [file] = itemsOf(data, 'The file');
			expect(file?.json).toMatchObject({ ExecutionStatus: 'Completed' });
			expect(file?.binary?.data?.fileExtension).toBe('csv');
			expect(
				(await bench.sandbox.queries('mpn')).filter(({ name }) => /^Revenue of /.test(name)),
			).toEqual([]);
			expect(
				(await bench.sandbox.reports('mpn')).filter(({ reportName }) =>
					/^revenue-/.test(reportName),
				),
			).toEqual([]);
		} finally {
			await host.stop();
		}
	}, 300_000);
});

/** What is used of the client of the Model Context Protocol's SDK, which comes with n8n. */
interface McpClient {
	connect: (transport: object) => Promise<void>;
	listTools: () => Promise<{ tools: Array<{ name: string }> }>;
	callTool: (call: { name: string; arguments: object }) => Promise<{ content: unknown }>;
	close: () => Promise<void>;
}
