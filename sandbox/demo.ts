/**
 * Runs examples/approve-then-resume.json on n8n's own engine against the sandbox service: with the
 * built node, the real credential type and HTTPS. Ends with exit code 0 when the report was resumed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { Engine, type EngineRun, type WorkflowJson } from './engine/engine';
import { sandboxCredential } from './engine/sandboxCredential';
import { startSandbox } from './service/client';

const root = join(__dirname, '..');
const REPORT = 'CSP revenue daily';

const print = (title: string, rows: IDataObject[], columns: string[]) => {
	console.log(`\n${title}`);
	console.table(
		rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]]))),
	);
};

const rowsOf = (run: EngineRun, node: string, output?: number): IDataObject[] =>
	run.items(node, output).map(({ json }) => json);

async function main(): Promise<void> {
	console.log('Starting a local Entra ID and Partner Center Insights over HTTPS ...');
	const sandbox = await startSandbox();
	try {
		const engine = await Engine.startWithBuild(root, join(root, 'sandbox/.state/engine'));
		engine.saveCredential(sandboxCredential(sandbox));
		const workflow = JSON.parse(
			readFileSync(join(root, 'examples/approve-then-resume.json'), 'utf8'),
		) as WorkflowJson;

		console.log(`Running "${workflow.name}" on the n8n engine against ${sandbox.apiUrl} ...`);
		const run = await engine.run(workflow);
		if (run.error) throw run.error;

		const record = ['ReportId', 'ReportName', 'ReportStatus'];
		print(
			'Paused reports (Get many scheduled reports)',
			rowsOf(run, 'Find paused reports'),
			record,
		);
		print('Approval', rowsOf(run, 'Approval decision'), ['ReportName', 'approved']);
		const resumed = rowsOf(run, 'Resume scheduled report');
		print('Items emitted by Resume scheduled report', resumed, [...record, 'RecurrenceInterval']);
		print('Next step', rowsOf(run, 'Report the new state'), ['message']);

		const kept = (await sandbox.reports('mpn')).find(({ reportName }) => reportName === REPORT);
		const tokens = await sandbox.countRequests({ host: 'login', method: 'POST' });
		console.log(
			`\nThe service now keeps "${REPORT}" as ${kept?.reportStatus}. Tokens fetched: ${tokens}.`,
		);
		if (kept?.reportStatus !== 'Active' || resumed.length === 0) {
			throw new Error(`"${REPORT}" was not resumed`);
		}
	} finally {
		await sandbox.stop();
	}
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
