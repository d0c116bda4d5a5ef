import { reportId } from '../../fields/report';
import { latestExecution } from '../../insights/runs/executions';
import { asOutput, operation } from '../operation';

export const getLatest = operation({
	value: 'getLatest',
	name: 'Get Latest',
	action: 'Get latest report execution',
	description: 'Read the newest run of a report, also one that is not completed yet',
	fields: { report: reportId },
	run: async ({ client, names }, { report }) => {
		const latest = await latestExecution(client, await names.reportIdOf(report));
		return asOutput(latest === undefined ? [] : [latest]);
	},
});
