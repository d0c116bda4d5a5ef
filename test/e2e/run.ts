/** What the set-up of an end-to-end run tells the tests; it crosses a process boundary as JSON. */
import type { HostAddress } from '../../sandbox/n8n/host';
import type { PackedPackage } from '../../sandbox/n8n/packedPackage';

export interface Run {
	host: HostAddress;
	packed: PackedPackage;
}

const VARIABLE = 'PARTNER_CENTER_E2E_RUN';

export function publishRun(run: Run): void {
	process.env[VARIABLE] = JSON.stringify(run);
}

/** @throws Error outside of an end-to-end run */
export function currentRun(): Run {
	const text = process.env[VARIABLE];
	if (text === undefined) throw new Error('Start these tests with: npm run test:e2e');
	return JSON.parse(text) as Run;
}
