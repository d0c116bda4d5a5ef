import { notice } from '../../fields/notice';
import { queryId } from '../../fields/query';
import { asDeleted, operation } from '../operation';

export const remove = operation({
	value: 'delete',
	name: 'Delete',
	action: 'Delete report query',
	description: 'Remove one of your own queries, for good',
	fields: {
		query: queryId,
		notice: notice(
			'deleteQueryNotice',
			'The query goes for good. Reports that run it may fail from then on: list them with Scheduled Report → Get Many, filtered by Query.',
		),
	},
	run: async ({ client, names }, { query }) => {
		const id = await names.queryIdOf(query);
		return asDeleted(await client.queries.remove(id), { QueryId: id });
	},
});
