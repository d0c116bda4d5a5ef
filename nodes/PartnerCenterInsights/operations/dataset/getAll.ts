import { most } from '../../fields/many';
import { asOutput, operation } from '../operation';

export const getAll = operation({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many datasets',
	description: 'List the datasets that the account can query',
	fields: { most },
	run: async ({ client }, { most }) => asOutput(await client.datasets.list({ most })),
});
