import type { SandboxSettings } from '../protocol';

export interface RateDecision {
	limit: number;
	remaining: number;
	/** Whole seconds until the next window, when the request is refused. */
	retryAfterSeconds?: number;
}

/** Counts requests in fixed windows of the time that clients measure; refused requests do not count. */
export class RateLimiter {
	private windowStart = 0;

	private used = 0;

	constructor(private readonly settings: SandboxSettings) {}

	/** Begins anew, as if nothing had been asked yet. */
	reset(): void {
		this.windowStart = 0;
		this.used = 0;
	}

	admit(now: number): RateDecision {
		const { rateLimit } = this.settings;
		// the header is there even where no limit is in force
		if (!rateLimit) return { limit: 10, remaining: 9 };
		const { limit, windowMs } = rateLimit;
		if (now - this.windowStart >= windowMs) {
			this.windowStart = now;
			this.used = 0;
		}
		if (this.used < limit) {
			this.used += 1;
			return { limit, remaining: limit - this.used };
		}
		const waitMs = this.windowStart + windowMs - now;
		return { limit, remaining: 0, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
	}
}
