import { once } from 'node:events';
import { stopUntilSent } from '../../../nodes/PartnerCenterInsights/n8n/stops';

describe('the stop of an execution, for a request that creates something', () => {
	it('ends it at once until it has been sent', () => {
		const execution = new AbortController();
		const stop = stopUntilSent(execution.signal, 60_000);
		stop.begin();
		execution.abort();
		expect(stop.signal?.aborted).toBe(true);
		expect(stop.mayHaveArrived()).toBe(false);
	});

	it('ends it after a while where no answer comes', async () => {
		const execution = new AbortController();
		const stop = stopUntilSent(execution.signal, 1);
		stop.begin();
		stop.sent();
		const ended = once(stop.signal as AbortSignal, 'abort');
		execution.abort();
		expect(stop.signal?.aborted).toBe(false);
		await ended;
		expect(stop.mayHaveArrived()).toBe(true);
	});

	it('ends nothing once the request is over', async () => {
		const execution = new AbortController();
		const stop = stopUntilSent(execution.signal, 0);
		stop.begin();
		stop.sent();
		execution.abort();
		stop.leave();
		await new Promise((resolve) => setTimeout(resolve, 5));
		expect(stop.signal?.aborted).toBe(false);
	});
});
