import { program } from '../../fields/connection';
import { executionToGet } from '../../fields/execution';
import { named } from '../../fields/field';
import { fileOutput, outputChoice, outputOptions } from '../../fields/fileOutput';
import { reportId } from '../../fields/report';
import { InsightsError } from '../../insights/errors';
import { completedExecution, confirmReport, latestCompleted } from '../../insights/runs/executions';
import { deliver } from '../deliver';
import { operation } from '../operation';
import { waitUntilReady } from './waitUntilReady';

export const download = operation({
	value: 'download',
	name: 'Download',
	action: 'Download report file',
	description: 'Get the file of a completed run, as a file or row by row',
	fields: { report: reportId, execution: executionToGet, output: fileOutput('file') },
	options: outputOptions,
	run: async (item, { report, execution, output }, options) => {
		const { client, names } = item;
		const id = await names.reportIdOf(report);
		const found =
			execution === undefined
				? await latestCompleted(client, id)
				: await completedExecution(client, id, execution);
		if (found === undefined) {
			await confirmReport(client, id);
			throw new InsightsError(
				execution === undefined
					? 'The report has not completed a run yet'
					: 'The report has no completed run with this execution ID',
				{
					kind: 'notReady',
					advice: `Use '${waitUntilReady.name}' before it, or check the IDs and ${named(program)}.`,
				},
			);
		}
		return await deliver(item, id, found, outputChoice(output, options));
	},
});
