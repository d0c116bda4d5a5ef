import { createHash } from 'node:crypto';
import { type InsightsRecord, text } from '../../insights/records';

/**
 * Which executions of a report have been dealt with, small enough to be kept in the workflow: about 10
 * characters for each, grouped by when they were generated.
 *
 * Only the service's own times are compared with each other. n8n's clock may be wrong.
 */
export interface SeenExecutions {
	/** Keys of executions, 8 characters each, one after the other, by the period they belong to. */
	periods: Record<string, string>;
	/** Number of the first period that is remembered. What is older is history and never new. */
	since?: number;
}

/** What is known of a report that has no executions yet. */
export const NOTHING_SEEN: SeenExecutions = { periods: {} };

/** ms of a period */
const PERIOD = 10 * 24 * 3_600_000;
/**
 * Periods kept beside the newest. The service lists executions for 90 days, so whatever is older than
 * 100 days before the newest one is not listed any more.
 */
const OLDER_PERIODS = 10;

const KEY_LENGTH = 8;
/** For executions without a usable ReportGeneratedTime, which are not documented to exist. */
const UNDATED = 'undated';
const MOST_UNDATED = 1_000;

/** ReportGeneratedTime in ms since the epoch, by the service's clock; infinite where there is none. */
export function generatedTime({ ReportGeneratedTime: value }: InsightsRecord): number {
	const time = Date.parse(text(value));
	return Number.isNaN(time) ? Infinity : time;
}

/** 48 bits of a hash of the ID: two executions of a report share them about never. */
function keyOf(execution: InsightsRecord): string {
	const identity =
		text(execution.ExecutionId).toLowerCase() ||
		`${text(execution.ReportGeneratedTime)} ${text(execution.ReportLocation)}`;
	return createHash('sha256').update(identity).digest('base64url').slice(0, KEY_LENGTH);
}

const periodOf = (execution: InsightsRecord): number =>
	Math.floor(generatedTime(execution) / PERIOD);

const keysIn = (joined: string): string[] => joined.match(/.{8}/g) ?? [];

const keysOf = ({ periods }: SeenExecutions): Set<string> =>
	new Set(Object.values(periods).flatMap(keysIn));

/** Those executions that have not been dealt with: oldest first, each once. */
export function unseenExecutions(
	seen: SeenExecutions,
	executions: readonly InsightsRecord[],
): InsightsRecord[] {
	const keys = keysOf(seen);
	const since = seen.since ?? -Infinity;
	return executions
		.filter((execution) => {
			const key = keyOf(execution);
			if (keys.has(key) || periodOf(execution) < since) return false;
			keys.add(key);
			return true;
		})
		.sort((a, b) => {
			const [left, right] = [generatedTime(a), generatedTime(b)];
			return left === right ? 0 : left - right;
		});
}

/** Remembers these executions too, and forgets what is too old to be listed again. */
export function withSeen(
	seen: SeenExecutions,
	executions: readonly InsightsRecord[],
): SeenExecutions {
	const added = unseenExecutions(seen, executions);
	if (added.length === 0) return seen;
	const periods = new Map(Object.entries(seen.periods));
	for (const execution of added) {
		const period = periodOf(execution);
		const name = Number.isFinite(period) ? String(period) : UNDATED;
		periods.set(name, (periods.get(name) ?? '') + keyOf(execution));
	}
	const newest = Math.max(...Array.from(periods.keys(), Number).filter(Number.isFinite));
	const since = Math.max(seen.since ?? -Infinity, newest - OLDER_PERIODS);
	const undated = periods.get(UNDATED)?.slice(-MOST_UNDATED * KEY_LENGTH);
	return {
		periods: {
			...Object.fromEntries(Array.from(periods).filter(([period]) => Number(period) >= since)),
			...(undated !== undefined && { [UNDATED]: undated }),
		},
		...(Number.isFinite(since) && { since }),
	};
}
