import { queryId } from '../../fields/query';
import { asDeleted, operation } from '../operation';

export const remove = operation({
	value: 'delete',
	name: 'Delete',
	action: 'Delete report query',
	description: 'Remove one of your own queries, for good',
	fields: { query: queryId },
	run: async ({ client }, { query }) =>
		asDeleted(await client.queries.remove(query), { QueryId: query }),
});
