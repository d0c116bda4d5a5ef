import { limit, returnAll } from '../../parameters/shared';
import { asOutput, type Operation } from '../operation';

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many datasets',
	description: 'List the datasets that the account can query',
	parameters: [returnAll, limit],
	run: async ({ client, parameters }) => {
		const most = parameters.limit();
		return asOutput(await client.datasets.list({ most }));
	},
};
