/** A large report as items: this package's node, and n8n's HTTP Request + Extract from File. */
import { randomUUID } from 'node:crypto';
import { get } from 'node:http';

import type { WorkflowInput } from '../n8n/rest';
import { settled, type Usage, watch } from './processUsage';
import { type PreparedReport, reportWithFile } from './reports';
import { type MeasuredN8n, type Setting, withN8n } from './setting';
import { markdownTable, mebibytes, ratio, seconds } from './table';
import { chain, extractCsv, httpRequest, insights, lastItem, webhook } from './workflows';

/** Of n8n's process, MiB: enough for a million rows either way. */
const HEAP_LIMIT = 8192;
const WARM_UP_ROWS = 1_000;
const LIMIT = 900_000;

/** Those of a detailed report; `RowNumber` counts. */
export const COLUMNS = [
	'RowNumber',
	'CustomerName',
	'CustomerTenantId',
	'CustomerMarket',
	'CustomerSegment',
	'CustomerCity',
	'ProductName',
	'ProductId',
	'SKU',
	'SubscriptionId',
	'SubscriptionStatus',
	'OfferName',
	'ResellerName',
	'PartnerLocation',
	'MPNId',
	'Month',
	'Date',
	'InvoiceNumber',
	'Currency',
	'Quantity',
	'UnitPrice',
	'BilledRevenueUSD',
	'BilledRevenue',
	'EffectiveUnitPrice',
	'Discount',
	'TaxAmount',
	'Term',
	'BillingCycle',
];

interface Contender {
	name: string;
	workflow: (report: PreparedReport, n8n: MeasuredN8n, path: string) => WorkflowInput;
}

/** Nothing of the execution is kept: what n8n's database takes for it is not what is measured. */
const SETTINGS = {
	saveDataSuccessExecution: 'none',
	saveDataErrorExecution: 'none',
	saveExecutionProgress: false,
	saveManualExecutions: false,
} as const;

const ours: Contender = {
	name: 'Partner Center Insights',
	workflow: ({ reportId }, { insightsCredential }, path) =>
		chain(
			'rows',
			[
				webhook(path),
				insights(insightsCredential, {
					resource: 'reportExecution',
					operation: 'download',
					reportId: { __rl: true, mode: 'id', value: reportId },
					output: 'rows',
				}),
				lastItem,
			],
			SETTINGS,
		),
};

const theirs: Contender = {
	name: 'HTTP Request + Extract from File',
	workflow: ({ link }, _n8n, path) =>
		chain(
			'extract',
			[
				webhook(path),
				httpRequest({
					url: link,
					options: {
						response: { response: { responseFormat: 'file', outputPropertyName: 'data' } },
					},
				}),
				extractCsv,
				lastItem,
			],
			SETTINGS,
		),
};

type Row = Record<string, string>;

/** By a request without any time limit: the answer comes when the workflow has ended. */
async function call(url: string): Promise<Row> {
	return await new Promise((resolve, reject) => {
		const request = get(url, { agent: false, timeout: LIMIT }, (response) => {
			let text = '';
			response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
			response.on('error', reject);
			response.on('end', () => {
				if (response.statusCode === 200) resolve(JSON.parse(text) as Row);
				else reject(new Error(`n8n answered ${response.statusCode}: ${text.slice(0, 200)}`));
			});
		});
		request.on('error', reject);
		request.on('timeout', () => request.destroy(new Error('n8n did not answer in time')));
	});
}

/** The last line of a report's file, none of whose values is quoted. */
async function lastLineOf({ link }: PreparedReport): Promise<string> {
	const { body } = await fetch(link);
	if (body === null) throw new Error('The file has no content.');
	const decoder = new TextDecoder();
	let end = '';
	for await (const chunk of body) {
		end = (end + decoder.decode(chunk as Uint8Array, { stream: true })).slice(-4_000);
	}
	return end.trimEnd().split('\r\n').at(-1) ?? '';
}

