import { InputError } from '../../insights/errors';
import { checkQueryOption, querySource } from '../../parameters/querySource';
import { quote } from '../../parameters/values';
import { asOutput, type Operation } from '../operation';
import { readQuery } from '../readQuery';

/** The service takes letters, digits and spaces in the name of a query, and nothing else. */
function queryName(name: string): string {
	if (/^[\p{L}\p{N}\s]+$/u.test(name)) return name;
	throw new InputError(
		`'Name' may only have letters, digits and spaces, but is ${quote(name)}`,
		`Write e.g. ${quote(
			name
				.replace(/[^\p{L}\p{N}\s]+/gu, ' ')
				.replace(/\s+/g, ' ')
				.trim() || 'Customers in Germany',
		)}.`,
	);
}

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create report query',
	description: 'Save a query, so that reports can run it',
	parameters: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Customers in Germany',
			description: 'Letters, digits and spaces',
		},
		...querySource('text', 'builder'),
		{
			displayName: 'Description',
			name: 'description',
			type: 'string',
			default: '',
			description: 'What the query is for',
		},
	],
	options: [checkQueryOption],
	run: async (item) => {
		const { client, parameters } = item;
		const name = queryName(parameters.text('name', 'Name'));
		const description = parameters.optionalText('description');
		const query = await readQuery(item);
		return asOutput(
			await client.queries.create({
				Name: name,
				...(description !== '' && { Description: description }),
				Query: query,
			}),
		);
	},
};
