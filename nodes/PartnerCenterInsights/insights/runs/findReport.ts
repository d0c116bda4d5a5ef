import { recordOf } from '../api/reportRecord';
import type { InsightsClient } from '../client';
import { InsightsError } from '../errors';
import { adviceForMissing, titleOfMissing } from '../http/advice';
import type { ReportId } from '../ids';
import type { Program } from '../program';
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

/**
 * The record of a report that has to be there.
 *
 * @throws InsightsError of the kind `notFound` where there is none, in the service's words where it has
 *   said some
 */
export async function readReport(
	client: InsightsClient,
	program: Program,
	reportId: ReportId,
): Promise<InsightsRecord> {
	const report = recordOf(reportId, await client.reports.get(reportId));
	if (report !== undefined) return report;
	const subject = 'scheduled report';
	throw new InsightsError(titleOfMissing(subject, reportId), {
		kind: 'notFound',
		subject,
		program,
		advice: adviceForMissing(subject, program),
	});
}
