import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import {
	readState,
	type TriggerState,
} from '../../../nodes/PartnerCenterInsights/trigger/memory/state';
import {
	missingReports,
	withStatuses,
} from '../../../nodes/PartnerCenterInsights/trigger/memory/statuses';
import { idOf, type Watch } from '../../../nodes/PartnerCenterInsights/trigger/memory/watch';
import fc from '../fastCheck';
import { guid, report, watchAll } from './reports';

const watch = watchAll('reportStatusChanged');

/** A poll of a service that has exactly these reports, whatever its list says. */
function poll(
	stored: TriggerState | undefined,
	reports: InsightsRecord[],
	{ listed = reports, of = watch }: { listed?: InsightsRecord[]; of?: Watch } = {},
) {
	const existing = new Set(reports.map(idOf));
	const state = readState(stored);
	const missing = missingReports(state, of, listed);
	const deleted = new Set(missing.filter((id) => !existing.has(id)));
	const found = reports.filter((record) => missing.includes(idOf(record)));
	const result = withStatuses(state, of, [...listed, ...found], deleted, 0);
	return {
		state: result.state,
		missing,
		changes: result.changes.map(({ report: changed, previousStatus, newStatus }) => [
			changed.ReportName,
			previousStatus,
			newStatus,
		]),
	};
}

