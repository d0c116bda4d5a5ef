import {
	exampleWorkflows,
	sandboxCredentials,
	storeCredentials,
	storeWorkflows,
} from '../../sandbox/n8n/examples';
import { itemsOf } from '../../sandbox/n8n/execution';
import type { WorkflowInput } from '../../sandbox/n8n/rest';
import { startBench, type Bench } from './bench';

describe('the example workflows in n8n', () => {
	let bench: Bench;
	let examples: WorkflowInput[];
	let ids: string[];

	beforeAll(async () => {
		bench = await startBench();
		examples = await exampleWorkflows();
		const credentialIds = await storeCredentials(
			bench.host.rest,
			sandboxCredentials(bench.sandbox),
		);
		ids = await storeWorkflows(bench.host.rest, examples, credentialIds);
	});
	afterAll(async () => {
		await bench.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset();
	});

	const idOf = (name: RegExp) =>
		ids[examples.findIndex((example) => name.test(example.name))] ?? '';

	it('uses only node types that n8n has', async () => {
		const known = new Set((await bench.host.rest.nodeTypes()).map(({ name }) => name));
		const used = examples.flatMap(({ nodes }) => nodes.map(({ type }) => type));
		expect(used.filter((type) => !known.has(type))).toEqual([]);
	});

	it('resumes the approved report, and no other', async () => {
		const { data, status } = await bench.host.rest.runWorkflow(idOf(/^Approve, then resume/));
		expect(status).toBe('success');
		const approved = itemsOf(data, 'Approved?', 0).map(({ json }) => json.ReportName);
		const refused = itemsOf(data, 'Approved?', 1).map(({ json }) => json.ReportName);
		expect(approved).toEqual(['CSP revenue daily']);
		expect(refused.length).toBeGreaterThan(0);
		expect(itemsOf(data, 'Report the new state').map(({ json }) => json.message)).toEqual([
			'"CSP revenue daily" is Active again (it was Paused)',
		]);
		const states = (await bench.sandbox.reports('mpn')).filter(({ reportName }) =>
			[...approved, ...refused].includes(reportName),
		);
		for (const { reportName, reportStatus } of states) {
			expect([reportName, reportStatus]).toEqual([
				reportName,
				approved.includes(reportName) ? 'Active' : 'Paused',
			]);
		}
		expect(await bench.sandbox.countRequests({ method: 'PUT' })).toBe(1);
	});
});
