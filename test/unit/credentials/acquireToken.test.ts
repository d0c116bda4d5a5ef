import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { EntraTokenError, fetchToken } from '../../../credentials/entra/acquireToken';
import { CredentialFieldError } from '../../../credentials/entra/environments';
import { type FakeAnswer, FakeEntra, refusalAnswer, tokenAnswer } from './fakeEntra';
import { createSigningPair, KEY_FORMS, type SigningPair } from './signingPair';

const CLIENT_ID = '1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9';
const TENANT = 'contoso.onmicrosoft.com';
const APP_SECRET = 'the~secret.of-the_app';
const USER_TOKEN = 'refresh-token-of-the-user';

const app: ICredentialDataDecryptedObject = {
	environment: 'global',
	tenantId: TENANT,
	clientId: CLIENT_ID,
	grantType: 'clientCredentials',
	clientCredentialType: 'clientSecret',
	clientSecret: APP_SECRET,
};
const appAndUser: ICredentialDataDecryptedObject = {
	...app,
	grantType: 'refreshToken',
	refreshToken: USER_TOKEN,
};

let pair: SigningPair;

beforeAll(async () => {
	pair = await createSigningPair();
});

async function fetchFrom(credentials: ICredentialDataDecryptedObject, ...answers: FakeAnswer[]) {
	const entra = new FakeEntra(() => answers.shift() ?? { code: 'ECONNREFUSED' });
	const outcome = await fetchToken(credentials, entra.httpRequest).then(
		(token) => ({ token, error: undefined }),
		(error: unknown) => ({ token: undefined, error }),
	);
	return { ...outcome, entra };
}

/** The failure as an {@link EntraTokenError}, having checked that it holds nothing secret. */
async function failure(
	credentials: ICredentialDataDecryptedObject,
	answer: FakeAnswer,
): Promise<EntraTokenError> {
	const { error, entra } = await fetchFrom(credentials, answer);
	if (!(error instanceof EntraTokenError))
		throw new Error('It was not refused as expected', { cause: error });
	expect(entra.requests).toHaveLength(1);
	for (const secret of [APP_SECRET, USER_TOKEN]) {
		expect(error.message).not.toContain(secret);
		expect(JSON.stringify(error)).not.toContain(secret);
	}
	expect(error.cause).toBeUndefined();
	return error;
}

const ADDRESSES: Array<
	[environment: string, authority: string, resource: string, fields: ICredentialDataDecryptedObject]
> = [
	['global', 'https://login.microsoftonline.com', 'https://api.partnercenter.microsoft.com', {}],
	[
		'usGovernment',
		'https://login.microsoftonline.us',
		'https://api.partnercenter.microsoft.com',
		{},
	],
	[
		'china',
		'https://login.partner.microsoftonline.cn',
		'https://partner.partnercenterapi.microsoftonline.cn',
		{},
	],
	[
		'custom',
		'https://login.example.com:8443',
		'https://api.example.com:9443',
		{
			authorityHost: ' https://login.example.com:8443/ ',
			apiBaseUrl: 'https://api.example.com:9443/',
		},
	],
];

describe.each(ADDRESSES)('in the environment %s', (environment, authority, resource, fields) => {
	it('an app gets its token by one request for the whole resource', async () => {
		const { token, entra } = await fetchFrom(
			{ ...app, environment, ...fields },
			tokenAnswer({ access_token: 'token of the app' }),
		);
		expect(token).toEqual({ accessToken: 'token of the app' });
		const { origin, pathname } = new URL(entra.request.url);
		expect(origin + pathname).toBe(`${authority}/${TENANT}/oauth2/v2.0/token`);
		expect(Object.fromEntries(entra.form)).toMatchObject({
			grant_type: 'client_credentials',
			client_id: CLIENT_ID,
			client_secret: APP_SECRET,
			scope: `${resource}/.default`,
		});
		expect(entra.request.url).not.toContain(APP_SECRET);
	});

	it('an app and its user get their token by one request for user_impersonation', async () => {
		const { token, entra } = await fetchFrom(
			{ ...appAndUser, environment, ...fields },
			tokenAnswer({ access_token: 'token of the user', refresh_token: USER_TOKEN }),
		);
		expect(token).toEqual({ accessToken: 'token of the user' });
		const { origin, pathname } = new URL(entra.request.url);
		expect(origin + pathname).toBe(`${authority}/${TENANT}/oauth2/v2.0/token`);
		expect(Object.fromEntries(entra.form)).toMatchObject({
			grant_type: 'refresh_token',
			client_id: CLIENT_ID,
			client_secret: APP_SECRET,
			refresh_token: USER_TOKEN,
		});
		const scopes = entra.form.get('scope')?.split(' ') ?? [];
		expect(scopes).toContain(`${resource}/user_impersonation`);
		// Without it Entra returns no new refresh token, and the old one runs out.
		expect(scopes).toContain('offline_access');
		expect(scopes).not.toContain(`${resource}/.default`);
	});
});

