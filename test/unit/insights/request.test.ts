import { InsightsError } from '../../../nodes/PartnerCenterInsights/insights/errors';
import type { Program } from '../../../nodes/PartnerCenterInsights/insights/program';
import type { Page } from '../../../nodes/PartnerCenterInsights/insights/http/envelope';
import { createRequester } from '../../../nodes/PartnerCenterInsights/insights/http/request';
import type { Method } from '../../../nodes/PartnerCenterInsights/insights/http/retry';
import type {
	InsightsRequest,
	Outcome,
} from '../../../nodes/PartnerCenterInsights/insights/http/transport';
import { FakeClock } from './fakeClock';
import { answer, dropped, FakeService, notSent, refusal, success } from './fakeService';

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const SAFE: Method[] = ['GET', 'PUT', 'DELETE'];
const BUSY = [429, 500, 502, 503, 504];

let clock: FakeClock;

beforeEach(() => {
	clock = new FakeClock();
});

function requester(
	script: ConstructorParameters<typeof FakeService>[0],
	{ maxRetries = 3, program = 'mpn' }: { maxRetries?: number; program?: Program } = {},
) {
	const service = new FakeService(script, clock);
	const request = createRequester({
		transport: service.transport,
		program,
		maxRetries,
		wait: clock.wait,
		now: clock.now,
		random: () => 1,
	});
	const send = async (method: Method = 'GET', fields: Partial<InsightsRequest> = {}) =>
		await request({ method, path: '/path', subject: 'scheduled report', ...fields });
	return { service, send };
}

/** Sends one request and returns its page, with what the service saw. */
async function succeed(script: Outcome[], method: Method = 'GET', maxRetries = 3) {
	const { service, send } = requester(script, { maxRetries });
	const page: Page = await clock.run(send(method));
	return { page, service };
}

/** Sends one request that has to fail, and returns why. */
async function fail(
	script: Outcome[],
	method: Method = 'GET',
	settings: Parameters<typeof requester>[1] = {},
) {
	const { service, send } = requester(script, settings);
	const outcome = await clock.run(
		send(method).then(
			() => undefined,
			(error: unknown) => error,
		),
	);
	if (!(outcome instanceof InsightsError)) throw new Error('It did not fail as expected');
	return { error: outcome, service };
}

describe('a request', () => {
	it('goes out as it was made, with IDs to find it by', async () => {
		const { service, send } = requester([success()]);
		await clock.run(
			send('PUT', { path: '/insights/x', query: { a: 'b' }, body: { ReportName: 'n' } }),
		);
		expect(service.requests).toEqual([
			{
				method: 'PUT',
				path: '/insights/x',
				query: { a: 'b' },
				body: { ReportName: 'n' },
				headers: {
					Accept: 'application/json',
					'Content-Type': 'application/json',
					'ms-correlationid': expect.stringMatching(GUID),
					'ms-requestid': expect.stringMatching(GUID),
				},
				at: 0,
			},
		]);
	});

	it('brings back the elements and the link to the next page', async () => {
		const { page } = await succeed([
			answer(200, { Value: [{ ReportId: '1' }, { ReportId: '2' }], NextLink: '/next' }),
		]);
		expect(page).toEqual({
			elements: [{ ReportId: '1' }, { ReportId: '2' }],
			nextLink: '/next',
		});
	});

	it('brings back nothing when there is nothing, which is no failure', async () => {
		const { page } = await succeed([success()]);
		expect(page.elements).toEqual([]);
	});

	it('is known by one correlation ID through all its retries, each try by its own request ID', async () => {
		const { service } = await succeed([refusal(503), dropped(), success()]);
		const ids = (name: string) => new Set(service.requests.map(({ headers }) => headers[name]));
		expect(ids('ms-correlationid').size).toBe(1);
		expect(ids('ms-requestid').size).toBe(3);
	});
});

