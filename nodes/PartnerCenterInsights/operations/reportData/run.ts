import { runOnce } from '../../insights/runs/oneOffRun';
import { toServiceTime } from '../../insights/serviceTime';
import { waitForExecution } from '../../insights/runs/waiting';
import {
	fileOutput,
	readOutputChoice,
	readWaitOptions,
	rowOptions,
	waitOptions,
} from '../../parameters/fileOutput';
import { checkQueryOption, querySource } from '../../parameters/querySource';
import { endOfSpan } from '../../parameters/values';
import { deliver } from '../deliver';
import type { Operation } from '../operation';
import { readQuery } from '../readQuery';

export const run: Operation = {
	value: 'run',
	name: 'Run Query',
	action: 'Run query and get its data',
	description: 'Run a query once, wait for its data, get it, and tidy up',
	parameters: [
		...querySource('text', 'saved', 'builder'),
		{
			displayName: 'Query Start Time',
			name: 'queryStartTime',
			type: 'dateTime',
			default: '',
			description: "Start of the data, in place of the query's TIMESPAN",
		},
		{
			displayName: 'Query End Time',
			name: 'queryEndTime',
			type: 'dateTime',
			default: '',
			description: "End of the data, in place of the query's TIMESPAN",
		},
		...fileOutput('rows'),
	],
	options: [
		checkQueryOption,
		{
			displayName: 'Clean Up',
			name: 'cleanUp',
			type: 'boolean',
			default: true,
			description:
				'Whether to delete the report (and the query, where it was created for it) from the service afterwards',
		},
		...rowOptions,
		...waitOptions,
	],
	run: async (item) => {
		const { client, parameters, uninterrupted, scope, share, wait, log, hint } = item;
		const start = parameters.date('queryStartTime', 'Query Start Time');
		const end = parameters.date('queryEndTime', 'Query End Time');
		const queryStartTime = start && toServiceTime(start);
		const query =
			parameters.get('source') === 'saved'
				? { queryId: parameters.queryId() }
				: { text: await readQuery(item) };
		const oneOff = {
			query,
			queryStartTime,
			queryEndTime: end && endOfSpan(end, queryStartTime, 'Query End Time'),
		};
		const choice = readOutputChoice(parameters);
		const waiting = readWaitOptions(parameters);
		const removeAfterwards = parameters.collection('options').cleanUp !== false;

		const key = JSON.stringify([parameters.program(), oneOff, choice, waiting, removeAfterwards]);
		const clock = { now: Date.now, wait };
		return await share(
			key,
			async () =>
				await runOnce(oneOff, {
					client,
					uninterrupted,
					scope,
					removeAfterwards,
					clock,
					onLeft: (left) => hint(`Could not be deleted from the service: ${left.join(', ')}.`),
					use: async (reportId) => {
						const execution = await waitForExecution({
							client,
							reportId,
							runsOnce: true,
							...waiting,
							clock,
							onLook: (elapsed) =>
								log(`The query's data is not ready after ${Math.round(elapsed / 1_000)} s`),
						});
						return await deliver(item, reportId, execution, choice);
					},
				}),
		);
	},
};
