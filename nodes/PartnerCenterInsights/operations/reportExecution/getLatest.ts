import { reportId } from '../../fields/report';
import { confirmReport, latestExecution } from '../../insights/runs/executions';
import { asOutput, operation } from '../operation';

export const getLatest = operation({
	value: 'getLatest',
	name: 'Get Latest',
	action: 'Get latest report execution',
	description: 'Read the newest run of a report, also one that is not completed yet',
	fields: { report: reportId },
	run: async ({ client, names }, { report }) => {
		const id = await names.reportIdOf(report);
		const latest = await latestExecution(client, id);
		if (latest === undefined) await confirmReport(client, id);
		return asOutput(latest === undefined ? [] : [latest]);
	},
});