describe('a service that is busy', () => {
	it.each(SAFE.flatMap((method) => BUSY.map((status) => [method, status] as const)))(
		'%s is sent again after status %d',
		async (method, status) => {
			const { page, service } = await succeed([refusal(status), success({ a: 1 })], method);
			expect(page).toMatchObject({ elements: [{ a: 1 }] });
			expect(service.requests.map((request) => request.method)).toEqual([method, method]);
			expect(clock.waits).toEqual([1_000]);
		},
	);

	it.each(SAFE)('%s is sent again after a dropped connection', async (method) => {
		const { page, service } = await succeed([dropped(), success({ a: 1 })], method);
		expect(page.elements).toEqual([{ a: 1 }]);
		expect(service.requests).toHaveLength(2);
	});

	it.each([...BUSY.map((status) => refusal(status)), dropped(), dropped('ECONNABORTED')])(
		'POST is never sent again: %j',
		async (outcome) => {
			const { service } = await fail([outcome, success()], 'POST');
			expect(service.requests).toHaveLength(1);
			expect(clock.waits).toEqual([]);
		},
	);

	it('POST is not sent again after a 429 with Retry-After either', async () => {
		const { service } = await fail(
			[refusal(429, 'slow down', { 'retry-after': '1' }), success()],
			'POST',
		);
		expect(service.requests).toHaveLength(1);
	});

	it('waits longer each time', async () => {
		await succeed([refusal(500), refusal(502), refusal(503), success()]);
		expect(clock.waits).toEqual([1_000, 2_000, 4_000]);
	});

	it.each([0, 1, 5])('gives up after %d retries and tells the last refusal', async (maxRetries) => {
		const script = Array.from({ length: 10 }, (_, i) => refusal(503, `refusal ${i}`));
		const { error, service } = await fail(script, 'GET', { maxRetries });
		expect(service.requests).toHaveLength(maxRetries + 1);
		expect(error.message).toBe(`refusal ${maxRetries}`);
		expect(error.status).toBe(503);
		if (maxRetries > 0) expect(error.advice).toContain(`It was tried ${maxRetries + 1} times.`);
	});

	it.each([400, 401, 403, 404, 409, 501])('does not repeat after status %d', async (status) => {
		const { service } = await fail([refusal(status, 'no'), success()]);
		expect(service.requests).toHaveLength(1);
	});

	it('says what a wait follows, unless the service has asked for it', async () => {
		const waits: unknown[] = [];
		const script = [
			dropped(),
			refusal(503),
			refusal(429, undefined, { 'retry-after': '2' }),
			success(),
		];
		const request = createRequester({
			transport: new FakeService(script, clock).transport,
			program: 'mpn',
			maxRetries: 3,
			wait: async (ms, failure) => {
				waits.push(failure?.kind);
				await clock.wait(ms);
			},
			now: clock.now,
		});
		await clock.run(request({ method: 'GET', path: '/path', subject: 'scheduled report' }));
		expect(waits).toEqual(['unreachable', 'unavailable', undefined]);
	});

	it('does not wait on when the execution was stopped', async () => {
		const service = new FakeService([refusal(503), success()], clock);
		const request = createRequester({
			transport: service.transport,
			program: 'mpn',
			maxRetries: 3,
			wait: async () => {
				throw new Error('stopped');
			},
		});
		await expect(request({ method: 'GET', path: '/path', subject: 'dataset' })).rejects.toThrow(
			'stopped',
		);
		expect(service.requests).toHaveLength(1);
	});
});

