/** A large report in parts, into each of n8n's stores. */
import { itemsOf } from '../n8n/execution';
import { settled, watch } from './processUsage';
import { type PreparedReport, reportWithFile } from './reports';
import { COLUMNS } from './rows';
import { type MeasuredN8n, runToEnd, type Setting, withN8n } from './setting';
import { markdownTable, mebibytes, seconds } from './table';
import { chain, download, manualTrigger, MEASURED } from './workflows';

const ROWS_PER_FILE = 100_000;
/** How much less goes into the store in memory: n8n cannot write an execution down that holds much more. */
const MEMORY_SHARE = 8;

interface Store {
	/** n8n's name for it. */
	mode: string;
	/** 0: the file whole. */
	rowsPerFile: number;
}

const STORES: Store[] = [
	{ mode: 'filesystem', rowsPerFile: 0 },
	{ mode: 'filesystem', rowsPerFile: ROWS_PER_FILE },
	{ mode: 'database', rowsPerFile: 0 },
	{ mode: 'database', rowsPerFile: ROWS_PER_FILE },
];
/** In memory, for which n8n has another name. */
const MEMORY: Store = { mode: 'default', rowsPerFile: ROWS_PER_FILE };

const filesInWords = (count: number): string => `${count} ${count === 1 ? 'file' : 'files'}`;

/** Without the name and the ID of a file, and without what n8n advises. */
const inShort = (message: string): string =>
	message.replace(/ "[^"]*" \([\da-f-]+\)/, '').replace(/\. .*$/s, '');

const downloading = (
	{ reportId }: PreparedReport,
	{ insightsCredential }: MeasuredN8n,
	rowsPerFile: number,
) =>
	chain(
		`download ${rowsPerFile}`,
		[manualTrigger, download(insightsCredential, reportId, { rowsPerFile })],
		// The end of the execution is looked for: files in memory would be part of what n8n stores.
		{ saveDataSuccessExecution: 'all' },
	);

/** Of one file into one store. */
async function measure(
	setting: Setting,
	report: PreparedReport,
	warmUp: PreparedReport,
	{ mode, rowsPerFile }: Store,
): Promise<string[]> {
	return await withN8n(
		setting,
		async (n8n) => {
			const { rest, pid } = n8n;
			await rest.runWorkflow(await rest.createWorkflow(downloading(warmUp, n8n, rowsPerFile)));
			const id = await rest.createWorkflow(downloading(report, n8n, rowsPerFile));
			await settled(pid);
			const { result, usage } = await watch(pid, async () => await runToEnd(n8n, id, 1_800_000));
			const growth = mebibytes(usage.peak - usage.idle);
			const store = `${mode}, ${rowsPerFile === 0 ? 'one file' : `parts of ${rowsPerFile} rows`}`;
			if (typeof result === 'string') return [store, `n8n ends: ${result}`, growth, ''];
			const { error, runData } = result.data.resultData;
			const items = itemsOf(result.data, MEASURED);
			const time = runData[MEASURED]?.at(-1)?.executionTime ?? NaN;
			setting.report(`  ${store}: ${seconds(time)}, +${growth}, ${items.length} files`);
			return [
				store,
				error === undefined ? filesInWords(items.length) : `refused: ${inShort(error.message)}`,
				growth,
				seconds(time),
			];
		},
		{ N8N_DEFAULT_BINARY_DATA_MODE: mode },
	);
}

/** @returns the section of the report */
export async function stores(
	setting: Setting,
	{ size, largest }: { size: number; largest: number },
): Promise<string> {
	setting.report(`${mebibytes(size)} in parts into n8n's stores`);
	const warmUp = await reportWithFile(setting, { rows: 1_000, columns: COLUMNS });
	const report = await reportWithFile(setting, { sizeBytes: size, columns: COLUMNS });
	const lines: string[][] = [];
	for (const store of STORES) lines.push(await measure(setting, report, warmUp, store));
	setting.report(`${mebibytes(largest)} to the filesystem store`);
	const huge = await reportWithFile(setting, { sizeBytes: largest, columns: COLUMNS });
	const [, ...whole] = await measure(setting, huge, warmUp, { mode: 'filesystem', rowsPerFile: 0 });
	const fitting = Math.ceil(size / MEMORY_SHARE);
	setting.report(`${mebibytes(fitting)} to the store in memory`);
	const small = await reportWithFile(setting, { sizeBytes: fitting, columns: COLUMNS });
	const [, ...inMemory] = await measure(setting, small, warmUp, MEMORY);
	return `## ${mebibytes(size)} of CSV into each of n8n's stores

Rows of ${COLUMNS.length} columns, gzip on the wire. Memory is the most that n8n's process grew over its idle state.
Outside of its heap V8 lets about 64 MiB of buffers gather before it frees them, whatever the size of the file; the
node has it look once when a file turns out to be large, so that what n8n has left until then does not add to that.
Into the store in memory a file goes with all of its bytes, as text of a third more: that growth is the file itself,
and n8n cannot write an execution down that holds much more than is measured here.

${markdownTable(
	['Store', 'What comes', 'Growth of memory', 'Wall time'],
	[
		...lines,
		[`filesystem, one file of ${mebibytes(largest)}`, ...whole],
		[`memory, ${mebibytes(fitting)} in parts of ${ROWS_PER_FILE} rows`, ...inMemory],
	],
)}
`;
}
