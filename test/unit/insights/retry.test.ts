import { InsightsError } from '../../../nodes/PartnerCenterInsights/insights/errors';
import {
	backOff,
	isDroppedConnection,
	isRepeatable,
	isTransientStatus,
	readRetryAfter,
	LONGEST_WAIT,
	longWait,
	readWaitFromMessage,
	retryDelay,
} from '../../../nodes/PartnerCenterInsights/insights/http/retry';
import fc from '../fastCheck';

const NOW = Date.parse('2026-03-01T08:00:00Z');

describe('what is worth another try', () => {
	it('is a service that is busy or out of order', () => {
		const statuses = Array.from({ length: 500 }, (_, i) => i + 100);
		expect(statuses.filter(isTransientStatus)).toEqual([429, 500, 502, 503, 504]);
	});

	it.each([
		'ECONNRESET',
		'ECONNREFUSED',
		'ECONNABORTED',
		'ETIMEDOUT',
		'EPIPE',
		'EAI_AGAIN',
		'EHOSTUNREACH',
		'HPE_INVALID_CHUNK_SIZE',
		'HPE_CLOSED_CONNECTION',
	])('is a connection that dropped with %s', (code) => {
		expect(isDroppedConnection(code)).toBe(true);
	});

	it.each([
		'SELF_SIGNED_CERT_IN_CHAIN',
		'CERT_HAS_EXPIRED',
		'ERR_TLS_CERT_ALTNAME_INVALID',
		'ERR_CANCELED',
		'ERR_INVALID_URL',
		'',
	])('is not %p', (code) => {
		expect(isDroppedConnection(code)).toBe(false);
	});

	it('is no request that creates something', () => {
		expect((['GET', 'PUT', 'DELETE', 'POST'] as const).filter(isRepeatable)).toEqual([
			'GET',
			'PUT',
			'DELETE',
		]);
	});
});

describe('Retry-After', () => {
	it.each([
		['0', 0],
		['1', 1_000],
		['57', 57_000],
		[' 57 ', 57_000],
		['1.5', 1_500],
		['Sun, 01 Mar 2026 08:00:30 GMT', 30_000],
		['Sunday, 01-Mar-26 08:00:30 GMT', 30_000],
		['2026-03-01T08:00:30Z', 30_000],
		['Sun, 01 Mar 2026 07:00:00 GMT', 0],
		// Nobody waits longer than a year.
		['99999999999', 365 * 24 * 3_600_000],
		['9'.repeat(400), 365 * 24 * 3_600_000],
		['Fri, 31 Dec 9999 23:59:59 GMT', 365 * 24 * 3_600_000],
	])('%p means %d ms', (header, wait) => {
		expect(readRetryAfter(header, NOW)).toBe(wait);
	});

	it.each([
		undefined,
		'',
		'  ',
		'soon',
		'soon 5',
		'abc 12',
		'-5',
		'+5',
		'1e3',
		'0x10',
		'5s',
		'60 seconds',
		'PT5S',
		'57, 57',
		'Infinity',
		'NaN',
		'Sun, 99 Mar 2026 08:00:30 GMT',
	])('%p says nothing', (header) => {
		expect(readRetryAfter(header, NOW)).toBeUndefined();
	});

	it('never means a wait that is negative or no number', () => {
		fc.assert(
			fc.property(fc.string(), (header) => {
				const wait = readRetryAfter(header, NOW);
				expect(wait === undefined || wait >= 0).toBe(true);
			}),
		);
	});
});

describe("the gateway's message", () => {
	it.each([
		['Rate limit is exceeded. Try again in 57 seconds.', 57_000],
		['Rate limit is exceeded. Try again in 1 second.', 1_000],
		['Quota is exceeded, try again in 2 minutes.', 120_000],
		['RATE LIMIT IS EXCEEDED. TRY AGAIN IN 2 SECONDS', 2_000],
		['Try again later.', undefined],
		['Try again in a few seconds.', undefined],
		['', undefined],
		[undefined, undefined],
	])('%p means %p ms', (message, wait) => {
		expect(readWaitFromMessage(message)).toBe(wait);
	});
});

describe('the back-off', () => {
	it.each([
		[0, 500, 1_000],
		[1, 1_000, 2_000],
		[2, 2_000, 4_000],
		[3, 4_000, 8_000],
		[4, 8_000, 16_000],
		[5, 15_000, 30_000],
		[6, 15_000, 30_000],
		[2_000, 15_000, 30_000],
	])('before retry %d is from %d to %d ms', (attempt, least, most) => {
		expect(backOff(attempt, 0)).toBe(least);
		expect(backOff(attempt, 1)).toBe(most);
	});

	it('spreads between its bounds', () => {
		fc.assert(
			fc.property(fc.nat(50), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
				const wait = backOff(attempt, random);
				expect(wait).toBeGreaterThanOrEqual(backOff(attempt, 0));
				expect(wait).toBeLessThanOrEqual(backOff(attempt, 1));
				expect(Number.isInteger(wait)).toBe(true);
			}),
		);
		expect(new Set([0.1, 0.2, 0.3].map((random) => backOff(3, random))).size).toBe(3);
	});
});

describe('the wait before the next try', () => {
	const failure = new InsightsError('busy', { kind: 'busy', status: 429, retries: 3 });
	const delay = (tried: Partial<Parameters<typeof retryDelay>[1]>) =>
		retryDelay(failure, { retries: 0, maxRetries: 3, retryAfter: undefined, random: 1, ...tried });

	it.each([1, 7_000, LONGEST_WAIT])('is what the answer asks for: %d ms', (retryAfter) => {
		expect(delay({ retryAfter, retries: 2 })).toBe(retryAfter);
	});

	it.each([undefined, 0])('is a back-off where the answer asks for %p', (retryAfter) => {
		expect(delay({ retryAfter, retries: 2 })).toBe(4_000);
	});

	it('is none when no try is left', () => {
		expect(() => delay({ retries: 3 })).toThrow(failure);
		expect(() => delay({ maxRetries: 0, retryAfter: 1 })).toThrow(failure);
	});

	it.each([LONGEST_WAIT + 1, 3_000_000_000, Infinity])(
		'is never as long as %d ms',
		(retryAfter) => {
			expect(() => delay({ retryAfter })).toThrow(
				expect.objectContaining({
					message: 'busy',
					status: 429,
					advice: expect.stringContaining('longer than the 10 minutes this node waits'),
					// More of them would not help.
					retries: undefined,
				}) as Error,
			);
			expect(() => delay({ retryAfter, retries: 3 })).toThrow(
				expect.objectContaining({ retries: undefined }) as Error,
			);
		},
	);

	it.each([
		[601_000, 11],
		[3_600_000, 60],
	])('of %d ms is told as %d minutes', (wait, minutes) => {
		expect(longWait(failure, wait).advice).toContain(`asks to wait ${minutes} minutes`);
	});
});
