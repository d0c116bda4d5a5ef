import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until something holds, and expects that it does.
 *
 * @param limit in ms
 */
export async function until(holds: () => Promise<boolean>, limit = 60_000): Promise<void> {
	const deadline = Date.now() + limit;
	while (!(await holds()) && Date.now() < deadline) await sleep(200);
	expect(await holds()).toBe(true);
}