describe('the values that are sent', () => {
	it('are trimmed', async () => {
		const { entra } = await fetchFrom(
			{
				...appAndUser,
				tenantId: ` ${TENANT}\n`,
				clientId: `\t${CLIENT_ID} `,
				clientSecret: ` ${APP_SECRET}\r\n`,
				refreshToken: `\n${USER_TOKEN} `,
			},
			tokenAnswer({ access_token: 'a token' }),
		);
		expect(entra.request.url).toContain(`/${TENANT}/oauth2/`);
		expect(Object.fromEntries(entra.form)).toMatchObject({
			client_id: CLIENT_ID,
			client_secret: APP_SECRET,
			refresh_token: USER_TOKEN,
		});
	});

	it('an app alone sends no refresh token that is left over in the credential', async () => {
		const { entra } = await fetchFrom(
			{ ...app, refreshToken: USER_TOKEN },
			tokenAnswer({ access_token: 'a token' }),
		);
		expect(entra.form.has('refresh_token')).toBe(false);
	});

	it('every call asks Entra: a renewal is never answered from a cache', async () => {
		const answers = ['first', 'second'].map((name) => tokenAnswer({ access_token: name }));
		const entra = new FakeEntra(() => answers.shift() ?? { code: 'ECONNREFUSED' });
		const tokens = [
			await fetchToken(app, entra.httpRequest),
			await fetchToken(app, entra.httpRequest),
		];
		expect(tokens).toEqual([{ accessToken: 'first' }, { accessToken: 'second' }]);
		expect(entra.requests).toHaveLength(2);
	});
});

describe('the refresh token', () => {
	it('is handed back when Entra replaced it', async () => {
		const { token } = await fetchFrom(
			appAndUser,
			tokenAnswer({ access_token: 'a token', refresh_token: 'the next one' }),
		);
		expect(token).toEqual({ accessToken: 'a token', refreshToken: 'the next one' });
	});

	it('comes without white space at its ends, as the access token does', async () => {
		const { token } = await fetchFrom(
			appAndUser,
			tokenAnswer({ access_token: ' a token\n', refresh_token: 'the next one\n' }),
		);
		expect(token).toEqual({ accessToken: 'a token', refreshToken: 'the next one' });
	});

	it.each([undefined, '', ' ', `${USER_TOKEN}\n`, USER_TOKEN])(
		'stays when Entra answers with %p',
		async (returned) => {
			const { token } = await fetchFrom(
				{ ...appAndUser, refreshToken: ` ${USER_TOKEN} ` },
				tokenAnswer({ access_token: 'a token', refresh_token: returned }),
			);
			expect(token).toEqual({ accessToken: 'a token' });
		},
	);

	it.each([
		['id_token', { id_token: 'not a token' }],
		['id_token', { id_token: 'a.b.c' }],
		['id_token', { id_token: 42 }],
		['client_info', { client_info: 'not base64 {' }],
		['client_info', { client_info: '' }],
		['scope', { scope: ['user_impersonation'] }],
		['token_type', { token_type: 'pop' }],
		['expires_in', { expires_in: null }],
		['suberror', { suberror: 'bad_token' }],
		['error beside it', { error: 'temporarily_unavailable' }],
	])('is not lost where the answer has an unreadable %s (%#)', async (_what, fields) => {
		const { token } = await fetchFrom(
			appAndUser,
			tokenAnswer({ access_token: 'a token', refresh_token: 'the next one', ...fields }),
		);
		expect(token).toEqual({ accessToken: 'a token', refreshToken: 'the next one' });
	});

	it('works with an answer that has no ID token', async () => {
		const { token } = await fetchFrom(
			appAndUser,
			tokenAnswer({ access_token: 'a token', scope: 'user_impersonation' }),
		);
		expect(token?.accessToken).toBe('a token');
	});
});

