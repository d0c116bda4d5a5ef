/** What became of a promise, as a value to look at. */
export type Settled<T> = { value: T } | { error: unknown };

/** Waits for a promise and tells what became of it; never rejects. */
export const settle = async <T>(promise: PromiseLike<T>): Promise<Settled<T>> =>
	await promise.then(
		(value) => ({ value }),
		(error: unknown) => ({ error }),
	);
