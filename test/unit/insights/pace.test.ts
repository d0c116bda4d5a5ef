import { createPace, readRateLimit } from '../../../nodes/PartnerCenterInsights/insights/http/pace';
import { createRequester } from '../../../nodes/PartnerCenterInsights/insights/http/request';
import type { Outcome } from '../../../nodes/PartnerCenterInsights/insights/http/transport';
import { FakeClock } from './fakeClock';
import { FakeService, refusal, success } from './fakeService';

const LIMIT = 10;
const WINDOW = 1_000;
const LATENCY = 50;
const REQUESTS = 200;

type Limiter = (now: number) => boolean;

/** Counts anew when a request comes after the window's end. */
function fixedWindow(): Limiter {
	let start = -Infinity;
	let used = 0;
	return (now) => {
		if (now - start >= WINDOW) [start, used] = [now, 0];
		return ++used <= LIMIT;
	};
}

/** Counts what it let through in the time of one window before. */
function slidingWindow(): Limiter {
	const admitted: number[] = [];
	return (now) => {
		const admits = admitted.filter((at) => now - at < WINDOW).length < LIMIT;
		if (admits) admitted.push(now);
		return admits;
	};
}

const requesterOf = ({ transport }: FakeService, { wait, now }: FakeClock, maxRetries: number) =>
	createRequester({ transport, program: 'mpn', maxRetries, wait, now });

const tooMany = () =>
	refusal(429, 'Rate limit is exceeded', { 'retry-after': '1', 'x-ratelimit-limit': `${LIMIT}` });

describe('a limit of 10 requests a second', () => {
	it.each([
		[4, fixedWindow],
		[10, fixedWindow],
		[20, fixedWindow],
		[50, fixedWindow],
		[4, slidingWindow],
		[10, slidingWindow],
		[20, slidingWindow],
	])('is kept to by %d lanes, %p', async (lanes, limiter) => {
		const clock = new FakeClock();
		const admits = limiter();
		const outcomes: Outcome[] = [];
		const service = new FakeService(async () => {
			await clock.wait(LATENCY);
			const outcome = admits(clock.now()) ? success() : tooMany();
			outcomes.push(outcome);
			return outcome;
		}, clock);
		const request = requesterOf(service, clock, 3);
		let next = 0;
		const lane = async () => {
			while (next++ < REQUESTS) {
				await request({ method: 'PUT', path: '/resume', subject: 'scheduled report' });
			}
		};
		const start = clock.now();
		await clock.run(Promise.all(Array.from({ length: lanes }, lane)));

		expect(
			outcomes.filter((outcome) => 'status' in outcome && outcome.status === 200),
		).toHaveLength(REQUESTS);
		// Only while the limit was not known yet.
		expect(outcomes.length - REQUESTS).toBeLessThanOrEqual(lanes);
		const least = (REQUESTS / LIMIT - 1) * WINDOW + LATENCY;
		expect(clock.now() - start).toBeLessThanOrEqual(1.12 * least);
	});
});

