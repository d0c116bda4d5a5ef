import { NodeApiError } from 'n8n-workflow';
import { outcomeOf, signInFailure } from '../../../nodes/PartnerCenterInsights/n8n/helperFailure';
import { node } from '../node/node';

const HOST = 'api.partnercenter.microsoft.com';
const LOGIN = 'login.microsoftonline.com';
const TOKEN_URL = `https://${LOGIN}/contoso.com/oauth2/v2.0/token`;
const SECRET = 'aB3_'.repeat(20);

/** As n8n's OAuth2 client throws it where Entra said why. */
const authError = (body: object) =>
	Object.assign(new Error('Client authentication failed (e.g., unknown client …)'), {
		body,
		code: 'EAUTH',
	});

/** As it throws an answer that it cannot use. */
const responseError = (status: number, body: string, message = `HTTP status ${status}`) =>
	Object.assign(new Error(message), { status, body, code: 'ESTATUS' });

class AxiosError extends Error {
	readonly isAxiosError = true;

	constructor(
		message: string,
		readonly code: string,
		readonly config: { url: string; baseURL?: string; data?: string },
		readonly response?: { status: number; headers: Record<string, unknown>; data: unknown },
	) {
		super(message);
	}
}

const atLogin = { url: TOKEN_URL, data: `client_secret=${SECRET}` };

/** As n8n hands it to the node. */
const handed = (error: Error) => outcomeOf(new NodeApiError(node, error as never), HOST);

/** As n8n 1.123 does: without the cause. */
const handedByOldest = (error: Error) =>
	outcomeOf(Object.assign(new NodeApiError(node, error as never), { cause: undefined }), HOST);

