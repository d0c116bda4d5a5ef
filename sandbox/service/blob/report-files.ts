import type { ReportData } from '../protocol';

/** What the reports' files are to hold, where that was told. */
export class ReportFiles {
	private readonly data = new Map<string, ReportData[]>();

	/** The newest setting for a report (or one execution of it) wins. */
	setData(reportId: string, data: ReportData): void {
		const key = reportId.toLowerCase();
		this.data.set(key, [data, ...(this.data.get(key) ?? [])]);
	}

	/** The setting for this execution, else for its report as a whole. */
	dataOf(reportId: string, executionId: string): ReportData {
		const settings = this.data.get(reportId.toLowerCase()) ?? [];
		return (
			settings.find((data) => data.executionId === executionId) ??
			settings.find((data) => data.executionId === undefined) ??
			{}
		);
	}

	clear(): void {
		this.data.clear();
	}
}
