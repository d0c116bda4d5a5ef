/** A large report file into n8n's store: this package's node, n8n's HTTP Request node, and curl. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INodeExecutionData } from 'n8n-workflow';

import { itemsOf } from '../n8n/execution';
import { nodeForN8n } from '../n8n/install';
import type { WorkflowInput } from '../n8n/rest';
import { settled, type Usage, watch } from './processUsage';
import { type PreparedReport, reportWithFile } from './reports';
import { type MeasuredN8n, type Setting, withN8n } from './setting';
import { markdownTable, mebibytes, ratio, seconds } from './table';
import {
	chain,
	decompress,
	httpRequest,
	insights,
	manualTrigger,
	MEASURED,
	nameGzip,
} from './workflows';

const WARM_UP_BYTES = 1024 ** 2;
/** What n8n's store does with a stream, by a Node of its own. */
const STORE = `const { createReadStream, promises } = require('node:fs');
const [source, target] = process.argv.slice(1);
promises.writeFile(target, createReadStream(source, { highWaterMark: 256 * 1024 }));`;

interface Contender {
	name: string;
	/** The node whose file counts. */
	last: string;
	/** Whether the service names the encoding. Without that, the HTTP Request node gets gzip. */
	namesEncoding: boolean;
	workflow: (report: PreparedReport, n8n: MeasuredN8n) => WorkflowInput;
}

const ours: Contender = {
	name: 'Partner Center Insights',
	last: MEASURED,
	namesEncoding: true,
	workflow: ({ reportId }, { insightsCredential }) =>
		chain('download', [
			manualTrigger,
			insights(insightsCredential, {
				resource: 'reportExecution',
				operation: 'download',
				reportId: { __rl: true, mode: 'id', value: reportId },
				output: 'file',
				// Long enough for a machine that has other things to do.
				options: { timeoutSeconds: 300 },
			}),
		]),
};

const requestFile = (link: string) =>
	httpRequest({
		url: link,
		options: { response: { response: { responseFormat: 'file', outputPropertyName: 'data' } } },
	});

const request: Contender = {
	name: 'HTTP Request, encoding named',
	last: MEASURED,
	namesEncoding: true,
	workflow: ({ link }) => chain('request file', [manualTrigger, requestFile(link)]),
};

const requestAndDecompress: Contender = {
	name: 'HTTP Request + Compression',
	last: decompress.name,
	namesEncoding: false,
	workflow: ({ link }) =>
		chain('request gzip', [manualTrigger, requestFile(link), nameGzip, decompress]),
};

/** @returns ms */
async function timed(command: string, args: string[]): Promise<number> {
	const start = performance.now();
	const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
	const [code] = (await once(child, 'exit')) as [number | null];
	if (code !== 0) throw new Error(`${command} ended with ${String(code)}`);
	return performance.now() - start;
}

/** What it takes without n8n: fetch, decode and write, then write what n8n's store writes. */
async function byCurl(setting: Setting, { link }: PreparedReport, size: number) {
	await setting.sandbox.setOptions({ contentEncodingHeader: true });
	const folder = await mkdtemp(join(tmpdir(), 'partner-center-bench-'));
	try {
		const file = join(folder, 'report.csv');
		const ca = setting.sandbox.caFile;
		const fetched = await timed('curl', [
			...['--silent', '--show-error', '--fail', '--noproxy', '*', '--cacert', ca],
			...['--compressed', '-o', file, link],
		]);
		const bytes = (await stat(file)).size;
		if (bytes < size) throw new Error(`curl received ${bytes} bytes`);
		const stored = await timed(nodeForN8n(), ['-e', STORE, file, `${file}.stored`]);
		return { fetched, stored, total: fetched + stored };
	} finally {
		await rm(folder, { recursive: true });
	}
}

const bytesOf = (items: INodeExecutionData[]): number =>
	Math.max(
		0,
		...items.flatMap(({ binary }) => Object.values(binary ?? {})).map((file) => file.bytes ?? 0),
	);

interface Run {
	/** ms, undefined when it failed */
	time: number | undefined;
	usage: Usage;
	failure?: string;
}

