import type { Clock } from '../clock';

/** So many requests, and no more for so many ms. */
export interface RateLimit {
	limit: number;
	/** ms that the service asked to wait: its window, or what was left of it. */
	wait: number;
}

/** Longest window that is kept to without being told each time, ms. */
const LONGEST_WINDOW = 120_000;
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
	if (retryAfter === undefined || retryAfter <= 0 || retryAfter > LONGEST_WINDOW) return undefined;
	return { limit: count, wait: retryAfter };
}

/** What became of a request's turn. */
export interface Turn<T> {
	result: T;
	/** Whether the service let others through while this one waited or was sent, or in the window before. */
	othersPassed: () => boolean;
	/** Whether others have been sent that are not answered yet. */
	othersUnderWay: () => boolean;
}

/**
 * Keeps requests to a rate limit once it is known, in the order in which they came: each waits until
 * the one that stands `limit` places before it was answered a window ago. Then the service's window has
 * passed, wherever it began, and nobody spends retries on refusals. A wait that the service asks for
 * holds back all of them.
 */
export function createPace({ wait, now }: Clock) {
	/** When the latest requests were let through, in the order in which they came; refused ones never. */
	const places: Array<Promise<number>> = [];
	/** The same of those that were answered, in the order of the answers. */
	const passedAt: number[] = [];
	let passed = 0;
	let underWay = 0;
	let notBefore = 0;
	/** The longest wait that was told is no longer than the window. */
	let kept: { limit: number; longestWait: number; window: number } | undefined;

	/** Waits as long as all are held back. */
	const held = async (): Promise<void> => {
		// Another request may raise the mark meanwhile; each mark is waited for once.
		for (let awaited = 0; notBefore > awaited && notBefore > now();) {
			awaited = notBefore;
			await wait(notBefore - now());
		}
	};

	/**
	 * Takes in what a refusal tells. What is told may be the rest of the window only: where a request was
	 * refused although the limit was kept to, the window is as long as from the first of the requests that
	 * fill it to its end, which is when the wait is over. At most twice what was told, since other clients
	 * may have filled it.
	 */
	const learn = (told: RateLimit, wasKept: boolean): void => {
		const longestWait = Math.max(told.wait, kept?.longestWait ?? 0);
		const first = wasKept ? passedAt.at(-told.limit) : undefined;
		const span = first === undefined ? 0 : now() + told.wait - first;
		const window = Math.min(Math.max(longestWait, kept?.window ?? 0, span), 2 * longestWait);
		kept = { limit: told.limit, longestWait, window: Math.min(window, LONGEST_WINDOW) };
	};

	return {
		/** Holds everybody back for so many ms. */
		hold: (ms: number): void => {
			notBefore = Math.max(notBefore, now() + ms);
		},
		held,
		/**
		 * Sends a request when its turn has come.
		 *
		 * @param limitOf the limit that the answer tells; null when it was refused for one without telling it
		 */
		take: async <T>(
			send: () => Promise<T>,
			limitOf: (result: T) => RateLimit | null | undefined,
		): Promise<Turn<T>> => {
			const before = kept && places.at(-kept.limit);
			const passedBefore = passed;
			const turn = (async () => {
				const pause = before === undefined ? 0 : (await before) + (kept?.window ?? 0) - now();
				if (pause > 0) await wait(pause);
				await held();
				const wasKept = kept !== undefined;
				underWay++;
				const result = await send().finally(() => underWay--);
				const told = limitOf(result);
				if (told) learn(told, wasKept);
				const lastPass = passedAt.at(-1) ?? -Infinity;
				const inWindow = now() - lastPass <= (kept?.window ?? 0);
				if (told === undefined) {
					passed++;
					passedAt.push(now());
					if (passedAt.length > MOST_TURNS) passedAt.shift();
				}
				return {
					result,
					isPassed: told === undefined,
					othersPassed: () => inWindow || passed > passedBefore,
					othersUnderWay: () => underWay > 0,
				};
			})();
			places.push(
				turn.then(
					({ isPassed }) => (isPassed ? now() : -Infinity),
					() => -Infinity,
				),
			);
			if (places.length > MOST_TURNS) void places.shift();
			return await turn;
		},
	};
}
