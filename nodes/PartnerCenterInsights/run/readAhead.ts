import { isWithin } from '../insights/clock';

/** How long what was read before its turn is good for, in ms: an expression may tell the time. */
const FRESH = 1_000;
/** Time that an item is given to send its request, in ms. */
const UNDER_WAY = 10;

export interface ReadAhead<T> {
	/** What an item gives, read a moment ago or now. Items are taken in their order. */
	take: (itemIndex: number) => T;
	/** Nothing more is read ahead. */
	end: () => void;
}

/**
 * Reads the items that come next while those before them are waited for. n8n takes 1.3 ms or more for an
 * expression, and the lanes that are free at the same time would wait for each other's. 200 resumes of
 * 50 ms take 1.19 x the least possible time instead of 1.31 x at 4 at once, 1.28 x instead of 1.53 x at 10.
 *
 * @param ahead how many items at most
 * @param read may throw; then it is read again, and fails, when it is the item's turn
 */
export function readAhead<T>(
	count: number,
	ahead: number,
	read: (itemIndex: number) => T,
	now: () => number,
): ReadAhead<T> {
	const kept = new Map<number, { at: number; value: T }>();
	const timers = new Set<NodeJS.Timeout>();
	/** The items below these have been taken, and have been read. */
	let [taken, known] = [0, 0];

	const readNext = () => {
		known = Math.max(known, taken);
		if (known >= Math.min(count, taken + ahead)) return;
		const itemIndex = known++;
		try {
			kept.set(itemIndex, { value: read(itemIndex), at: now() });
		} catch {
			// Told when it is the item's turn, if that comes.
		}
	};

	const readSoon = () => {
		const timer = setTimeout(() => {
			timers.delete(timer);
			readNext();
		}, UNDER_WAY);
		timers.add(timer);
	};

	return {
		take: (itemIndex) => {
			taken = itemIndex + 1;
			readSoon();
			const found = kept.get(itemIndex);
			kept.delete(itemIndex);
			return found && isWithin(FRESH, found.at, now()) ? found.value : read(itemIndex);
		},
		end: () => timers.forEach(clearTimeout),
	};
}
