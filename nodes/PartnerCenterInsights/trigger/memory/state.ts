import type { ReportId } from '../../insights/ids';
import { type InsightsRecord, text } from '../../insights/records';
import { generatedTime, newestFirst } from '../../insights/runs/executions';
import { folded, sameText } from '../../insights/sameText';
import { readServiceTime } from '../../insights/serviceTime';
import {
	keyOf,
	NOTHING_SEEN,
	type SeenExecutions,
	unseenExecutions,
	withAllOf,
	withSeen,
} from './seenExecutions';

export type TriggerEvent = 'executionCompleted' | 'reportStatusChanged';

/** What is remembered of a report. Empty: it exists, and nothing of it has been looked at yet. */
export interface ReportMemory {
	/** For executionCompleted: there once the report's history was marked. */
	executions?: SeenExecutions;
	/**
	 * For executionCompleted: since when it is watched, where it could not be looked at then, in ms since the
	 * epoch by the service's clock. What was completed before that is history.
	 */
	overlooked?: number;
	/** For reportStatusChanged: the state that was last seen. */
	status?: string;
	/** For the item of a deleted report, of which nothing else is left. */
	name?: string;
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
	/**
	 * Every report of the program by its ID, not only those that are watched: first those that the list
	 * has, then those that it lacks, the ones that have been missing longest at the end.
	 */
	reports: Record<string, ReportMemory>;
	/** What was seen of reports that are not remembered one by one any more. */
	forgotten?: SeenExecutions;
	/**
	 * When the mark was set: ms since the epoch, by the service's clock. A report that had been created
	 * before was only missing from the first list.
	 */
	since?: number;
}

/** What is watched: the scope, the event and the reports. */
export interface Watch {
	scope: string;
	event: TriggerEvent;
	/** Undefined: all reports of the program. */
	reportIds: ReadonlySet<string> | undefined;
}

/**
 * So many reports that the list lacks are remembered one by one. The service allows 50 active ones, so
 * more are missing only where one-off reports come and go.
 */
const MOST_MISSING = 200;

/** ms by which the clocks of the service's parts may differ; they tell whole seconds. */
const CLOCK_TOLERANCE = 5_000;

/** A report's ID as it is remembered: in lower case; empty where the record has none. */
export const idOf = (report: InsightsRecord): ReportId => folded(report.ReportId) as ReportId;

const isWatched = ({ reportIds }: Watch, id: string): boolean => reportIds?.has(id) ?? true;

/**
 * The reports of the list that are watched, each once: what is created or deleted while pages are read
 * moves others from one page to the next.
 */
export const watchedReports = (watch: Watch, listed: readonly InsightsRecord[]): InsightsRecord[] =>
	Array.from(new Map(listed.map((report) => [idOf(report), report])).values()).filter(
		(report) => idOf(report) !== '' && isWatched(watch, idOf(report)),
	);

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
export const continues = (state: TriggerState | undefined, watch: Watch): state is TriggerState =>
	state?.scope === watch.scope && state.event === watch.event;

/** Whether a report existed when the mark was set on a list that lacked it. */
function wasOverlooked({ since }: TriggerState, report: InsightsRecord): boolean {
	const created = readServiceTime(report.CreatedTime);
	return since !== undefined && created !== undefined && created < since - CLOCK_TOLERANCE;
}

/**
 * What a report is of which nothing is known although it was watched for: created since the mark was
 * set, or overlooked then. Undefined for any other. (n8n keeps the state of a poll that emitted nothing
 * in its own memory only, so one that was not watched may be unknown just because n8n was started anew.)
 */
function newcomer(
	state: TriggerState | undefined,
	watch: Watch,
	report: InsightsRecord,
): 'created' | 'overlooked' | undefined {
	const id = idOf(report);
	const isAwaited =
		continues(state, watch) &&
		state.reports[id] === undefined &&
		(state.selected?.includes(id) ?? true);
	if (!isAwaited) return undefined;
	return wasOverlooked(state, report) ? 'overlooked' : 'created';
}

/** What is known of the executions of a report that nothing is known of. */
function memoryOfNewcomer(
	state: TriggerState | undefined,
	watch: Watch,
	report: InsightsRecord,
): ReportMemory {
	if (watch.event !== 'executionCompleted') return {};
	switch (newcomer(state, watch, report)) {
		case 'created':
			return { executions: NOTHING_SEEN };
		case 'overlooked':
			return { overlooked: state?.since };
		default:
			return {};
	}
}

