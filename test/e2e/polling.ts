/** How the tests let the trigger poll. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Sandbox } from '../../sandbox/service/client';
import { until } from './waiting';
import { pollTimes } from './workflows';

/** How often n8n polls, in s. */
const EVERY = 10;

export const OFTEN = pollTimes(EVERY);

/**
 * Waits until the trigger has polled once more and n8n has begun what came of it.
 */
export async function nextPoll(sandbox: Sandbox): Promise<void> {
	const polls = async () => await sandbox.countRequests({ host: 'api', path: '/execution/' });
	const before = await polls();
	await until(async () => (await polls()) > before, 3 * EVERY * 1_000);
	await sleep(1_500);
}
