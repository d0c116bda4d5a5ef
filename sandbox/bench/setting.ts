/** What every measurement starts from: one service, and an n8n that is started as often as needed. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { sandboxCredential } from '../engine/sandboxCredential';
import type { Execution } from '../n8n/execution';
import { startHost, type N8nHost } from '../n8n/host';
import { stateFolder } from '../n8n/install';
import type { PackedPackage } from '../n8n/packedPackage';
import type { Sandbox } from '../service/client';

export interface Setting {
	sandbox: Sandbox;
	packed: PackedPackage;
	/** Tells how far it is. */
	report: (line: string) => void;
}

/** An n8n that is ready to be measured. */
export interface MeasuredN8n extends Pick<N8nHost, 'rest' | 'url'> {
	pid: number;
	/** Credential IDs: this package's, and n8n's OAuth2 one for the same app. */
	insightsCredential: string;
	oAuth2Credential: string;
}

const userFolder = join(stateFolder, 'bench');

/** Removes what earlier runs have left: the database, and files that n8n stored. */
export async function clearUserFolder(): Promise<void> {
	await rm(userFolder, { recursive: true, force: true });
}

function oAuth2Credential({ loginUrl, apiUrl, tenantId, apps }: Sandbox) {
	return {
		name: 'OAuth2',
		type: 'oAuth2Api',
		data: {
			grantType: 'clientCredentials',
			accessTokenUrl: `${loginUrl}/${tenantId}/oauth2/v2.0/token`,
			clientId: apps.standard.clientId,
			clientSecret: apps.standard.clientSecret,
			scope: `${apiUrl}/.default`,
			authentication: 'body',
		},
	};
}

/** Starts n8n anew, lends it, and stops it. */
export async function withN8n<T>(
	{ sandbox, packed }: Setting,
	use: (n8n: MeasuredN8n) => Promise<T>,
	environment: Record<string, string> = {},
): Promise<T> {
	const { rest, url, pid, stop } = await startHost({
		userFolder,
		packed,
		caFile: sandbox.caFile,
		environment: { N8N_LOG_LEVEL: 'warn', ...environment },
	});
	try {
		const { name, type, data } = sandboxCredential(sandbox);
		return await use({
			rest,
			url,
			pid,
			insightsCredential: await rest.createCredential({ name, type, data }),
			oAuth2Credential: await rest.createCredential(oAuth2Credential(sandbox)),
		});
	} finally {
		await stop();
	}
}

/**
 * Runs a workflow to its end, also where n8n is too busy in between to answer.
 *
 * @param limit ms
 * @returns what became of it in words where there is no execution to look at
 */
export async function runToEnd(
	{ rest, pid }: Pick<MeasuredN8n, 'rest' | 'pid'>,
	workflowId: string,
	limit: number,
): Promise<Execution | string> {
	const executionId = await rest.startWorkflow(workflowId);
	for (;;) {
		try {
			return await rest.executionEnd(executionId, limit);
		} catch (error) {
			if (!existsSync(`/proc/${pid}`)) return 'n8n has ended';
			// `fetch` says so when a connection ends before an answer.
			if (!(error instanceof TypeError)) return String(error);
		}
	}
}
