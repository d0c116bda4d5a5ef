import { itemsOf } from '../../sandbox/n8n/execution';
import { startBench, type Bench } from './bench';
import { chain, insights, items } from './workflows';

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

describe('every resource in n8n', () => {
	let bench: Bench;
	let credentialId: string;

	beforeAll(async () => {
		bench = await startBench();
		credentialId = await bench.credential();
	});
	afterAll(async () => {
		await bench.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset();
		await bench.sandbox.setOptions({ pendingMs: 0, runningMs: 300 });
	});

	/** What the node puts out for one item. */
	async function run(operation: string, parameters: Parameters<typeof insights>[2]) {
		const name = `${String(parameters?.resource)} ${operation}`;
		const workflowId = await bench.host.rest.createWorkflow(
			chain(name, items([{}]), insights(operation, credentialId, parameters)),
		);
		const { data, status } = await bench.host.rest.runWorkflow(workflowId);
		expect(status).toBe('success');
		return itemsOf(data, 'Insights');
	}

	it.each(['mpn', 'cmp'] as const)('datasets and queries are listed in %s', async (program) => {
		const list = { program, returnAll: true };
		const datasets = await run('getAll', { ...list, resource: 'dataset' });
		expect(datasets.map(({ json }) => json.DatasetName)).toContain(
			program === 'mpn' ? 'AzureUsage' : 'ISVOrder',
		);
		const queries = await run('getAll', { ...list, resource: 'reportQuery' });
		expect(new Set(queries.map(({ json }) => json.Type))).toEqual(
			new Set(['system', 'userDefined']),
		);
	});

	it('a report is created, read and deleted', async () => {
		const [created] = await run('create', {
			reportName: 'End to end',
			queryId: byId('d1a4d75e-5ca8-4847-845f-ee0a9be6f07b'),
			recurrenceInterval: 24,
		});
		const reportId = byId(String(created?.json.ReportId));
		const [read] = await run('get', { reportId });
		expect(read?.json).toEqual(created?.json);
		const [deleted] = await run('delete', { reportId });
		expect(deleted?.json).toMatchObject({ ReportName: 'End to end', deleted: true });
	});

	it('a report file is put into the binary store, and its rows into items', async () => {
		const { reportId } = await bench.sandbox.seedReport('mpn', { reportName: 'Files' });
		await bench.sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
		await bench.sandbox.setReportData(reportId, { rows: 25 });
		const download = { resource: 'reportExecution', reportId: byId(reportId) };

		const [file] = await run('download', { ...download, output: 'file' });
		expect(file?.binary?.data).toMatchObject({ mimeType: 'text/csv', fileExtension: 'csv' });
		expect(file?.binary?.data?.id).toMatch(/^filesystem/);
		expect(await run('download', { ...download, output: 'rows' })).toHaveLength(25);
	});

	it('a query is run for its rows, and nothing stays behind', async () => {
		const rows = await run('run', {
			resource: 'reportData',
			query: 'SELECT CustomerName, ACR_USD FROM AzureUsage TIMESPAN LAST_MONTH',
			options: { pollSeconds: 1 },
		});
		expect(Object.keys(rows[0]?.json ?? {})).toEqual(['CustomerName', 'ACR_USD']);
		const left = [
			...(await bench.sandbox.reports('mpn')).map(({ reportName }) => reportName),
			...(await bench.sandbox.queries('mpn')).map(({ name }) => name),
		];
		expect(left.filter((name) => /^n8n.run/.test(name))).toEqual([]);
	});
});
