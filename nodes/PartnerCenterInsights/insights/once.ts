/** Reads something once for all who want it; what could not be read is tried again by the next. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
	let reading: Promise<T> | undefined;
	return async () => {
		reading ??= read().catch((error: unknown) => {
			reading = undefined;
			throw error;
		});
		return await reading;
	};
}
