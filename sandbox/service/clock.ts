/** The sandbox's own time: real time plus an offset that tests push forward. */
export class Clock {
	private offsetMs = 0;

	/** What has passed without being waited for. */
	private passedMs = 0;

	private readonly listeners: Array<() => void> = [];

	/** Milliseconds since 1970. */
	now(): number {
		return this.machineNow() + this.offsetMs;
	}

	/** The time that clients measure: the machine's, unless they have turned theirs. */
	machineNow(): number {
		return Date.now() + this.passedMs;
	}

	/** Lets time pass for everything: for clients that let it pass instead of waiting. */
	pass(ms: number): void {
		this.passedMs += ms;
		for (const listener of this.listeners) listener();
	}

	/** Moves the clock forward by `ms` milliseconds (backward if negative). */
	advance(ms: number): void {
		this.offsetMs += ms;
		for (const listener of this.listeners) listener();
	}

	/** Back to real time. */
	reset(): void {
		this.offsetMs = 0;
	}

	/** Calls `listener` after each jump. */
	onJump(listener: () => void): void {
		this.listeners.push(listener);
	}
}

export const HOUR_MS = 60 * 60 * 1000;
export const DAY_MS = 24 * HOUR_MS;

/** The service's time format: UTC, whole seconds, `yyyy-MM-ddTHH:mm:ssZ`. */
export function formatTime(ms: number): string {
	return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds of a time in exactly the service's format, or undefined. */
export function parseTime(text: string): number | undefined {
	if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return undefined;
	const ms = Date.parse(text);
	return Number.isNaN(ms) || formatTime(ms) !== text ? undefined : ms;
}
