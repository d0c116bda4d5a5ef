import type { InsightsRecord } from '../insights/records';
import { receiveFile } from '../insights/files/reportFile';
import { readRows } from '../insights/files/rows';
import type { OutputChoice } from '../parameters/fileOutput';
import type { ItemContext, Output } from './operation';

/**
 * Receives a completed execution's file and puts it out: streamed into n8n's binary store, or row by
 * row.
 *
 * @param refresh reads the execution anew, for a fresh link
 */
export async function deliver(
	item: ItemContext,
	execution: InsightsRecord,
	refresh: () => Promise<InsightsRecord | undefined>,
	{ output, binaryPropertyName, rows: rowOptions }: OutputChoice,
): Promise<Output[]> {
	const { fetchFile, maxRetries, wait, abortSignal, helpers, hint } = item;
	const settings = { fetchFile, refresh, maxRetries, wait, abortSignal };
	if (output === 'file') {
		const file = await receiveFile(
			execution,
			settings,
			async ({ content, fileName, mimeType }) =>
				await helpers.prepareBinaryData(content, fileName, mimeType),
		);
		return [{ json: execution, binary: { [binaryPropertyName]: file } }];
	}
	const { rows, cut } = await receiveFile(
		execution,
		settings,
		async (file) => await readRows(file, rowOptions),
	);
	if (cut) {
		hint(`The report has more than ${rows.length} rows: 'Row Limit' left the others out.`);
	}
	return rows.map((json) => ({ json }));
}
