/** Many reports resumed: this package's node and n8n's HTTP Request node, item by item. */
import { setTimeout as sleep } from 'node:timers/promises';

import { itemsOf, runOf } from '../n8n/execution';
import type { WorkflowInput } from '../n8n/rest';
import { settled, watch } from './processUsage';
import { type MeasuredN8n, type Setting, withN8n } from './setting';
import { leastTime, markdownTable, mebibytes, type RateLimit, ratio, seconds } from './table';
import { chain, httpRequest, idItems, insights, manualTrigger, MEASURED } from './workflows';

const LATENCY = 50;
const RATE_LIMIT: RateLimit = { limit: 10, windowMs: 1_000 };

export interface Contender {
	name: string;
	/** How many requests it has under way at once. */
	lanes: number;
	workflow: (ids: string[], n8n: MeasuredN8n) => WorkflowInput;
}

/** This package's node, so many reports at once. */
export const ours = (maxConcurrency: number): Contender => ({
	name: `Partner Center Insights, ${maxConcurrency} at once`,
	lanes: maxConcurrency,
	workflow: (ids, { insightsCredential }) =>
		chain(`resume ${maxConcurrency}`, [
			manualTrigger,
			idItems(ids),
			insights(insightsCredential, {
				resource: 'scheduledReport',
				operation: 'resume',
				reportId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
				options: { maxConcurrency },
			}),
		]),
});

/** @param batch `interval` in ms; without a batch the node sends every item at once */
export const theirs = (
	name: string,
	apiUrl: string,
	lanes: number,
	batch?: { size: number; interval: number },
): Contender => ({
	name: `HTTP Request, ${name}`,
	lanes,
	workflow: (ids, { oAuth2Credential }) =>
		chain(`request ${name}`, [
			manualTrigger,
			idItems(ids),
			httpRequest(
				{
					method: 'PUT',
					url: `=${apiUrl}/insights/v1/mpn/ScheduledReport/resume/{{ $json.id }}`,
					options: batch
						? { batching: { batch: { batchSize: batch.size, batchInterval: batch.interval } } }
						: {},
				},
				oAuth2Credential,
				// So that a refused item does not take the others with it.
				{ onError: 'continueRegularOutput' },
			),
		]),
});

interface Run {
	/** ms that the node took. */
	time: number;
	/** Reports that are still paused, or whose item tells of an error. */
	lost: number;
}

async function run(
	{ sandbox }: Setting,
	n8n: MeasuredN8n,
	contender: Contender,
	count: number,
): Promise<Run> {
	const ids = await sandbox.seedReports('mpn', count);
	const workflowId = await n8n.rest.createWorkflow(contender.workflow(ids, n8n));
	const { data } = await n8n.rest.runWorkflow(workflowId, undefined, 600_000);
	const paused = new Set(
		(await sandbox.reports('mpn'))
			.filter(({ reportStatus }) => reportStatus !== 'Active')
			.map(({ reportId }) => reportId.toLowerCase()),
	);
	const good = itemsOf(data, MEASURED).filter(({ json }) => json.error === undefined).length;
	const done = ids.filter((id) => !paused.has(id.toLowerCase())).length;
	return { time: runOf(data, MEASURED).executionTime, lost: count - Math.min(good, done) };
}

interface Measured {
	contender: Contender;
	best: Run;
	least: number;
}

async function measure(
	setting: Setting,
	n8n: MeasuredN8n,
	contenders: Contender[],
	count: number,
	runs: number,
	rateLimit?: RateLimit,
): Promise<Measured[]> {
	const measured: Measured[] = [];
	for (const contender of contenders) {
		const least = leastTime(count, contender.lanes, LATENCY, rateLimit);
		let best: Run | undefined;
		for (let i = 0; i < runs; i++) {
			await setting.sandbox.setOptions({ latencyMs: LATENCY, rateLimit: rateLimit ?? null });
			// A window of its own, untouched by what ran before.
			if (rateLimit) await sleep(rateLimit.windowMs);
			const one = await run(setting, n8n, contender, count);
			setting.report(
				`  ${contender.name}: ${seconds(one.time)}, ${ratio(one.time, least)}, ${one.lost} lost`,
			);
			// What loses nothing is better than what is fast.
			if (!best || one.lost < best.lost || (one.lost === best.lost && one.time < best.time)) {
				best = one;
			}
		}
		if (best) measured.push({ contender, best, least });
	}
	return measured;
}

