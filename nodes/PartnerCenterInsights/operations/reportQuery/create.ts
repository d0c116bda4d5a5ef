import { optional, quote, text } from '../../fields/kinds';
import { checkQuery, querySource } from '../../fields/querySource';
import { InputError } from '../../insights/errors';
import { asOutput, operation } from '../operation';
import { readStatement, refuseBroken } from '../readQuery';

/** The service takes letters, digits and spaces in the name of a query, and nothing else. */
function queryName(name: string, displayName: string): string {
	if (/^[\p{L}\p{N} ]+$/u.test(name)) return name;
	const allowed = name.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
	throw new InputError(
		`'${displayName}' may only have letters, digits and spaces, but is ${quote(name)}`,
		`Write e.g. ${quote(allowed || 'Customers in Germany')}.`,
	);
}

export const create = operation({
	value: 'create',
	name: 'Create',
	action: 'Create report query',
	description: 'Save a query, so that reports can run it',
	fields: {
		name: text(
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. Customers in Germany',
				hint: 'Letters, digits and spaces only',
			},
			queryName,
		),
		query: querySource('text', 'builder'),
		description: optional(
			text({
				displayName: 'Description',
				name: 'description',
				type: 'string',
				default: '',
				description: 'What the query is for',
			}),
		),
	},
	options: { checkQuery },
	check: ({ query }, { checkQuery }) => {
		refuseBroken(query, checkQuery);
	},
	run: async ({ client }, { name, query, description }, { checkQuery }) => {
		const statement = await readStatement(client, query, checkQuery);
		return asOutput(
			await client.queries.create({
				Name: name,
				...(description !== undefined && { Description: description }),
				Query: statement,
			}),
		);
	},
});
