import { recordOf } from '../api/reportRecord';
import type { InsightsClient } from '../client';
import type { ReportId } from '../ids';
import type { InsightsRecord } from '../records';

/**
 * The record of a report, or undefined where there is none. A filter was seen to miss what is there, so
 * the list of all reports has the last word.
 */
export const findReport = async (
	client: InsightsClient,
	reportId: ReportId,
): Promise<InsightsRecord | undefined> =>
	recordOf(reportId, await client.reports.list({ reportId })) ??
	recordOf(reportId, await client.reports.list());
