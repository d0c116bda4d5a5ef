import fc from 'fast-check';
import {
	NOTHING_SEEN,
	unseenExecutions,
	withSeen,
} from '../../../nodes/PartnerCenterInsights/trigger/memory/seenExecutions';
import { DAY, execution, HOUR, idsOf } from './reports';

const START = Date.UTC(2026, 0, 1);

describe('the executions of a report that were seen', () => {
	it('are not new again, whatever their order and spelling', () => {
		const [first, second] = [execution(1, START), execution(2, START + DAY)];
		const seen = withSeen(NOTHING_SEEN, [first, second]);
		const upperCase = { ...first, ExecutionId: String(first.ExecutionId).toUpperCase() };
		expect(unseenExecutions(seen, [second, upperCase])).toEqual([]);
	});

	it('leave the others new: oldest first, each once, undated ones last', () => {
		const executions = [
			execution(4, null),
			execution(3, START + 2 * DAY),
			execution(1, START),
			execution(2, START + DAY),
			execution(3, START + 2 * DAY),
		];
		const unseen = unseenExecutions(withSeen(NOTHING_SEEN, [execution(2, START)]), executions);
		expect(idsOf(unseen)).toEqual(idsOf([executions[2], executions[1], executions[0]]));
	});

	it('leave one new that was generated long before others, but turns up after them', () => {
		const seen = withSeen(
			NOTHING_SEEN,
			Array.from({ length: 90 }, (_, day) => execution(day, START + day * DAY)),
		);
		const late = execution(900, START + 3 * HOUR);
		expect(unseenExecutions(seen, [late])).toEqual([late]);
		expect(unseenExecutions(withSeen(seen, [late]), [late])).toEqual([]);
	});

	it('stay known while the list lacks them for a moment', () => {
		const executions = [1, 2, 3].map((n) => execution(n, START + n * DAY));
		const seen = withSeen(withSeen(NOTHING_SEEN, executions), []);
		expect(unseenExecutions(seen, executions)).toEqual([]);
	});

	it('stay known when the service adds or changes their time', () => {
		const seen = withSeen(NOTHING_SEEN, [execution(1, null), execution(2, START)]);
		expect(unseenExecutions(seen, [execution(1, START), execution(2, START + HOUR)])).toEqual([]);
	});

	it('are history when they are older than anything that is remembered', () => {
		const seen = withSeen(NOTHING_SEEN, [execution(1, START + 400 * DAY)]);
		expect(unseenExecutions(seen, [execution(2, START)])).toEqual([]);
	});

	it('that nothing was added to are the same object', () => {
		const seen = withSeen(NOTHING_SEEN, [execution(1, START)]);
		expect(withSeen(seen, [execution(1, START)])).toBe(seen);
	});

	it.each([
		['every 4 hours', 4, 6_000],
		['every day', 24, 1_100],
	])('take little room after years of a run %s', (_rhythm, interval, most) => {
		let seen = NOTHING_SEEN;
		for (let run = 0; run * interval < 3 * 365 * 24; run++) {
			seen = withSeen(seen, [execution(run, START + run * interval * HOUR)]);
		}
		expect(JSON.stringify(seen).length).toBeLessThan(most);
	});

	it('take little room also when the service names no times', () => {
		let seen = NOTHING_SEEN;
		for (let n = 0; n < 3_000; n++) seen = withSeen(seen, [execution(n, null)]);
		expect(JSON.stringify(seen).length).toBeLessThan(9_000);
		expect(unseenExecutions(seen, [execution(2_999, null)])).toEqual([]);
	});

	it('never forget what the service can still list', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 400 * 24 }), { maxLength: 200 }), (hours) => {
				let seen = NOTHING_SEEN;
				const sorted = [...hours].sort((a, b) => a - b);
				sorted.forEach((hour, n) => {
					seen = withSeen(seen, [execution(n, START + hour * HOUR)]);
				});
				const newest = sorted.at(-1) ?? 0;
				const listed = sorted.flatMap((hour, n) =>
					newest - hour <= 90 * 24 ? [execution(n, START + hour * HOUR)] : [],
				);
				expect(unseenExecutions(seen, listed)).toEqual([]);
			}),
		);
	});
});
