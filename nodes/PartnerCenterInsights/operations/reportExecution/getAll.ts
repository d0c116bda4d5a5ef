import { collection, oneOf, optional } from '../../fields/kinds';
import { most } from '../../fields/many';
import { reportId } from '../../fields/report';
import { simplifyMany } from '../../fields/simplify';
import { listExecutions } from '../../insights/runs/executions';
import { asOutput, operation } from '../operation';
import { simplifiedExecution } from '../simplified';

const status = oneOf({
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
});

export const getAll = operation({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many report executions',
	description: 'List the runs of a report in the last 90 days, newest first',
	fields: {
		report: reportId,
		most,
		simplified: simplifyMany,
		filters: collection(
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add Filter',
				default: {},
			},
			{ status: optional(status) },
		),
	},
	run: async ({ client, names }, { report, most, simplified, filters }) => {
		const statuses = filters.status === undefined ? undefined : [filters.status];
		const id = await names.reportIdOf(report);
		const executions = await listExecutions(client, id, statuses, most);
		return asOutput(simplified ? executions.map(simplifiedExecution) : executions);
	},
});
