/** A large report file into n8n's store: this package's node, n8n's HTTP Request node, and curl. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INodeExecutionData } from 'n8n-workflow';

import { itemsOf } from '../n8n/execution';
import type { WorkflowInput } from '../n8n/rest';
import { settled, type Usage, watch } from './processUsage';
import { type PreparedReport, reportWithFile } from './reports';
import { type MeasuredN8n, type Setting, withN8n } from './setting';
import { markdownTable, mebibytes, ratio, seconds } from './table';
import {
	chain,
	decompress,
	download,
	httpRequest,
	manualTrigger,
	MEASURED,
	nameGzip,
	readFromDisk,
} from './workflows';

const WARM_UP_BYTES = 1024 ** 2;

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
		chain('download', [manualTrigger, download(insightsCredential, reportId)]),
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

/** A file as it comes, without and with this package. */
export const downloadContenders = [ours, request];

const requestAndDecompress: Contender = {
	name: 'HTTP Request + Compression',
	last: decompress.name,
	namesEncoding: false,
	workflow: ({ link }) =>
		chain('request gzip', [manualTrigger, requestFile(link), nameGzip, decompress]),
};

/** n8n's store write alone: of the file that curl has left. */
const store = (file: string): Contender => ({
	name: "n8n's store",
	last: MEASURED,
	namesEncoding: true,
	workflow: () => chain('store file', [manualTrigger, readFromDisk(file)]),
});

/**
 * Fetches, decodes and writes without n8n.
 *
 * @returns ms
 */
async function byCurl(
	{ sandbox }: Setting,
	{ link }: PreparedReport,
	file: string,
	size: number,
): Promise<number> {
	await sandbox.setOptions({ contentEncodingHeader: true });
	await rm(file, { force: true });
	const start = performance.now();
	const child = spawn(
		'curl',
		[
			...['--silent', '--show-error', '--fail', '--noproxy', '*', '--cacert', sandbox.caFile],
			...['--compressed', '-o', file, link],
		],
		{ stdio: ['ignore', 'inherit', 'inherit'] },
	);
	const [code] = (await once(child, 'exit')) as [number | null];
	if (code !== 0) throw new Error(`curl ended with ${String(code)}`);
	const time = performance.now() - start;
	const { size: bytes } = await stat(file);
	if (bytes < size) throw new Error(`curl received ${bytes} bytes`);
	return time;
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
	{ size, folder }: { size: number; folder: string },
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
			N8N_RESTRICT_FILE_ACCESS_TO: folder,
		},
	);
}

interface Measured {
	contender: Contender;
	best: Run;
}

/** The best of several runs, curl beside each. */
async function compare(
	setting: Setting,
	{ size, runs }: { size: number; runs: number },
	folder: string,
): Promise<{ measured: Measured[]; fetched: number }> {
	const report = await reportWithFile(setting, { sizeBytes: size });
	const warmUp = await reportWithFile(setting, { sizeBytes: WARM_UP_BYTES });
	const file = join(folder, 'report.csv');
	const fetched: number[] = [];
	const measured: Measured[] = [];
	for (const contender of [ours, request, requestAndDecompress, store(file)]) {
		let best: Run | undefined;
		for (let i = 0; i < runs; i++) {
			const alone = await byCurl(setting, report, file, size);
			fetched.push(alone);
			setting.report(`  curl: ${seconds(alone)}`);
			const one = await run(setting, contender, report, warmUp, { size, folder });
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
	return { measured, fetched: Math.min(...fetched) };
}

/** @returns the section of the report */
export async function file(
	setting: Setting,
	options: { size: number; runs: number },
): Promise<string> {
	setting.report(`${mebibytes(options.size)} of CSV to a file`);
	const folder = await mkdtemp(join(tmpdir(), 'partner-center-bench-'));
	const { measured, fetched } = await compare(setting, options, folder).finally(
		async () => await rm(folder, { recursive: true }),
	);
	await setting.sandbox.setOptions({ contentEncodingHeader: true });
	const stored = measured.pop()?.best.time ?? NaN;
	const least = fetched + stored;
	return `## ${mebibytes(options.size)} of CSV to a file, gzip on the wire

Beside it, \`curl --compressed -o file\` and the write of that file to n8n's store by n8n itself (its node
Read/Write Files from Disk). Memory is the most that n8n's process grew over its idle state, of all runs;
the time is that of the best run.

${markdownTable(
	['Node', 'Wall time to curl + store', 'Growth of memory', 'CPU time of n8n', 'Wall time'],
	[
		...measured.map(({ contender, best: { time, usage, failure } }) => [
			contender.name,
			time === undefined ? `fails: ${failure}` : ratio(time, least),
			mebibytes(usage.peak - usage.idle),
			`${usage.cpu.toFixed(1)} s`,
			time === undefined ? '' : seconds(time),
		]),
		['curl + store', ratio(1, 1), '', '', `${seconds(fetched)} + ${seconds(stored)}`],
	],
)}
`;
}

/** The one with more growth; its CPU time is kept with it. */
function worse(a: Usage, b: Usage | undefined): Usage {
	return b !== undefined && b.peak - b.idle > a.peak - a.idle ? b : a;
}
