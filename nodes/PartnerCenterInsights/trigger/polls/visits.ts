import { isFailure } from '../../insights/errors';
import { asError, settle } from '../../insights/settle';
import type { PollTime } from './pollTime';

/** Requests at once. The service allows about 10 in a short time. */
const LANES = 3;
/** Every so manieth report to be looked at is one that could not be read before. */
const TURN_OF_UNREADABLE = 4;

export interface Visits<Id extends string, T> {
	/** What was found, in the order in which the reports were to be looked at. */
	findings: Map<Id, T>;
	/** What went wrong with which report, in the same order. */
	failures: Map<Id, Error>;
}

/**
 * The order of looking at reports. Those that could not be read take their turn between the others, so
 * that neither keeps the other from being looked at where a poll does not come to all of them.
 *
 * @param ids in the order that would be right if all could be read
 * @param unreadable those that could not be read, the ones tried longest ago in front
 * @param poll its number: their place is another one each time, since a poll may come to a few only
 */
export function inTurn<Id extends string>(
	ids: readonly Id[],
	unreadable: ReadonlySet<string>,
	poll: number,
): Id[] {
	const others = ids.filter((id) => !unreadable.has(id));
	const awaited = Array.from(unreadable).flatMap((id) => ids.find((one) => one === id) ?? []);
	const order: Id[] = [];
	while (others.length + awaited.length > 0) {
		const place = order.length + 1 + poll;
		const isTurn = place % TURN_OF_UNREADABLE === 0 || others.length === 0;
		const [next] = isTurn && awaited.length > 0 ? awaited.splice(0, 1) : others.splice(0, 1);
		if (next !== undefined) order.push(next);
	}
	return order;
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
