interface Timer {
	at: number;
	ring: () => void;
}

/** Time that passes only when everybody waits: tests of back-off take no time and know each wait. */
export class FakeClock {
	/** Every wait that was asked for, in ms, in order. */
	readonly waits: number[] = [];

	private time = Date.UTC(2026, 2, 1, 8);

	private readonly timers: Timer[] = [];

	readonly now = (): number => this.time;

	readonly wait = async (ms: number): Promise<void> => {
		this.waits.push(ms);
		await new Promise<void>((ring) => this.timers.push({ at: this.time + ms, ring }));
	};

	/** Lets time pass until the work is done. */
	async run<T>(work: Promise<T>): Promise<T> {
		const progress = { done: false };
		const watched = work.finally(() => {
			progress.done = true;
		});
		watched.catch(() => undefined);
		for (;;) {
			await new Promise(setImmediate);
			if (progress.done) return await watched;
			const [next] = this.timers.sort((a, b) => a.at - b.at);
			if (this.timers.length === 0) throw new Error('The work waits for something else than time');
			this.timers.shift();
			this.time = Math.max(this.time, next.at);
			next.ring();
		}
	}
}
