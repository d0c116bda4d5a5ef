import { InsightsError, kindOfStatus } from '../../../nodes/PartnerCenterInsights/insights/errors';
import {
	OutOfTime,
	type PollTime,
	startPollTime,
} from '../../../nodes/PartnerCenterInsights/trigger/polls/pollTime';
import { visitReports } from '../../../nodes/PartnerCenterInsights/trigger/polls/visits';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

const refusal = (status?: number) =>
	new InsightsError(`HTTP ${status}`, {
		kind: status === undefined ? 'unreachable' : kindOfStatus(status),
		status,
	});

/** A time that never ends and remembers whether it was cut short. */
function endless(): PollTime & { hurried: boolean } {
	const time = {
		requestTimeout: 1_000,
		wait: async () => undefined,
		isOver: () => false,
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
		const { findings, last, failure } = await visitReports(IDS, endless(), async (id) => {
			most = Math.max(most, ++open);
			await new Promise((resolve) => setTimeout(resolve, id === 'a' ? 30 : 5));
			open--;
			looked.push(id);
			return [{ ReportId: id }];
		});
		expect(looked.sort()).toEqual(IDS);
		expect(most).toBe(3);
		// In the order that was asked for, not in the order of the answers.
		expect(Array.from(findings.keys())).toEqual(IDS);
		expect(last).toBe('h');
		expect(failure).toBeUndefined();
	});

	it('goes on behind a report that cannot be read', async () => {
		const { findings, last, failure } = await visitReports(IDS, endless(), async (id) => {
			if (id === 'b') throw refusal(400);
			return [];
		});
		expect(Array.from(findings.keys())).toEqual(IDS.filter((id) => id !== 'b'));
		expect(last).toBe('h');
		expect(failure).toMatchObject({ status: 400 });
	});

	it.each([401, 403, 429, undefined])('ends when all would be refused: %s', async (status) => {
		const time = endless();
		const looked: string[] = [];
		const { last, failure } = await visitReports(IDS, time, async (id) => {
			looked.push(id);
			if (id >= 'c') throw refusal(status);
			return [];
		});
		expect(looked.length).toBeLessThan(IDS.length);
		expect(failure).toMatchObject({ status });
		expect(last).toBe('b');
		expect(time.hurried).toBe(true);
	});

	it('ends when one report after the other cannot be read', async () => {
		let looks = 0;
		const { findings, failure } = await visitReports(IDS, endless(), async () => {
			looks++;
			throw refusal(500);
		});
		expect(looks).toBeLessThanOrEqual(5);
		expect(findings.size).toBe(0);
		expect(failure).toMatchObject({ status: 500 });
	});

	it('ends when the time is over, without a failure', async () => {
		let looks = 0;
		const time = { ...endless(), isOver: () => looks >= 4 };
		const { findings, last, failure } = await visitReports(IDS, time, async () => {
			looks++;
			return [];
		});
		expect(findings.size).toBeLessThan(IDS.length);
		expect(last).toBe(Array.from(findings.keys()).at(-1));
		expect(failure).toBeUndefined();
	});
});

describe('the time of a poll', () => {
	it('has no room for a wait beyond its end', async () => {
		const time = startPollTime(2_000);
		expect(time.requestTimeout).toBe(1_000);
		await expect(time.wait(1_500)).rejects.toBeInstanceOf(OutOfTime);
		await time.wait(20);
		expect(time.isOver()).toBe(false);
	});

	it('ends', async () => {
		const time = startPollTime(60_000, 30);
		await new Promise((resolve) => setTimeout(resolve, 40));
		expect(time.isOver()).toBe(true);
		await expect(time.wait(1)).rejects.toBeInstanceOf(OutOfTime);
	});

	it('ends long waits when there is something to hand over, and allows short ones', async () => {
		const time = startPollTime();
		const start = performance.now();
		const long = time.wait(20_000);
		setTimeout(time.hurry, 20);
		await expect(long).rejects.toBeInstanceOf(OutOfTime);
		await expect(time.wait(10_000)).rejects.toBeInstanceOf(OutOfTime);
		await time.wait(10);
		expect(performance.now() - start).toBeLessThan(5_000);
	});
});
