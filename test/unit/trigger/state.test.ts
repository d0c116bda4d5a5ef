import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import { keyOf } from '../../../nodes/PartnerCenterInsights/trigger/memory/seenExecutions';
import {
	newExecutions,
	withFindings,
	withUnvisited,
} from '../../../nodes/PartnerCenterInsights/trigger/memory/findings';
import {
	readState,
	type TriggerState,
	withReports,
} from '../../../nodes/PartnerCenterInsights/trigger/memory/state';
import {
	idOf,
	type Watch,
	watchedReports,
} from '../../../nodes/PartnerCenterInsights/trigger/memory/watch';
import {
	lastInTurn,
	visitingOrder,
} from '../../../nodes/PartnerCenterInsights/trigger/polls/order';
import { DAY, execution, guid, HOUR, report, watchAll } from './reports';
import type { ReportId } from '../../../nodes/PartnerCenterInsights/insights/ids';

const NOW = Date.UTC(2026, 0, 1);
const [first, second, third] = [guid(1, 1), guid(1, 2), guid(1, 3)];
const watchOnly = (...ids: string[]): Watch => ({ ...watchAll(), reportIds: new Set(ids) });

/** A poll that looks at every watched report. */
function poll(
	stored: TriggerState | undefined,
	watch: Watch,
	listed: InsightsRecord[],
	executions: Record<string, InsightsRecord[]>,
) {
	const state = withReports(readState(stored), watch, listed, NOW);
	const findings = new Map(
		watchedReports(watch, listed)
			.map(idOf)
			.map((id): [ReportId, InsightsRecord[]] => [id, executions[id] ?? []]),
	);
	return {
		emitted: newExecutions(state, findings).map(({ execution: { ExecutionId: id } }) => id),
		state: withFindings(state, findings, NOW),
	};
}

const history = { [first]: [execution(1, NOW)], [second]: [execution(2, NOW)] };
const later = {
	[first]: [execution(1, NOW), execution(3, NOW + DAY)],
	[second]: [execution(2, NOW), execution(4, NOW + DAY)],
};
const both = [report(1), report(2)];

describe('the first poll', () => {
	it('only sets the mark', () => {
		const { emitted, state } = poll(undefined, watchAll(), both, history);
		expect(emitted).toEqual([]);
		expect(poll(state, watchAll(), both, history).emitted).toEqual([]);
		expect(poll(state, watchAll(), both, later).emitted).toEqual([guid(2, 3), guid(2, 4)]);
	});

	it.each([
		['nothing', undefined],
		['an empty object', {}],
		['a list', []],
		['text', 'state'],
		['null', null],
		['something else', { scope: 'mpn', event: 'executionCompleted', reports: null }],
	])('also starts from %s', (_what, stored) => {
		expect(readState(stored)).toBeUndefined();
	});
});

