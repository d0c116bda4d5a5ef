import type { Clock } from '../clock';
import { settle } from '../settle';

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

/** The limit that an answer tells; null when it was refused for one without telling it. */
type LimitOf<T> = (result: T) => RateLimit | null | undefined;

export interface Pace {
	/** Holds everybody back for so many ms. */
	hold: (ms: number) => void;
	/** Waits as long as all are held back. */
	held: () => Promise<void>;
	/**
	 * Sends a request when its turn has come.
	 *
	 * @param isCareful whether a refusal is final for it: it waits as long as the window may be
	 */
	take: <T>(send: () => Promise<T>, limitOf: LimitOf<T>, isCareful?: boolean) => Promise<Turn<T>>;
}

/** Sends a request when a pace gives it its turn, or at once where that has ended its waits. */
async function inTurnOf<T>(pace: Pace, send: () => Promise<T>, limitOf: LimitOf<T>): Promise<T> {
	const sendings: Array<Promise<T>> = [];
	const turn = async () => {
		const sending = send();
		sendings.push(sending);
		return await sending;
	};
	const outcome = await settle(pace.take(turn, limitOf));
	if ('value' in outcome) return outcome.value.result;
	return await (sendings[0] ?? send());
}

/**
 * Keeps requests to a rate limit once it is known, in the order in which they came: each waits until
 * the one that stands `limit` places before it was answered a window ago. Then the service's window has
 * passed, wherever it began, and nobody spends retries on refusals. A wait that the service asks for
 * holds back all of them.
 *
 * @param others a pace in whose turns these requests go, as long as its clock lets it wait; and at once from
 *   then on
 */
export function createPace({ wait, now }: Clock, others?: Pace): Pace {
	/** When the latest requests were let through, in the order in which they came; refused ones never. */
	const places: Array<Promise<number>> = [];
	/** The same of those that were answered, in the order of the answers. */
	const passedAt: number[] = [];
	let passed = 0;
	let underWay = 0;
	let notBefore = 0;
	/** The longest wait that was told is no longer than the window, and that no longer than `longestWindow`. */
	let kept:
		{ limit: number; longestWait: number; window: number; longestWindow: number } | undefined;

	const held = async (): Promise<void> => {
		// Another request may raise the mark meanwhile; each mark is waited for once.
		for (let awaited = 0; notBefore > awaited && notBefore > now();) {
			awaited = notBefore;
			await wait(notBefore - now());
		}
	};

	/**
	 * Takes in what a refusal tells. What is told may be the rest of the window only: the window may be as
	 * long as from the first of the requests that fill it to its end, which is when the wait is over. Where
	 * a request was refused although the limit was kept to, it is taken to be so; at most twice what was
	 * told, since other clients may have filled it.
	 */
	const learn = (told: RateLimit, wasKept: boolean): void => {
		const longestWait = Math.max(told.wait, kept?.longestWait ?? 0);
		const first = passedAt.at(-told.limit);
		const span = first === undefined ? 0 : Math.min(now() + told.wait - first, LONGEST_WINDOW);
		const taken = wasKept ? Math.min(span, 2 * longestWait) : 0;
		kept = {
			limit: told.limit,
			longestWait,
			window: Math.max(longestWait, kept?.window ?? 0, taken),
			longestWindow: Math.max(longestWait, kept?.longestWindow ?? 0, span),
		};
	};

	return {
		hold: (ms) => {
			notBefore = Math.max(notBefore, now() + ms);
		},
		held,
		take: async (send, limitOf, isCareful = false) => {
			const before = kept && places.at(-kept.limit);
			const passedBefore = passed;
			const turn = (async () => {
				if (before !== undefined) {
					const answered = await before;
					const window = (isCareful ? kept?.longestWindow : kept?.window) ?? 0;
					const pause = answered + window - now();
					if (pause > 0) await wait(pause);
				}
				await held();
				const wasKept = kept !== undefined;
				underWay++;
				const sent = others ? inTurnOf(others, send, limitOf) : send();
				const result = await sent.finally(() => underWay--);
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
