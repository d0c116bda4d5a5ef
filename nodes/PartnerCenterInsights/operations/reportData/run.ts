import { fileOutput, outputChoice, outputOptions } from '../../fields/fileOutput';
import { flag } from '../../fields/kinds';
import { checkQuery, querySource } from '../../fields/querySource';
import { querySpan } from '../../fields/span';
import { progressNotice, waitOptions } from '../../fields/waiting';
import { runOnce } from '../../insights/runs/oneOffRun';
import { waitForExecution } from '../../insights/runs/waiting';
import { deliver } from '../deliver';
import { operation } from '../operation';
import { readQuery, refuseBroken } from '../readQuery';

export const run = operation({
	value: 'run',
	name: 'Run Query',
	action: 'Run query and get its data',
	description: 'Run a query once, wait for its data, get it, and tidy up',
	fields: {
		query: querySource('text', 'saved', 'builder', 'report'),
		span: querySpan,
		output: fileOutput('rows'),
		progress: progressNotice,
	},
	options: {
		checkQuery,
		cleanUp: flag({
			displayName: 'Clean Up',
			name: 'cleanUp',
			type: 'boolean',
			default: true,
			description:
				'Whether to delete the report (and the query, where it was created for it) from the service afterwards',
		}),
		...outputOptions,
		...waitOptions,
	},
	check: ({ query }, { checkQuery }) => {
		refuseBroken(query, checkQuery);
	},
	run: async (
		item,
		{ query, span, output },
		{ checkQuery, cleanUp, poll, timeout, ...options },
	) => {
		const { client, program, uninterrupted, scope, share, wait, log, hint } = item;
		const oneOff = {
			...(await readQuery(item, query, checkQuery)),
			queryStartTime: span.start,
			queryEndTime: span.end,
		};
		const choice = outputChoice(output, options);

		const key = JSON.stringify([program, oneOff, choice, poll, timeout, cleanUp]);
		const clock = { now: Date.now, wait };
		return await share(
			key,
			async () =>
				await runOnce(oneOff, {
					client,
					uninterrupted,
					scope,
					removeAfterwards: cleanUp,
					timeout,
					clock,
					tell: hint,
					use: async (reportId) => {
						const execution = await waitForExecution({
							client,
							reportId,
							runsOnce: true,
							poll,
							timeout,
							clock,
							onLook: (elapsed) =>
								log(`The query's data is not ready after ${Math.round(elapsed / 1_000)} s`),
						});
						return await deliver(item, reportId, execution, choice);
					},
				}),
		);
	},
});
