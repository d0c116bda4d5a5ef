import { type InsightsRecord, text } from '../../insights/records';
import {
	generatedTime,
	NOTHING_SEEN,
	type SeenExecutions,
	unseenExecutions,
	withSeen,
} from './seenExecutions';

export type TriggerEvent = 'executionCompleted' | 'reportStatusChanged';

/** What is remembered of a report. Empty: it exists, and nothing of it has been looked at yet. */
export interface ReportMemory {
	/** For executionCompleted: there once the report's history was marked. */
	executions?: SeenExecutions;
	/** For reportStatusChanged: the state that was last seen. */
	status?: string;
	/** For the item of a deleted report, of which nothing else is left. */
	name?: string;
	/** Number of polls in a row in which the list did not have it. */
	absent?: number;
}

/**
 * What the trigger keeps in the workflow between polls. It is replaced as a whole and never changed,
 * so a poll that fails leaves what was there.
 */
export interface TriggerState {
	/** Program and credential: lists of another scope cannot tell what is new. */
	scope: string;
	event: TriggerEvent;
	/** The reports that were watched; undefined: all. */
	selected?: string[];
	/** Every report of the program by its ID, not only those that are watched. */
	reports: Record<string, ReportMemory>;
	/** Report up to which the last poll came: the next one goes on behind it. */
	last?: string;
}

/** What is watched: the scope, the event and the reports. */
export interface Watch {
	scope: string;
	event: TriggerEvent;
	/** Undefined: all reports of the program. */
	reportIds: ReadonlySet<string> | undefined;
}

/**
 * A report that the list lacks for so many polls is forgotten. Until then a list that was incomplete
 * for a moment does not make its whole history new.
 */
const FORGOTTEN_AFTER = 100;

export const idOf = (report: InsightsRecord): string => text(report.ReportId).toLowerCase();

const isWatched = ({ reportIds }: Watch, id: string): boolean => reportIds?.has(id) ?? true;

/** The reports of the list that are watched. */
export const watchedReports = (watch: Watch, listed: readonly InsightsRecord[]): InsightsRecord[] =>
	listed.filter((report) => idOf(report) !== '' && isWatched(watch, idOf(report)));

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The state as it was kept, or undefined when there is none that can be read: then all is marked anew. */
export function readState(stored: unknown): TriggerState | undefined {
	if (!isObject(stored)) return undefined;
	const { scope, event, reports } = stored;
	return typeof scope === 'string' && typeof event === 'string' && isObject(reports)
		? (JSON.parse(JSON.stringify(stored)) as TriggerState)
		: undefined;
}

/** Whether the state was written while watching the same account for the same event. */
const continues = (state: TriggerState | undefined, watch: Watch): state is TriggerState =>
	state?.scope === watch.scope && state.event === watch.event;

/**
 * Whether a report was created since the state was written: it was watched for, and not there. (n8n
 * keeps the state of a poll that emitted nothing in its own memory only, so one that was not watched
 * may be unknown just because n8n was started anew.)
 */
const isCreated = (state: TriggerState | undefined, watch: Watch, id: string): boolean =>
	continues(state, watch) &&
	state.reports[id] === undefined &&
	(state.selected?.includes(id) ?? true);

/**
 * Reports that are not in the list, as long as they are to be remembered. Those of another account are
 * not: they are not missing.
 */
function absentReports(
	state: TriggerState | undefined,
	watch: Watch,
	listed: ReadonlySet<string>,
): Array<[id: string, memory: ReportMemory]> {
	if (state?.scope !== watch.scope) return [];
	return Object.entries(state.reports)
		.filter(([id]) => !listed.has(id))
		.map(([id, memory]): [string, ReportMemory] => [
			id,
			{
				...(isWatched(watch, id) ? memory : {}),
				// An empty list says little: the service also answers that nothing was found when it fails.
				absent: (memory.absent ?? 0) + (listed.size > 0 ? 1 : 0),
			},
		])
		.filter(([, { absent }]) => (absent ?? 0) < FORGOTTEN_AFTER);
}

/** What carries over to another event: that a report exists. */
function forEvent(state: TriggerState | undefined, event: TriggerEvent): TriggerState | undefined {
	if (state === undefined || state.event === event) return state;
	const known = Object.keys(state.reports).map((id): [string, ReportMemory] => [id, {}]);
	return { ...state, reports: Object.fromEntries(known) };
}

/**
 * Takes in the list of the program's reports.
 *
 * A report that was created since the last poll has nothing behind it: all its executions are new. One
 * that was there before and is watched from now on is marked when it is first looked at. So is every
 * report on the first poll, and where program or credential were changed.
 */
