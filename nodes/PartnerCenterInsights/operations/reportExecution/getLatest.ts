import { latestExecution } from '../../insights/runs/executions';
import { reportId } from '../../parameters/locators';
import { asOutput, type Operation } from '../operation';

export const getLatest: Operation = {
	value: 'getLatest',
	name: 'Get Latest',
	action: 'Get latest report execution',
	description: 'Read the newest run of a report, also one that is not completed yet',
	parameters: [reportId],
	run: async ({ client, parameters }) => {
		const latest = await latestExecution(client, parameters.reportId());
		return asOutput(latest === undefined ? [] : [latest]);
	},
};