interface Run {
	/** ms, undefined when n8n did not get through */
	time: number | undefined;
	usage: Usage;
	failure?: string;
}

async function run(
	setting: Setting,
	contender: Contender,
	report: PreparedReport,
	warmUp: PreparedReport,
	lastLine: string,
): Promise<Run> {
	const publish = async (n8n: MeasuredN8n, of: PreparedReport) => {
		const path = randomUUID();
		await n8n.rest.activate(await n8n.rest.createWorkflow(contender.workflow(of, n8n, path)));
		return `${n8n.url}/webhook/${path}`;
	};
	return await withN8n(
		setting,
		async (n8n) => {
			await call(await publish(n8n, warmUp));
			const url = await publish(n8n, report);
			await settled(n8n.pid);
			const { result, usage } = await watch(n8n.pid, async () => {
				const start = performance.now();
				return await call(url).then(
					(row) => ({ row, time: performance.now() - start }),
					(error: unknown) => ({ failure: String(error) }),
				);
			});
			if ('failure' in result) return { time: undefined, usage, failure: result.failure };
			const { row, time } = result;
			if (Object.values(row).join(',') === lastLine) return { time, usage };
			return { time: undefined, usage, failure: `Its last row is ${JSON.stringify(row)}.` };
		},
		{ NODE_OPTIONS: `--max-old-space-size=${HEAP_LIMIT}` },
	);
}

/** @returns the section of the report */
export async function rows(
	setting: Setting,
	{ count: most, runs }: { count: number; runs: number },
): Promise<string> {
	const columns = COLUMNS;
	const warmUp = await reportWithFile(setting, { rows: WARM_UP_ROWS, columns });
	const lines: string[][] = [];
	// Where the peer does not get through, both are measured with half as many, and so on.
	for (
		let size = most, through = false;
		!through && size >= WARM_UP_ROWS;
		size = Math.floor(size / 2)
	) {
		setting.report(`${size} rows × ${columns.length} columns to items`);
		const report = await reportWithFile(setting, { rows: size, columns });
		const lastLine = await lastLineOf(report);
		const best = new Map<Contender, Run>();
		for (let i = 0; i < runs; i++) {
			for (const contender of [ours, theirs]) {
				const one = await run(setting, contender, report, warmUp, lastLine);
				setting.report(
					`  ${contender.name}: ${one.time === undefined ? one.failure : seconds(one.time)}, ` +
						`${one.usage.cpu.toFixed(1)} s CPU, +${mebibytes(one.usage.peak - one.usage.idle)}`,
				);
				const known = best.get(contender);
				if (!known || (one.time ?? Infinity) < (known.time ?? Infinity)) best.set(contender, one);
			}
		}
		const peer = best.get(theirs);
		through = peer?.time !== undefined;
		for (const [{ name }, { time, usage, failure }] of best) {
			const growth = usage.peak - usage.idle;
			lines.push([
				name,
				String(size),
				time === undefined
					? `fails: ${failure}`
					: peer?.time === undefined
						? ''
						: ratio(time, peer.time),
				peer === undefined ? '' : ratio(growth, peer.usage.peak - peer.usage.idle),
				peer === undefined ? '' : ratio(usage.cpu, peer.usage.cpu),
				time === undefined ? '' : seconds(time),
				mebibytes(growth),
			]);
		}
	}
	return `## ${most} rows × ${columns.length} columns to items

The time is that of the whole workflow, which ends with the last of the items. n8n's heap may take ${HEAP_LIMIT} MiB.
Memory is the growth of n8n's process over its idle state.

${markdownTable(
	[
		'Node',
		'Rows',
		'Wall time to HTTP Request',
		'Memory to HTTP Request',
		'CPU time to HTTP Request',
		'Wall time',
		'Growth of memory',
	],
	lines,
)}
`;
}
