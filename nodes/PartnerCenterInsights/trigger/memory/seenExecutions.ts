import { createHash } from 'node:crypto';
import { HOUR } from '../../insights/clock';
import { type InsightsRecord, text } from '../../insights/records';
import { generatedTime, newestFirst } from '../../insights/runs/executions';
import { folded } from '../../insights/sameText';

/**
 * Which executions of a report have been dealt with, small enough to be kept in the workflow: about 10
 * characters for each, grouped by when they were generated.
 *
 * Whether an execution is new is told by its ID. Times only say what is old enough to be forgotten.
 */
export interface SeenExecutions {
	/** Keys of executions, 8 characters each, one after the other, by the period they belong to. */
	periods: Record<string, string>;
	/** Number of the first period that is remembered. What is somewhat older is history and never new. */
	since?: number;
}

/** What is known of a report that has no executions yet. */
export const NOTHING_SEEN: SeenExecutions = { periods: {} };

/** ms of a period */
const PERIOD = 10 * 24 * HOUR;
/**
 * Periods kept beside the newest. The service lists executions for 90 days, so whatever is older than
 * 100 days before the newest one is not listed any more.
 */
const OLDER_PERIODS = 10;
/** Periods before those: what is older still cannot have been listed, so its time is no time. */
const HISTORY_PERIODS = 40;
/** Far more than the service lists: a run every 4 hours makes 600 in 100 days. */
const MOST_KEYS = 2_000;

const KEY_LENGTH = 8;
/** For executions without a time that can be true. */
const UNDATED = 'undated';
const MOST_UNDATED = 1_000;

/** A poll asks for the key of each record several times, and a service may list thousands. */
const known = new WeakMap<InsightsRecord, string>();

/** 48 bits of a hash of the ID: two executions of a report share them about never. */
export function keyOf(execution: InsightsRecord): string {
	let key = known.get(execution);
	if (key === undefined) {
		const identity =
			folded(execution.ExecutionId) ||
			`${text(execution.ReportGeneratedTime)} ${text(execution.ReportLocation)}`;
		key = createHash('sha256').update(identity).digest('base64url').slice(0, KEY_LENGTH);
		known.set(execution, key);
	}
	return key;
}

/** The period of an execution by its time; infinite where it has none that can be true. */
function periodOf(execution: InsightsRecord, since: number): number {
	const period = Math.floor((generatedTime(execution) ?? Infinity) / PERIOD);
	return period < since - HISTORY_PERIODS ? Infinity : period;
}

function keysIn(joined: string): string[] {
	const keys: string[] = [];
	for (let at = 0; at < joined.length; at += KEY_LENGTH) {
		keys.push(joined.slice(at, at + KEY_LENGTH));
	}
	return keys;
}

/** A poll asks several times, and thousands of keys may be remembered. */
const keySets = new WeakMap<SeenExecutions, ReadonlySet<string>>();

function keysOf(seen: SeenExecutions): ReadonlySet<string> {
	const found = keySets.get(seen) ?? new Set(Object.values(seen.periods).flatMap(keysIn));
	keySets.set(seen, found);
	return found;
}

/** Those executions that have not been dealt with: oldest first, each once. */
export function unseenExecutions(
	seen: SeenExecutions,
	executions: readonly InsightsRecord[],
): InsightsRecord[] {
	const before = keysOf(seen);
	const since = seen.since ?? -Infinity;
	const unseen = new Map<string, InsightsRecord>();
	for (const execution of executions) {
		const key = keyOf(execution);
		if (before.has(key) || unseen.has(key) || periodOf(execution, since) < since) continue;
		unseen.set(key, execution);
	}
	return Array.from(unseen.values()).sort((a, b) => newestFirst(b, a));
}

/**
 * Forgets what is too old to be listed again.
 *
 * @param now by the service's clock, or n8n's where no answer has told that one: a time in the future
 * makes nothing old. Where the clock is behind, only more is remembered; where it is ahead, the newest
 * time of an execution counts.
 * @param listed keys that the service lists now, whatever their age
 */
function withoutOld(
	{ periods, since: before = -Infinity }: SeenExecutions,
	now: number,
	listed: ReadonlySet<string>,
): SeenExecutions {
	const dated = Object.keys(periods)
		.map(Number)
		.filter(Number.isFinite)
		.sort((a, b) => b - a);
	const newest = Math.min(dated[0] ?? -Infinity, Math.floor(now / PERIOD));
	let count = 0;
	const overflow = dated.find((period) => {
		count += (periods[period] ?? '').length / KEY_LENGTH;
		return count > MOST_KEYS;
	});
	const bounded = Math.min((overflow ?? -Infinity) + 1, dated[0] ?? -Infinity);
	const since = Math.max(before, newest - OLDER_PERIODS, bounded);

	const kept: Record<string, string> = {};
	let undated = periods[UNDATED] ?? '';
	for (const period of dated) {
		const keys = periods[period] ?? '';
		const left =
			period >= since
				? keys
				: keysIn(keys)
						.filter((key) => listed.has(key))
						.join('');
		if (period < since - HISTORY_PERIODS) undated += keys;
		else if (left !== '') kept[period] = left;
	}
	return {
		periods: {
			...kept,
			...(undated !== '' && { [UNDATED]: undated.slice(-MOST_UNDATED * KEY_LENGTH) }),
		},
		...(Number.isFinite(since) && { since }),
	};
}

/** Remembers these executions too, and forgets what is too old to be listed again. */
export function withSeen(
	seen: SeenExecutions,
	executions: readonly InsightsRecord[],
	now: number,
): SeenExecutions {
	const added = unseenExecutions(seen, executions);
	if (added.length === 0) return seen;
	const periods = { ...seen.periods };
	for (const execution of added) {
		const period = periodOf(execution, seen.since ?? -Infinity);
		const name = Number.isFinite(period) ? String(period) : UNDATED;
		periods[name] = (periods[name] ?? '') + keyOf(execution);
	}
	return withoutOld({ ...seen, periods }, now, new Set(executions.map(keyOf)));
}

/** What has been seen of one report or another. */
export function withAllOf(one: SeenExecutions, other: SeenExecutions, now: number): SeenExecutions {
	const periods = { ...one.periods };
	const before = keysOf(one);
	for (const [period, keys] of Object.entries(other.periods)) {
		const added = keysIn(keys).filter((key) => !before.has(key));
		if (added.length > 0) periods[period] = (periods[period] ?? '') + added.join('');
	}
	const since = Math.max(one.since ?? -Infinity, other.since ?? -Infinity);
	return withoutOld({ periods, ...(Number.isFinite(since) && { since }) }, now, new Set());
}