describe('Retry-After', () => {
	it.each([
		['7', 7_000],
		[new Date(Date.UTC(2026, 2, 1, 8, 0, 9)).toUTCString(), 9_000],
	])('%p is honoured in place of the back-off', async (header, wait) => {
		const { service } = await succeed([
			refusal(429, 'slow down', { 'retry-after': header }),
			success(),
		]);
		expect(service.times).toEqual([0, wait]);
	});

	it.each([
		['says nothing usable', 'soon 5'],
		['is no wait', '0'],
		['is past', new Date(Date.UTC(2026, 2, 1, 7)).toUTCString()],
	])('that %s leaves it at the back-off', async (_case, header) => {
		const { service } = await succeed([
			refusal(429, 'slow down', { 'retry-after': header }),
			success(),
		]);
		expect(service.times).toEqual([0, 1_000]);
	});

	it('may stand in the message of the gateway; the header has the last word', async () => {
		const message = 'Rate limit is exceeded. Try again in 57 seconds.';
		const inMessage = await succeed([refusal(429, message), success()]);
		expect(inMessage.service.times).toEqual([0, 57_000]);
		const inPlain = await succeed([answer(429, message), success()]);
		expect(inPlain.service.times).toEqual([0, 57_000]);
		const inBoth = await succeed([refusal(429, message, { 'retry-after': '3' }), success()]);
		expect(inBoth.service.times).toEqual([0, 3_000]);
		const past = new Date(Date.UTC(2026, 2, 1, 7)).toUTCString();
		for (const header of ['0', past]) {
			const { service } = await succeed([
				refusal(429, message, { 'retry-after': header }),
				success(),
			]);
			expect(service.times.at(-1)).toBeGreaterThanOrEqual(57_000);
		}
	});

	it('holds back the requests that others make meanwhile', async () => {
		const { service, send } = requester([
			refusal(429, 'slow down', { 'retry-after': '10' }),
			success(),
			success(),
			success(),
		]);
		const first = send('GET', { path: '/1' });
		const later = clock
			.wait(2_000)
			.then(
				async () => await Promise.all([send('GET', { path: '/2' }), send('POST', { path: '/3' })]),
			);
		await clock.run(Promise.all([first, later]));
		expect(service.requests.map(({ path, at }) => [path, at]).sort()).toEqual([
			['/1', 0],
			['/1', 10_000],
			['/2', 10_000],
			['/3', 10_000],
		]);
	});

	it.each(['POST', 'GET'] as const)(
		'holds them back also where a %s that is not sent again was refused',
		async (method) => {
			const refused = { 'retry-after': '57', 'x-ratelimit-limit': '10' };
			const { service, send } = requester(
				[refusal(429, 'slow down', refused), success(), success()],
				{ maxRetries: 0 },
			);
			const first = send(method, { path: '/1' }).catch((error: unknown) => error);
			const later = clock
				.wait(2_000)
				.then(
					async () =>
						await Promise.all([send('POST', { path: '/2' }), send('GET', { path: '/3' })]),
				);
			const [failure] = await clock.run(Promise.all([first, later]));
			expect(failure).toMatchObject({ kind: 'busy', status: 429 });
			expect(service.requests.map(({ path, at }) => [path, at])).toEqual([
				['/1', 0],
				['/2', 57_000],
				['/3', 57_000],
			]);
		},
	);

	it('that is raised while a request waits holds that request back too', async () => {
		let asked = 0;
		const { service, send } = requester(async ({ path }) => {
			asked++;
			if (asked === 1) return refusal(429, 'slow down', { 'retry-after': '5' });
			if (asked === 2) {
				await clock.wait(2_000);
				return refusal(429, 'slow down', { 'retry-after': '30' });
			}
			return success({ path });
		});
		await clock.run(Promise.all([send('GET', { path: '/1' }), send('GET', { path: '/2' })]));
		expect(service.requests.map(({ path, at }) => [path, at]).sort()).toEqual([
			['/1', 0],
			['/1', 32_000],
			['/2', 0],
			['/2', 32_000],
		]);
	});

	it('of another client holds nothing back', async () => {
		const busy = requester([refusal(429, 'slow', { 'retry-after': '10' }), success()]);
		const free = requester([success()], { program: 'cmp' });
		await clock.run(
			Promise.all([busy.send(), clock.wait(1_000).then(async () => await free.send())]),
		);
		expect(free.service.times).toEqual([1_000]);
	});

	it('beyond ten minutes is reported at once', async () => {
		const { error, service } = await fail([
			refusal(429, 'slow down', { 'retry-after': '3600', 'ms-correlationid': 'c-1' }),
			success(),
		]);
		expect(service.requests).toHaveLength(1);
		expect(clock.waits).toEqual([]);
		expect(error).toMatchObject({ message: 'slow down', status: 429, correlationId: 'c-1' });
		expect(error.retries).toBeUndefined();
		expect(error.advice).toMatch(/asks to wait 60 minutes.*longer than the 10 minutes/);
	});

	it('beyond ten minutes holds no other request back', async () => {
		const { service, send } = requester([
			refusal(429, 'slow down', { 'retry-after': '3600' }),
			success(),
		]);
		await clock.run(send().catch(() => undefined));
		await clock.run(send());
		expect(service.times).toEqual([0, 0]);
	});

	it('of exactly ten minutes is waited for', async () => {
		const { service } = await succeed([refusal(503, 'x', { 'retry-after': '600' }), success()]);
		expect(service.times).toEqual([0, 600_000]);
	});
});