function table(measured: Measured[]): string {
	return markdownTable(
		['Node', 'Wall time to the least possible', 'Lost items', 'Wall time'],
		measured.map(({ contender, best, least }) => [
			contender.name,
			ratio(best.time, least),
			String(best.lost),
			seconds(best.time),
		]),
	);
}

/** @returns the section of the report */
export async function resumes(
	setting: Setting,
	{ count, runs }: { count: number; runs: number },
): Promise<string> {
	const { apiUrl } = setting.sandbox;
	const batched = (size: number, interval: number) =>
		theirs(`batches of ${size} every ${interval} ms`, apiUrl, size, { size, interval });
	const atOnce = theirs('all at once', apiUrl, count);
	return await withN8n(setting, async (n8n) => {
		// The first request brings the token; both kinds get theirs before the clock runs.
		for (const contender of [ours(1), atOnce]) await run(setting, n8n, contender, 1);
		setting.report(`${count} resumes at ${LATENCY} ms`);
		const free = await measure(
			setting,
			n8n,
			[ours(4), batched(4, LATENCY), ours(10), batched(10, LATENCY), atOnce],
			count,
			runs,
		);
		setting.report(`${count} resumes at ${LATENCY} ms, ${RATE_LIMIT.limit} requests a second`);
		const limited = await measure(
			setting,
			n8n,
			[
				ours(4),
				batched(4, LATENCY),
				ours(10),
				batched(10, LATENCY),
				ours(20),
				batched(10, 1_000),
				atOnce,
			],
			count,
			Math.min(runs, 2),
			RATE_LIMIT,
		);
		await setting.sandbox.setOptions({ latencyMs: 0, rateLimit: null });
		return `## ${count} reports resumed, ${LATENCY} ms each

The least possible time is that of the requests alone: as many at once as the node is set to, one after
the other. The HTTP Request node does not wait for a batch before it sends the next; its batches are set
so that about as many requests are under way.

${table(free)}

### With a limit of ${RATE_LIMIT.limit} requests a second

Beyond the limit the service answers 429 with \`Retry-After\`. A lost item is a report that was not resumed.

${table(limited)}
`;
	});
}

/**
 * What n8n takes for very many of them, with a service that answers at once.
 *
 * @returns the section of the report
 */
export async function many(setting: Setting, { count }: { count: number }): Promise<string> {
	setting.report(`${count} resumes`);
	await setting.sandbox.setOptions({ latencyMs: 0, rateLimit: null });
	const { apiUrl } = setting.sandbox;
	const lines: string[][] = [];
	for (const contender of [
		ours(10),
		theirs('batches of 10', apiUrl, 10, { size: 10, interval: 1 }),
	]) {
		await withN8n(setting, async (n8n) => {
			await run(setting, n8n, contender, 10);
			await settled(n8n.pid);
			const { result, usage } = await watch(
				n8n.pid,
				async () => await run(setting, n8n, contender, count),
			);
			const [time, growth] = [seconds(result.time), mebibytes(usage.peak - usage.idle)];
			const cpu = `${usage.cpu.toFixed(1)} s`;
			setting.report(`  ${contender.name}: ${time}, ${cpu} CPU, +${growth}, ${result.lost} lost`);
			lines.push([contender.name, String(result.lost), cpu, growth, time]);
		});
	}
	return `## ${count} reports resumed

CPU time and growth of n8n's process for the whole workflow, with a service that answers at once.

${markdownTable(
	['Node', 'Lost items', 'CPU time of n8n', 'Growth of memory', "The node's wall time"],
	lines,
)}
`;
}