export function withReports(
	stored: TriggerState | undefined,
	watch: Watch,
	listed: readonly InsightsRecord[],
): TriggerState {
	const state = forEvent(stored, watch.event);
	const memoryOf = (id: string): ReportMemory => {
		if (!isWatched(watch, id)) return {};
		const known = state?.reports[id];
		if (known !== undefined) {
			const { absent, ...memory } = known;
			return absent === undefined ? known : memory;
		}
		return watch.event === 'executionCompleted' && isCreated(stored, watch, id)
			? { executions: NOTHING_SEEN }
			: {};
	};
	const ids = new Set(listed.map(idOf).filter((id) => id !== ''));
	return {
		scope: watch.scope,
		event: watch.event,
		...(watch.reportIds && { selected: Array.from(watch.reportIds) }),
		reports: Object.fromEntries([
			...Array.from(ids, (id): [string, ReportMemory] => [id, memoryOf(id)]),
			...absentReports(state, watch, ids),
		]),
		...(state?.last !== undefined && { last: state.last }),
	};
}

/**
 * The order in which the watched reports are looked at: those without a mark first, since time passes
 * unobserved for them, then on from where the last poll stopped.
 */
export function visitingOrder(state: TriggerState, ids: readonly string[]): string[] {
	const isMarked = (id: string) => state.reports[id]?.executions !== undefined;
	const marked = ids.filter(isMarked).sort();
	const start = marked.findIndex((id) => id > (state.last ?? ''));
	const rotated = start === -1 ? marked : [...marked.slice(start), ...marked.slice(0, start)];
	return [...ids.filter((id) => !isMarked(id)), ...rotated];
}

/** Completed executions of the reports that were looked at, in that order. */
export type Findings = ReadonlyMap<string, readonly InsightsRecord[]>;

/** A completed execution that has not been emitted. */
export interface NewExecution {
	reportId: string;
	execution: InsightsRecord;
}

/** The executions among the findings that are new, oldest first. Reports without a mark have none. */
export function newExecutions(state: TriggerState, findings: Findings): NewExecution[] {
	const found = Array.from(findings).flatMap(([reportId, executions]) => {
		const seen = state.reports[reportId]?.executions;
		if (seen === undefined) return [];
		return unseenExecutions(seen, executions).map((execution) => ({ reportId, execution }));
	});
	return found.sort((a, b) => {
		const [left, right] = [generatedTime(a.execution), generatedTime(b.execution)];
		return left === right ? 0 : left - right;
	});
}

/**
 * Takes in the findings: what was found is no longer new.
 *
 * @param left executions that could not be handed over, and stay new
 */
export function withFindings(
	state: TriggerState,
	findings: Findings,
	left: ReadonlySet<InsightsRecord> = new Set(),
): TriggerState {
	const looked = Array.from(findings).filter(([id]) => state.reports[id] !== undefined);
	const reports = { ...state.reports };
	for (const [id, executions] of looked) {
		const memory = reports[id] ?? {};
		reports[id] = {
			...memory,
			executions: withSeen(
				memory.executions ?? NOTHING_SEEN,
				executions.filter((execution) => !left.has(execution)),
			),
		};
	}
	return { ...state, reports };
}

/** A report whose state is another than before; `PreviousStatus` is null for a new report. */
export interface StatusChange {
	report: InsightsRecord;
	previousStatus: string | null;
	newStatus: string;
}

export const DELETED = 'Deleted';

/** The watched reports that had a state and are not in the list: perhaps deleted. */
export const missingReports = (
	state: TriggerState | undefined,
	watch: Watch,
	listed: readonly InsightsRecord[],
): string[] => {
	if (!continues(state, watch)) return [];
	const ids = new Set(listed.map(idOf));
	return Object.entries(state.reports)
		.filter(([id, { status }]) => status !== undefined && !ids.has(id) && isWatched(watch, id))
		.map(([id]) => id);
};

/**
 * Compares the states of the watched reports with those that were last seen.
 *
 * @param deleted IDs of reports that the service was asked for and does not have
 */
export function withStatuses(
	stored: TriggerState | undefined,
	watch: Watch,
	listed: readonly InsightsRecord[],
	deleted: ReadonlySet<string>,
): { state: TriggerState; changes: StatusChange[] } {
	const state = withReports(stored, watch, listed);
	const known = forEvent(stored, watch.event)?.reports ?? {};
	const reports = { ...state.reports };
	const changes: StatusChange[] = [];
	for (const report of watchedReports(watch, listed)) {
		const id = idOf(report);
		const newStatus = text(report.ReportStatus);
		const memory = known[id];
		const hasChanged =
			memory?.status !== undefined && memory.status.toLowerCase() !== newStatus.toLowerCase();
		if (hasChanged || isCreated(stored, watch, id)) {
			changes.push({ report, previousStatus: memory?.status ?? null, newStatus });
		}
		reports[id] = { status: newStatus, name: text(report.ReportName) };
	}
	for (const id of deleted) {
		const { status, name = '' } = reports[id] ?? {};
		if (status === undefined) continue;
		const report = { ReportId: id, ReportName: name };
		changes.push({ report, previousStatus: status, newStatus: DELETED });
	}
	const left = Object.entries(reports).filter(([id]) => !deleted.has(id));
	return { state: { ...state, reports: Object.fromEntries(left) }, changes };
}
