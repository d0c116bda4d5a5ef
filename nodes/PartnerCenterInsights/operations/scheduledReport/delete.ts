import { reportId } from '../../fields/report';
import { asDeleted, operation } from '../operation';

export const remove = operation({
	value: 'delete',
	name: 'Delete',
	action: 'Delete scheduled report',
	description: 'Remove a report with its executions and files, for good',
	fields: { report: reportId },
	run: async ({ client }, { report }) =>
		asDeleted(await client.reports.remove(report), { ReportId: report }),
});