interface Missing {
	/** Those that are remembered one by one, the ones that went missing last in front. */
	reports: Array<[id: string, memory: ReportMemory]>;
	forgotten: SeenExecutions | undefined;
}

/**
 * What is known of reports that are not in the list, also if they are missing for good. A list that is
 * short, or a role that is taken away for a while, must not make their history new. Those of another
 * account are not missing.
 */
function missingFrom(
	state: TriggerState | undefined,
	watch: Watch,
	listed: ReadonlySet<string>,
	now: number,
): Missing {
	if (state?.scope !== watch.scope) return { reports: [], forgotten: undefined };
	const missing = Object.entries(state.reports)
		.filter(([id]) => !listed.has(id))
		.map(([id, memory]): [string, ReportMemory] => [id, isWatched(watch, id) ? memory : {}]);
	// An empty list says little: the service also answers that nothing was found when it fails.
	const most = listed.size > 0 ? MOST_MISSING : missing.length;
	const forgotten = missing
		.slice(most)
		.reduce<SeenExecutions | undefined>(
			(seen, [, { executions }]) =>
				executions === undefined ? seen : withAllOf(seen ?? NOTHING_SEEN, executions, now),
			state.forgotten,
		);
	return { reports: missing.slice(0, most), forgotten };
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
 * A report that was created since the last poll has nothing behind it: all its executions are new. Of
 * one that the first list lacked those are new that were completed since. One that was there before and
 * is watched from now on is marked when it is first looked at. So is every report on the first poll, and
 * where program or credential were changed.
 *
 * @param now ms since the epoch, by the service's clock where it tells
 */
export function withReports(
	stored: TriggerState | undefined,
	watch: Watch,
	listed: readonly InsightsRecord[],
	now: number,
): TriggerState {
	const state = forEvent(stored, watch.event);
	const memoryOf = (report: InsightsRecord): ReportMemory => {
		const id = idOf(report);
		if (!isWatched(watch, id)) return {};
		return state?.reports[id] ?? memoryOfNewcomer(stored, watch, report);
	};
	const identified = listed.filter((report) => idOf(report) !== '');
	const missing = missingFrom(state, watch, new Set(identified.map(idOf)), now);
	const since = continues(stored, watch) ? stored.since : now;
	return {
		scope: watch.scope,
		event: watch.event,
		...(watch.reportIds && { selected: Array.from(watch.reportIds) }),
		reports: Object.fromEntries([
			...identified.map((report): [string, ReportMemory] => [idOf(report), memoryOf(report)]),
			...missing.reports,
		]),
		...(missing.forgotten !== undefined && { forgotten: missing.forgotten }),
		...(since !== undefined && { since }),
	};
}

/**
 * The order in which the watched reports are looked at: those without a mark first, since time passes
 * unobserved for them, then on from where the last poll stopped.
 *
 * @param last the report up to which it came
 */
export function visitingOrder<Id extends string>(
	state: TriggerState,
	ids: readonly Id[],
	last: string | undefined,
): Id[] {
	const isMarked = (id: string) => state.reports[id]?.executions !== undefined;
	const marked = ids.filter(isMarked).sort();
	const start = marked.findIndex((id) => id > (last ?? ''));
	const rotated = start === -1 ? marked : [...marked.slice(start), ...marked.slice(0, start)];
	return [...ids.filter((id) => !isMarked(id)), ...rotated];
}

/**
 * The report behind which the next poll goes on: up to it none was left out.
 *
 * @param order in which they were to be looked at
 * @param visited those that were, also in vain
 * @param unreadable those that take their turn by themselves
 */
export function lastInTurn<Id extends string>(
	state: TriggerState,
	order: readonly Id[],
	visited: (id: Id) => boolean,
	before: string | undefined,
	unreadable: ReadonlySet<string>,
): string | undefined {
	const marked = order.filter(
		(id) => state.reports[id]?.executions !== undefined && !unreadable.has(id),
	);
	const leftOut = marked.findIndex((id) => !visited(id));
	return (leftOut === -1 ? marked.at(-1) : marked[leftOut - 1]) ?? before;
}

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

/** A report whose state is another than before; `PreviousStatus` is null for a new report. */
export interface StatusChange {
	report: InsightsRecord;
	previousStatus: string | null;
	newStatus: string;
}

export const DELETED = 'Deleted';

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