describe('DELETE', () => {
	it.each([refusal(500), refusal(504), dropped(), dropped('ETIMEDOUT')])(
		'has succeeded when its retry finds nothing: the first attempt was carried out (%#)',
		async (first) => {
			const { page } = await succeed([first, refusal(404, 'No item found')], 'DELETE');
			expect(page).toEqual({ elements: [], nextLink: undefined });
		},
	);

	it('has not when the first attempt already finds nothing', async () => {
		const { error } = await fail([refusal(404, 'No item found')], 'DELETE');
		expect(error).toMatchObject({ message: 'No item found', status: 404 });
	});

	it('has not when the first attempt never left', async () => {
		const { error } = await fail(
			[notSent({ transient: true }), refusal(404, 'No item found')],
			'DELETE',
		);
		expect(error).toMatchObject({ message: 'No item found', status: 404 });
	});

	it.each(['GET', 'PUT'] as const)('only: %s that finds nothing has failed', async (method) => {
		const { error } = await fail([refusal(500), refusal(404, 'No item found')], method);
		expect(error.status).toBe(404);
	});
});

describe('a request that did not leave', () => {
	it.each<Method>(['GET', 'PUT', 'DELETE', 'POST'])(
		'%s is sent once the cause has passed: nothing had reached the service',
		async (method) => {
			const { page, service } = await succeed(
				[notSent({ transient: true, retryAfter: '4' }), success({ a: 1 })],
				method,
			);
			expect(page.elements).toEqual([{ a: 1 }]);
			expect(service.times).toEqual([0, 4_000]);
		},
	);

	it('fails at once when the cause does not pass, and says that nothing was sent', async () => {
		const { error, service } = await fail([notSent({ message: 'The client secret is wrong.' })]);
		expect(service.requests).toHaveLength(1);
		expect(error.message).toBe('The client secret is wrong.');
		expect(error.advice).toBe('Nothing was sent to Partner Center. Check the credential.');
		expect(error.kind).toBe('notSent');
		expect(error.status).toBeUndefined();
	});

	it('after another one does not say that nothing was sent', async () => {
		const { send } = requester([success({ a: 1 }), notSent({ message: 'The secret is wrong.' })]);
		await clock.run(send('POST'));
		await expect(clock.run(send('GET'))).rejects.toMatchObject({
			message: 'The secret is wrong.',
			advice: 'This request was not sent to Partner Center. Check the credential.',
		});
	});
});

