/** What became of a promise, as a value to look at. */
export type Settled<T> = { value: T } | { error: unknown };

/** What was thrown, as an error: other code may throw whatever it likes. */
export const asError = (error: unknown): Error =>
	error instanceof Error ? error : new Error(String(error));

/** Waits for a promise and tells what became of it; never rejects. */
export const settle = async <T>(promise: PromiseLike<T>): Promise<Settled<T>> =>
	await promise.then(
		(value) => ({ value }),
		(error: unknown) => ({ error }),
	);
