/** Reports with a file of a certain size. */
import type { ReportData } from '../service/client';
import type { Setting } from './setting';

export interface PreparedReport {
	reportId: string;
	/** Its file. Needs no token. */
	link: string;
}

/**
 * Adds a report with one completed execution. Its file costs the service next to nothing, so that the
 * one who receives it is measured.
 */
export async function reportWithFile(
	{ sandbox }: Setting,
	data: ReportData,
): Promise<PreparedReport> {
	const [reportId] = await sandbox.seedReports('mpn', 1);
	if (reportId === undefined) throw new Error('The service made no report.');
	await sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
	await sandbox.setReportData(reportId, { compression: 'prepared', ...data });
	const [execution] = await sandbox.executions('mpn', reportId);
	const link = execution?.reportAccessSecureLink;
	if (typeof link !== 'string') throw new Error('The execution has no link.');
	return { reportId, link };
}
