import { reportId } from '../../parameters/locators';
import { asOutput, type Operation } from '../operation';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get scheduled report',
	description: 'Read a report: its schedule, its query and its state',
	parameters: [reportId],
	run: async ({ client, parameters }) => asOutput(await client.reports.get(parameters.reportId())),
};
