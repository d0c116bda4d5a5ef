import { getMaxListeners } from 'node:events';
import { isEndedWait, systemClock } from '../../../nodes/PartnerCenterInsights/insights/clock';
import { settle } from '../../../nodes/PartnerCenterInsights/insights/settle';

describe('the clock of this machine', () => {
	it('lets as many wait until a stop as there are, without a warning of Node.js', async () => {
		const stop = new AbortController();
		const { wait } = systemClock(stop.signal);
		// Beyond a limit Node.js writes of a leak into the log of n8n.
		expect(getMaxListeners(stop.signal)).toBe(Infinity);
		const waits = Array.from({ length: 50 }, async () => await settle(wait(60_000)));
		stop.abort();
		for (const outcome of await Promise.all(waits)) {
			expect('error' in outcome && isEndedWait(outcome.error)).toBe(true);
		}
	});
});
