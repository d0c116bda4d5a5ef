import { settle } from '../insights/settle';

/**
 * Works on the items with a bounded number at once. The results stand in the order of the items.
 *
 * When an item fails, no further one is begun; those under way are waited for, since a change that has
 * been sent cannot be taken back.
 *
 * @param onFailure called at once, so that those under way can end their waits
 * @throws the failure that came first: later ones may only tell that their wait was ended
 */
export async function inLanes<T>(
	count: number,
	lanes: number,
	work: (itemIndex: number) => Promise<T>,
	{ onFailure, isStopped }: { onFailure: () => void; isStopped: () => boolean },
): Promise<T[]> {
	const results = new Array<T>(count);
	const failures: unknown[] = [];
	let next = 0;
	const lane = async () => {
		while (next < count && failures.length === 0 && !isStopped()) {
			const itemIndex = next++;
			const outcome = await settle(work(itemIndex));
			if ('value' in outcome) {
				results[itemIndex] = outcome.value;
			} else {
				failures.push(outcome.error);
				onFailure();
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane));
	if (failures.length > 0) throw failures[0];
	return results;
}
