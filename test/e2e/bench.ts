/** The n8n of this run, and a sandbox service of the test file's own. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
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
	/** Runs a stored workflow by `n8n execute` and reads what it prints. */
	execute: (workflowId: string) => Promise<IRunExecutionData>;
	/** A credential as it is stored, decrypted by n8n. */
	storedCredential: (id: string) => Promise<StoredCredential>;
	/** How many tokens were asked for. */
	tokenRequests: () => Promise<number>;
	stop: () => Promise<void>;
}

let credentials = 0;

/** The JSON among what `n8n execute` prints besides. */
function printedExecution(output: string): IRunExecutionData {
	const text = /^\{$[\s\S]*?^\}$/m.exec(output)?.[0];
	if (text === undefined) throw new Error(`n8n execute printed no result:\n${output}`);
	return (JSON.parse(text) as { data: IRunExecutionData }).data;
}

export async function startBench(): Promise<Bench> {
	const host = await attachHost(currentRun().host);
	const sandbox = await startSandbox();
	return {
		host,
		sandbox,
		async credential(changes) {
			const { type, data } = sandboxCredential(sandbox, changes);
			credentials += 1;
			const name = `App ${process.pid}-${credentials}`;
			const ids = await storeCredentials(host.rest, [{ name, type, data }]);
			return ids.get(type) ?? '';
		},
		run: async (workflow) => await host.rest.runWorkflow(await host.rest.createWorkflow(workflow)),
		async execute(workflowId) {
			const { code, stdout, stderr } = await host.command(['execute', `--id=${workflowId}`]);
			if (code !== 0) throw new Error(`n8n execute ended with ${String(code)}\n${stdout}${stderr}`);
			return printedExecution(stdout);
		},
		async storedCredential(id) {
			const folder = await mkdtemp(join(tmpdir(), 'credential-'));
			try {
				const file = join(folder, 'credential.json');
				await host.command(['export:credentials', `--id=${id}`, '--decrypted', `--output=${file}`]);
				const [credential] = JSON.parse(await readFile(file, 'utf8')) as StoredCredential[];
				if (credential === undefined) throw new Error(`There is no credential ${id}.`);
				return credential;
			} finally {
				await rm(folder, { recursive: true });
			}
		},
		tokenRequests: async () =>
			await sandbox.countRequests({ host: 'login', method: 'POST', path: '/oauth2/v2.0/token' }),
		stop: async () => {
			await sandbox.stop();
		},
	};
}
