import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { createInsightsClient, type InsightsClient } from '../insights/client';
import { systemClock } from '../insights/clock';
import { InputError } from '../insights/errors';
import { settle } from '../insights/settle';
import { authentication, program as programField } from '../fields/connection';
import { type Entry, named } from '../fields/field';
import { connect } from './connection';
import { toNodeError } from './nodeErrors';

/** A person waits for the list: fail rather than wait long. In ms. */
const LIST_TIMEOUT = 20_000;
const LIST_RETRIES = 1;

async function connectEditor(context: ILoadOptionsFunctions): Promise<InsightsClient> {
	const given = <T>(field: Entry<T>): T => {
		const { property, parse } = field;
		const value = context.getNodeParameter(property.name, property.default) as unknown;
		// What the editor sends of an expression while the nodes that it takes from have not run.
		if (value === null) {
			throw new InputError(
				`${named(field)} is an expression that has no value in the editor yet: execute the previous nodes, or choose it while you pick from the list`,
			);
		}
		return parse(value, { program: 'mpn', timezone: context.getTimezone(), now: Date.now() });
	};
	// Of another program than the node's, a list would be wrong without a word.
	const program = given(programField);
	const connection = await connect(context, given(authentication), LIST_TIMEOUT, undefined);
	return createInsightsClient({
		...connection,
		program,
		maxRetries: LIST_RETRIES,
		wait: async (ms) => await systemClock().wait(Math.min(ms, LIST_TIMEOUT)),
	});
}

/** Reads something for a list of the editor, with the credential that the node has there. */
export async function readForEditor<T>(
	context: ILoadOptionsFunctions,
	read: (client: InsightsClient) => Promise<T>,
): Promise<T> {
	const settled = await settle(connectEditor(context).then(read));
	if ('error' in settled) throw toNodeError(context.getNode(), settled.error);
	return settled.value;
}
