import { createInsightsClient, type InsightsClient } from '../insights/client';
import type { Clock } from '../insights/clock';
import { createPace, type Pace } from '../insights/http/pace';
import type { Program } from '../insights/program';
import type { CredentialType } from '../n8n/connection';
import type { Connect } from '../n8n/nodeRun';
import type { Limits } from '../operations/operation';
import { type Names, namesOf } from '../operations/byName';

export interface Connected {
	client: InsightsClient;
	/** Tells the credential's account and program apart from others. */
	scope: string;
	/** Finds the IDs of what is named in the program. */
	names: Names;
	/** Keeps its requests to the service's limit. */
	pace: Pace;
}

type ClientFor = (credentialType: CredentialType, program: Program) => Promise<Connected>;

/**
 * The clients of a run: one for each credential and program, made when an item first wants it. What
 * is connected stays connected, also in failure.
 *
 * @param signal ends requests
 * @param clock whose waits end with it
 * @param others clients with which these keep to the service's limit, as long as those may wait
 */
export function createClients(
	connect: Connect,
	{ requestTimeout, maxRetries }: Limits,
	signal: AbortSignal | undefined,
	clock: Clock,
	others?: ClientFor,
): ClientFor {
	const connections = new Map<string, ReturnType<Connect>>();
	const clients = new Map<string, Connected>();
	return async (credentialType, program) => {
		const connection =
			connections.get(credentialType) ?? connect(credentialType, requestTimeout, signal);
		connections.set(credentialType, connection);
		const { account, ...transport } = await connection;
		const otherPace = (await others?.(credentialType, program))?.pace;
		// Not before that: the first items would each get a client of their own, with waits of its own.
		const key = `${credentialType} ${program}`;
		const known = clients.get(key);
		if (known !== undefined) return known;
		const pace = createPace(clock, otherPace);
		const client = createInsightsClient({ ...transport, program, maxRetries, pace, ...clock });
		const connected = {
			client,
			scope: `${transport.apiBaseUrl}/${program}/${account}`,
			names: namesOf(client),
			pace,
		};
		clients.set(key, connected);
		return connected;
	};
}