describe('a report', () => {
	it('that was created since has nothing but new executions', () => {
		const { state } = poll(undefined, watchAll(), [report(1)], history);
		expect(poll(state, watchAll(), both, history).emitted).toEqual([guid(2, 2)]);
	});

	it('that was created while there was none has nothing but new executions', () => {
		const { state } = poll(undefined, watchAll(), [], {});
		expect(poll(state, watchAll(), both, history).emitted).toHaveLength(2);
	});

	it('that is deleted takes nothing away from the others', () => {
		const { state } = poll(undefined, watchAll(), both, history);
		expect(poll(state, watchAll(), [report(2)], later).emitted).toEqual([guid(2, 4)]);
	});

	it.each([1, 99, 100, 250])('that is missing for %d polls is as it was', (polls) => {
		let { state } = poll(undefined, watchAll(), both, history);
		for (let n = 0; n < polls; n++) ({ state } = poll(state, watchAll(), [report(2)], history));
		expect(poll(state, watchAll(), both, history).emitted).toEqual([]);
		expect(poll(state, watchAll(), both, later).emitted).toHaveLength(2);
	});

	it('that was missing together with all others is as it was', () => {
		let { state } = poll(undefined, watchAll(), both, history);
		for (let n = 0; n < 120; n++) ({ state } = poll(state, watchAll(), [], {}));
		expect(poll(state, watchAll(), both, history).emitted).toEqual([]);
		expect(poll(state, watchAll(), both, later).emitted).toHaveLength(2);
	});

	it('is as it was after hundreds of others have come and gone', () => {
		let { state } = poll(undefined, watchAll(), both, history);
		for (let n = 10; n < 600; n++) {
			const once = report(n);
			const ran = { [guid(1, n)]: [execution(n, NOW + n * HOUR)] };
			({ state } = poll(state, watchAll(), [report(2), once], ran));
		}
		expect(JSON.stringify(state).length).toBeLessThan(60_000);
		expect(state.reports[first]).toBeUndefined();
		expect(poll(state, watchAll(), both, history).emitted).toEqual([]);
		expect(poll(state, watchAll(), both, later).emitted).toEqual([guid(2, 3), guid(2, 4)]);
	});

	it.each([
		['empty', []],
		['short', [report(3)]],
	])('that the first list lacked, which was %s, was not created since', (_what, firstList) => {
		const old = { ...report(1), CreatedTime: '2025-12-31T23:59:50' };
		const fresh = { ...report(2), CreatedTime: '2025-12-31T23:59:59Z' };
		const { state } = poll(undefined, watchAll(), firstList, {});
		const next = poll(state, watchAll(), [old, fresh], history);
		expect(next.emitted).toEqual([guid(2, 2)]);
		expect(poll(next.state, watchAll(), [old, fresh], later).emitted).toHaveLength(2);
	});

	it('that the first list lacked has what it completed after that list', () => {
		const old = { ...report(1), CreatedTime: '2025-06-01T00:00:00Z' };
		const { state } = poll(undefined, watchAll(), [report(2)], history);
		const next = poll(state, watchAll(), [old, report(2)], later);
		expect(next.emitted).toEqual([guid(2, 3), guid(2, 4)]);
		expect(poll(next.state, watchAll(), [old, report(2)], later).emitted).toEqual([]);
	});

	it.each([undefined, null, '', 'yesterday', 5])(
		'that was created at %p was created since',
		(CreatedTime) => {
			const { state } = poll(undefined, watchAll(), [report(1)], history);
			const unknown = { ...report(2), CreatedTime };
			expect(poll(state, watchAll(), [report(1), unknown], history).emitted).toEqual([guid(2, 2)]);
		},
	);

	it('is the same in upper and lower case', () => {
		const { state } = poll(undefined, watchAll(), both, history);
		const upperCase = both.map((record) => ({
			...record,
			ReportId: String(record.ReportId).toUpperCase(),
		}));
		const listed = withReports(state, watchAll(), upperCase, NOW);
		expect(Object.keys(listed.reports)).toEqual([first, second]);
	});
});

describe('new executions of several reports', () => {
	it('come oldest first', () => {
		const { state } = poll(undefined, watchAll(), both, history);
		const executions = {
			[first]: [execution(3, NOW + 2 * DAY), execution(5, NOW + 4 * DAY)],
			[second]: [execution(4, NOW + DAY), execution(6, NOW + 3 * DAY)],
		};
		expect(poll(state, watchAll(), both, executions).emitted).toEqual(
			[4, 3, 6, 5].map((n) => guid(2, n)),
		);
	});
});

describe('another selection of reports', () => {
	it('marks a report that is watched from now on, and keeps what it knows of the others', () => {
		const { state } = poll(undefined, watchOnly(first), both, history);
		const widened = poll(state, watchOnly(first, second), both, later);
		expect(widened.emitted).toEqual([guid(2, 3)]);
		const more = { ...later, [second]: [...(later[second] ?? []), execution(5, NOW + 2 * DAY)] };
		expect(poll(widened.state, watchOnly(first, second), both, more).emitted).toEqual([guid(2, 5)]);
	});

	it('marks what was not watched when all reports are', () => {
		const { state } = poll(undefined, watchOnly(first), both, history);
		expect(poll(state, watchAll(), both, later).emitted).toEqual([guid(2, 3)]);
	});

	it('marks a report that was unknown because it was not watched', () => {
		const { state } = poll(undefined, watchOnly(first), [report(1)], history);
		expect(poll(state, watchOnly(first, second), both, later).emitted).toEqual([guid(2, 3)]);
	});

	it('marks a report that was not watched, also where the poll before came to none', () => {
		const { state } = poll(undefined, watchOnly(first), both, history);
		const hurried = withUnvisited(state, watchOnly(first), NOW);
		expect(poll(hurried, watchOnly(first, second), both, later).emitted).toEqual([guid(2, 3)]);
	});

	it('marks a report anew that was not watched for a while', () => {
		const { state } = poll(undefined, watchAll(), both, history);
		const narrowed = poll(state, watchOnly(second), both, history);
		expect(poll(narrowed.state, watchAll(), both, later).emitted).toEqual([guid(2, 4)]);
	});

	it('does not store what it does not watch', () => {
		const { state } = poll(undefined, watchOnly(first), both, history);
		expect(state.reports[second]).toEqual({});
	});
});

