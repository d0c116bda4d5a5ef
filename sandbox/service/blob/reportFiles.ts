import type { ProgramState, Run, StoredReport } from '../insights/programState';
import { readStatement } from '../insights/queryLanguage';
import { sampleRows } from '../insights/sampleRows';
import type { ReportData } from '../protocol';
import {
	type Body,
	encodedBody,
	gzipMembersBody,
	plainBody,
	preparedGzipBody,
} from './compression';
import type { EncodingLayer } from './encodings';
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

	/**
	 * The file of one run, as it goes over the wire, and the layers that it has: `members` and
	 * `prepared` data is gzip whatever was asked for.
	 */
	open(
		state: ProgramState,
		report: StoredReport,
		run: Run,
		options: { layers: EncodingLayer[]; bom: boolean },
	): Body & { layers: EncodingLayer[] } {
		const compressed = options.layers.length > 0;
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
		if (compressed && data.compression === 'prepared') {
			return { ...preparedGzipBody(layout, extent, options.bom), layers: ['gzip'] };
		}
		// a file about which nothing was said shows what the query asks for
		const asQueried = Object.keys(data).every((key) => ['compression', 'format'].includes(key));
		const known = asQueried ? fileOf(layout, sampleRows(statement, defaultRows)) : data.text;
		const pieces = known === undefined ? filePieces(layout, extent) : [Buffer.from(known)];
		const marked = options.bom ? withMark(pieces) : pieces;
		if (!compressed) return { ...plainBody(marked), layers: [] };
		if (data.compression === 'members') return { ...gzipMembersBody(marked), layers: ['gzip'] };
		return { ...encodedBody(marked, options.layers), layers: options.layers };
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
