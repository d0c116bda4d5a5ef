/** So many requests in so many ms. */
export interface RateLimit {
	limit: number;
	interval: number;
}

/**
 * Longest interval that is kept to without being told to, ms. How long the service's window is can only
 * be guessed from its `Retry-After`; a wrong guess of a long one would cost more than a refusal.
 */
const LONGEST_INTERVAL = 2_000;
/** How many requests are remembered; a limit that is kept to is no higher. */
const MOST_TURNS = 1_000;

/**
 * The limit that a refusal tells, if it is one to keep to.
 *
 * @param limit the header `X-RateLimit-Limit`
 * @param retryAfter ms that the service asks to wait
 */
export function readRateLimit(
	limit: string | undefined,
	retryAfter: number | undefined,
): RateLimit | undefined {
	const count = /^\d+$/.test(limit ?? '') ? Number(limit) : 0;
	if (count < 1 || count > MOST_TURNS) return undefined;
	if (retryAfter === undefined || retryAfter <= 0 || retryAfter > LONGEST_INTERVAL)
		return undefined;
	return { limit: count, interval: retryAfter };
}

/**
 * Keeps requests to a rate limit once it is known, in the order in which they came: each waits until
 * the one that stands `limit` places before it was answered an interval ago. Then the service's window
 * has passed, wherever it began, and nobody spends retries on refusals.
 */
export function createPace({
	wait,
	now,
}: {
	/** Waits for so many ms; rejects at once when the execution is stopped. */
	wait: (ms: number) => Promise<void>;
	/** ms since the epoch */
	now: () => number;
}) {
	/** When the latest requests were answered, in the order in which they came. */
	const answered: Array<Promise<number>> = [];
	let rateLimit: RateLimit | undefined;

	return {
		/** Keeps to this limit from now on. */
		keepTo: (told: RateLimit) => {
			rateLimit = told;
		},
		/** Sends a request when its turn has come. */
		take: async <T>(send: () => Promise<T>): Promise<T> => {
			const { limit, interval } = rateLimit ?? { limit: MOST_TURNS, interval: 0 };
			const before = interval > 0 ? answered.at(-limit) : undefined;
			const sent = (async () => {
				const pause = before === undefined ? 0 : (await before) + interval - now();
				if (pause > 0) await wait(pause);
				return await send();
			})();
			answered.push(sent.then(now, now));
			if (answered.length > MOST_TURNS) void answered.shift();
			return await sent;
		},
	};
}
