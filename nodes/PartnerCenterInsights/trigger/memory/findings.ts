import type { ReportId } from '../../insights/ids';
import type { InsightsRecord } from '../../insights/records';
import { generatedTime, newestFirst } from '../../insights/runs/executions';
import { keyOf, NOTHING_SEEN, unseenExecutions, withSeen } from './seenExecutions';
import type { TriggerState } from './state';
import { isWatched, type Watch } from './watch';

/** Completed executions of the reports that were looked at, in that order. */
export type Findings = ReadonlyMap<ReportId, readonly InsightsRecord[]>;

/** A completed execution that has not been emitted. */
export interface NewExecution {
	reportId: ReportId;
	execution: InsightsRecord;
}

/** The executions among the findings that are new, oldest first. Reports without a mark have none. */
export function newExecutions(state: TriggerState, findings: Findings): NewExecution[] {
	const found = Array.from(findings).flatMap(([reportId, executions]) => {
		const { executions: seen, overlooked } = state.reports[reportId] ?? {};
		if (seen === undefined && overlooked === undefined) return [];
		const unseen =
			seen === undefined
				? unseenExecutions(NOTHING_SEEN, executions).filter(
						(execution) => (generatedTime(execution) ?? -Infinity) > (overlooked ?? Infinity),
					)
				: unseenExecutions(seen, executions);
		// The report may have been missing so long that only its executions are remembered.
		return (state.forgotten ? unseenExecutions(state.forgotten, unseen) : unseen).map(
			(execution) => ({ reportId, execution }),
		);
	});
	return found.sort((a, b) => newestFirst(b.execution, a.execution));
}

/**
 * Takes in the findings: what was found is no longer new.
 *
 * @param left keys of executions that could not be handed over, and stay new
 */
export function withFindings(
	state: TriggerState,
	findings: Findings,
	now: number,
	left: ReadonlySet<string> = new Set(),
): TriggerState {
	const looked = Array.from(findings).filter(([id]) => state.reports[id] !== undefined);
	const reports = { ...state.reports };
	for (const [id, executions] of looked) {
		const { executions: seen = NOTHING_SEEN } = reports[id] ?? {};
		const dealtWith = executions.filter((execution) => !left.has(keyOf(execution)));
		reports[id] = { executions: withSeen(seen, dealtWith, now) };
	}
	return { ...state, reports };
}

/**
 * Notes which reports are watched from now on and were not looked at, for lack of time, or because they
 * could not be read or found: what they complete from now on is new.
 *
 * @param now ms since the epoch, by the service's clock
 */
export function withUnvisited(state: TriggerState, watch: Watch, now: number): TriggerState {
	return {
		...state,
		reports: Object.fromEntries(
			Object.entries(state.reports).map(([id, memory]) => [
				id,
				isWatched(watch, id) && memory.executions === undefined && memory.overlooked === undefined
					? { overlooked: now }
					: memory,
			]),
		),
	};
}