describe('a limit that many run into at once', () => {
	type Told = (left: number, window: number) => number;
	it.each<[number, number, number, string, Told]>([
		[15, 1_000, 0, 'the rest of the window', (left) => left],
		[50, 5_000, 0, 'the rest of the window', (left) => left],
		[50, 60_000, 0, 'the window', (_left, window) => window],
		[50, 60_000, 3, 'the rest of the window', (left) => left],
		[30, 90_000, 1, 'the rest of the window', (left) => left],
	])(
		'costs none of %d its turn: %d ms, %d retries, told %s',
		async (count, window, maxRetries, _told, told) => {
			const clock = new FakeClock();
			const used = new Map<number, number>();
			// Windows that stand by the clock, so that the first begins in its middle.
			const offset = window / 2 - (clock.now() % window);
			const service = new FakeService(async () => {
				const at = clock.now() + offset;
				const nth = Math.floor(at / window);
				used.set(nth, (used.get(nth) ?? 0) + 1);
				const isRefused = (used.get(nth) ?? 0) > LIMIT;
				const left = (nth + 1) * window - at;
				// A refusal is quicker than an answer.
				await clock.wait(isRefused ? 1 : LATENCY);
				return isRefused
					? refusal(429, 'busy', {
							'retry-after': `${Math.ceil(told(left, window) / 1_000)}`,
							'x-ratelimit-limit': `${LIMIT}`,
						})
					: success();
			}, clock);
			const request = requesterOf(service, clock, maxRetries);
			const start = clock.now();
			await clock.run(
				Promise.all(
					Array.from(
						{ length: count },
						async () => await request({ method: 'GET', path: '/', subject: 'dataset' }),
					),
				),
			);
			expect(clock.now() - start).toBeLessThan(window * (count / LIMIT + 2) + 5_000);
		},
	);

	it.each([0, 3])(
		'is given up where nobody is let through, after %d retries',
		async (maxRetries) => {
			const clock = new FakeClock();
			const service = new FakeService(() => tooMany(), clock);
			const request = requesterOf(service, clock, maxRetries);
			const settled = await clock.run(
				Promise.allSettled(
					Array.from(
						{ length: 20 },
						async () => await request({ method: 'GET', path: '/', subject: 'dataset' }),
					),
				),
			);
			expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(20);
			expect(service.requests.length).toBeLessThanOrEqual(20 * (maxRetries + 1));
		},
	);

	it('is given up after as many tries, however the answers overlap', async () => {
		const clock = new FakeClock();
		let latency = 0;
		const service = new FakeService(async () => {
			await clock.wait((latency = (latency + 170) % 900));
			return tooMany();
		}, clock);
		const request = requesterOf(service, clock, 2);
		const paths = ['/a', '/b', '/c', '/d'];
		const sending = paths.map(
			async (path) => await request({ method: 'GET', path, subject: 'dataset' }),
		);
		const settled = await clock.run(Promise.allSettled(sending));
		expect(settled.map(({ status }) => status)).toEqual(paths.map(() => 'rejected'));
		for (const path of paths) {
			expect(service.requests.filter((sent) => sent.path === path).length).toBeLessThanOrEqual(3);
		}
	});

	it('is given up for one that is never let through, though all others are', async () => {
		const clock = new FakeClock();
		const service = new FakeService(async ({ path }) => {
			if (path === '/other') return success();
			// Meanwhile others pass.
			await clock.wait(500);
			return tooMany();
		}, clock);
		const request = requesterOf(service, clock, 3);
		const send = async (path: string) => await request({ method: 'GET', path, subject: 'dataset' });
		let isOver = false;
		const starved = send('/starved').finally(() => {
			isOver = true;
		});
		const others = async () => {
			while (!isOver && service.requests.length < 10_000) {
				await clock.wait(100);
				await send('/other');
			}
		};
		const [outcome] = await clock.run(Promise.allSettled([starved, others()]));
		expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'busy' } });
		expect(service.requests.length).toBeLessThan(10_000);
	});
});

describe('the limit that a refusal tells', () => {
	it('is what the header says, in the time that is to be waited', () => {
		expect(readRateLimit('10', 1_000)).toEqual({ limit: 10, wait: 1_000 });
	});

	it.each([
		['no header', undefined, 1_000],
		['no number', 'ten', 1_000],
		['a limit of none', '0', 1_000],
		['more than is remembered', '1001', 1_000],
		['no wait', '10', undefined],
		['a wait that is over', '10', 0],
		['a wait of more than two minutes', '10', 120_001],
	])('is unknown with %s', (_, limit, retryAfter) => {
		expect(readRateLimit(limit, retryAfter)).toBeUndefined();
	});
});

