import { itemsOf, runOf } from '../../sandbox/n8n/execution';
import { startBench, type Bench } from './bench';
import { chain, insights, items } from './workflows';

const REPORTS = 200;
/** How long the service takes over a request, in ms. */
const LATENCY = 50;
/** How much longer than the service alone the node may take. */
const MOST = 1.3;
/** The machine may be busy with other things: the best of so many runs counts. */
const RUNS = 4;

describe('the time that 200 resumes take in n8n', () => {
	let bench: Bench;
	let credentialId: string;

	beforeAll(async () => {
		bench = await startBench();
		credentialId = await bench.credential();
	});
	afterAll(async () => {
		await bench.stop();
	});

	it.each([4, 10])('is hardly more than the service takes, %d at once', async (maxConcurrency) => {
		const ids = await bench.sandbox.seedReports('mpn', REPORTS);
		await bench.sandbox.setOptions({ latencyMs: LATENCY });
		const workflowId = await bench.host.rest.createWorkflow(
			chain(
				`Timing ${maxConcurrency}`,
				items(ids.map((id) => ({ id }))),
				insights('resume', credentialId, { options: { maxConcurrency } }),
			),
		);
		const least = (REPORTS / maxConcurrency) * LATENCY;
		const ratios: number[] = [];
		while (ratios.length < RUNS && !ratios.some((ratio) => ratio <= MOST)) {
			const { data, status } = await bench.host.rest.runWorkflow(workflowId);
			expect(status).toBe('success');
			expect(itemsOf(data, 'Insights')).toHaveLength(REPORTS);
			const { executionTime } = runOf(data, 'Insights');
			ratios.push(executionTime / least);
			process.stderr.write(
				`${REPORTS} resumes, ${maxConcurrency} at once, ${LATENCY} ms each: ${executionTime} ms, ` +
					`${(executionTime / least).toFixed(3)} times the least possible\n`,
			);
		}
		expect(Math.min(...ratios)).toBeLessThanOrEqual(MOST);
	});
});
