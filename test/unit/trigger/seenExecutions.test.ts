import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import {
	NOTHING_SEEN,
	unseenExecutions,
	withAllOf,
	withSeen,
} from '../../../nodes/PartnerCenterInsights/trigger/memory/seenExecutions';
import fc from '../fastCheck';
import { DAY, execution, HOUR, idsOf } from './reports';

const START = Date.UTC(2026, 0, 1);
/** n8n's clock; where nothing is said of it, it is far ahead, so that only the service's times count. */
const NOW = Date.UTC(2100, 0, 1);

describe('the executions of a report that were seen', () => {
	it('are not new again, whatever their order and spelling', () => {
		const [first, second] = [execution(1, START), execution(2, START + DAY)];
		const seen = withSeen(NOTHING_SEEN, [first, second], NOW);
		const upperCase = { ...first, ExecutionId: String(first.ExecutionId).toUpperCase() };
		expect(unseenExecutions(seen, [second, upperCase])).toEqual([]);
	});

	it('leave the others new: oldest first, each once, undated ones in front', () => {
		const executions = [
			execution(4, null),
			execution(3, START + 2 * DAY),
			execution(1, START),
			execution(2, START + DAY),
			execution(3, START + 2 * DAY),
		];
		const unseen = unseenExecutions(withSeen(NOTHING_SEEN, [execution(2, START)], NOW), executions);
		expect(idsOf(unseen)).toEqual(idsOf([executions[0], executions[2], executions[1]]));
	});

	it('leave one new that was generated long before others, but turns up after them', () => {
		const seen = withSeen(
			NOTHING_SEEN,
			Array.from({ length: 90 }, (_, day) => execution(day, START + day * DAY)),
			NOW,
		);
		const late = execution(900, START + 3 * HOUR);
		expect(unseenExecutions(seen, [late])).toEqual([late]);
		expect(unseenExecutions(withSeen(seen, [late], NOW), [late])).toEqual([]);
	});

	it('stay known while the list lacks them for a moment', () => {
		const executions = [1, 2, 3].map((n) => execution(n, START + n * DAY));
		const seen = withSeen(withSeen(NOTHING_SEEN, executions, NOW), [], NOW);
		expect(unseenExecutions(seen, executions)).toEqual([]);
	});

	it('stay known when the service adds or changes their time', () => {
		const seen = withSeen(NOTHING_SEEN, [execution(1, null), execution(2, START)], NOW);
		expect(unseenExecutions(seen, [execution(1, START), execution(2, START + HOUR)])).toEqual([]);
	});

	it('are history when they are older than anything that is remembered', () => {
		const seen = withSeen(NOTHING_SEEN, [execution(1, START + 400 * DAY)], NOW);
		expect(unseenExecutions(seen, [execution(2, START)])).toEqual([]);
	});

	it('that nothing was added to are the same object', () => {
		const seen = withSeen(NOTHING_SEEN, [execution(1, START)], NOW);
		expect(withSeen(seen, [execution(1, START)], NOW)).toBe(seen);
	});

	it.each([
		['every 4 hours', 4, 6_000],
		['every day', 24, 1_100],
	])('take little room after 1,500 runs, one %s', (_rhythm, interval, most) => {
		let seen = NOTHING_SEEN;
		for (let run = 0; run < 1_500; run++) {
			seen = withSeen(seen, [execution(run, START + run * interval * HOUR)], NOW);
		}
		expect(JSON.stringify(seen).length).toBeLessThan(most);
	});

	it('take little room also when the service names no times', () => {
		let seen = NOTHING_SEEN;
		for (let n = 0; n < 1_500; n++) seen = withSeen(seen, [execution(n, null)], NOW);
		expect(JSON.stringify(seen).length).toBeLessThan(9_000);
		expect(unseenExecutions(seen, [execution(1_499, null)])).toEqual([]);
	});

	it('never forget what the service can still list', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 400 * 24 }), { maxLength: 200 }), (hours) => {
				let seen = NOTHING_SEEN;
				const sorted = [...hours].sort((a, b) => a - b);
				sorted.forEach((hour, n) => {
					seen = withSeen(seen, [execution(n, START + hour * HOUR)], NOW);
				});
				const newest = sorted.at(-1) ?? 0;
				const listed = sorted.flatMap((hour, n) =>
					newest - hour <= 90 * 24 ? [execution(n, START + hour * HOUR)] : [],
				);
				expect(unseenExecutions(seen, listed)).toEqual([]);
			}),
		);
	});

	describe('and a time that cannot be true', () => {
		const oddly = (n: number, time: string): InsightsRecord => ({
			...execution(n, START),
			ReportGeneratedTime: time,
		});
		const now = START + 5 * DAY;

		it.each([
			'0001-01-01T00:00:00Z',
			'1970-01-01T00:00:00Z',
			'2005-06-01T00:00:00Z',
			'2026-06-01T00:00:00Z',
			'2031-01-01T00:00:00Z',
			'9999-12-31T23:59:59Z',
			'+010000-01-01T00:00:00Z',
			'soon',
			'',
		])('%s, make the execution new once, and no other one old', (time) => {
			let seen = withSeen(NOTHING_SEEN, [execution(1, START)], now);
			const odd = oddly(2, time);
			expect(unseenExecutions(seen, [execution(1, START), odd])).toEqual([odd]);
			seen = withSeen(seen, [execution(1, START), odd], now);
			const next = execution(3, START + DAY);
			expect(unseenExecutions(seen, [execution(1, START), odd, next])).toEqual([next]);
			for (let day = 1; day < 300; day++) {
				seen = withSeen(seen, [odd, execution(10 + day, START + day * DAY)], START + day * DAY);
			}
			expect(unseenExecutions(seen, [odd])).toEqual([]);
		});

		it('are new also beside years of history', () => {
			let seen = NOTHING_SEEN;
			for (let day = 0; day < 300; day++) {
				seen = withSeen(seen, [execution(day, START + day * DAY)], START + day * DAY);
			}
			const odd = oddly(900, '0001-01-01T00:00:00Z');
			expect(unseenExecutions(seen, [execution(0, START), odd])).toEqual([odd]);
		});
	});

	it('are not forgotten while the service lists them, however old they are', () => {
		const old = execution(1, START);
		let seen = withSeen(NOTHING_SEEN, [old], NOW);
		for (let day = 1; day < 200; day++) {
			seen = withSeen(seen, [old, execution(1 + day, START + day * DAY)], NOW);
		}
		expect(unseenExecutions(seen, [old])).toEqual([]);
	});

	it('are not forgotten there either where the next run comes after years', () => {
		const old = execution(1, START);
		const next = execution(2, START + 600 * DAY);
		let seen = withSeen(NOTHING_SEEN, [old], NOW);
		for (let poll = 0; poll < 2; poll++) {
			seen = withSeen(seen, [old, next], NOW);
			expect(unseenExecutions(seen, [old, next])).toEqual([]);
		}
	});

	it('are told apart by time and place where they have no ID', () => {
		const without = (time: string | null, place: string | null): InsightsRecord => ({
			ExecutionId: null,
			ReportGeneratedTime: time,
			ReportLocation: place,
		});
		const time = '2026-01-01T00:00:00Z';
		const all = [without(time, 'a.csv'), without(time, 'b.csv'), without(null, 'a.csv')];
		const [first] = all;
		const seen = withSeen(NOTHING_SEEN, first === undefined ? [] : [first], NOW);
		expect(unseenExecutions(seen, all)).toHaveLength(2);
		expect(unseenExecutions(withSeen(seen, all, NOW), structuredClone(all))).toEqual([]);
	});

	it.each([-3 * 365, 3 * 365])('are told apart by a clock of n8n that is %d days off', (days) => {
		let seen = NOTHING_SEEN;
		const told: unknown[] = [];
		for (let day = 0; day < 400; day++) {
			const next = execution(day, START + day * DAY);
			const before = unseenExecutions(seen, [next]).length;
			seen = withSeen(seen, [next], START + (day + days) * DAY);
			told.push([before, unseenExecutions(seen, [next]).length]);
		}
		expect(told).toEqual(Array(400).fill([1, 0]));
	});

	it('of several reports are known together', () => {
		const one = withSeen(NOTHING_SEEN, [execution(1, START)], NOW);
		const other = withSeen(NOTHING_SEEN, [execution(2, START + DAY), execution(3, null)], NOW);
		const both = withAllOf(one, other, NOW);
		const listed = [1, 2, 3].map((n) => execution(n, START));
		expect(unseenExecutions(both, listed)).toEqual([]);
		expect(withAllOf(both, other, NOW)).toEqual(both);
	});
});
