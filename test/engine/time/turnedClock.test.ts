import { setTimeout as wait } from 'node:timers/promises';
import { after, startTurning, stopTurning } from './turnedClock';

describe('The clock that waits turn', () => {
	let passed: number;

	beforeEach(() => {
		passed = 0;
		startTurning(async (ms) => {
			passed += ms;
		});
	});
	afterEach(stopTurning);

	it('lets a wait of a minute pass in a moment, for the time of day, for stretches and elsewhere', async () => {
		const [day, stretch, fresh] = [Date.now(), performance.now(), new Date()];
		await wait(60_000);
		expect(Date.now() - day).toBeGreaterThanOrEqual(60_000);
		expect(performance.now() - stretch).toBeGreaterThanOrEqual(60_000);
		expect(Number(new Date()) - Number(fresh)).toBeGreaterThanOrEqual(60_000);
		// The rest went by in truth.
		expect(passed).toBeGreaterThan(30_000);
		expect(passed).toBeLessThanOrEqual(60_000);
	});

	it('ends waits in the order of their times, whoever came first', async () => {
		const ended: string[] = [];
		after(20_000, () => ended.push('in between'));
		await Promise.all([
			wait(30_000).then(() => ended.push('long')),
			wait(10_000).then(() => ended.push('short')),
		]);
		expect(ended).toEqual(['short', 'in between', 'long']);
	});

	it('ends a wait that is given up, and no time passes for it', async () => {
		const controller = new AbortController();
		after(1_000, () => controller.abort());
		const began = performance.now();
		await expect(wait(600_000, undefined, { signal: controller.signal })).rejects.toMatchObject({
			name: 'AbortError',
		});
		expect(performance.now() - began).toBeLessThan(10_000);
	});
});
