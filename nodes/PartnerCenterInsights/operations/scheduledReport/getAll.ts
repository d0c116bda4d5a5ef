import { collection, oneOf, optional, readId, text } from '../../fields/kinds';
import { most } from '../../fields/many';
import { QUERY_ID_FORM } from '../../fields/query';
import { sameText } from '../../insights/sameText';
import { asOutput, operation } from '../operation';

const filters = collection(
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
	},
	{
		query: optional(
			text(
				{
					displayName: 'Query ID',
					name: 'queryId',
					type: 'string',
					default: '',
					placeholder: 'e.g. d1a4d75e-5ca8-4847-845f-ee0a9be6f07b',
					description: 'Only reports that run this query',
				},
				(given, displayName) => readId(given, displayName, QUERY_ID_FORM),
			),
		),
		name: optional(
			text({
				displayName: 'Report Name',
				name: 'reportName',
				type: 'string',
				default: '',
				placeholder: 'e.g. CSP revenue daily',
				description:
					'Only reports of this name. Whether the service also finds parts of a name is not documented.',
			}),
		),
		status: optional(
			oneOf({
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
			}),
		),
	},
);

export const getAll = operation({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many scheduled reports',
	description: 'List the reports, all or those that match the filters',
	fields: { most, filters },
	run: async ({ client }, { most, filters: { name, query, status } }) =>
		asOutput(
			await client.reports.list(
				{ reportName: name, queryId: query },
				{
					most,
					// The service has no filter for the state.
					where: ({ ReportStatus: found }) => status === undefined || sameText(found, status),
				},
			),
		),
});
