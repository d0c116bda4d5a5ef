import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import type { InsightsError } from '../errors';
import type { Program } from '../program';
import type { Page } from './envelope';
import { createPace, type Pace } from './pace';
import { isRepeatable, LONGEST_WAIT, longWait, retryDelay } from './retry';
import type { InsightsRequest, Outcome, Transport } from './transport';
import { judge, type Verdict } from './verdict';

/**
 * Waits for so many ms; rejects when there is no such time.
 *
 * @param failure of the request that is sent again after the wait, where the service has asked for none
 */
export type Wait = (ms: number, failure?: InsightsError) => Promise<void>;

/** What a request needs from its surroundings. */
export interface RequestSettings extends Partial<Pick<Clock, 'now'>> {
	wait: Wait;
	transport: Transport;
	program: Program;
	/** How often a request that can be repeated is sent again. */
	maxRetries: number;
	/** 0 to 1 */
	random?: () => number;
	/** In whose order requests go where the service tells a limit; its own where none is given. */
	pace?: Pace;
}

/** How often a request waits for the limit on account of others before that counts as its own try. */
const MOST_SHARED_WAITS = 100;

/** The limit that an answer tells; null when it was refused for a limit and does not tell which. */
const limitOf = (verdict: Verdict) =>
	'failure' in verdict && verdict.limited ? (verdict.rateLimit ?? null) : undefined;

/**
 * Makes a function that sends requests and retries those that can be repeated.
 *
 * A wait that the service asks for holds back every request made through the same function, and a limit
 * that it tells is kept to by all of them from then on. A request that is refused because others had the
 * turn waits with them: that is none of its own tries. Where the service lets nobody through, it is.
 *
 * The returned function throws {@link InsightsError} when the request is refused for good.
 */
export function createRequester(settings: RequestSettings) {
	const { transport, program, maxRetries, wait, now = Date.now, random = Math.random } = settings;
	const { pace = createPace({ wait, now }) } = settings;
	let hasSent = false;

	const send = async (request: InsightsRequest, correlationId: string): Promise<Outcome> =>
		await transport({
			method: request.method,
			path: request.path,
			query: request.query,
			body: request.body,
			headers: {
				Accept: 'application/json',
				'Content-Type': 'application/json',
				'ms-correlationid': correlationId,
				'ms-requestid': randomUUID(),
			},
		});

	return async (request: InsightsRequest): Promise<Page> => {
		const correlationId = randomUUID();
		let mayBeDone = false;
		let retries = 0;
		let sharedWaits = 0;
		for (let attempts = 1; ; attempts++) {
			const attempt = async () => {
				const outcome = await send(request, correlationId);
				const sent = {
					request,
					program,
					correlationId,
					attempts,
					isFollowing: hasSent,
					now: now(),
				};
				hasSent ||= outcome.kind !== 'notSent';
				return judge(outcome, sent);
			};
			const turn = await pace.take(attempt, limitOf, !isRepeatable(request.method));
			const verdict = turn.result;
			if ('done' in verdict) return verdict.done;

			const { failure, retry, retryAfter = 0, limited } = verdict;
			if (request.method === 'DELETE' && mayBeDone && failure.kind === 'notFound') {
				// An earlier attempt was carried out; only its answer was lost.
				return { elements: [], nextLink: undefined };
			}
			mayBeDone ||= failure.mayBeDone;
			// What the service asks of one request holds for all, also where this one is given up.
			if (limited && retryAfter <= LONGEST_WAIT) pace.hold(retryAfter);
			if (!retry) throw failure;
			if (retryAfter > LONGEST_WAIT) throw longWait(failure, retryAfter);
			if (limited && retryAfter > 0 && (turn.othersPassed() || turn.othersUnderWay())) {
				await pace.held();
				if (turn.othersPassed() && sharedWaits++ < MOST_SHARED_WAITS) continue;
				if (retries++ >= maxRetries) throw failure;
				continue;
			}
			const delay = retryDelay(failure, { retries, maxRetries, retryAfter, random: random() });
			retries++;
			// A wait that the service asks for holds for everybody.
			if (retryAfter > 0) pace.hold(delay);
			else await wait(delay, failure);
		}
	};
}

export type Requester = ReturnType<typeof createRequester>;
