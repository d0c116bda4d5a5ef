import { InsightsError, isFailure } from '../../insights/errors';
import type { InsightsRecord } from '../../insights/records';
import type { PollTime } from './pollTime';

/** Requests at once. The service allows about 10 in a short time. */
const LANES = 3;
/** So many reports that fail one after the other are a failure of the service. */
const MOST_FAILURES = 3;

export interface Visits {
	/** What was found, in the order in which the reports were to be looked at. */
	findings: Map<string, InsightsRecord[]>;
	/** The report up to which none was left out; undefined when the first one was. */
	last: string | undefined;
	/** What went wrong, if anything did; reports without a finding were not looked at. */
	failure: Error | undefined;
}

export const asError = (error: unknown): Error =>
	error instanceof Error ? error : new Error(String(error));

/** Whether what went wrong with one report would go wrong with all others. */
const concernsAll = (error: Error): boolean =>
	!(error instanceof InsightsError) ||
	isFailure(error, 'unauthorized', 'forbidden', 'busy', 'unreachable', 'notSent', 'unreadable');

/**
 * Looks at one report after the other, as far as time and the service's limit allow. A report that
 * cannot be read does not keep the others from being looked at.
 */
export async function visitReports(
	ids: readonly string[],
	time: PollTime,
	look: (reportId: string) => Promise<InsightsRecord[]>,
): Promise<Visits> {
	const found = new Map<string, InsightsRecord[]>();
	const unreadable = new Set<string>();
	const failures: Error[] = [];
	const queue = ids.values();
	let ended = false;
	const hasEnded = () => ended || time.isOver();
	const lane = async () => {
		for (const id of queue) {
			const outcome = await look(id).then(
				(executions) => ({ executions }),
				(error: unknown) => ({ error: asError(error) }),
			);
			if ('executions' in outcome) {
				found.set(id, outcome.executions);
			} else {
				// A wait that was ended because of an earlier failure tells nothing new.
				if (!ended) failures.push(outcome.error);
				if (!concernsAll(outcome.error)) unreadable.add(id);
				if (concernsAll(outcome.error) || failures.length >= MOST_FAILURES) {
					ended = true;
					time.hurry();
				}
			}
			if (hasEnded()) return;
		}
	};
	await Promise.all(Array.from({ length: LANES }, lane));
	const findings = new Map(
		ids.flatMap((id): Array<[string, InsightsRecord[]]> => {
			const executions = found.get(id);
			return executions === undefined ? [] : [[id, executions]];
		}),
	);
	const leftOut = ids.findIndex((id) => !found.has(id) && !unreadable.has(id));
	const last = leftOut === -1 ? ids.at(-1) : ids[leftOut - 1];
	return { findings, last, failure: failures[0] };
}
