/**
 * Starts n8n's editor with the package as it stands, a credential for the sandbox service and the
 * example workflows, and stays until Ctrl-C:
 *
 *   npm run editor -- [--port <number>] [--user-folder <folder>]
 */
import { join, resolve as absolute } from 'node:path';
import { parseArgs } from 'node:util';

import { startSandbox } from '../service/client';
import { exampleWorkflows, sandboxCredentials, storeCredentials, storeWorkflows } from './examples';
import { OWNER, startHost } from './host';
import { installN8n, stateFolder } from './install';
import { freePort, isFree } from './n8nProcess';
import { packPackage } from './packedPackage';
import { signIn } from './signIn';

/** Where n8n listens when nobody says otherwise. */
const USUAL_PORT = 5678;

async function choosePort(wanted: string | undefined): Promise<number> {
	const port = Number(wanted ?? USUAL_PORT);
	if (await isFree(port)) return port;
	if (wanted !== undefined) throw new Error(`Port ${wanted} is in use.`);
	return await freePort();
}

/** Ends with the first signal to stop. Ctrl-C can bring more than one; the others change nothing. */
async function stopSignal(): Promise<void> {
	await new Promise<void>((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
			process.on(signal, () => resolve());
	});
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { port: { type: 'string' }, 'user-folder': { type: 'string' } },
	});
	const stopped = stopSignal();
	await installN8n();
	const packed = await packPackage();
	const sandbox = await startSandbox();
	try {
		const host = await startHost({
			userFolder: absolute(values['user-folder'] ?? join(stateFolder, 'editor')),
			packed,
			port: await choosePort(values.port),
			caFile: sandbox.caFile,
			egress: 'open',
			report: console.log,
		});
		try {
			const credentialIds = await storeCredentials(host.rest, sandboxCredentials(sandbox));
			// A new node takes whichever credential there is: that of a user works once somebody signed in.
			await signIn(host, credentialIds.get('partnerCenterInsightsOAuth2Api') ?? '');
			const workflows = await exampleWorkflows();
			const ids = await storeWorkflows(host.rest, workflows, credentialIds);
			const list = workflows.map(({ name }, i) => `  ${host.url}/workflow/${ids[i]}  ${name}`);
			console.log(`
n8n is ready:  ${host.url}
Sign in with:  ${OWNER.email}  /  ${OWNER.password}

Example workflows:
${list.join('\n')}

They use a stand-in for Microsoft on this machine: ${sandbox.apiUrl}
n8n's log: ${host.settings.logFile}
Ctrl-C ends it.`);
			await stopped;
			console.log('\nStopping …');
		} finally {
			await host.stop();
		}
	} finally {
		await sandbox.stop();
	}
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);
