import { isFailure } from '../../insights/errors';
import { settle } from '../../insights/settle';
import type { PollTime } from './pollTime';

/** Requests at once. The service allows about 10 in a short time. */
const LANES = 3;
/** Every so manieth report to be looked at is one that could not be read before. */
const TURN_OF_UNREADABLE = 4;

export interface Visits<T> {
	/** What was found, in the order in which the reports were to be looked at. */
	findings: Map<string, T>;
	/** What went wrong with which report, in the same order. */
	failures: Map<string, Error>;
	/** Whether looking further was no use: the service asks to wait, or nothing can be sent. */
	hasEnded: boolean;
}

export const asError = (error: unknown): Error =>
	error instanceof Error ? error : new Error(String(error));

/**
 * The order of looking at reports. Those that could not be read take their turn between the others, so
 * that neither keeps the other from being looked at where a poll does not come to all of them.
 *
 * @param ids in the order that would be right if all could be read
 * @param unreadable those that could not be read, the ones tried longest ago in front
 */
export function inTurn(ids: readonly string[], unreadable: ReadonlySet<string>): string[] {
	const others = ids.filter((id) => !unreadable.has(id));
	const awaited = Array.from(unreadable).filter((id) => ids.includes(id));
	const order: string[] = [];
	while (others.length + awaited.length > 0) {
		const isTurn = (order.length + 1) % TURN_OF_UNREADABLE === 0 || others.length === 0;
		const [next] = isTurn && awaited.length > 0 ? awaited.splice(0, 1) : others.splice(0, 1);
		if (next !== undefined) order.push(next);
	}
	return order;
}

/**
 * Looks at one report after the other, as far as time and the service's limit allow. A report that
 * cannot be read does not keep the others from being looked at, whatever is wrong with it.
 */
export async function visitReports<T>(
	ids: readonly string[],
	time: PollTime,
	look: (reportId: string) => Promise<T>,
): Promise<Visits<T>> {
	const found = new Map<string, T>();
	const failed = new Map<string, Error>();
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
	const inOrder = <V>(of: Map<string, V>): Map<string, V> =>
		new Map(Array.from(of).sort(([a], [b]) => ids.indexOf(a) - ids.indexOf(b)));
	return { findings: inOrder(found), failures: inOrder(failed), hasEnded };
}
