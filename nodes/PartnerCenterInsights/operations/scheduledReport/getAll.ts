import { text } from '../../insights/records';
import { limit, returnAll } from '../../parameters/shared';
import { asOutput, type Operation } from '../operation';

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many scheduled reports',
	description: 'List the reports, all or those that match the filters',
	parameters: [
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
					displayName: 'Query ID',
					name: 'queryId',
					type: 'string',
					default: '',
					placeholder: 'e.g. d1a4d75e-5ca8-4847-845f-ee0a9be6f07b',
					description: 'Only reports that run this query',
				},
				{
					displayName: 'Report Name',
					name: 'reportName',
					type: 'string',
					default: '',
					placeholder: 'e.g. CSP revenue daily',
					description:
						'Only reports of this name. Whether the service also finds parts of a name is not documented.',
				},
				{
					displayName: 'Report Status',
					name: 'reportStatus',
					type: 'options',
					options: [
						{ name: 'Active', value: 'Active' },
						{
							name: 'Inactive',
							value: 'Inactive',
							description: 'All runs are used up, or it was a one-off report',
						},
						{ name: 'Paused', value: 'Paused' },
					],
					default: 'Paused',
					description: 'Only reports in this state',
				},
			],
		},
	],
	run: async ({ client, parameters }) => {
		const most = parameters.limit();
		const filters = parameters.collection('filters');
		const wanted = text(filters.reportStatus).toLowerCase();
		return asOutput(
			await client.reports.list(
				{ reportName: text(filters.reportName), queryId: text(filters.queryId) },
				{
					most,
					// The service has no filter for the state.
					where: ({ ReportStatus: status }) =>
						wanted === '' || text(status).toLowerCase() === wanted,
				},
			),
		);
	},
};
