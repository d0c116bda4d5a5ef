import { collection, filledIn, oneOf, optional, text } from '../../fields/kinds';
import { most } from '../../fields/many';
import { queryId } from '../../fields/query';
import { optionalReference } from '../../fields/reference';
import { simplifyMany } from '../../fields/simplify';
import { isOf } from '../../insights/records';
import { mayMatch, sameText } from '../../insights/sameText';
import { asOutput, operation } from '../operation';
import { simplifiedReport } from '../simplified';

const filters = collection(
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
	},
	{
		query: optionalReference(queryId, 'Only reports that run this query'),
		name: optional(
			text(
				{
					displayName: 'Report Name',
					name: 'reportName',
					type: 'string',
					default: '',
					placeholder: 'e.g. CSP revenue daily',
					description:
						'Only reports with this text in their name. Whether the service also finds parts of a name is not documented; for one report by its whole name use Get.',
				},
				filledIn,
			),
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
	fields: { most, simplified: simplifyMany, filters },
	run: async ({ client, names }, { most, simplified, filters: { name, query, status } }) => {
		const queryId = query && (await names.queryIdOf(query));
		const reports = await client.reports.list(
			{ reportName: name, queryId },
			{
				most,
				// The service has no filter for the state, and was seen not to keep to one that it has.
				where: (report) =>
					(status === undefined || sameText(report.ReportStatus, status)) &&
					mayMatch(report.ReportName, name) &&
					(queryId === undefined || isOf('QueryId', queryId)(report)),
			},
		);
		return asOutput(simplified ? reports.map(simplifiedReport) : reports);
	},
});
