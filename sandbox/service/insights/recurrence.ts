import { formatTime } from '../clock';
import type { StoredReport } from './programState';

/** What cmp v1.1 tells about the runs that are still to come; its count is what is left. */
export function runsAhead(report: StoredReport): {
	totalRecurrenceCount: number | null;
	recurrenceCount: number | null;
	endTime: string | null;
	nextExecutionStartTime: string | null;
} {
	return {
		totalRecurrenceCount: report.record.recurrenceCount,
		recurrenceCount: runsLeft(report),
		endTime: report.record.endTime ?? null,
		nextExecutionStartTime: nextStart(report),
	};
}

/** How many runs a count leaves; null without one. */
export function runsLeft({ record, runsStarted }: StoredReport): number | null {
	return record.recurrenceCount === null ? null : Math.max(0, record.recurrenceCount - runsStarted);
}

/** When the next run begins; null where there is none. */
export function nextStart({ record, nextRunAt }: StoredReport): string | null {
	return nextRunAt === null || record.reportStatus !== 'Active' ? null : formatTime(nextRunAt);
}
