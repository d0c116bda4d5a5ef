import { flag } from '../../fields/kinds';
import type { Reference } from '../../fields/reference';
import { recordOf } from '../../insights/api/reportRecord';
import type { ReportId } from '../../insights/ids';
import type { InsightsRecord } from '../../insights/records';
import { sameText } from '../../insights/sameText';
import { asOutput, type ItemContext, type Output } from '../operation';

/** The option of operations whose result can already be there. */
export const skipIfUnchanged = flag({
	displayName: 'Skip If Unchanged',
	name: 'skipIfUnchanged',
	type: 'boolean',
	default: false,
	description:
		'Whether to return a report that already is in the wanted state as it is, without changing it',
});

/**
 * Brings a report into a state, or returns it as it is when it already is there and the user wants
 * it left alone.
 */
export async function changeState(
	{ client, names }: ItemContext,
	given: Reference<ReportId>,
	wantedStatus: 'Active' | 'Paused',
	mayBeSkipped: boolean,
	change: (reportId: ReportId) => Promise<InsightsRecord[]>,
): Promise<Output[]> {
	const reportId = await names.reportIdOf(given);
	if (mayBeSkipped) {
		const report = recordOf(reportId, await client.reports.get(reportId));
		if (report !== undefined && sameText(report.ReportStatus, wantedStatus)) {
			return asOutput([report]);
		}
	}
	return asOutput(await change(reportId));
}
