import type { IBinaryData } from 'n8n-workflow';
import { named } from '../fields/field';
import { type OutputChoice, outputOptions } from '../fields/fileOutput';
import { quote } from '../fields/kinds';
import { InputError } from '../insights/errors';
import { type Part, storeParts } from '../insights/files/parts';
import { type DownloadSettings, receiveFile } from '../insights/files/reportFile';
import { readRows, UnknownColumns } from '../insights/files/rows';
import type { ReportId } from '../insights/ids';
import { type InsightsRecord, text } from '../insights/records';
import { readAgain } from '../insights/runs/executions';
import { findReport } from '../insights/runs/findReport';
import { hintsOfIdle, hintsOfParts, hintsOfRows } from './deliveryHints';
import type { ItemContext, Output } from './operation';

/** Which run of which report a row is of. */
async function recordFields(
	{ client }: ItemContext,
	reportId: ReportId,
	execution: InsightsRecord,
): Promise<Output['json']> {
	const report = await findReport(client, reportId);
	return {
		ReportId: text(execution.ReportId) || reportId,
		ReportName: report?.ReportName ?? null,
		ExecutionId: execution.ExecutionId ?? null,
		ReportGeneratedTime: execution.ReportGeneratedTime ?? null,
	};
}

/** Names the columns that there are, in place of what was asked for in vain. */
function explainColumns(error: unknown): unknown {
	if (!(error instanceof UnknownColumns)) return error;
	const { unknown, columns } = error;
	return new InputError(
		`${named(outputOptions.columns)} names what the file does not have: ${unknown.map(quote).join(', ')}`,
		`The file has: ${columns.join(', ')}.`,
	);
}

/** A completed execution's file, as it is asked for. */
interface Delivery {
	item: ItemContext;
	reportId: ReportId;
	execution: InsightsRecord;
	settings: DownloadSettings;
	choice: OutputChoice;
}

/** Each row of the file as an item. */
async function asRows({
	item,
	reportId,
	execution,
	settings,
	choice: { rows: options, addRecordFields },
}: Delivery): Promise<Output[]> {
	const added = addRecordFields ? await recordFields(item, reportId, execution) : undefined;
	const found = await receiveFile(
		execution,
		settings,
		async (file) => await readRows(file, { ...options, added }),
	).catch((error: unknown) => {
		throw explainColumns(error);
	});
	hintsOfRows(found, options).forEach(item.hint);
	return found.rows.map((json) => ({ json }));
}

/** The file as an item with its execution's record. */
const asFile = async ({
	item: { storeFile },
	execution,
	settings,
	choice: { binaryPropertyName },
}: Delivery): Promise<Output[]> =>
	await receiveFile(execution, settings, async ({ execution: json, ...file }) => [
		{ json, binary: { [binaryPropertyName]: await storeFile(file) } },
	]);

/** The file cut into several, each an item with its execution's record. */
async function asParts({
	item: { storeFile, hint },
	execution,
	settings,
	choice: { binaryPropertyName, rowsPerFile },
}: Delivery): Promise<Output[]> {
	// Filled by each attempt: what has been stored before a transfer broke off is not stored again.
	const parts: Array<Part<IBinaryData>> = [];
	const { record, suspectLine } = await receiveFile(execution, settings, async (file) => ({
		record: file.execution,
		suspectLine: await storeParts(
			file,
			rowsPerFile,
			parts,
			async (content, fileName) => await storeFile({ content, fileName, mimeType: file.mimeType }),
		),
	}));
	hintsOfParts(suspectLine).forEach(hint);
	return parts.map(({ stored, firstRow, rows }, index) => ({
		json: { ...record, Part: index + 1, FirstRow: firstRow, Rows: rows },
		binary: { [binaryPropertyName]: stored },
	}));
}

/**
 * Receives a completed execution's file and puts it out: streamed into n8n's binary store, whole or in
 * parts, or row by row.
 */
export async function deliver(
	item: ItemContext,
	reportId: ReportId,
	execution: InsightsRecord,
	choice: OutputChoice,
): Promise<Output[]> {
	const { client, fetchFile, maxRetries, wait, abortSignal, hint } = item;
	hintsOfIdle(choice).forEach(hint);
	const settings = {
		fetchFile,
		refresh: async () => await readAgain(client, reportId, execution),
		maxRetries,
		clock: { now: Date.now, wait },
		abortSignal,
	};
	const delivery = { item, reportId, execution, settings, choice };
	if (choice.output === 'rows') return await asRows(delivery);
	return choice.rowsPerFile === 0 ? await asFile(delivery) : await asParts(delivery);
}
