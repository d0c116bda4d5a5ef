/**
 * Waits for work that goes on for others, but not beyond the signal.
 *
 * @throws what the work throws, or the signal's reason
 */
export async function untilStopped<T>(
	work: Promise<T>,
	signal: AbortSignal | undefined,
): Promise<T> {
	if (signal === undefined) return await work;
	const left = new AbortController();
	const stopped = new Promise<never>((_resolve, reject) => {
		const leave = () => reject(signal.reason as Error);
		if (signal.aborted) leave();
		else signal.addEventListener('abort', leave, { signal: left.signal });
	});
	return await Promise.race([work, stopped]).finally(() => left.abort());
}
