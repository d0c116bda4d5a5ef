import type { TriggerState } from '../memory/state';

/** Of so many reports that are looked at, one is one that could not be read before. */
const TURN_OF_UNREADABLE = 4;

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