describe("Entra's refusal of a renewal", () => {
	it.each([
		[
			{ error: 'invalid_client', error_description: 'AADSTS7000222: The keys are expired.' },
			/^The client secret has expired: .*'Client Secret' [(]AADSTS7000222[)][.]$/,
		],
		[
			{ error: 'interaction_required', error_description: 'AADSTS50076: Due to …' },
			/^Multifactor .* as this user and press Connect in the credential [(]AADSTS50076[)][.]$/,
		],
		[
			{ error: 'invalid_grant', error_codes: [9002313] },
			/^The refresh token is not valid: .* and press Connect in the credential [(]/,
		],
		[
			{ error: 'unauthorized_client', error_description: 'AADSTS999999: New words.' },
			/: AADSTS999999: New words[.] Check 'Client ID' and 'Tenant ID': the app may not/,
		],
		[
			{ error: 'login_required' },
			/token [(]login_required[)][.] Sign in again in person, with MFA, and press Connect in the credential[.]$/,
		],
	])('is told in the words for its code: %j', (body, message) => {
		const outcome = { kind: 'notSent', message: expect.stringMatching(message), transient: false };
		expect(handed(authError(body))).toEqual(outcome);
		expect(outcomeOf(authError(body), HOST)).toEqual(outcome);
	});

	it('passes where Entra says that it is busy', () => {
		expect(handed(authError({ error: 'temporarily_unavailable' }))).toMatchObject({
			kind: 'notSent',
			transient: true,
		});
	});

	it('holds no secret', () => {
		const body = { error: 'invalid_client', error_description: `AADSTS1: sent '${SECRET}'` };
		expect(JSON.stringify(handed(authError(body)))).not.toContain(SECRET);
	});

	it('is known where n8n keeps no cause, and is one of the sign-in', () => {
		const error = new NodeApiError(node, authError({ error: 'invalid_client' }) as never);
		const oldest = Object.assign(error, { cause: undefined });
		expect(signInFailure(oldest, HOST)).toEqual({
			kind: 'notSent',
			message: 'Client authentication failed (e.g., unknown client …)',
			transient: false,
		});
		expect(outcomeOf(oldest, HOST)).toEqual(signInFailure(oldest, HOST));
	});

	it('holds no secret that is short, named or known', () => {
		const named = {
			error: 'invalid_request',
			error_description:
				'AADSTS9999990: Unparsable request: grant_type=refresh_token&client_secret=hunter2-secret&refresh_token=RT-short',
		};
		const { message } = handed(authError(named)) as { message: string };
		expect(message).toContain('client_secret=…&refresh_token=…');
		const known = { error: 'invalid_client', error_description: "AADSTS1: sent 'hunter2%21'" };
		const outcome = outcomeOf(authError(known), HOST, ['hunter2!']);
		expect(outcome).toMatchObject({ message: expect.stringContaining("sent '…'") });
	});
});

describe('an answer of the login authority that is no token', () => {
	const noJson = (status: number) =>
		`The login authority answered with HTTP ${status} and no JSON. Check 'Environment' and any proxy in between.`;
	const busy = (status: number) =>
		`Microsoft Entra is too busy to issue a token (HTTP ${status}). Try again in a few minutes.`;

	it.each([
		['a page of a proxy', responseError(403, '<html>'), noJson(403), false],
		['a page of success', responseError(200, '<html>', 'Expected JSON …'), noJson(200), false],
		['too many requests', responseError(429, ''), busy(429), true],
		[
			'JSON without a reason',
			responseError(400, '{}'),
			"Microsoft Entra refused to issue a token (HTTP 400). The answer holds neither a token nor a reason. Check 'Environment' and any proxy in between.",
			false,
		],
	])('is not told as an answer of the service: %s', (_what, error, message, transient) => {
		expect(handed(error)).toEqual({ kind: 'notSent', message, transient });
	});

	it.each([
		['a page', '<html>', busy(503)],
		['JSON', '{"error":"server_error"}', busy(503)],
	])('passes where the authority is out of order: %s', (_what, data, message) => {
		const error = new AxiosError('Request failed', 'ERR_BAD_RESPONSE', atLogin, {
			status: 503,
			headers: { 'Retry-After': '7' },
			data,
		});
		expect(handed(error)).toEqual({ kind: 'notSent', message, transient: true, retryAfter: '7' });
	});

	it.each([
		['its status', responseError(403, '<html>'), 403],
		['its kind', responseError(200, '<html>', 'Unsupported content type: text/html'), 200],
		[
			'what was expected',
			responseError(
				200,
				'<html>',
				'Expected JSON response from OAuth2 token endpoint (content-type: none) but received: <html>\n',
			),
			200,
		],
	])('is known by the words for %s where n8n keeps no cause', (_what, error, status) => {
		expect(handedByOldest(error)).toEqual({
			kind: 'notSent',
			message: noJson(status),
			transient: false,
		});
	});
});

describe('a login authority that cannot be reached', () => {
	it.each([
		[
			'ENOTFOUND',
			`The login authority ${LOGIN} cannot be reached (ENOTFOUND). Check the network, the proxy and 'Environment'.`,
			true,
		],
		[
			'SELF_SIGNED_CERT_IN_CHAIN',
			`n8n does not trust the certificate of the login authority ${LOGIN} (SELF_SIGNED_CERT_IN_CHAIN). Where a proxy inspects TLS, give its CA to n8n with NODE_EXTRA_CA_CERTS.`,
			false,
		],
	])('is named, and not the API host: %s', (code, message, transient) => {
		const error = new AxiosError(`getaddrinfo ${code}`, code, atLogin);
		expect(handed(error)).toEqual({ kind: 'notSent', message, transient });
	});

	it.each([200, 400])('whose answer of HTTP %d broke off may answer in a while', (status) => {
		const response = { status, headers: {}, data: undefined };
		const error = new AxiosError('aborted', 'ERR_BAD_RESPONSE', atLogin, response);
		expect(handed(error)).toMatchObject({
			kind: 'notSent',
			message: expect.stringContaining(`${LOGIN} cannot be reached (ECONNRESET)`),
			transient: true,
		});
	});

	it.each([
		['by its path', { url: '/insights/v1/mpn/ScheduledReport', baseURL: `https://${HOST}` }],
		['by its address', { url: `https://${HOST}/insights/v1/mpn/ScheduledReport` }],
		['by a path alone', { url: '/insights/v1/mpn/ScheduledReport' }],
	])('is not the host that the request goes to: %s', (_how, config) => {
		const dropped = new AxiosError('read ECONNRESET', 'ECONNRESET', config);
		expect(handed(dropped)).toEqual({ kind: 'noAnswer', code: 'ECONNRESET', host: HOST });
		const response = { status: 503, headers: {}, data: '' };
		const busy = new AxiosError('Request failed', 'ERR_BAD_RESPONSE', config, response);
		expect(handed(busy)).toMatchObject({ kind: 'answer', status: 503 });
	});
});
