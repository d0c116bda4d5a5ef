import { isFailure } from '../../insights/errors';
import { asError, settle } from '../../insights/settle';
import type { PollTime } from './pollTime';

/** Requests at once. The service allows about 10 in a short time. */
const LANES = 3;

export interface Visits<Id extends string, T> {
	/** What was found, in the order in which the reports were to be looked at. */
	findings: Map<Id, T>;
	/** What went wrong with which report, in the same order. */
	failures: Map<Id, Error>;
}

/**
 * Looks at one report after the other, as far as time and the service's limit allow. A report that
 * cannot be read does not keep the others from being looked at, whatever is wrong with it.
 */
export async function visitReports<Id extends string, T>(
	ids: readonly Id[],
	time: PollTime,
	look: (reportId: Id) => Promise<T>,
): Promise<Visits<Id, T>> {
	const found = new Map<Id, T>();
	const failed = new Map<Id, Error>();
	const queue = ids.values();
	let hasEnded = false;
	const lane = async () => {
		for (const id of queue) {
			const outcome = await settle(look(id));
			if ('value' in outcome) {
				found.set(id, outcome.value);
			} else {
				const concernsAll = isFailure(outcome.error, 'busy', 'notSent');
				// A wait that was ended because of an earlier failure tells nothing of this report.
				if (!(concernsAll && hasEnded)) failed.set(id, asError(outcome.error));
				if (concernsAll) {
					hasEnded = true;
					time.hurry();
				}
			}
			if (hasEnded || time.isOver()) return;
		}
	};
	await Promise.all(Array.from({ length: LANES }, lane));
	const inOrder = <V>(of: Map<Id, V>): Map<Id, V> =>
		new Map(Array.from(of).sort(([a], [b]) => ids.indexOf(a) - ids.indexOf(b)));
	return { findings: inOrder(found), failures: inOrder(failed) };
}
