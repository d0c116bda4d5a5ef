import { setTimeout as delay } from 'node:timers/promises';
import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { createInsightsClient, type InsightsClient } from '../insights/client';
import { connect, type CredentialType } from './connection';
import { isProgram } from '../insights/program';
import { toNodeError } from './nodeErrors';

/** A person waits for the list: fail rather than wait long. In ms. */
const LIST_TIMEOUT = 20_000;
const LIST_RETRIES = 1;

async function connectEditor(context: ILoadOptionsFunctions): Promise<InsightsClient> {
	const program = context.getNodeParameter('program', 'mpn');
	const connection = await connect(
		context,
		context.getNodeParameter('authentication', 'partnerCenterInsightsApi') as CredentialType,
		LIST_TIMEOUT,
		undefined,
	);
	return createInsightsClient({
		...connection,
		program: isProgram(program) ? program : 'mpn',
		maxRetries: LIST_RETRIES,
		wait: async (ms) => await delay(Math.min(ms, LIST_TIMEOUT)),
	});
}

/** Reads something for a list of the editor, with the credential that the node has there. */
export async function readForEditor<T>(
	context: ILoadOptionsFunctions,
	read: (client: InsightsClient) => Promise<T>,
): Promise<T> {
	const outcome = await connectEditor(context)
		.then(read)
		.then(
			(result) => ({ result }),
			(error: unknown) => ({ error: toNodeError(context.getNode(), error) }),
		);
	if ('error' in outcome) throw outcome.error;
	return outcome.result;
}
