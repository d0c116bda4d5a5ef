/** The stop of an execution, as one request sees it. */
export interface Stop {
	/** Ends the request. */
	signal: AbortSignal | undefined;
	/** Called before each attempt. @throws the signal's reason, once there is nothing more to be sent */
	begin: () => void;
	/** Called when an attempt has been sent. */
	sent: () => void;
	/** Called when the request is over. */
	leave: () => void;
}

/** The stop as it is: it ends the request wherever that is. */
export const stopAtOnce = (signal: AbortSignal | undefined): Stop => ({
	signal,
	begin: () => signal?.throwIfAborted(),
	sent: () => undefined,
	leave: () => undefined,
});

/**
 * The stop for a request that creates something: one that has been sent is carried to its answer, since
 * nothing else tells what was created, and has to be removed. Until then it ends at once.
 */
export function stopUntilSent(stop: AbortSignal | undefined): Stop {
	const controller = new AbortController();
	let isSent = false;
	const end = () => {
		if (!isSent) controller.abort(stop?.reason);
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
		leave: () => stop?.removeEventListener('abort', end),
	};
}