async function run(
	setting: Setting,
	contender: Contender,
	report: PreparedReport,
	warmUp: PreparedReport,
	size: number,
): Promise<Run> {
	await setting.sandbox.setOptions({ contentEncodingHeader: contender.namesEncoding });
	return await withN8n(
		setting,
		async (n8n) => {
			const { rest, pid } = n8n;
			await rest.runWorkflow(await rest.createWorkflow(contender.workflow(warmUp, n8n)));
			const workflowId = await rest.createWorkflow(contender.workflow(report, n8n));
			await settled(pid);
			const { result, usage } = await watch(
				pid,
				async () => await rest.runWorkflow(workflowId, undefined, 900_000).catch(String),
			);
			if (typeof result === 'string') return { time: undefined, usage, failure: result };
			const { runData, error } = result.data.resultData;
			const time = Object.values(runData)
				.flat()
				.reduce((sum, { executionTime }) => sum + executionTime, 0);
			const bytes = bytesOf(itemsOf(result.data, contender.last));
			if (error === undefined && bytes >= size) return { time, usage };
			return { time: undefined, usage, failure: error?.message ?? `The file has ${bytes} bytes.` };
		},
		{
			// Its default would refuse the file.
			N8N_COMPRESSION_NODE_MAX_DECOMPRESSED_SIZE_BYTES: String(8 * 1024 ** 3),
		},
	);
}

/** @returns the section of the report */
export async function file(
	setting: Setting,
	{ size, runs }: { size: number; runs: number },
): Promise<string> {
	const report = await reportWithFile(setting, { sizeBytes: size });
	const warmUp = await reportWithFile(setting, { sizeBytes: WARM_UP_BYTES });
	setting.report(`${mebibytes(size)} of CSV to a file`);
	const alone: Array<Awaited<ReturnType<typeof byCurl>>> = [];
	const measured: Array<{ contender: Contender; best: Run }> = [];
	for (const contender of [ours, request, requestAndDecompress]) {
		let best: Run | undefined;
		for (let i = 0; i < runs; i++) {
			const curl = await byCurl(setting, report, size);
			alone.push(curl);
			setting.report(`  curl: ${seconds(curl.fetched)} + store ${seconds(curl.stored)}`);
			const one = await run(setting, contender, report, warmUp, size);
			const growth = one.usage.peak - one.usage.idle;
			setting.report(
				`  ${contender.name}: ${one.time === undefined ? one.failure : seconds(one.time)}, ` +
					`+${mebibytes(growth)}, ${one.usage.cpu.toFixed(1)} s CPU`,
			);
			if (best === undefined || (one.time ?? Infinity) < (best.time ?? Infinity)) {
				best = { ...one, usage: worse(one.usage, best?.usage) };
			} else {
				best = { ...best, usage: worse(best.usage, one.usage) };
			}
		}
		if (best) measured.push({ contender, best });
	}
	await setting.sandbox.setOptions({ contentEncodingHeader: true });
	const [curl] = alone.sort((a, b) => a.total - b.total);
	if (curl === undefined) return '';
	return `## ${mebibytes(size)} of CSV to a file, gzip on the wire

Beside it, \`curl --compressed -o file\` and the write of that file by the way that n8n's store writes. Memory
is the most that n8n's process grew over its idle state, of all runs; the time is that of the best run.

${markdownTable(
	['Node', 'Wall time to curl + store', 'Growth of memory', 'CPU time of n8n', 'Wall time'],
	[
		...measured.map(({ contender, best: { time, usage, failure } }) => [
			contender.name,
			time === undefined ? `fails: ${failure}` : ratio(time, curl.total),
			mebibytes(usage.peak - usage.idle),
			`${usage.cpu.toFixed(1)} s`,
			time === undefined ? '' : seconds(time),
		]),
		['curl + store', ratio(1, 1), '', '', `${seconds(curl.fetched)} + ${seconds(curl.stored)}`],
	],
)}
`;
}

/** The one with more growth; its CPU time is kept with it. */
function worse(a: Usage, b: Usage | undefined): Usage {
	return b !== undefined && b.peak - b.idle > a.peak - a.idle ? b : a;
}
