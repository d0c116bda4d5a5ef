/** How long what was read before its turn is good for, in ms: an expression may tell the time. */
const FRESH = 1_000;

/** Reads a parameter of an item, as n8n's `getNodeParameter` does. */
export type ReadParameter = (name: string, itemIndex: number, fallback: unknown) => unknown;

export interface ReadAhead {
	/** The item's parameters: those that were prepared a moment ago, and whatever else is asked for. */
	readerOf: (itemIndex: number) => (name: string, fallback: unknown) => unknown;
	/** Reads what other items have asked for so far. */
	prepare: (itemIndex: number) => void;
}

interface Prepared {
	/** ms since the epoch */
	at: number;
	values: Map<string, { fallback: unknown; value: unknown }>;
}

/**
 * Reads parameters before their turn. n8n takes a millisecond or more for an expression; while the
 * items before are waited for, that time costs nothing.
 */
export function createReadAhead(read: ReadParameter, now: () => number = Date.now): ReadAhead {
	/** Names, with what to fall back on. */
	const asked = new Map<string, unknown>();
	const preparedItems = new Map<number, Prepared>();
	return {
		readerOf: (itemIndex) => {
			const prepared = preparedItems.get(itemIndex);
			preparedItems.delete(itemIndex);
			return (name, fallback) => {
				asked.set(name, fallback);
				const isFresh = prepared !== undefined && now() - prepared.at < FRESH;
				const known = isFresh ? prepared.values.get(name) : undefined;
				if (known !== undefined && known.fallback === fallback) return known.value;
				return read(name, itemIndex, fallback);
			};
		},
		prepare: (itemIndex) => {
			const values: Prepared['values'] = new Map();
			for (const [name, fallback] of asked) {
				try {
					values.set(name, { fallback, value: read(name, itemIndex, fallback) });
				} catch {
					// What cannot be read fails when the item asks for it.
				}
			}
			preparedItems.set(itemIndex, { at: now(), values });
		},
	};
}
