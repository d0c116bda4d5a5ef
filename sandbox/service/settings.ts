import { DAY_MS } from './clock';
import type { Profile, SandboxSettings } from './protocol';

/** As Microsoft's pages describe the service. */
const documented: SandboxSettings = {
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

	statusFilter: 'filters',
	semicolonLists: true,
	unfilteredShowsPending: false,
	executionOrder: 'newestFirst',
	latestBeforeFilter: false,

	remainingCounts: false,
	longestScheduleHours: null,
	driftingSystemQueries: false,
	dataRedacted: false,
	emptyValue: 'array',
	times: 'plain',
	pageSize: null,
	validation: 'message',
	proxyPages: null,
	oneOffCallbacks: true,

	userTokensOnCmp: true,
	appTokensOnMpn: true,
	mfaRequired: false,
	refreshTokensUnasked: true,
	redeemingProlongsRefreshTokens: true,
	userTicketHeader: false,

	blobNames: 'executionId',
	linksSignedAt: 'reading',
	blobEncoding: 'gzip',
	fileLifetimeMs: null,
};

/** What clients of the service have met, all at once. Figures without a source are made up. */
const habits: Partial<SandboxSettings> = {
	casing: 'mixed',
	// The number stands in a captured header, the window nowhere: a short one keeps tests short.
	rateLimit: { limit: 10, windowMs: 500 },

	statusFilter: 'ignored',
	semicolonLists: false,
	unfilteredShowsPending: true,
	executionOrder: 'scattered',
	latestBeforeFilter: true,

	remainingCounts: true,
	longestScheduleHours: 365 * 24,
	driftingSystemQueries: true,
	dataRedacted: true,
	emptyValue: 'null',
	times: 'awkward',
	pageSize: 6,
	validation: 'byField',
	proxyPages: { status: 502, every: 25 },
	oneOffCallbacks: false,

	userTokensOnCmp: false,
	appTokensOnMpn: false,
	mfaRequired: true,
	refreshTokensUnasked: false,
	redeemingProlongsRefreshTokens: false,
	userTicketHeader: true,

	blobNames: 'ownId',
	linksSignedAt: 'completion',
	blobEncoding: 'varied',
	fileLifetimeMs: 60 * DAY_MS,
};

/** The settings that make up a profile. */
export function profileSettings(profile: Profile): SandboxSettings {
	return { ...documented, ...(profile === 'observed' ? habits : {}) };
}
