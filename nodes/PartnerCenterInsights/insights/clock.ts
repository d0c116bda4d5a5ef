import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** ms */
export const HOUR = 3_600_000;

/** Time, as whoever waits for it sees it. Tests turn one by hand. */
export interface Clock {
	/** ms since the epoch */
	now: () => number;
	/** Waits for so many ms; rejects at once when the execution is stopped. */
	wait: (ms: number) => Promise<void>;
}

/** Whether a span of ms has begun and not ended. By a clock that was set back since, it has not begun. */
export const isWithin = (span: number, begun: number, now: number): boolean =>
	now >= begun && now - begun < span;

/** Whether this is how a wait ends that a signal has ended. */
export const isEndedWait = (error: unknown): boolean =>
	(error as { name?: unknown } | null | undefined)?.name === 'AbortError';

/** The clock of this machine; its waits end with a signal. */
export function systemClock(signal?: AbortSignal): Clock {
	// As many items wait at once as are worked on, which Node.js takes for a leak and tells the log.
	if (signal !== undefined) setMaxListeners(Infinity, signal);
	return {
		now: Date.now,
		wait: async (ms) => {
			await delay(ms, undefined, { signal });
		},
	};
}
