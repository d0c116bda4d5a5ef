import { reportId } from '../../fields/report';
import { simplifyOne } from '../../fields/simplify';
import { asOutput, operation } from '../operation';
import { simplifiedReport } from '../simplified';

export const get = operation({
	value: 'get',
	name: 'Get',
	action: 'Get scheduled report',
	description: 'Read a report: its schedule, its query and its state',
	fields: { report: reportId, simplified: simplifyOne },
	run: async ({ client, names }, { report, simplified }) => {
		const records = await client.reports.get(await names.reportIdOf(report));
		return asOutput(simplified ? records.map(simplifiedReport) : records);
	},
});