describe('an answer that is a failure', () => {
	it('of status 200 whose body says otherwise', async () => {
		const body = { value: [{ a: 1 }], message: 'Invalid QueryId', statusCode: 400 };
		const { error } = await fail([answer(200, body)]);
		expect(error).toMatchObject({ message: 'Invalid QueryId', status: 400 });
		expect(error.advice).toContain('Check the query ID');
	});

	it('of status 200 whose body says so in words', async () => {
		const { error } = await fail([answer(200, { value: [], statusCode: '400 Bad Request' })]);
		expect(error).toMatchObject({ kind: 'refused', status: 400 });
	});

	it('of status 200 whose body says that it is busy is tried again', async () => {
		const body = { Value: [], Message: 'Rate limit', StatusCode: 429 };
		const { page } = await succeed([answer(200, body), success({ a: 1 })]);
		expect(page.elements).toEqual([{ a: 1 }]);
	});

	it('whose body says 200 keeps its own status', async () => {
		const { error } = await fail([answer(403, { value: [], statusCode: 200 })]);
		expect(error.status).toBe(403);
	});

	it.each([
		{},
		{ value: null },
		{ value: { reportId: 1 } },
		{ message: 'Report fetched', statusCode: 200 },
		{ Value: null, Message: 'Report fetched' },
		{ values: [] },
	])('without a Value list: %j', async (body) => {
		const { error, service } = await fail([answer(200, body), success()]);
		expect(error.message).toMatch(
			/^The answer of Partner Center has no 'Value' list(: Report f|$)/,
		);
		expect(error.kind).toBe('unreadable');
		// Whoever says something of a report is the service.
		expect(error.isOwnAnswer).toBe(JSON.stringify(body) !== '{}' && !('values' in body));
		// Nothing can have come of a request that only reads.
		expect(error.advice).not.toContain('Look at the record');
		expect(service.requests).toHaveLength(1);
	});

	it.each([
		{ error: { code: 'BadRequest', message: 'No such table' } },
		{ error: { message: 'No such table' }, value: [], statusCode: 200 },
		{ Error: 'No such table', Value: [{ a: 1 }] },
	])('that names an error in an answer of success: %j', async (body) => {
		const { error } = await fail([answer(200, body), success()]);
		expect(error.message).toBe(
			'Partner Center answered with an error in an answer of success (HTTP 200): No such table',
		);
	});

	it.each([null, '', {}, undefined])('is none where its error is %j', async (error) => {
		const { page } = await succeed([answer(200, { value: [{ a: 1 }], error })]);
		expect(page.elements).toEqual([{ a: 1 }]);
	});

	it.each(['<!DOCTYPE html><html>Sign in</html>', undefined, '{"value": 1,}', [{ reportId: 1 }]])(
		'of status 200 that is not the JSON of the service: %j',
		async (body) => {
			const { error, service } = await fail([answer(200, body), success()]);
			expect(error.message).toBe('The answer is not the JSON that Partner Center sends');
			expect(error.advice).not.toContain('Look at the record');
			expect(error.status).toBeUndefined();
			expect(service.requests).toHaveLength(1);
		},
	);

	it.each<[number, Record<string, string>]>([
		[200, { 'content-length': '0' }],
		[202, { 'content-length': '0' }],
		[204, {}],
		[205, {}],
	])('of status %d that is meant to be empty (%j)', async (status, headers) => {
		const { error, service } = await fail([answer(status, '', headers), success()], 'PUT');
		expect(error).toMatchObject({
			kind: 'unreadable',
			message: `The answer of Partner Center is empty (HTTP ${status})`,
		});
		expect(error.advice).toContain('Look at the record before you try again');
		expect(service.requests).toHaveLength(1);
	});

	it.each(SAFE)('whose content may be lost is asked for again: %s', async (method) => {
		const chunked = { 'transfer-encoding': 'chunked' };
		const { page } = await succeed([answer(200, '', chunked), success({ a: 1 })], method);
		expect(page.elements).toEqual([{ a: 1 }]);
		const lost = [answer(200, '', chunked), answer(200, '', chunked)];
		const { error } = await fail(lost, method, { maxRetries: 1 });
		expect(error.message).toBe('The answer of Partner Center is empty (HTTP 200)');
		expect(error.advice).toContain('It was tried 2 times.');
	});

	it('whose content may be lost is none that a create is sent again for', async () => {
		const { error, service } = await fail([answer(200, ''), success()], 'POST');
		expect(error.advice).toContain('Look at the record before you try again');
		expect(service.requests).toHaveLength(1);
	});

	it('of a gateway shows no page, but what the status means', async () => {
		const html = '<html><body>502 Bad Gateway</body></html>';
		const { error } = await fail([answer(502, html)], 'GET', { maxRetries: 0 });
		expect(error.message).toBe('Partner Center is not available (HTTP 502)');
		expect(error.advice).not.toContain('may have created');
	});

	it.each([301, 302, 303, 307, 308])(
		'that redirects (%d) is not followed, nor is its address shown',
		async (status) => {
			const { error, service } = await fail([
				answer(status, '', { location: 'https://evil.example/?sig=1' }),
				success(),
			]);
			expect(service.requests).toHaveLength(1);
			expect(error.status).toBe(status);
			expect(error.message).toMatch(/redirect, which is not followed/);
			expect(error.advice).toContain('goes to the API host alone');
			expect(error.message + error.advice).not.toContain('evil');
		},
	);
});

