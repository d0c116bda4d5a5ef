import { collection, filledIn, oneOf, optional, text } from '../../fields/kinds';
import { most } from '../../fields/many';
import type { InsightsRecord } from '../../insights/records';
import { mayMatch, sameText } from '../../insights/sameText';
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
		name: optional(
			text(
				{
					displayName: 'Query Name',
					name: 'queryName',
					type: 'string',
					default: '',
					placeholder: 'e.g. Customers in Germany',
					description:
						'Only queries with this text in their name. Whether the service also finds parts of a name is not documented; for one query by its whole name use Get.',
				},
				filledIn,
			),
		),
		source: optional(
			oneOf({
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
			}),
		),
	},
);

export const getAll = operation({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many report queries',
	description: 'List the saved queries, all or those that match the filters',
	fields: { most, filters },
	run: async ({ client }, { most, filters: { name, source = 'all' } }) => {
		// A query whose type is no text, or none, is taken as the service listed it.
		const where = ({ Type: type, Name: found }: InsightsRecord): boolean =>
			(source === 'all' ||
				typeof type !== 'string' ||
				sameText(type, '') ||
				sameText(type, source)) &&
			mayMatch(found, name);
		return asOutput(await client.queries.list(source, name, { most, where }));
	},
});
