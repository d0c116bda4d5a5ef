import type { IBinaryData } from 'n8n-workflow';
import { type OutputChoice, outputOptions } from '../fields/fileOutput';
import { quote } from '../fields/kinds';
import { InputError } from '../insights/errors';
import { type Part, storeParts } from '../insights/files/parts';
import { receiveFile } from '../insights/files/reportFile';
import { readRows, type RowOptions, type Rows, UnknownColumns } from '../insights/files/rows';
import type { ReportId } from '../insights/ids';
import { type InsightsRecord, text } from '../insights/records';
import { readAgain } from '../insights/runs/executions';
import { findReport } from '../insights/runs/findReport';
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

const counted = (count: number): string => (count === 1 ? '1 row has' : `${count} rows have`);

const manyLines = (line: number): string =>
	`The value that begins in line ${line} of the file goes on in further lines, which look like rows. Where a quote there is a stray one,`;

/** What a person should know of rows beside what they hold. */
function hintsOf(
	{ rows, cut, longer, shorter, isDamaged, suspectLine, renamed }: Rows,
	{ firstRow = 1, columns = [] }: RowOptions,
): string[] {
	return [
		cut &&
			(firstRow > 1
				? `The report has more rows behind its row ${firstRow - 1 + rows.length}: 'Row Limit' left them out.`
				: `The report has more than ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}: 'Row Limit' left the others out.`),
		longer > 0 &&
			`${counted(longer)} more values than the file's header has names: ${columns.length > 0 ? "'Columns' left them out" : "they are in fields called 'Column' and their place"}.`,
		shorter > 0 &&
			`${counted(shorter)} fewer values than the file's header has names: the last fields are missing there.`,
		suspectLine > 0 &&
			`${manyLines(suspectLine)} rows are missing: 'Output' File shows the file as it is.`,
		isDamaged &&
			"The file has characters that are not valid UTF-8: each is shown as \ufffd. 'Output' File keeps the bytes as they are.",
		renamed.length > 0 &&
			`The file's header has a name twice, or none: such columns are called ${renamed.map(quote).join(', ')}.`,
	].filter((hint) => hint !== false);
}

/** What to tell of options that are for the other output. */
function hintOfIdle({ output, rowsPerFile, rows, addRecordFields }: OutputChoice): string[] {
	const idle =
		output === 'file'
			? [
					addRecordFields && outputOptions.addRecordFields,
					(rows.columns ?? []).length > 0 && outputOptions.columns,
					(rows.firstRow ?? 1) > 1 && outputOptions.firstRow,
					rows.parseNumbers === true && outputOptions.parseNumbers,
					rows.limit !== undefined && outputOptions.rowLimit,
				]
			: [rowsPerFile > 0 && outputOptions.rowsPerFile];
	const names = idle
		.filter((one) => one !== false)
		.map(({ property }) => `'${property.displayName}'`);
	return names.length === 0
		? []
		: [
				`${names.join(', ')} had no effect: for 'Output' ${output === 'file' ? 'Rows' : 'File'} only.`,
			];
}

/** Names the columns that there are, in place of what was asked for in vain. */
function explainColumns(error: unknown): unknown {
	if (!(error instanceof UnknownColumns)) return error;
	const { unknown, columns } = error;
	return new InputError(
		`'Columns' names what the file does not have: ${unknown.map(quote).join(', ')}`,
		`The file has: ${columns.join(', ')}.`,
	);
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
	const { client, fetchFile, maxRetries, wait, abortSignal, storeFile, hint } = item;
	const { output, binaryPropertyName, rowsPerFile } = choice;
	hintOfIdle(choice).forEach(hint);
	const settings = {
		fetchFile,
		refresh: async () => await readAgain(client, reportId, execution),
		maxRetries,
		clock: { now: Date.now, wait },
		abortSignal,
	};
	const asItem = (json: Output['json'], file: IBinaryData): Output => ({
		json,
		binary: { [binaryPropertyName]: file },
	});
	if (output === 'rows') {
		const added = choice.addRecordFields
			? await recordFields(item, reportId, execution)
			: undefined;
		const found = await receiveFile(
			execution,
			settings,
			async (file) => await readRows(file, { ...choice.rows, added }),
		).catch((error: unknown) => {
			throw explainColumns(error);
		});
		hintsOf(found, choice.rows).forEach(hint);
		return found.rows.map((json) => ({ json }));
	}
	if (rowsPerFile === 0) {
		return await receiveFile(execution, settings, async ({ execution: json, ...file }) => [
			asItem(json, await storeFile(file)),
		]);
	}
	// Filled by each attempt: what has been stored before a transfer broke off is not stored again.
	const parts: Array<Part<IBinaryData>> = [];
	const { json, suspectLine } = await receiveFile(execution, settings, async (file) => {
		const suspectLine = await storeParts(
			file,
			rowsPerFile,
			parts,
			async (content, fileName) => await storeFile({ content, fileName, mimeType: file.mimeType }),
		);
		return { json: file.execution, suspectLine };
	});
	if (suspectLine > 0) {
		hint(
			`${manyLines(suspectLine)} they count as one row: without 'Rows per File' the file comes as it is.`,
		);
	}
	return parts.map(({ stored, firstRow, rows }, index) =>
		asItem({ ...json, Part: index + 1, FirstRow: firstRow, Rows: rows }, stored),
	);
}
