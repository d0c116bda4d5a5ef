import { reportId } from '../../parameters/locators';
import { asDeleted, type Operation } from '../operation';

export const remove: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete scheduled report',
	description: 'Remove a report with its executions and files, for good',
	parameters: [reportId],
	run: async ({ client, parameters }) => {
		const id = parameters.reportId();
		return asDeleted(await client.reports.remove(id), { ReportId: id });
	},
};