describe('another credential or program', () => {
	const other = watchAll('executionCompleted', 'mpn other account');

	it('marks the reports that are seen for the first time', () => {
		const { state } = poll(undefined, watchAll(), [report(1)], history);
		const switched = poll(state, other, [report(2), report(3)], history);
		expect(switched.emitted).toEqual([]);
		expect(poll(switched.state, other, [report(2), report(3)], later).emitted).toEqual([
			guid(2, 4),
		]);
	});

	it('goes on with the reports that both can see', () => {
		const { state } = poll(undefined, watchAll(), both, history);
		expect(poll(state, other, both, later).emitted).toEqual([guid(2, 3), guid(2, 4)]);
	});

	it('does not take the reports of the first for missing', () => {
		const { state } = poll(undefined, watchAll(), both, history);
		expect(Object.keys(withReports(state, other, [report(3)], NOW).reports)).toEqual([third]);
	});
});

describe('another event', () => {
	it('starts anew', () => {
		const statuses = watchAll('reportStatusChanged');
		const { state } = poll(undefined, watchAll(), both, history);
		const switched = withReports(state, statuses, both, NOW);
		expect(switched.reports).toEqual({ [first]: {}, [second]: {} });
		const back = poll(switched, watchAll(), both, later);
		expect(back.emitted).toEqual([]);
		expect(poll(back.state, watchAll(), both, later).emitted).toEqual([]);
	});

	it('marks a report that the list of the first one lacked', () => {
		const statuses = watchAll('reportStatusChanged');
		const state = withReports(undefined, statuses, [report(1)], NOW);
		expect(poll(state, watchAll(), both, history).emitted).toEqual([]);
	});
});

describe('the order of looking at reports', () => {
	const ids = [1, 2, 3, 4].map((n) => guid(1, n));
	const listed = [1, 2, 3, 4].map((n) => report(n));

	it('goes on where the last poll stopped', () => {
		const { state } = poll(undefined, watchAll(), listed, {});
		expect(visitingOrder(state, ids, ids[1])).toEqual([ids[2], ids[3], ids[0], ids[1]]);
		expect(visitingOrder(state, ids, ids[3])).toEqual(ids);
	});

	it('puts reports without a mark first', () => {
		const { state } = poll(undefined, watchAll(), listed.slice(0, 2), {});
		const known = withReports(state, watchAll('executionCompleted', 'another'), listed, NOW);
		expect(visitingOrder(known, ids, undefined).slice(0, 2)).toEqual([ids[2], ids[3]]);
	});
});

describe('an execution that could not be handed over', () => {
	it('stays new', () => {
		const { state } = poll(undefined, watchAll(), both, history);
		const findings = new Map(Object.entries(later).map(([id, found]) => [id as ReportId, found]));
		const [left] = newExecutions(state, findings);
		const after = withFindings(state, findings, NOW, new Set(left ? [keyOf(left.execution)] : []));
		expect(newExecutions(after, findings)).toEqual([left]);
	});
});

describe('where the next poll goes on', () => {
	const ids = [1, 2, 3, 4].map((n) => guid(1, n));
	const { state } = poll(
		undefined,
		watchAll(),
		[1, 2, 3, 4].map((n) => report(n)),
		{},
	);
	const [a = '', b = '', c = '', d = ''] = ids;
	const NONE = new Set<string>();

	it('is behind the last report in turn before the first that was left out', () => {
		const visited = (...names: string[]) => new Set(names);
		expect(lastInTurn(state, ids, (id) => visited(a, b, d).has(id), undefined, NONE)).toBe(b);
		expect(lastInTurn(state, ids, () => true, undefined, NONE)).toBe(d);
		expect(lastInTurn(state, [c, d, a, b], (id) => visited(c).has(id), b, NONE)).toBe(c);
	});

	it('goes by no report that could not be read, which takes its turn by itself', () => {
		expect(lastInTurn(state, ids, (id) => id !== a, undefined, new Set([a]))).toBe(d);
	});

	it('is where it was when not even the first was looked at', () => {
		expect(lastInTurn(state, ids, () => false, c, NONE)).toBe(c);
	});
});