describe('with a certificate', () => {
	const withCertificate = (base: ICredentialDataDecryptedObject) => ({
		...base,
		clientCredentialType: 'certificate',
		clientSecret: 'left over from before',
		certificate: pair.certificate,
		privateKey: KEY_FORMS['encrypted PKCS#8'](pair.key, 'a passphrase'),
		privateKeyPassphrase: 'a passphrase',
	});

	it.each([
		['an app', app, 'client_credentials'],
		['an app and its user', appAndUser, 'refresh_token'],
	])(
		'%s proves itself by an assertion that the certificate confirms',
		async (_who, base, grant) => {
			const before = Math.floor(Date.now() / 1_000);
			const { token, entra } = await fetchFrom(
				withCertificate(base),
				tokenAnswer({ access_token: 'a token' }),
			);
			expect(token).toEqual({ accessToken: 'a token' });
			expect(entra.form.get('grant_type')).toBe(grant);
			expect(entra.form.get('client_assertion_type')).toBe(
				'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
			);
			expect(entra.form.has('client_secret')).toBe(false);

			const assertion = entra.form.get('client_assertion') ?? '';
			const [head, claims, signature, ...more] = assertion.split('.');
			expect(more).toEqual([]);
			const read = (part: string): unknown =>
				JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
			expect(read(head)).toMatchObject({
				alg: 'PS256',
				typ: 'JWT',
				'x5t#S256': createHash('sha256').update(pair.certificateDer).digest('base64url'),
				x5c: [pair.certificateDer.toString('base64')],
			});
			const payload = read(claims) as { exp: number; nbf: number; jti: string };
			expect(payload).toMatchObject({
				aud: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
				iss: CLIENT_ID,
				sub: CLIENT_ID,
			});
			expect(payload.nbf).toBeGreaterThanOrEqual(before);
			expect(payload.exp - payload.nbf).toBeLessThanOrEqual(600);
			expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
			expect(
				verify(
					'sha256',
					Buffer.from(`${head}.${claims}`),
					{
						key: new X509Certificate(pair.certificate).publicKey,
						padding: constants.RSA_PKCS1_PSS_PADDING,
						saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
					},
					Buffer.from(signature, 'base64url'),
				),
			).toBe(true);
		},
	);

	it('makes a new assertion for each token', async () => {
		const entra = new FakeEntra(() => tokenAnswer({ access_token: 'a token' }));
		await fetchToken(withCertificate(app), entra.httpRequest);
		await fetchToken(withCertificate(app), entra.httpRequest);
		const assertions = entra.requests.map(({ body }) =>
			new URLSearchParams(body as string).get('client_assertion'),
		);
		expect(new Set(assertions).size).toBe(2);
	});

	it('a wrong passphrase is told and nothing is sent', async () => {
		const { error, entra } = await fetchFrom({
			...withCertificate(app),
			privateKeyPassphrase: 'another',
		});
		expect(error).toBeInstanceOf(CredentialFieldError);
		expect(error).toHaveProperty('message', expect.stringContaining('Private Key Passphrase'));
		expect(entra.requests).toEqual([]);
	});
});

describe('the choices', () => {
	it.each([
		[{ environment: 'GLOBAL' }],
		[{ grantType: 'RefreshToken' }],
		[{ clientCredentialType: 'ClientSecret' }],
	])('may stand in any case: %j', async (changes) => {
		const { token } = await fetchFrom(
			{ ...appAndUser, ...changes },
			tokenAnswer({ access_token: 'a token' }),
		);
		expect(token).toEqual({ accessToken: 'a token' });
	});
});

