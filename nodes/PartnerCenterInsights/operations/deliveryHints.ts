import { named, offeredAs } from '../fields/field';
import { fileOutput, type OutputChoice, outputOptions } from '../fields/fileOutput';
import { quote } from '../fields/kinds';
import type { RowOptions, Rows } from '../insights/files/rows';

const output = fileOutput('rows');
const AS_FILE = `${named(output)} ${offeredAs(output, 'file')}`;

const counted = (count: number): string => (count === 1 ? '1 row has' : `${count} rows have`);

const manyLines = (line: number): string =>
	`The value that begins in line ${line} of the file goes on in further lines, which look like rows. Where a quote there is a stray one,`;

/** What a person should know of rows beside what they hold. */
export function hintsOfRows(
	{ rows, cut, longer, shorter, isDamaged, suspectLine, renamed }: Rows,
	{ firstRow = 1, columns = [] }: RowOptions,
): string[] {
	return [
		cut &&
			(firstRow > 1
				? `The report has more rows behind its row ${firstRow - 1 + rows.length}: ${named(outputOptions.rowLimit)} left them out.`
				: `The report has more than ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}: ${named(outputOptions.rowLimit)} left the others out.`),
		longer > 0 &&
			`${counted(longer)} more values than the file's header has names: ${columns.length > 0 ? `${named(outputOptions.columns)} left them out` : "they are in fields called 'Column' and their place"}.`,
		shorter > 0 &&
			`${counted(shorter)} fewer values than the file's header has names: the last fields are missing there.`,
		suspectLine > 0 &&
			`${manyLines(suspectLine)} rows are missing: ${AS_FILE} shows the file as it is.`,
		isDamaged &&
			`The file has characters that are not valid UTF-8: each is shown as \ufffd. ${AS_FILE} keeps the bytes as they are.`,
		renamed.length > 0 &&
			`The file's header has a name twice, or none: such columns are called ${renamed.map(quote).join(', ')}.`,
	].filter((hint) => hint !== false);
}

/** What to tell of options that are for the other output. */
export function hintsOfIdle({
	output: chosen,
	rowsPerFile,
	rows,
	addRecordFields,
}: OutputChoice): string[] {
	const idle =
		chosen === 'file'
			? [
					addRecordFields && outputOptions.addRecordFields,
					(rows.columns ?? []).length > 0 && outputOptions.columns,
					(rows.firstRow ?? 1) > 1 && outputOptions.firstRow,
					rows.parseNumbers === true && outputOptions.parseNumbers,
					rows.limit !== undefined && outputOptions.rowLimit,
				]
			: [rowsPerFile > 0 && outputOptions.rowsPerFile];
	const names = idle.filter((one) => one !== false).map(named);
	const fitting = offeredAs(output, chosen === 'file' ? 'rows' : 'file');
	return names.length === 0
		? []
		: [`${names.join(', ')} had no effect: for ${named(output)} ${fitting} only.`];
}

/** What a person should know of a file that was cut into parts. */
export const hintsOfParts = (suspectLine: number): string[] =>
	suspectLine === 0
		? []
		: [
				`${manyLines(suspectLine)} they count as one row: without ${named(outputOptions.rowsPerFile)} the file comes as it is.`,
			];
