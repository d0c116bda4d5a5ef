import { isEndedWait } from '../insights/clock';
import { settle } from '../insights/settle';

/**
 * Works on the items with a bounded number at once. The results stand in the order of the items.
 *
 * When an item fails, no further one is begun; those under way are waited for, since a change that has
 * been sent cannot be taken back.
 *
 * @param onFailure called at once, so that those under way can end their waits
 * @throws the failure of the first item that has one, whichever came first: what fails for all of them is
 *   told of the same item each time. Waits that were ended tell nothing.
 */
export async function inLanes<T>(
	count: number,
	lanes: number,
	work: (itemIndex: number) => Promise<T>,
	{ onFailure, isStopped }: { onFailure: () => void; isStopped: () => boolean },
): Promise<T[]> {
	const results = new Array<T>(count);
	const failures = new Map<number, unknown>();
	let next = 0;
	const lane = async () => {
		while (next < count && failures.size === 0 && !isStopped()) {
			const itemIndex = next++;
			const outcome = await settle(work(itemIndex));
			if ('value' in outcome) {
				results[itemIndex] = outcome.value;
			} else {
				failures.set(itemIndex, outcome.error);
				onFailure();
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane));
	if (failures.size === 0) return results;
	const told = [...failures].filter(([, failure]) => !isEndedWait(failure));
	throw failures.get(Math.min(...told.map(([itemIndex]) => itemIndex)));
}
