import { executionToAwait } from '../../fields/execution';
import { reportId } from '../../fields/report';
import { progressNotice, waitOptions } from '../../fields/waiting';
import { waitForExecution } from '../../insights/runs/waiting';
import { asOutput, operation } from '../operation';

export const waitUntilReady = operation({
	value: 'wait',
	name: 'Wait Until Ready',
	action: 'Wait until report is ready',
	description: 'Wait until the next run of a report is completed',
	fields: { report: reportId, progress: progressNotice },
	options: { execution: executionToAwait, ...waitOptions },
	run: async ({ client, names, wait, log }, { report }, { execution, poll, timeout }) => {
		const id = await names.reportIdOf(report);
		return asOutput([
			await waitForExecution({
				client,
				reportId: id,
				executionId: execution,
				poll,
				timeout,
				clock: { now: Date.now, wait },
				onLook: (elapsed) =>
					log(`Report ${id} is not ready after ${Math.round(elapsed / 1_000)} s`),
			}),
		]);
	},
});
