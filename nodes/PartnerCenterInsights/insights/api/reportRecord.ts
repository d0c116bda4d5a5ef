import type { ReportId } from '../ids';
import { type InsightsRecord, isTrue, number, text } from '../records';
import { sameText } from '../sameText';

/** The record of this report among those that the service answered with. */
export const recordOf = (
	reportId: ReportId,
	records: readonly InsightsRecord[],
): InsightsRecord | undefined => records.find((record) => sameText(record.ReportId, reportId));

/**
 * Whether a report runs once only, by its record or that of its run: the service changes no such report. One
 * that runs again does so after 4 hours or more.
 */
export function runsOnce({ ExecuteNow: once, RecurrenceInterval: hours }: InsightsRecord): boolean {
	return isTrue(once) || number(hours) <= 0;
}

/** A report as a person knows it: by its name, or else by its ID. */
export const nameOfReport = (report: InsightsRecord): string =>
	text(report.ReportName) || text(report.ReportId);
