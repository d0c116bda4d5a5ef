import { type QuerySource } from '../../insights/client';
import { type InsightsRecord, text } from '../../insights/records';
import { limit, returnAll } from '../../parameters/shared';
import { oneOf } from '../../parameters/values';
import { asOutput, type Operation } from '../operation';

const SOURCES: readonly QuerySource[] = ['all', 'userDefined', 'system'];

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many report queries',
	description: 'List the saved queries, all or those that match the filters',
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
					displayName: 'Query Name',
					name: 'queryName',
					type: 'string',
					default: '',
					placeholder: 'e.g. Customers in Germany',
					description:
						'Only queries of this name. Whether the service also finds parts of a name is not documented.',
				},
				{
					displayName: 'Source',
					name: 'source',
					type: 'options',
					options: [
						{ name: 'All', value: 'all' },
						{
							name: 'System',
							value: 'system',
							description: 'Queries that Partner Center provides',
						},
						{ name: 'User Defined', value: 'userDefined', description: 'Queries of your own' },
					],
					default: 'all',
					description: 'Whose queries to list',
				},
			],
		},
	],
	run: async ({ client, parameters }) => {
		const most = parameters.limit();
		const filters = parameters.collection('filters');
		const source = oneOf(filters.source ?? 'all', 'Source', SOURCES);
		// A query without a type is taken as the service listed it.
		const where = ({ Type: type }: InsightsRecord): boolean =>
			source === 'all' || text(type) === '' || text(type).toLowerCase() === source.toLowerCase();
		return asOutput(await client.queries.list(source, text(filters.queryName), { most, where }));
	},
};
