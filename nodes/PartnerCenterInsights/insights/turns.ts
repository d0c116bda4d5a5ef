import { settle } from './settle';

/**
 * Has work on the same thing wait for its turn, in the order in which it was asked for. What one has
 * read of the thing is then never older than what the one before has made of it.
 */
export function createTurns() {
	const last = new Map<string, Promise<unknown>>();
	return async <T>(thing: string, work: () => Promise<T>): Promise<T> => {
		const before = last.get(thing);
		const turn = before === undefined ? work() : settle(before).then(work);
		last.set(thing, turn);
		try {
			return await turn;
		} finally {
			if (last.get(thing) === turn) last.delete(thing);
		}
	};
}