describe('a passphrase', () => {
	it.each([
		['is not trimmed: spaces at its ends are part of it', ' with spaces '],
		['ends before the line break of the file that it came from', ' with spaces \r\n'],
	])('%s', async (_what, privateKeyPassphrase) => {
		const { token } = await fetchFrom(
			{
				...app,
				clientCredentialType: 'certificate',
				certificate: pair.certificate,
				privateKey: KEY_FORMS['encrypted PKCS#8'](pair.key, ' with spaces '),
				privateKeyPassphrase,
			},
			tokenAnswer({ access_token: 'a token' }),
		);
		expect(token).toEqual({ accessToken: 'a token' });
	});
});

describe('a certificate', () => {
	it('may bring its key along, where the field of the key is empty', async () => {
		const { token } = await fetchFrom(
			{
				...app,
				clientCredentialType: 'certificate',
				certificate: `${KEY_FORMS['PKCS#8'](pair.key, '')}${pair.certificate}`,
			},
			tokenAnswer({ access_token: 'a token' }),
		);
		expect(token).toEqual({ accessToken: 'a token' });
	});
});

describe('a field that cannot be used', () => {
	it.each<[string, ICredentialDataDecryptedObject, RegExp]>([
		['an unknown environment', { ...app, environment: 'mars' }, /^'Environment' must be one of/],
		['an unknown grant', { ...app, grantType: 'password' }, /^'Sign In As' must be one of/],
		[
			'an unknown proof',
			{ ...app, clientCredentialType: 'none' },
			/^'Client Credential' must be one of/,
		],
		['no client ID', { ...app, clientId: ' ' }, /^'Client ID' is empty/],
		['no tenant', { ...app, tenantId: '' }, /^'Tenant ID' is empty/],
		['a tenant with a path', { ...app, tenantId: 'a.com/../b' }, /^'Tenant ID' must be/],
		['no client secret', { ...app, clientSecret: '' }, /^'Client Secret' is empty/],
		['no refresh token', { ...appAndUser, refreshToken: '' }, /^'Refresh Token' is empty/],
		[
			'no certificate',
			{ ...app, clientCredentialType: 'certificate', privateKey: 'x' },
			/^'Certificate' is empty/,
		],
		[
			'no private key',
			{ ...app, clientCredentialType: 'certificate', certificate: 'x' },
			/^'Private Key' is empty/,
		],
		[
			'a custom authority over http',
			{
				...app,
				environment: 'custom',
				authorityHost: 'http://login.example.com',
				apiBaseUrl: 'https://api.example.com',
			},
			/^'Authority Host' must be an https address/,
		],
	])('%s: says so by its name and sends nothing', async (_what, credentials, message) => {
		const { error, entra } = await fetchFrom(credentials);
		expect(error).toBeInstanceOf(CredentialFieldError);
		expect(error).toHaveProperty('message', expect.stringMatching(message));
		expect(entra.requests).toEqual([]);
	});
});

