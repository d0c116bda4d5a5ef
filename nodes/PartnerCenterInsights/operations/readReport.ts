import { recordOf } from '../insights/api/reportRecord';
import type { InsightsClient } from '../insights/client';
import { InsightsError } from '../insights/errors';
import type { ReportId } from '../insights/ids';
import type { InsightsRecord } from '../insights/records';

/** The record of a report. @throws InsightsError where there is none */
export async function readReport(client: InsightsClient, id: ReportId): Promise<InsightsRecord> {
	const report = recordOf(id, await client.reports.get(id));
	if (report !== undefined) return report;
	throw new InsightsError('No item found with given filters', {
		kind: 'notFound',
		advice: `There is no report with the ID ${id}. Check it, and whether 'Program' is the right one.`,
	});
}
