import { InsightsError } from '../../insights/errors';
import { completedExecution, latestCompleted } from '../../insights/runs/executions';
import { fileOutput, readOutputChoice, rowOptions } from '../../parameters/fileOutput';
import { reportId } from '../../parameters/locators';
import { deliver } from '../deliver';
import type { Operation } from '../operation';

export const download: Operation = {
	value: 'download',
	name: 'Download',
	action: 'Download report file',
	description: 'Get the file of a completed run, as a file or row by row',
	parameters: [
		reportId,
		{
			displayName: 'Execution ID',
			name: 'executionId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 0f6a9d1e-8c3b-4b57-9a42-5d1c7e3f2b60',
			description: 'The run whose file to get. Empty: the one completed last.',
		},
		...fileOutput('file'),
	],
	options: rowOptions,
	run: async (item) => {
		const { client, parameters } = item;
		const report = parameters.reportId();
		const execution = parameters.executionId();
		const choice = readOutputChoice(parameters);
		const found =
			execution === undefined
				? await latestCompleted(client, report)
				: await completedExecution(client, report, execution);
		if (found === undefined) {
			throw new InsightsError(
				execution === undefined
					? 'The report has not completed a run yet'
					: 'The report has no completed run with this execution ID',
				{
					kind: 'notReady',
					advice: "Use 'Wait Until Ready' before it, or check the IDs and 'Program'.",
				},
			);
		}
		return await deliver(item, report, found, choice);
	},
};
