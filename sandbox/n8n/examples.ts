/** The example workflows and the credentials that they need, put into an n8n. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';

import { sandboxCredential } from '../engine/sandboxCredential';
import type { Sandbox } from '../service/client';
import { repositoryFolder } from './install';
import type { CredentialInput, N8nRest, WorkflowInput } from './rest';

/** Credentials for the sandbox service: one of each type, named as the examples name them. */
export function sandboxCredentials(sandbox: Sandbox): CredentialInput[] {
	const { name, type, data } = sandboxCredential(sandbox);
	const shared = [
		'environment',
		'authorityHost',
		'apiBaseUrl',
		'tenantId',
		'clientId',
		'clientCredentialType',
		'clientSecret',
	];
	return [
		{ name, type, data },
		{
			name: `${name} OAuth2`,
			type: 'partnerCenterInsightsOAuth2Api',
			data: Object.fromEntries(Object.entries(data).filter(([field]) => shared.includes(field))),
		},
	];
}

/**
 * Stores credentials under their names; those that are there already are brought up to date.
 *
 * @returns the id by the credential's type
 */
export async function storeCredentials(
	rest: N8nRest,
	credentials: CredentialInput[],
): Promise<Map<string, string>> {
	const existing = await rest.credentials();
	const ids = new Map<string, string>();
	for (const credential of credentials) {
		const { name, type } = credential;
		const known = existing.find((other) => other.name === name && other.type === type);
		if (known) await rest.updateCredential(known.id, credential);
		ids.set(type, known?.id ?? (await rest.createCredential(credential)));
	}
	return ids;
}

/** Every workflow in `examples/`. */
export async function exampleWorkflows(): Promise<WorkflowInput[]> {
	const folder = join(repositoryFolder, 'examples');
	const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
	return await Promise.all(
		files.map(
			async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as WorkflowInput,
		),
	);
}

/** The workflow with its nodes' credentials replaced by those of the same type in `ids`. */
export function withCredentials(
	workflow: WorkflowInput,
	ids: ReadonlyMap<string, string>,
): WorkflowInput {
	const matched = (node: INode): INode => {
		const credentials = Object.entries(node.credentials ?? {}).map(([type, { id, name }]) => [
			type,
			{ id: ids.get(type) ?? id, name },
		]);
		return { ...node, credentials: Object.fromEntries(credentials) as INode['credentials'] };
	};
	return { ...workflow, nodes: workflow.nodes.map(matched) };
}

/**
 * Stores workflows. One whose name is there already is left as it is: somebody may have worked on it.
 *
 * @returns the ids, in the same order
 */
export async function storeWorkflows(
	rest: N8nRest,
	workflows: WorkflowInput[],
	credentialIds: ReadonlyMap<string, string>,
): Promise<string[]> {
	const existing = await rest.workflows();
	const ids: string[] = [];
	for (const workflow of workflows) {
		const known = existing.find(({ name }) => name === workflow.name);
		ids.push(known?.id ?? (await rest.createWorkflow(withCredentials(workflow, credentialIds))));
	}
	return ids;
}
