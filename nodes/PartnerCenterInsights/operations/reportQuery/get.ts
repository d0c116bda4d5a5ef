import { queryId } from '../../fields/query';
import { asOutput, operation } from '../operation';

export const get = operation({
	value: 'get',
	name: 'Get',
	action: 'Get report query',
	description: 'Read a saved query: its text, type and owner',
	fields: { query: queryId },
	run: async ({ client, names }, { query }) =>
		asOutput(await client.queries.get(await names.queryIdOf(query))),
});
