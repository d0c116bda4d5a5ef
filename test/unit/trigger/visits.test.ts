import {
	type FailureKind,
	InsightsError,
} from '../../../nodes/PartnerCenterInsights/insights/errors';
import {
	OutOfTime,
	type PollTime,
	startPollTime,
} from '../../../nodes/PartnerCenterInsights/trigger/polls/pollTime';
import { inTurn } from '../../../nodes/PartnerCenterInsights/trigger/polls/order';
import { visitReports } from '../../../nodes/PartnerCenterInsights/trigger/polls/visits';
import { FakeClock } from '../insights/fakeClock';
import { patience } from './world';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

const refusal = (kind: FailureKind) => new InsightsError(`It is ${kind}`, { kind });

/** A time that never ends and remembers whether it was cut short. */
function endless(): PollTime & { hurried: boolean } {
	const time = {
		...patience(),
		hurried: false,
		hurry: () => {
			time.hurried = true;
		},
	};
	return time;
}

describe('looking at reports', () => {
	it('looks at each once, a few at the same time', async () => {
		const looked: string[] = [];
		let [open, most] = [0, 0];
		const { findings, failures } = await visitReports(IDS, endless(), async (id) => {
			most = Math.max(most, ++open);
			for (let n = 0; n < (id === 'a' ? 30 : 5); n++) await new Promise(setImmediate);
			open--;
			looked.push(id);
			return [{ ReportId: id }];
		});
		expect(looked.sort()).toEqual(IDS);
		expect(most).toBe(3);
		// In the order that was asked for, not in the order of the answers.
		expect(Array.from(findings.keys())).toEqual(IDS);
		expect(failures.size).toBe(0);
	});

	it.each([
		'refused',
		'notFound',
		'unreadable',
		'unavailable',
		'unreachable',
		'forbidden',
	] as const)('goes on behind reports that are %s, however many', async (kind) => {
		const { findings, failures } = await visitReports(IDS, endless(), async (id) => {
			if (id < 'h') throw refusal(kind);
			return [];
		});
		expect(Array.from(findings.keys())).toEqual(['h']);
		expect(Array.from(failures.keys())).toEqual(IDS.slice(0, -1));
	});

	it.each(['busy', 'notSent'] as const)('ends when all would be refused: %s', async (kind) => {
		const time = endless();
		const looked: string[] = [];
		const { findings, failures } = await visitReports(IDS, time, async (id) => {
			looked.push(id);
			if (id >= 'c') throw refusal(kind);
			return [];
		});
		expect(looked.length).toBeLessThan(IDS.length);
		expect(Array.from(findings.keys())).toEqual(['a', 'b']);
		// What the first refusal has cut short says nothing of the others.
		expect(Array.from(failures.keys())).toEqual(['c']);
		expect(time.hurried).toBe(true);
	});

	it('ends when the time is over, without a failure', async () => {
		let looks = 0;
		const time = { ...endless(), isOver: () => looks >= 4 };
		const { findings, failures } = await visitReports(IDS, time, async () => {
			looks++;
			return [];
		});
		expect(findings.size).toBeLessThan(IDS.length);
		expect(failures.size).toBe(0);
	});
});

describe('the turn of reports that could not be read', () => {
	it('is every fourth, in the order in which they wait, and the rest at the end', () => {
		expect(inTurn(IDS, new Set(['b', 'a']), 0)).toEqual(['c', 'd', 'e', 'b', 'f', 'g', 'h', 'a']);
		expect(inTurn(IDS, new Set(['h', 'g', 'f', 'e', 'd', 'c', 'b']), 0)[0]).toBe('a');
		expect(inTurn(IDS, new Set(IDS), 0)).toEqual(IDS);
		expect(inTurn(IDS, new Set(['gone']), 0)).toEqual(IDS);
	});

	it('is at another place in each poll, since a poll may come to a few reports only', () => {
		const places = [0, 1, 2, 3, 4].map((poll) => inTurn(IDS, new Set(['h']), poll).indexOf('h'));
		expect(places).toEqual([3, 2, 1, 0, 3]);
	});
});

describe('the time of a poll', () => {
	const timeOn = (clock: FakeClock, budget?: number, most?: number) =>
		startPollTime(budget, most, (signal) => ({
			now: clock.now,
			wait: async (ms) =>
				await new Promise<void>((resolve, reject) => {
					signal?.addEventListener('abort', () => reject(new Error('aborted')));
					void clock.wait(ms).then(resolve);
				}),
		}));

	it('has no room for a wait beyond its end', async () => {
		const clock = new FakeClock();
		const time = timeOn(clock, 2_000);
		expect(time.requestTimeout).toBe(1_000);
		await expect(time.wait(1_500)).rejects.toBeInstanceOf(OutOfTime);
		await clock.run(time.wait(900));
		expect(time.isOver()).toBe(false);
	});

	it('ends', async () => {
		const clock = new FakeClock();
		const time = timeOn(clock, 60_000, 30);
		await clock.run(clock.wait(40));
		expect(time.isOver()).toBe(true);
		await expect(time.wait(1)).rejects.toBeInstanceOf(OutOfTime);
	});

	it('tells of the request that there was no time to send again', async () => {
		const time = timeOn(new FakeClock(), 2_000);
		const message = 'Partner Center did not answer in time';
		const details = {
			kind: 'unreachable',
			advice: 'Look at the network.',
			timedOut: true,
		} as const;
		const error: unknown = await time
			.wait(1_500, new InsightsError(message, details))
			.catch((told: unknown) => told);
		expect(error).toBeInstanceOf(OutOfTime);
		expect(error).toMatchObject({ message, ...details });
	});

	it('ends long waits when there is something to hand over, and allows short ones', async () => {
		const clock = new FakeClock();
		const time = timeOn(clock);
		const long = time.wait(20_000);
		time.hurry();
		await expect(long).rejects.toBeInstanceOf(OutOfTime);
		await expect(time.wait(10_000)).rejects.toBeInstanceOf(OutOfTime);
		await clock.run(time.wait(10));
	});

	it('waits for what is under way, at most to its end', async () => {
		const clock = new FakeClock();
		const time = timeOn(clock, 10_000);
		await time.untilOver(Promise.resolve());
		await time.untilOver(Promise.reject(new Error('It failed')));
		expect(time.isOver()).toBe(false);
		await clock.run(time.untilOver(new Promise(() => undefined)));
		expect(time.isOver()).toBe(true);
	});

	it('runs on the machine as on a clock that is turned by hand', async () => {
		const time = startPollTime(60, 40);
		const start = performance.now();
		await time.untilOver(new Promise(() => undefined));
		// The machine's timers may ring a little early.
		expect(performance.now() - start).toBeGreaterThan(20);
	});
});
