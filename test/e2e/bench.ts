/** An n8n, by default that of this run, and a sandbox service of the test file's own. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ICredentialDataDecryptedObject, IRunExecutionData } from 'n8n-workflow';

import { sandboxCredential } from '../../sandbox/engine/sandboxCredential';
import { storeCredentials } from '../../sandbox/n8n/examples';
import type { Execution } from '../../sandbox/n8n/execution';
import { attachHost, type N8nHost } from '../../sandbox/n8n/host';
import type { StoredCredential, WorkflowInput } from '../../sandbox/n8n/rest';
import { startSandbox, type Sandbox } from '../../sandbox/service/client';
import { currentRun } from './run';

export interface Bench {
	host: N8nHost;
	sandbox: Sandbox;
	/** Stores an app credential for the sandbox, app only with the right secret unless changed. */
	credential: (changes?: ICredentialDataDecryptedObject) => Promise<string>;
	/** Stores a workflow, runs it by hand over REST and reads the execution back from n8n. */
	run: (workflow: WorkflowInput) => Promise<Execution>;
	/** Runs a stored workflow by `n8n execute`, of this n8n unless told, and reads what it prints. */
	execute: (workflowId: string, n8n?: Pick<N8nHost, 'command'>) => Promise<IRunExecutionData>;
	/**
	 * Imports an app credential, changed as told, and a workflow by n8n's commands, and executes it.
	 * The workflow names the credential by its `id`.
	 */
	importAndExecute: (
		workflow: WorkflowInput,
		credential: ICredentialDataDecryptedObject & { id: string },
	) => Promise<IRunExecutionData>;
	/** A credential as it is stored, decrypted by n8n. */
	storedCredential: (id: string) => Promise<StoredCredential>;
	/** How many tokens were asked for. */
	tokenRequests: () => Promise<number>;
	stop: () => Promise<void>;
}

let credentials = 0;

/**
 * A domain in upper and lower case, different for each number. Credentials of the same content share
 * tokens within n8n: this sets one apart from the others, and means the same to Entra.
 */
function spelling(domain: string, number: number): string {
	return Array.from(domain)
		.map((letter, bit) => ((number >> bit) & 1 ? letter.toUpperCase() : letter))
		.join('');
}

/** The JSON among what `n8n execute` prints besides. */
function printedExecution(output: string): IRunExecutionData {
	const text = /^\{$[\s\S]*?^\}$/m.exec(output)?.[0];
	if (text === undefined) throw new Error(`n8n execute printed no result:\n${output}`);
	return (JSON.parse(text) as { data: IRunExecutionData }).data;
}

/** Lends the path of a file that does not exist yet and is gone afterwards. */
async function withFile<Result>(use: (file: string) => Promise<Result>): Promise<Result> {
	const folder = await mkdtemp(join(tmpdir(), 'partner-center-e2e-'));
	try {
		return await use(join(folder, 'file.json'));
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** @param given an n8n of the test file's own; that of the run when not given */
export async function startBench(given?: N8nHost): Promise<Bench> {
	const host = given ?? (await attachHost(currentRun().host));
	const sandbox = await startSandbox();
	const execute: Bench['execute'] = async (workflowId, n8n = host) => {
		const { code, stdout, stderr } = await n8n.command(['execute', `--id=${workflowId}`]);
		if (code !== 0) throw new Error(`n8n execute ended with ${String(code)}\n${stdout}${stderr}`);
		return printedExecution(stdout);
	};
	return {
		host,
		sandbox,
		async credential(changes) {
			credentials += 1;
			const name = `App ${credentials}`;
			const tenantId = spelling(sandbox.tenantDomain, credentials);
			const { type, data } = sandboxCredential(sandbox, { tenantId, ...changes });
			const ids = await storeCredentials(host.rest, [{ name, type, data }]);
			return ids.get(type) ?? '';
		},
		run: async (workflow) => await host.rest.runWorkflow(await host.rest.createWorkflow(workflow)),
		execute,
		async importAndExecute(workflow, { id, ...changes }) {
			const { name, type, data } = sandboxCredential(sandbox, changes);
			await withFile(async (file) => {
				await writeFile(file, JSON.stringify([{ id, name, type, data }]));
				await host.command(['import:credentials', `--input=${file}`]);
			});
			await withFile(async (file) => {
				await writeFile(file, JSON.stringify([{ ...workflow, id: 'imported', active: false }]));
				await host.command(['import:workflow', `--input=${file}`]);
			});
			return await execute('imported');
		},
		storedCredential: async (id) =>
			await withFile(async (file) => {
				await host.command(['export:credentials', `--id=${id}`, '--decrypted', `--output=${file}`]);
				const [credential] = JSON.parse(await readFile(file, 'utf8')) as StoredCredential[];
				if (credential === undefined) throw new Error(`There is no credential ${id}.`);
				return credential;
			}),
		tokenRequests: async () =>
			await sandbox.countRequests({ host: 'login', method: 'POST', path: '/oauth2/v2.0/token' }),
		stop: async () => {
			await sandbox.stop();
		},
	};
}
