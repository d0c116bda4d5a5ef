import type { ReportId } from '../../insights/ids';
import { type InsightsRecord, text } from '../../insights/records';
import { sameText } from '../../insights/sameText';
import { continues, forEvent, newcomer, type TriggerState, withReports } from './state';
import { idOf, isWatched, type Watch, watchedReports } from './watch';

/** A report whose state is another than before; `PreviousStatus` is null for a new report. */
export interface StatusChange {
	report: InsightsRecord;
	previousStatus: string | null;
	newStatus: string;
}

const DELETED = 'Deleted';

/** The watched reports that had a state and are not in the list: perhaps deleted. */
export function missingReports(
	state: TriggerState | undefined,
	watch: Watch,
	listed: readonly InsightsRecord[],
): ReportId[] {
	if (!continues(state, watch)) return [];
	const ids = new Set<string>(listed.map(idOf));
	return Object.entries(state.reports)
		.filter(
			([id, { status }]) =>
				status !== undefined && status !== DELETED && !ids.has(id) && isWatched(watch, id),
		)
		.map(([id]) => id as ReportId);
}

/**
 * Compares the states of the watched reports with those that were last seen. A report whose record
 * names no state has not changed, and one that is new is told once it has one. A report that was told as
 * deleted is remembered as such: should it come back, it has not been created.
 *
 * @param deleted IDs of reports that the service was asked for and does not have
 */
export function withStatuses(
	stored: TriggerState | undefined,
	watch: Watch,
	listed: readonly InsightsRecord[],
	deleted: ReadonlySet<string>,
	now: number,
): { state: TriggerState; changes: StatusChange[] } {
	const state = withReports(stored, watch, listed, now);
	const known = forEvent(stored, watch.event)?.reports ?? {};
	const reports = { ...state.reports };
	const changes: StatusChange[] = [];
	for (const report of watchedReports(watch, listed)) {
		const id = idOf(report);
		const newStatus = text(report.ReportStatus);
		const memory = known[id];
		const isNew = newcomer(stored, watch, report) === 'created';
		if (newStatus === '') {
			// Not known yet: the poll that finds its state tells of it.
			if (isNew) Reflect.deleteProperty(reports, id);
			continue;
		}
		const before = memory?.status;
		if (isNew || (before !== undefined && !sameText(before, newStatus))) {
			changes.push({ report, previousStatus: before ?? null, newStatus });
		}
		reports[id] = { status: newStatus, name: text(report.ReportName) };
	}
	for (const id of deleted) {
		const { status, name = '' } = reports[id] ?? {};
		if (status === undefined) continue;
		const report = { ReportId: id, ReportName: name };
		changes.push({ report, previousStatus: status, newStatus: DELETED });
		reports[id] = { status: DELETED, name };
	}
	return { state: { ...state, reports }, changes };
}