describe('what waits for its turn', () => {
	it('is not sent when the execution is stopped', async () => {
		const clock = new FakeClock();
		const stopped = new Error('stopped');
		let stop = false;
		let asked = 0;
		const service = new FakeService(() => (++asked === 1 ? tooMany() : success()), clock);
		const request = createRequester({
			transport: service.transport,
			program: 'mpn',
			maxRetries: 3,
			wait: async (ms) => {
				await clock.wait(ms);
				if (stop) throw stopped;
			},
			now: clock.now,
		});
		const send = async () =>
			await request({ method: 'GET', path: '/', subject: 'scheduled report' });
		await clock.run(send());
		await clock.run(Promise.all(Array.from({ length: LIMIT - 1 }, send)));
		expect(service.times).toEqual([0, ...Array.from({ length: LIMIT }, () => WINDOW)]);
		stop = true;
		await expect(clock.run(send())).rejects.toBe(stopped);
		expect(service.requests).toHaveLength(1 + LIMIT);
	});
});

describe('a create, for which a refusal is final', () => {
	const LEARNT = 2;
	/** Requests at these times, in ms; those that are refused are told so long a wait. */
	const createAfter = async (...requests: Array<[at: number, wait?: number]>) => {
		const clock = new FakeClock();
		const start = clock.now();
		const pace = createPace(clock);
		const send = async () => await Promise.resolve(clock.now() - start);
		for (const [at, wait] of requests) {
			await clock.run(clock.wait(at - (clock.now() - start)));
			const told = wait === undefined ? undefined : { limit: LEARNT, wait };
			await clock.run(pace.take(send, () => told));
		}
		return (await clock.run(pace.take(send, () => undefined, true))).result;
	};

	it('waits for the window as long as it may be, where a refusal told the rest of it', async () => {
		// The window of a second began with the first of them.
		expect(await createAfter([0], [700], [900, 100])).toBe(1_700);
	});

	it('waits for it also after a refusal that tells less', async () => {
		expect(await createAfter([0], [700], [900, 100], [1_700], [1_750], [1_760, 100])).toBe(2_750);
	});

	it('waits for two minutes at most', async () => {
		expect(await createAfter([0], [600_000], [601_000, 100])).toBe(720_000);
	});
});

describe('requests of a clean-up', () => {
	const LIMITED = { limit: 2, wait: WINDOW };
	const passes = () => undefined;
	const knowing = async (clock: FakeClock, stop?: () => boolean) => {
		const wait = async (ms: number) => {
			if (stop?.()) throw new Error('stopped');
			await clock.wait(ms);
		};
		const pace = createPace({ wait, now: clock.now });
		await clock.run(
			pace.take(
				async () => await Promise.resolve(0),
				() => LIMITED,
			),
		);
		return { pace, apart: createPace(clock, pace) };
	};
	const at = (clock: FakeClock, start: number) => async () =>
		await Promise.resolve(clock.now() - start);

	it('count for those whose turn comes later', async () => {
		const clock = new FakeClock();
		const { pace, apart } = await knowing(clock);
		const send = at(clock, clock.now());
		await clock.run(Promise.all([apart.take(send, passes), apart.take(send, passes)]));
		expect((await clock.run(pace.take(send, passes))).result).toBe(WINDOW);
	});

	it('wait for their turn', async () => {
		const clock = new FakeClock();
		const { pace, apart } = await knowing(clock);
		const send = at(clock, clock.now());
		await clock.run(Promise.all([pace.take(send, passes), pace.take(send, passes)]));
		expect((await clock.run(apart.take(send, passes))).result).toBe(WINDOW);
	});

	it('go at once where the others have ended their waits', async () => {
		const clock = new FakeClock();
		let isStopped = false;
		const { pace, apart } = await knowing(clock, () => isStopped);
		const send = at(clock, clock.now());
		await clock.run(Promise.all([pace.take(send, passes), pace.take(send, passes)]));
		isStopped = true;
		expect((await clock.run(apart.take(send, passes))).result).toBe(0);
	});

	it('are sent once where they fail', async () => {
		const clock = new FakeClock();
		const { apart } = await knowing(clock);
		let sent = 0;
		const fail = async () => {
			sent++;
			return await Promise.reject(new Error('unreadable'));
		};
		await expect(clock.run(apart.take(fail, passes))).rejects.toThrow('unreadable');
		expect(sent).toBe(1);
	});
});
