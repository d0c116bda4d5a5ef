/** What can go wrong, as something to draw from. */
import fc from 'fast-check';

import type { FaultInput } from '../service/client';

const times = fc.integer({ min: 1, max: 3 });

/** Nobody has to wait for an answer here for longer than the workflows allow a request to take. */
const METHODS_WITH_A_SHORT_LIMIT = ['PUT', 'POST', 'DELETE'] as const;

/** Where a fault of the service hits: anything, or what one of the actors needs most. */
const places = fc.constantFrom(
	undefined,
	{ path: '/ScheduledReport$', method: 'GET' },
	{ path: '/ScheduledReport$', method: 'POST' },
	{ path: '/ScheduledReport/execution/' },
	{ path: '/ScheduledReport/(resume|pause)/' },
	{ path: '/ScheduledQueries' },
	{ method: 'DELETE' },
);

const atService = fc
	.tuple(
		fc.oneof(
			fc
				.constantFrom(400, 403, 404, 500, 502, 503, 504)
				.map((status) => ({ kind: 'status' as const, status })),
			fc.constantFrom(200, 403, 404, 502).map((status) => ({ kind: 'html' as const, status })),
			fc
				.constantFrom(1, 2)
				.map((retryAfterSeconds) => ({ kind: 'rateLimit' as const, retryAfterSeconds })),
			fc.constantFrom(
				{ kind: 'reset' as const },
				{ kind: 'resetAfterHandling' as const },
				{ kind: 'malformed' as const },
				{ kind: 'errorIn200' as const, statusCode: 500 },
				{ kind: 'missingValue' as const },
				{ kind: 'emptyValue' as const },
				{ kind: 'redirect' as const, location: 'https://example.com/elsewhere' },
				{ kind: 'slowBody' as const, durationMs: 1_500 },
			),
		),
		places,
		times,
	)
	.map(([effect, place, times]): FaultInput => ({
		...effect,
		times,
		match: {
			host: 'api',
			...place,
			// An item of which the service returns no record gives none, whatever became of it.
			...(effect.kind === 'emptyValue' ? { method: 'GET' } : {}),
		},
	}));

const unanswered = fc
	.constantFrom(...METHODS_WITH_A_SHORT_LIMIT)
	.map((method): FaultInput => ({ kind: 'hang', match: { host: 'api', method } }));

const atEntra = fc
	.tuple(
		fc.oneof(
			fc
				.constantFrom(50076, 65001, 70043, 700016, 7000222)
				.map((code) => ({ kind: 'aadsts' as const, code })),
			fc.constantFrom(429, 500, 503).map((status) => ({ kind: 'status' as const, status })),
			fc.constantFrom({ kind: 'reset' as const }, { kind: 'html' as const, status: 200 }),
		),
		times,
	)
	.map(([effect, times]): FaultInput => ({ ...effect, times, match: { host: 'login' } }));

const atBlobs = fc
	.tuple(
		fc.oneof(
			fc
				.constantFrom(403, 410, 503)
				.map((status) => ({ kind: 'status' as const, status, match: { host: 'blob' as const } })),
			fc
				.constantFrom('expired', 'notFound', 'noEncodingHeader', 'plain', 'wrongLength')
				.map((kind) => ({ kind }) as const),
			fc.constantFrom('cut', 'truncate').map((kind) => ({ kind, afterBytes: 30 }) as const),
			fc.constantFrom(
				{ kind: 'reset' as const, match: { host: 'blob' as const } },
				{ kind: 'html' as const, status: 200, match: { host: 'blob' as const } },
				{ kind: 'slowBody' as const, durationMs: 2_500, match: { host: 'blob' as const } },
			),
		),
		times,
	)
	.map(([effect, times]): FaultInput => ({ ...effect, times }));

/** A fault of the service, Entra ID, the file storage, or the network in between. */
export const faults: fc.Arbitrary<FaultInput> = fc.oneof(
	{ arbitrary: atService, weight: 6 },
	{ arbitrary: unanswered, weight: 1 },
	{ arbitrary: atEntra, weight: 2 },
	{ arbitrary: atBlobs, weight: 3 },
);
