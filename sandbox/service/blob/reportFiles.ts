import type { ProgramState, Run, StoredReport } from '../insights/programState';
import { readStatement } from '../insights/queryLanguage';
import { sampleRows } from '../insights/sampleRows';
import type { ReportData } from '../protocol';
import { type Body, gzipBody, gzipMembersBody, plainBody, preparedGzipBody } from './compression';
import { byteOrderMark, type FileExtent, type FileLayout, fileOf, filePieces } from './csv';

/** Rows of a file about which nothing was said. */
const defaultRows = 250;

/** What the reports' files are to hold, where that was told. */
export class ReportFiles {
	private readonly data = new Map<string, ReportData[]>();

	/** The newest setting for a report (or one execution of it) wins. */
	setData(reportId: string, data: ReportData): void {
		const key = reportId.toLowerCase();
		this.data.set(key, [data, ...(this.data.get(key) ?? [])]);
	}

	clear(): void {
		this.data.clear();
	}

	/** The file of one run, as it goes over the wire. */
	open(
		state: ProgramState,
		report: StoredReport,
		run: Run,
		options: { compressed: boolean; bom: boolean },
	): Body {
		const data = this.dataOf(report.record.reportId, run.executionId);
		const statement = readStatement(state.program, report.record.query);
		const layout: FileLayout = {
			columns: data.columns ?? statement.names,
			format: data.format ?? (report.record.format === 'tsv' ? 'tsv' : 'csv'),
			quotedLineBreaks: data.quotedLineBreaks ?? false,
		};
		const extent: FileExtent =
			data.sizeBytes === undefined
				? { rows: data.rows ?? Math.min(defaultRows, statement.limit ?? defaultRows) }
				: { sizeBytes: data.sizeBytes };
		if (options.compressed && data.compression === 'prepared') {
			return preparedGzipBody(layout, extent, options.bom);
		}
		// a file about which nothing was said shows what the query asks for
		const asQueried = Object.keys(data).every((key) => ['compression', 'format'].includes(key));
		const pieces = asQueried
			? [Buffer.from(fileOf(layout, sampleRows(statement, defaultRows)))]
			: filePieces(layout, extent);
		const marked = options.bom ? withMark(pieces) : pieces;
		if (!options.compressed) return plainBody(marked);
		return data.compression === 'members' ? gzipMembersBody(marked) : gzipBody(marked);
	}

	/** The setting for this execution, else for its report as a whole. */
	private dataOf(reportId: string, executionId: string): ReportData {
		const settings = this.data.get(reportId.toLowerCase()) ?? [];
		return (
			settings.find((data) => data.executionId === executionId) ??
			settings.find((data) => data.executionId === undefined) ??
			{}
		);
	}
}

function* withMark(pieces: Iterable<Buffer>): Generator<Buffer> {
	yield Buffer.from(byteOrderMark);
	yield* pieces;
}
