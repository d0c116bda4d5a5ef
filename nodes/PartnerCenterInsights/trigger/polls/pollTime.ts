import { type FailureDetails, InsightsError } from '../../insights/errors';
import { type Clock, systemClock } from '../../insights/clock';
import type { Wait } from '../../insights/http/request';
import { settle } from '../../insights/settle';

/** n8n's own default; its older versions do not tell. In ms. */
const DEFAULT_BUDGET = 300_000;
const LONGEST_REQUEST = 30_000;
/** A wait that is worth handing over first what was found already, in ms. */
const LONG_WAIT = 5_000;

const TOO_BUSY = 'Partner Center is too busy: it asks to wait longer than a poll may take';

const TOO_BUSY_DETAILS: FailureDetails = {
	kind: 'busy',
	advice:
		'The service limits how many requests it takes. Nothing is lost: the next poll goes on from here. Poll less often or select fewer reports if it lasts.',
};

/**
 * The poll may not last as long as a wait: one that the service asks for, or one before a request is sent
 * again. Then it tells what became of that request.
 */
export class OutOfTime extends InsightsError {
	/** @param failure of the request that would be sent again */
	constructor(failure?: InsightsError) {
		super(failure?.message ?? TOO_BUSY, failure ?? TOO_BUSY_DETAILS);
	}
}

export interface PollTime {
	/** Time limit of one request, in ms. */
	requestTimeout: number;
	/** ms by a clock that only runs forward */
	now: () => number;
	/** Waits for so many ms, or throws {@link OutOfTime} when the poll has no such time. */
	wait: Wait;
	isOver: () => boolean;
	/** Waits for what is under way, at most until the time is over. */
	untilOver: (work: Promise<unknown>) => Promise<void>;
	/** Ends long waits, and allows none from now on: there is something to hand over, or to report. */
	hurry: () => void;
}

/** A clock that only runs forward; its waits end with a signal. */
const forwardClock = (signal?: AbortSignal): Clock => ({
	now: () => performance.now(),
	wait: systemClock(signal).wait,
});

/**
 * The time of one poll. It is measured by a clock that only runs forward.
 *
 * @param budget ms after which n8n gives the poll up, if it tells
 * @param patience ms that the poll may last at most
 */
export function startPollTime(
	budget = DEFAULT_BUDGET,
	patience = Infinity,
	clock: (signal?: AbortSignal) => Clock = forwardClock,
): PollTime {
	const { now, wait } = clock();
	// The last request may begin when the time is nearly over.
	const requestTimeout = Math.min(LONGEST_REQUEST, budget / 2);
	const end = now() + Math.min(budget - requestTimeout, patience);
	const hurried = new AbortController();
	const waitUnlessHurried = clock(hurried.signal).wait;
	return {
		requestTimeout,
		now,
		wait: async (ms, failure) => {
			const isLong = ms > LONG_WAIT;
			if (ms > end - now() || (isLong && hurried.signal.aborted)) {
				throw new OutOfTime(failure);
			}
			await (isLong ? waitUnlessHurried(ms) : wait(ms)).catch(() => {
				throw new OutOfTime(failure);
			});
		},
		isOver: () => now() >= end,
		untilOver: async (work) => {
			const done = new AbortController();
			const over = settle(clock(done.signal).wait(Math.max(0, end - now())));
			await Promise.race([settle(work), over]);
			done.abort();
		},
		hurry: () => hurried.abort(),
	};
}
