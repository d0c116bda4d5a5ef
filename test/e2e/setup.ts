import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { startHost } from '../../sandbox/n8n/host';
import { installN8n, stateFolder } from '../../sandbox/n8n/install';
import { packPackage } from '../../sandbox/n8n/packed-package';
import { publishRun } from './run';
import { leaveRunning } from './teardown';

const report = (line: string) => process.stderr.write(`${line}\n`);

/** Packs the package, installs it in an n8n with nothing in it, and leaves that running. */
export default async function setUp(): Promise<void> {
	await installN8n(report);
	const packed = await packPackage(report);
	const userFolder = join(stateFolder, 'e2e');
	await rm(userFolder, { recursive: true, force: true });
	const { url, settings, stop } = await startHost({
		userFolder,
		packed,
		report,
		egress: 'closed',
		// Everything that n8n ever says is searched for secrets.
		environment: { N8N_LOG_LEVEL: 'debug' },
	});
	leaveRunning(stop);
	publishRun({ host: { url, settings }, packed });
}
