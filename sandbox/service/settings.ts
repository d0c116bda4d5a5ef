import { DAY_MS } from './clock';
import type { SandboxSettings } from './protocol';

/** How the sandbox behaves unless told otherwise. */
export function defaultSettings(): SandboxSettings {
	return {
		casing: 'camel',
		latencyMs: 0,
		rateLimit: null,
		pendingMs: 30_000,
		runningMs: 60_000,
		linkLifetimeMs: 7 * DAY_MS,
		tokenLifetimeSeconds: 3599,
		singleUseRefreshTokens: false,
		singleUseAssertions: false,
		strictStartTimeOnUpdate: false,
		contentEncodingHeader: true,
		callbacks: true,
	};
}
