import { queryId } from '../../parameters/locators';
import { asOutput, type Operation } from '../operation';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get report query',
	description: 'Read a saved query: its text, type and owner',
	parameters: [queryId],
	run: async ({ client, parameters }) => asOutput(await client.queries.get(parameters.queryId())),
};
