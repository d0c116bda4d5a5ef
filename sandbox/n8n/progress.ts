/** Tells that a long step is under way, so that nobody takes it for hung. */

/** Takes a line for whoever waits. */
export type Report = (line: string) => void;

/** How often a step that lasts says so, in ms. */
const EVERY = 20_000;

/** A duration as a person says it: "40 s", "2 min 20 s". */
function spoken(ms: number): string {
	const seconds = Math.round(ms / 1_000);
	const minutes = Math.floor(seconds / 60);
	return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

/**
 * Does a step: says at its beginning what is done and how long that usually takes, and while it lasts
 * how long it has taken so far.
 *
 * @param usual e.g. "some minutes"
 * @param every in ms
 */
export async function step<Result>(
	report: Report,
	{ what, usual }: { what: string; usual: string },
	work: () => Promise<Result>,
	every = EVERY,
): Promise<Result> {
	report(`${what} (${usual}) …`);
	const begun = Date.now();
	const timer = setInterval(() => report(`  … ${spoken(Date.now() - begun)} so far`), every);
	try {
		return await work();
	} finally {
		clearInterval(timer);
	}
}
