import { EXECUTION_STATUSES } from '../../insights/client';
import { listExecutions } from '../../insights/runs/executions';
import { reportId } from '../../parameters/locators';
import { limit, returnAll } from '../../parameters/shared';
import { isEmpty, oneOf } from '../../parameters/values';
import { asOutput, type Operation } from '../operation';

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many report executions',
	description: 'List the runs of a report in the last 90 days, newest first',
	parameters: [
		reportId,
		returnAll,
		limit,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Execution Status',
					name: 'executionStatus',
					type: 'options',
					options: [
						{ name: 'Completed', value: 'Completed', description: 'The file is there' },
						{ name: 'Paused', value: 'Paused' },
						{ name: 'Pending', value: 'Pending', description: 'Queued' },
						{ name: 'Running', value: 'Running' },
					],
					default: 'Completed',
					description:
						'Only runs in this state. Without it each state is asked for in a request of its own.',
				},
			],
		},
	],
	run: async ({ client, parameters }) => {
		const id = parameters.reportId();
		const most = parameters.limit();
		const { executionStatus } = parameters.collection('filters');
		const statuses = isEmpty(executionStatus)
			? EXECUTION_STATUSES
			: [oneOf(executionStatus, 'Execution Status', EXECUTION_STATUSES)];
		return asOutput((await listExecutions(client, id, statuses)).slice(0, most));
	},
};
