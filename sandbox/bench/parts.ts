/** A report of millions of rows into PostgreSQL: by the example "a big report in parts", and by n8n's nodes. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { exampleWorkflows, withCredentials } from '../n8n/examples';
import type { WorkflowInput } from '../n8n/rest';
import { type Postgres, startPostgres } from '../n8n/services';
import { settled, watch } from './processUsage';
import { type PreparedReport, reportWithFile } from './reports';
import { COLUMNS } from './rows';
import { type MeasuredN8n, runToEnd, type Setting, withN8n } from './setting';
import { markdownTable, mebibytes, seconds } from './table';
import { chain, extractCsv, httpRequest, manualTrigger } from './workflows';

const EXAMPLE = 'A big report in parts';
const TABLE = 'big_report';
const WRITE = 'Write the rows';
/** ms */
const LIMIT = 6 * 3_600_000;
/** Of n8n's heap, MiB: that of a small server. Where there is more, V8 leaves garbage for longer. */
const HEAP_LIMIT = 512;

interface Contender {
	name: string;
	workflow: (
		report: PreparedReport,
		n8n: MeasuredN8n,
		postgresId: string,
	) => Promise<WorkflowInput>;
}

async function example(): Promise<WorkflowInput> {
	const found = (await exampleWorkflows()).find(({ name }) => name === EXAMPLE);
	if (found === undefined) throw new Error(`There is no example "${EXAMPLE}".`);
	return found;
}

const contenders: Contender[] = [
	{
		name: 'Partner Center Insights, as the example has it',
		workflow: async ({ reportId }, { insightsCredential }, postgresId) => {
			const ids = new Map([
				['partnerCenterInsightsApi', insightsCredential],
				['postgres', postgresId],
			]);
			const workflow = withCredentials(await example(), ids);
			const nodes = workflow.nodes.map((node) =>
				node.name === 'Download in parts'
					? {
							...node,
							parameters: {
								...node.parameters,
								reportId: { __rl: true, mode: 'id', value: reportId },
							},
						}
					: node,
			);
			return { ...workflow, nodes };
		},
	},
	{
		name: 'HTTP Request + Extract from File',
		workflow: async ({ link }, _n8n, postgresId) => {
			const write = (await example()).nodes.find(({ name }) => name === WRITE);
			if (write === undefined) throw new Error(`The example has no node "${WRITE}".`);
			return chain('extract and write', [
				manualTrigger,
				httpRequest({
					url: link,
					options: {
						response: { response: { responseFormat: 'file', outputPropertyName: 'data' } },
					},
				}),
				extractCsv,
				{ ...write, credentials: { postgres: { id: postgresId, name: 'PostgreSQL' } } },
			]);
		},
	},
];

const credential = ({ port, password }: Postgres) => ({
	name: 'PostgreSQL',
	type: 'postgres',
	data: {
		...{ host: '127.0.0.1', port, database: 'postgres', user: 'postgres', password },
		...{ ssl: 'disable', sshTunnel: false, maxConnections: 10 },
	},
});

/** @returns the section of the report */
export async function parts(setting: Setting, { count }: { count: number }): Promise<string> {
	setting.report(`${count} rows × ${COLUMNS.length} columns to PostgreSQL`);
	const postgres = await startPostgres();
	const query = async (sql: string): Promise<string> => {
		const server = ['-h', '127.0.0.1', '-p', String(postgres.port), '-U', 'postgres'];
		const env = { ...process.env, PGPASSWORD: postgres.password };
		const { stdout } = await promisify(execFile)('psql', [...server, '-Atc', sql], { env });
		return stdout.trim();
	};
	const emptyTable = async () => {
		const columns = COLUMNS.map((name) =>
			name === 'RowNumber' ? '"RowNumber" bigint PRIMARY KEY' : `"${name}" text`,
		);
		await query(`DROP TABLE IF EXISTS ${TABLE}; CREATE TABLE ${TABLE} (${columns.join(', ')})`);
	};
	const fileOf = async (rows: number) =>
		// Rows that repeat could not tell whether each of them is there.
		await reportWithFile(setting, { rows, columns: COLUMNS, compression: 'stream' });
	const lines: string[][] = [];
	try {
		const warmUp = await fileOf(1_000);
		const report = await fileOf(count);
		for (const contender of contenders) {
			lines.push(
				await withN8n(
					setting,
					async (n8n) => {
						const { rest, pid } = n8n;
						const postgresId = await rest.createCredential(credential(postgres));
						const prepare = async (of: PreparedReport) =>
							await rest.createWorkflow(await contender.workflow(of, n8n, postgresId));
						await emptyTable();
						const warm = await rest.runWorkflow(await prepare(warmUp));
						if (warm.status !== 'success') {
							throw new Error(warm.data.resultData.error?.message ?? warm.status);
						}
						await emptyTable();
						const id = await prepare(report);
						await settled(pid);
						const began = performance.now();
						const { result, usage } = await watch(pid, async () => await runToEnd(n8n, id, LIMIT));
						const time = performance.now() - began;
						const error =
							typeof result === 'string' ? result : result.data.resultData.error?.message;
						const there = await query(
							`SELECT count(*) || ' rows, numbers ' || coalesce(min("RowNumber"), 0) || ' to ' || coalesce(max("RowNumber"), 0) FROM ${TABLE}`,
						);
						const growth = mebibytes(usage.peak - usage.idle);
						const end = error === undefined ? 'success' : `fails: ${error.slice(0, 200)}`;
						setting.report(`  ${contender.name}: ${end}, ${there}, +${growth}, ${seconds(time)}`);
						return [contender.name, end, there, growth, seconds(time)];
					},
					{ NODE_OPTIONS: `--max-old-space-size=${HEAP_LIMIT}` },
				).catch((error: unknown) => [contender.name, `fails: ${String(error)}`, '', '', '']),
			);
		}
	} finally {
		await postgres.stop();
	}
	return `## ${count} rows × ${COLUMNS.length} columns to PostgreSQL

By the example [a big report in parts](../examples/big-report-in-parts.json), and by HTTP Request, Extract from
File and the same PostgreSQL node in one workflow. Memory is the most that n8n's process grew over its idle
state. n8n's heap may take ${HEAP_LIMIT} MiB, as on a small server: with more, it grows to what V8 finds
convenient, which is a matter of garbage and not of the report's size.

${markdownTable(['Way', 'Its end', 'In the table', 'Growth of memory', 'Wall time'], lines)}
`;
}
