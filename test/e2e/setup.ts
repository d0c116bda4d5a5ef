import { OLDEST, REFERENCE } from '../../sandbox/n8n/editions';
import { startHost } from '../../sandbox/n8n/host';
import { installEach } from '../../sandbox/n8n/install';
import { packPackage } from '../../sandbox/n8n/packedPackage';
import { publishRun } from './run';
import { leaveRunning } from './teardown';
import { emptyUserFolder } from './userFolder';

const report = (line: string) => process.stderr.write(`${line}\n`);

/** Packs the package, installs it in an n8n with nothing in it, and leaves that running. */
export default async function setUp(): Promise<void> {
	await installEach([REFERENCE, OLDEST], report);
	const packed = await packPackage(report);
	const { url, settings, stop } = await startHost({
		userFolder: await emptyUserFolder(REFERENCE.name),
		packed,
		report,
		egress: 'closed',
		// Everything that n8n ever says is searched for secrets.
		environment: { N8N_LOG_LEVEL: 'debug' },
	});
	leaveRunning(stop);
	publishRun({ host: { url, settings }, packed });
}
