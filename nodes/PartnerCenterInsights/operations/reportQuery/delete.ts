import { queryId } from '../../parameters/locators';
import { asDeleted, type Operation } from '../operation';

export const remove: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete report query',
	description: 'Remove one of your own queries, for good',
	parameters: [queryId],
	run: async ({ client, parameters }) => {
		const id = parameters.queryId();
		return asDeleted(await client.queries.remove(id), { QueryId: id });
	},
};
