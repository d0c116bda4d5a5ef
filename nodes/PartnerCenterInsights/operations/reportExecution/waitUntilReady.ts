import type { INodeProperties } from 'n8n-workflow';
import { waitForExecution } from '../../insights/runs/waiting';
import { readWaitOptions, waitOptions } from '../../parameters/fileOutput';
import { reportId } from '../../parameters/locators';
import { asOutput, type Operation } from '../operation';

const executionId: INodeProperties = {
	displayName: 'Execution ID',
	name: 'executionId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 0f6a9d1e-8c3b-4b57-9a42-5d1c7e3f2b60',
	description: 'The run to wait for. Empty: the next one that is completed.',
};

export const waitUntilReady: Operation = {
	value: 'wait',
	name: 'Wait Until Ready',
	action: 'Wait until report is ready',
	description: 'Wait until the next run of a report is completed',
	parameters: [reportId],
	options: [executionId, ...waitOptions],
	run: async ({ client, parameters, wait, log }) => {
		const report = parameters.reportId();
		const execution = parameters.executionId();
		return asOutput([
			await waitForExecution({
				client,
				reportId: report,
				executionId: execution,
				...readWaitOptions(parameters),
				clock: { now: Date.now, wait },
				onLook: (elapsed) =>
					log(`Report ${report} is not ready after ${Math.round(elapsed / 1_000)} s`),
			}),
		]);
	},
};