describe('the correlation ID of a failure', () => {
	it.each([
		[
			'the header of the answer',
			answer(
				400,
				{ message: 'no', correlationId: 'from the body' },
				{ 'ms-correlationid': 'from the header' },
			),
			'from the header',
		],
		['the body', answer(400, { message: 'no', correlationId: 'from the body' }), 'from the body'],
		[
			'the body where the header is empty',
			answer(400, { message: 'no', correlationId: 'from the body' }, { 'ms-correlationid': ' ' }),
			'from the body',
		],
		[
			'the header, as far as an ID can go',
			refusal(400, 'no', { 'ms-correlationid': 'x'.repeat(5_000) }),
			'x'.repeat(128),
		],
	])('is that of %s', async (_where, outcome, id) => {
		const { error } = await fail([outcome]);
		expect(error.correlationId).toBe(id);
	});

	it('is the one that was sent when the service names none', async () => {
		const { error, service } = await fail([refusal(400, 'no', { 'ms-correlationid': '' })]);
		expect(error.correlationId).toBe(service.requests[0].headers['ms-correlationid']);
	});
});

describe('a connection that fails', () => {
	it('names the host, and what was tried', async () => {
		const { error } = await fail([dropped(), dropped()], 'PUT', { maxRetries: 1 });
		expect(error.message).toBe(
			'The connection to api.partnercenter.microsoft.com failed (ECONNRESET)',
		);
		expect(error.advice).toBe(
			'It was tried 2 times. Check the network and any proxy, or try again later.',
		);
		expect(error).toMatchObject({ kind: 'unreachable', subject: 'scheduled report', retries: 1 });
		expect(error.status).toBeUndefined();
	});

	it('does not count one try', async () => {
		const { error } = await fail([dropped()], 'GET', { maxRetries: 0 });
		expect(error.advice).toBe('Check the network and any proxy, or try again later.');
	});

	it.each(['ECONNABORTED', 'ETIMEDOUT'])('by time (%s) says so', async (code) => {
		const { error } = await fail([dropped(code)], 'GET', { maxRetries: 0 });
		expect(error.message).toBe('api.partnercenter.microsoft.com did not answer in time');
		expect(error).toMatchObject({ kind: 'unreachable', timedOut: true });
	});

	it('while something is created says that it may exist', async () => {
		const { error } = await fail([dropped()], 'POST');
		expect(error.advice).toMatch(/may have created the record.*look for it before you try again/);
	});

	it.each(['SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
		'for its certificate (%s) is not tried again',
		async (code) => {
			const { error, service } = await fail([dropped(code), success()]);
			expect(service.requests).toHaveLength(1);
			expect(error.message).toMatch(/does not trust the certificate of api\.partnercenter/);
			expect(error.advice).toContain('NODE_EXTRA_CA_CERTS');
			expect(error.kind).toBe('unreachable');
		},
	);
});

describe('an answer that breaks off inside its body', () => {
	it.each([200, 400, 503])('of status %d is a dropped connection', async (status) => {
		const { page } = await succeed([
			answer(status, '{"value":[{"reportId":"0f6'),
			success({ a: 1 }),
		]);
		expect(page.elements).toEqual([{ a: 1 }]);
	});

	it.each([
		['in a name', '{"value":[{"rep'],
		['behind brackets in a text', '{"value":[{"a":"}]}"'],
		['behind an escaped quote', String.raw`{"value":[{"a":"}]}\"`],
		['in a very long text', `{"value":[{"a":"${'x'.repeat(20_000_000)}`],
	])('is one %s', async (_where, body) => {
		const { page } = await succeed([answer(200, body), success({ a: 1 })]);
		expect(page.elements).toEqual([{ a: 1 }]);
	});

	it('is none where it is whole, with brackets in its texts, however long', async () => {
		const long = '{["\\'.repeat(2_000_000);
		const body = `{"value":[{"a":${JSON.stringify(long)}}]}`;
		const { page } = await succeed([answer(200, body)]);
		expect(page.elements).toEqual([{ a: long }]);
	});

	it('is one too where nothing of it could be decoded', async () => {
		const { page } = await succeed([
			answer(200, '', { 'content-length': '20' }),
			success({ a: 1 }),
		]);
		expect(page.elements).toEqual([{ a: 1 }]);
	});

	it('is none where it is empty as it was meant', async () => {
		const { error } = await fail([answer(200, '', { 'content-length': '0' })]);
		expect(error.kind).toBe('unreadable');
	});

	it('may have carried out what it answers', async () => {
		const { error } = await fail([answer(200, '{"value":[{"a":1}')], 'POST');
		expect(error).toMatchObject({ kind: 'unreachable', mayBeDone: true });
		expect(error.advice).toContain('look for it before you try again');
	});

	it('is none where it has its whole length', async () => {
		const body = '{"value":["';
		const { error } = await fail([answer(200, body, { 'content-length': `${body.length}` })]);
		expect(error.kind).toBe('unreadable');
	});
});

describe('what answers in place of the service', () => {
	const gateway = { statusCode: 404, message: 'Resource not found' };
	it.each([
		['a page', 404, '<html></html>'],
		['nothing', 404, ''],
		['a gateway', 404, JSON.stringify(gateway)],
		['a page', 403, '<html>Blocked</html>'],
		['nothing', 403, ''],
		['a text', 403, 'Forbidden by policy'],
		['a proxy', 407, ''],
		['a network', 511, '<html>Sign in</html>'],
		['a page', 400, '<h1>Bad Request</h1>'],
	])('is told as that: %s with status %d', async (_what, status, body) => {
		const { error } = await fail([answer(status, body)]);
		expect(error).toMatchObject({ kind: 'intercepted', status });
		expect(error.message).toMatch(/proxy/);
		expect(error.advice).not.toMatch(/role Manager|Executive|Check the ID|Save the query/);
	});

	it('has deleted nothing', async () => {
		const { error } = await fail([refusal(503), answer(404, gateway)], 'DELETE');
		expect(error.kind).toBe('intercepted');
	});

	it('is not what a refusal in JSON tells', async () => {
		const { error } = await fail([answer(403, '{"message":"No role"}')]);
		expect(error).toMatchObject({ kind: 'forbidden', message: 'No role' });
	});

	it('is not told where the body was lost: nothing is known of who wrote it', async () => {
		const { error } = await fail([answer(403, undefined)]);
		expect(error).toMatchObject({ kind: 'forbidden', message: 'Partner Center denies access' });
	});
});

describe('a service that wants a user', () => {
	it.each([
		answer(400, { message: 'Authorization header token missing user information' }),
		answer(401, { code: 900421, description: 'MFA required' }),
		answer(401, { error: { code: '900421', message: 'No' } }),
		answer(403, { message: 'Failed (900421)' }),
		answer(200, { code: 900421, description: 'MFA required' }),
		answer(200, { value: [], error: { code: '900421', message: 'No' } }),
		answer(400, 'Authorization header token missing user information'),
		answer(400, '"Authorization header token missing user information"'),
		answer(401, '900421'),
		answer(403, '900421: MFA required'),
		answer(400, { errors: [{ code: '900421', message: 'MFA' }] }),
		answer(400, [{ code: 900421, message: 'MFA' }]),
		answer(403, { error: { code: 'Forbidden', innererror: { code: '900421' } } }),
		answer(403, { message: 'No', data: [{ code: 900421 }] }),
	])('says how to sign in: %j', async (outcome) => {
		const { error } = await fail([outcome], 'GET', { program: 'cmp' });
		expect(error).toMatchObject({ kind: 'unauthorized' });
		expect(error.advice).toContain('app and user, with MFA');
	});

	it('is told as a token that is not accepted where it says no more than a code', async () => {
		const { error } = await fail([answer(403, '900421')]);
		expect(error.message).toBe('Partner Center does not accept the token');
	});
});

describe('a refusal without words', () => {
	it('says what its status means, what it was about, and that it does not say why', async () => {
		const { error } = await fail([answer(400, {})]);
		expect(error).toMatchObject({
			kind: 'refused',
			subject: 'scheduled report',
			message: 'Partner Center refused the request (HTTP 400)',
			advice:
				'The service did not accept a value of the request, and does not say which. Check what the fields hold.',
		});
	});
});

describe('a request that is never sent again', () => {
	it('has no retries to be raised where the service is busy', async () => {
		const { error } = await fail([refusal(429)], 'POST');
		expect(error).toMatchObject({ kind: 'busy', retries: undefined });
		expect((await fail([refusal(429)], 'PUT', { maxRetries: 0 })).error.retries).toBe(0);
	});
});

describe('a record that is not there', () => {
	it('is named, before the words of the service', async () => {
		const { send } = requester([refusal(404, 'No item found'), refusal(404)]);
		await expect(send('PUT', { id: 'id-1' })).rejects.toThrow(
			/^Scheduled report id-1 was not found: No item found$/,
		);
		await expect(send('GET', { id: 'x', subject: 'dataset' })).rejects.toThrow(
			/^Dataset x was not found$/,
		);
	});
});

describe('a refusal in plain text', () => {
	it.each(['Start time is past.', 'The interval has to be <= 2160.'])(
		'is told in its words: %s',
		async (words) => {
			const { error } = await fail([answer(400, words)]);
			expect(error).toMatchObject({ kind: 'refused', message: words });
		},
	);
});

describe('a query that is too long for an address', () => {
	const long = { query: { exportQuery: 'x'.repeat(9_000) }, subject: 'report query' } as const;
	it.each([
		answer(414, ''),
		answer(431, ''),
		answer(413, ''),
		answer(413, { message: 'Payload Too Large' }),
		answer(400, ''),
		answer(400, '<h1>Request Too Long</h1>'),
		answer(400, { message: 'The length of the query string exceeds the configured maximum.' }),
		answer(400, { message: 'Request URL is too long' }),
		dropped(),
	])('is to be saved: %j', async (outcome) => {
		const { send } = requester([outcome], { maxRetries: 0 });
		await expect(send('GET', long)).rejects.toMatchObject({
			advice: expect.stringContaining('Save the query and try it by its ID'),
		});
	});
});

describe('another request that is too long', () => {
	it.each([414, 431])('is to be shortened: %d', async (status) => {
		const { send } = requester([answer(status, '')], { maxRetries: 0 });
		await expect(send('GET', { query: { reportName: 'x'.repeat(9_000) } })).rejects.toMatchObject({
			message: `The address of the request is too long (HTTP ${status})`,
			advice: 'Shorten the query or the texts of the request.',
		});
	});
});

describe('DELETE that was refused and then finds nothing', () => {
	it.each([refusal(429), dropped('ECONNREFUSED'), dropped('EAI_AGAIN')])(
		'has deleted nothing: %j was not carried out',
		async (first) => {
			const { error } = await fail([first, refusal(404, 'No item found')], 'DELETE');
			expect(error.kind).toBe('notFound');
		},
	);
});

describe('POST that never arrived', () => {
	it('is not told as perhaps carried out', async () => {
		const { error } = await fail([dropped('ECONNREFUSED')], 'POST');
		expect(error.mayBeDone).toBe(false);
		expect(error.advice).toContain('Nothing reached the service');
	});
});
