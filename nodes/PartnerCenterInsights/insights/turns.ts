import type { Clock } from './clock';
import { settle } from './settle';

/**
 * Has work on the same thing wait for its turn, in the order in which it was asked for. What one has
 * read of the thing is then never older than what the one before has made of it.
 *
 * @param wait rejects once nothing more is to be waited for: then what still waits for its turn ends, too
 */
export function createTurns(wait: Clock['wait']) {
	const last = new Map<string, Promise<unknown>>();
	return async <T>(thing: string, work: () => Promise<T>): Promise<T> => {
		const before = last.get(thing);
		const turn =
			before === undefined
				? work()
				: settle(before).then(async () => {
						// What the one before has failed of may be about to end the others.
						await wait(0);
						return await work();
					});
		last.set(thing, turn);
		try {
			return await turn;
		} finally {
			if (last.get(thing) === turn) last.delete(thing);
		}
	};
}
