/** The stop of an execution, as one request sees it. */
export interface Stop {
	/** Ends the request. */
	signal: AbortSignal | undefined;
	/** Called before each attempt. @throws the signal's reason, once there is nothing more to be sent */
	begin: () => void;
	/** Called when an attempt has been sent. */
	sent: () => void;
	/** Whether the last attempt was sent, and may have been carried out. */
	mayHaveArrived: () => boolean;
	/** Called when the request is over. */
	leave: () => void;
}

/** ms; the service answers a create within one or two. */
const PATIENCE = 5_000;

/** The stop as it is: it ends the request wherever that is. */
export const stopAtOnce = (signal: AbortSignal | undefined): Stop => ({
	signal,
	begin: () => signal?.throwIfAborted(),
	sent: () => undefined,
	mayHaveArrived: () => true,
	leave: () => undefined,
});

/**
 * The stop for a request that creates something: one that has been sent is carried to its answer, since
 * nothing else tells what was created, and has to be removed. Until then it ends at once.
 *
 * @param patience ms for which a stopped execution waits for that answer
 */
export function stopUntilSent(stop: AbortSignal | undefined, patience = PATIENCE): Stop {
	const controller = new AbortController();
	let isSent = false;
	let waiting: NodeJS.Timeout | undefined;
	const abort = () => controller.abort(stop?.reason);
	const end = () => {
		if (isSent) waiting = setTimeout(abort, patience);
		else abort();
	};
	stop?.addEventListener('abort', end);
	return {
		signal: controller.signal,
		begin: () => {
			isSent = false;
			if (stop?.aborted) end();
			controller.signal.throwIfAborted();
		},
		sent: () => {
			isSent = true;
		},
		mayHaveArrived: () => isSent,
		leave: () => {
			clearTimeout(waiting);
			stop?.removeEventListener('abort', end);
		},
	};
}
