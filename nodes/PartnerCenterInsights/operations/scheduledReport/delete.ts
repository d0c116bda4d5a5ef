import { notice } from '../../fields/notice';
import { reportId } from '../../fields/report';
import { asDeleted, operation } from '../operation';

export const remove = operation({
	value: 'delete',
	name: 'Delete',
	action: 'Delete scheduled report',
	description: 'Remove a report with its executions and files, for good',
	fields: {
		report: reportId,
		notice: notice(
			'deleteReportNotice',
			'The report goes with all of its executions and files, for good. To hold it back for a while, use Pause.',
		),
	},
	run: async ({ client, names }, { report }) => {
		const id = await names.reportIdOf(report);
		return asDeleted(await client.reports.remove(id), { ReportId: id });
	},
});
