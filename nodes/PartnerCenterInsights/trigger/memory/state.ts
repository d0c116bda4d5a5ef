import type { InsightsRecord } from '../../insights/records';
import { readServiceTime } from '../../insights/serviceTime';
import { NOTHING_SEEN, type SeenExecutions, withAllOf } from './seenExecutions';
import { idOf, isWatched, type TriggerEvent, type Watch } from './watch';

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
	/** How many of them the last list had that was not empty; undefined where it was not noted yet. */
	listed?: number;
	/** What was seen of reports that are not remembered one by one any more. */
	forgotten?: SeenExecutions;
	/**
	 * When the mark was set, or reports were added to those that are watched: ms since the epoch, by the
	 * service's clock. A report that had been created before was only missing from the list of then.
	 */
	since?: number;
}

/**
 * So many reports that two lists in a row lacked are remembered one by one. The service allows 50 active
 * ones, so more are missing only where one-off reports come and go.
 */
const MOST_MISSING = 200;

/** ms by which the clocks of the service's parts may differ; they tell whole seconds. */
const CLOCK_TOLERANCE = 5_000;

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

/** Whether reports are watched now that were not before. */
const isWidened = ({ selected }: TriggerState, { reportIds }: Watch): boolean =>
	selected !== undefined &&
	(reportIds === undefined || Array.from(reportIds).some((id) => !selected.includes(id)));

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
export function newcomer(
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
	const known = Object.entries(state.reports);
	const missing = known
		.filter(([id]) => !listed.has(id))
		.map(([id, memory]): [string, ReportMemory] => [id, isWatched(watch, id) ? memory : {}]);
	// One list may be short by mistake, and an empty one says still less: the service also answers that
	// nothing was found when it fails.
	const fresh = known.slice(0, state.listed).filter(([id]) => !listed.has(id)).length;
	const most = listed.size > 0 ? fresh + MOST_MISSING : missing.length;
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
export function forEvent(
	state: TriggerState | undefined,
	event: TriggerEvent,
): TriggerState | undefined {
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
	const ids = new Set<string>(identified.map(idOf));
	const missing = missingFrom(state, watch, ids, now);
	const goesOn = continues(stored, watch) && !isWidened(stored, watch);
	const since = goesOn ? stored.since : now;
	return {
		scope: watch.scope,
		event: watch.event,
		...(watch.reportIds && { selected: Array.from(watch.reportIds) }),
		reports: Object.fromEntries([
			...identified.map((report): [string, ReportMemory] => [idOf(report), memoryOf(report)]),
			...missing.reports,
		]),
		listed: ids.size > 0 ? ids.size : (state?.listed ?? 0),
		...(missing.forgotten !== undefined && { forgotten: missing.forgotten }),
		...(since !== undefined && { since }),
	};
}
