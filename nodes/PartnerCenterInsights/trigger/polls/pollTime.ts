import { setTimeout as delay } from 'node:timers/promises';
import { InsightsError } from '../../insights/errors';

/** n8n's own default; its older versions do not tell. In ms. */
const DEFAULT_BUDGET = 300_000;
const LONGEST_REQUEST = 30_000;
/** A wait that is worth handing over first what was found already, in ms. */
const LONG_WAIT = 5_000;

/** The service asks to wait longer than the poll may last. */
export class OutOfTime extends InsightsError {
	constructor() {
		super('Partner Center is too busy: it asks to wait longer than a poll may take', {
			kind: 'busy',
			advice:
				'The service limits how many requests it takes. Nothing is lost: the next poll goes on from here. Poll less often or select fewer reports if it lasts.',
		});
	}
}

export interface PollTime {
	/** Time limit of one request, in ms. */
	requestTimeout: number;
	/** Waits for so many ms, or throws {@link OutOfTime} when the poll has no such time. */
	wait: (ms: number) => Promise<void>;
	isOver: () => boolean;
	/** Ends long waits, and allows none from now on: there is something to hand over, or to report. */
	hurry: () => void;
}

/**
 * The time of one poll. It is measured by a clock that only runs forward.
 *
 * @param budget ms after which n8n gives the poll up, if it tells
 * @param patience ms that the poll may last at most
 */
export function startPollTime(budget = DEFAULT_BUDGET, patience = Infinity): PollTime {
	// The last request may begin when the time is nearly over.
	const requestTimeout = Math.min(LONGEST_REQUEST, budget / 2);
	const end = performance.now() + Math.min(budget - requestTimeout, patience);
	const hurried = new AbortController();
	return {
		requestTimeout,
		wait: async (ms) => {
			const isLong = ms > LONG_WAIT;
			if (ms > end - performance.now() || (isLong && hurried.signal.aborted)) {
				throw new OutOfTime();
			}
			await delay(ms, undefined, { signal: isLong ? hurried.signal : undefined }).catch(() => {
				throw new OutOfTime();
			});
		},
		isOver: () => performance.now() >= end,
		hurry: () => hurried.abort(),
	};
}