describe('a token that Entra does not give', () => {
	it.each([
		[app, '7000215', { status: 401 }],
		[app, '7000222', { status: 401 }],
		[app, '700016', { error: 'unauthorized_client' }],
		[app, '90002', { error: 'invalid_request' }],
		[app, '500113', { error: 'invalid_request' }],
		[appAndUser, '50076', { error: 'invalid_grant' }],
		[appAndUser, '50079', { error: 'interaction_required' }],
		[appAndUser, '700082', { error: 'invalid_grant' }],
		[appAndUser, '65001', { error: 'invalid_grant' }],
		[appAndUser, '50034', { error: 'invalid_grant' }],
	])('is explained (%#)', async (credentials, code, options) => {
		const error = await failure(credentials, refusalAnswer(code, "Entra's own words.", options));
		expect(error.message).toMatch(new RegExp(`^[A-Z].* \\(AADSTS${code}\\)\\.$`));
		expect(error.message).not.toContain("Entra's own words");
		expect(error.message).not.toContain('Trace ID');
		expect(error.transient).toBe(false);
	});

	it('shows Entra’s first line where the code is not known, without what was sent', async () => {
		const error = await failure(
			appAndUser,
			refusalAnswer(999999, `New words about ${USER_TOKEN} and ${APP_SECRET}.`),
		);
		expect(error.message).toBe(
			"Microsoft Entra refused to issue a token: AADSTS999999: New words about … and …. Check 'Client ID' and the secret or certificate of the app registration.",
		);
	});

	it.each([
		[refusalAnswer(90033, 'Busy.', { error: 'invalid_grant' }), true],
		[{ status: 400, body: { error: 'temporarily_unavailable' } }, true],
		[refusalAnswer(7000215, 'Wrong.', { error: 'temporarily_unavailable' }), false],
	])('may pass where Entra says so with a status of 400 (%#)', async (answer, transient) => {
		expect((await failure(app, answer)).transient).toBe(transient);
	});

	it.each([429, 500, 502, 503, 504])(
		'because it is busy (HTTP %d): may pass, with the wait it asked for, asked once',
		async (status) => {
			const error = await failure(app, {
				status,
				body: { error: 'temporarily_unavailable' },
				headers: { 'Retry-After': '17' },
			});
			expect(error.message).toContain(`(HTTP ${status})`);
			expect(error.transient).toBe(true);
			expect(error.retryAfter).toBe('17');
		},
	);

	it.each([
		[503, /too busy to issue a token \(HTTP 503\)\. Try again/],
		[
			502,
			/answered with HTTP 502 and no JSON\. Try again in a few minutes\. If it stays so, check 'Env/,
		],
	])('because a page came with HTTP %d: says so, and that it may pass', async (status, said) => {
		const error = await failure(app, {
			status,
			body: '<html>busy</html>',
			headers: { 'Retry-After': '3' },
		});
		expect(error.message).toMatch(said);
		expect(error.transient).toBe(true);
		expect(error.retryAfter).toBe('3');
	});

	it.each([
		[500, 999999, /too busy to issue a token \(HTTP 500, AADSTS999999\)/, true],
		[500, 7000215, /^The client secret is wrong: .*\(AADSTS7000215\)\.$/, false],
		[500, 90033, /^Microsoft Entra has a passing fault .*\(AADSTS90033\)\.$/, true],
		[429, 50196, /^Too many token requests .*\(AADSTS50196\)\.$/, true],
	])('because of HTTP %d with AADSTS%d: tells the code', async (status, code, said, transient) => {
		const error = await failure(app, refusalAnswer(code, 'Own words.', { status }));
		expect(error.message).toMatch(said);
		expect(error.transient).toBe(transient);
	});

	it('because a sign-in page of a proxy came: says so, and that it does not pass', async () => {
		const error = await failure(app, { status: 200, body: '<html>Sign in</html>' });
		expect(error.message).toMatch(/answered with HTTP 200 and no JSON/);
		expect(error.transient).toBe(false);
	});

	it.each([{}, { access_token: '' }, { access_token: ' ' }])(
		'because the answer holds none: %j',
		async (fields) => {
			const error = await failure(app, tokenAnswer(fields));
			expect(error.message).toMatch(/^Microsoft Entra refused to issue a token \(HTTP 200\)/);
			expect(error.message).toMatch(/neither a token nor a reason\. Check 'Environment'/);
		},
	);

	it('because of too many requests, whatever the answer is in: may pass', async () => {
		const error = await failure(app, { status: 429, body: 'Slow down' });
		expect(error.message).toMatch(/too busy to issue a token \(HTTP 429\)\. Try again/);
		expect(error.transient).toBe(true);
	});

	it('because the connection dropped: may pass', async () => {
		const error = await failure(app, { code: 'ECONNRESET' });
		expect(error.message).toMatch(
			/^The login authority login\.microsoftonline\.com cannot be reached/,
		);
		expect(error.transient).toBe(true);
	});

	it('because it redirects: does not pass', async () => {
		const error = await failure(app, {
			status: 307,
			body: '',
			headers: { Location: 'https://evil.example/' },
		});
		expect(error.message).toContain('answered with a redirect');
		expect(error.transient).toBe(false);
	});
});
