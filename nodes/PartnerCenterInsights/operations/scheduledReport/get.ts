import { reportId } from '../../fields/report';
import { asOutput, operation } from '../operation';

export const get = operation({
	value: 'get',
	name: 'Get',
	action: 'Get scheduled report',
	description: 'Read a report: its schedule, its query and its state',
	fields: { report: reportId },
	run: async ({ client }, { report }) => asOutput(await client.reports.get(report)),
});