describe('the states of reports', () => {
	const marked = poll(undefined, [report(1, 'Active'), report(2, 'Paused')]);

	it('are only marked by the first poll', () => {
		expect(marked.changes).toEqual([]);
	});

	it('are told when they change, once', () => {
		const next = poll(marked.state, [report(1, 'Inactive'), report(2, 'Active')]);
		expect(next.changes).toEqual([
			['Report 1', 'Active', 'Inactive'],
			['Report 2', 'Paused', 'Active'],
		]);
		expect(poll(next.state, [report(1, 'Inactive'), report(2, 'active')]).changes).toEqual([]);
	});

	it.each([7, true, {}, null])(
		'create and delete nothing where an ID is %j for once',
		(ReportId) => {
			const reports = [report(1, 'Active'), report(2, 'Paused')];
			const odd = { ...report(1, 'Active'), ReportId };
			const next = poll(marked.state, reports, { listed: [odd, report(2, 'Paused')] });
			expect(next.changes).toEqual([]);
			expect(poll(next.state, reports).changes).toEqual([]);
		},
	);

	it('are told once of a report that two pages of the list have', () => {
		const reports = [report(1, 'Inactive'), report(2, 'Paused')];
		const next = poll(marked.state, reports, { listed: [...reports, report(1, 'Inactive')] });
		expect(next.changes).toEqual([['Report 1', 'Active', 'Inactive']]);
	});

	it('are told of reports that are created and deleted', () => {
		const next = poll(marked.state, [report(2, 'Paused'), report(3, 'Active')]);
		expect(next.changes).toEqual([
			['Report 3', null, 'Active'],
			['Report 1', 'Active', 'Deleted'],
		]);
		expect(poll(next.state, [report(2, 'Paused'), report(3, 'Active')]).changes).toEqual([]);
	});

	it('do not say that a report is deleted because the list lacks it', () => {
		const reports = [report(1, 'Active'), report(2, 'Active')];
		const next = poll(marked.state, reports, { listed: [report(1, 'Active')] });
		expect(next.missing).toEqual([guid(1, 2)]);
		expect(next.changes).toEqual([['Report 2', 'Paused', 'Active']]);
	});

	it('are kept of a report that could not be asked for', () => {
		const { state } = withStatuses(marked.state, watch, [report(1, 'Active')], new Set(), 0);
		expect(poll(state, [report(1, 'Active')]).changes).toEqual([['Report 2', 'Paused', 'Deleted']]);
	});

	it('are not told of a report that the first list lacked', () => {
		const old = { ...report(3), CreatedTime: '1969-12-31T23:00:00Z' };
		const reports = [report(1), report(2, 'Paused'), old];
		const next = poll(marked.state, reports);
		expect(next.changes).toEqual([]);
		const changed = [report(1), report(2, 'Paused'), { ...old, ReportStatus: 'Paused' }];
		expect(poll(next.state, changed).changes).toEqual([['Report 3', 'Active', 'Paused']]);
	});

	it('say of a report that comes back that it was told as deleted, not that it was created', () => {
		const gone = poll(marked.state, [report(1)]);
		expect(gone.changes).toEqual([['Report 2', 'Paused', 'Deleted']]);
		const still = poll(gone.state, [report(1)]);
		expect(still).toMatchObject({ missing: [], changes: [] });
		const back = poll(still.state, [report(1), report(2, 'Paused')]);
		expect(back.changes).toEqual([['Report 2', 'Deleted', 'Paused']]);
		expect(poll(back.state, [report(1), report(2, 'Paused')]).changes).toEqual([]);
	});

	it.each([null, '', undefined])('do not change to %p and back', (none) => {
		const blank = [{ ...report(1), ReportStatus: none }, report(2, 'Paused')];
		const next = poll(marked.state, blank);
		expect(next.changes).toEqual([]);
		expect(poll(next.state, [report(1, 'Active'), report(2, 'Paused')]).changes).toEqual([]);
		expect(poll(next.state, [report(1, 'Inactive'), report(2, 'Paused')]).changes).toEqual([
			['Report 1', 'Active', 'Inactive'],
		]);
	});

	it('of a new report are told when there is one', () => {
		const reports = [report(1, 'Active'), report(2, 'Paused')];
		const next = poll(marked.state, [...reports, { ...report(3), ReportStatus: null }]);
		expect(next.changes).toEqual([]);
		expect(poll(next.state, [...reports, report(3, 'Active')]).changes).toEqual([
			['Report 3', null, 'Active'],
		]);
	});

	it('of reports that are not selected are not told, nor when they are selected later', () => {
		const one: Watch = { ...watch, reportIds: new Set([guid(1, 1)]) };
		const first = poll(undefined, [report(1), report(2)], { of: one });
		const second = poll(first.state, [report(1), report(2, 'Paused')], { of: one });
		expect(second.changes).toEqual([]);
		expect(poll(second.state, [report(1), report(2, 'Inactive')]).changes).toEqual([]);
	});

	it('of another account are marked, and those of the first are not deleted', () => {
		const other: Watch = { ...watch, scope: 'cmp account' };
		const next = poll(marked.state, [report(7)], { of: other });
		expect(next.missing).toEqual([]);
		expect(next.changes).toEqual([]);
		expect(poll(next.state, [report(7)], { of: other }).changes).toEqual([]);
	});

	it('make a chain without gap or repetition for each report', () => {
		const status = fc.constantFrom('Active', 'Paused', 'Inactive', undefined);
		fc.assert(
			fc.property(
				fc.array(fc.array(status, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 30 }),
				fc.array(fc.boolean()),
				(rounds, incomplete) => {
					let state: TriggerState | undefined;
					const last = new Map<unknown, string | null>();
					const faults: unknown[] = [];
					rounds.forEach((statuses, round) => {
						const reports = statuses.flatMap((value, n) => {
							// A deleted report does not come back: its successor has an ID of its own.
							const generation = rounds.slice(0, round).filter((earlier) => !earlier[n]).length;
							return value === undefined ? [] : [report(n + 4 * generation, value)];
						});
						const listed = incomplete[round] ? reports.slice(1) : reports;
						const result = poll(state, reports, { listed });
						state = result.state;
						if (round === 0) {
							for (const { ReportName: name, ReportStatus: value } of listed) {
								last.set(name, String(value));
							}
							return;
						}
						for (const [name, before, after] of result.changes) {
							if (before !== (last.get(name) ?? null)) faults.push([name, 'from', before]);
							if (after === before) faults.push([name, 'to', after]);
							last.set(name, String(after));
						}
						for (const { ReportName: name, ReportStatus: value } of listed) {
							if (last.get(name) !== value) faults.push([name, 'is', value]);
						}
					});
					expect(faults).toEqual([]);
				},
			),
		);
	});
});
