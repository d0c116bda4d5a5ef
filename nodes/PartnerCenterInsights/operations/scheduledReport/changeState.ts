import { type InsightsRecord, text } from '../../insights/records';
import { asOutput, type ItemContext, type Output } from '../operation';

/**
 * Brings a report into a state, or returns it as it is when it already is there and the user wants
 * it left alone.
 */
export async function changeState(
	{ client, parameters }: ItemContext,
	wantedStatus: 'Active' | 'Paused',
	change: (reportId: string) => Promise<InsightsRecord[]>,
): Promise<Output[]> {
	const reportId = parameters.reportId();
	if (parameters.collection('options').skipIfUnchanged === true) {
		const reports = await client.reports.get(reportId);
		const unchanged = reports.filter(
			({ ReportStatus: status }) => text(status).toLowerCase() === wantedStatus.toLowerCase(),
		);
		if (unchanged.length > 0) return asOutput(unchanged);
	}
	return asOutput(await change(reportId));
}
