import 'reflect-metadata';

import {
	constants,
	createHash,
	createSign,
	generateKeyPairSync,
	type KeyObject,
	randomUUID,
	sign,
	webcrypto,
	X509Certificate,
} from 'node:crypto';

import * as x509 from '@peculiar/x509';

import type { Sandbox } from '../../sandbox/service/client';
import { emptySandboxForEach, type HttpsClient } from './httpsClient';

let sandbox: Sandbox;
let client: HttpsClient;

emptySandboxForEach((...started) => ([sandbox, client] = started));

function appOnly(changes: Record<string, string> = {}): Record<string, string> {
	const { clientId, clientSecret } = sandbox.apps.standard;
	return {
		grant_type: 'client_credentials',
		client_id: clientId,
		client_secret: clientSecret,
		scope: `${sandbox.apiUrl}/.default`,
		...changes,
	};
}

function appAndUser(changes: Record<string, string> = {}): Record<string, string> {
	return appOnly({
		grant_type: 'refresh_token',
		refresh_token: sandbox.apps.refreshTokens.standard,
		scope: `${sandbox.apiUrl}/user_impersonation offline_access`,
		...changes,
	});
}

function claimsOf(token: unknown): Record<string, unknown> {
	const payload = Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString('utf8');
	return JSON.parse(payload) as Record<string, unknown>;
}

describe('app-only token', () => {
	test('has the resource as audience and lives for about an hour', async () => {
		const { status, body } = await client.requestToken(appOnly());
		expect(status).toBe(200);
		expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
		expect(body).not.toHaveProperty('refresh_token');
		const claims = claimsOf(body.access_token);
		expect(claims.aud).toBe(sandbox.apiUrl);
		expect(claims.tid).toBe(sandbox.tenantId);
		expect(claims.appid).toBe(sandbox.apps.standard.clientId);
		expect(Number(claims.exp) - Number(claims.iat)).toBe(3599);
	});

	test.each([
		'https://api.partnercenter.microsoft.com',
		'https://partner.partnercenterapi.microsoftonline.cn',
	])('is issued for %s', async (resource) => {
		const { body } = await client.requestToken(appOnly({ scope: `${resource}/.default` }));
		expect(claimsOf(body.access_token).aud).toBe(resource);
	});

	test('is issued under the verified domain too', async () => {
		const { status } = await client.requestToken(appOnly(), sandbox.tenantDomain);
		expect(status).toBe(200);
	});

	test('accepts the secret in a Basic header', async () => {
		const { clientId, clientSecret } = sandbox.apps.standard;
		const { status } = await client.send(
			'POST',
			`${sandbox.loginUrl}/${sandbox.tenantId}/oauth2/v2.0/token`,
			{
				'content-type': 'application/x-www-form-urlencoded',
				authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
			},
			`grant_type=client_credentials&scope=${encodeURIComponent(`${sandbox.apiUrl}/.default`)}`,
		);
		expect(status).toBe(200);
	});
});

describe('refusals', () => {
	const refusals: Array<
		[string, () => Record<string, string>, number, string, number, string | undefined]
	> = [
		[
			'wrong secret',
			() => appOnly({ client_secret: 'nope' }),
			401,
			'invalid_client',
			7000215,
			undefined,
		],
		[
			'expired secret',
			() => appOnly(asForm(sandbox.apps.expiredSecret)),
			401,
			'invalid_client',
			7000222,
			undefined,
		],
		['no secret', () => appOnly({ client_secret: '' }), 401, 'invalid_client', 7000218, undefined],
		[
			'unknown app',
			() => appOnly({ client_id: randomUUID() }),
			400,
			'unauthorized_client',
			700016,
			undefined,
		],
		[
			'no consent',
			() => appOnly(asForm(sandbox.apps.noConsent)),
			400,
			'invalid_grant',
			65001,
			'consent_required',
		],
		[
			'foreign resource',
			() => appOnly({ scope: 'https://graph.microsoft.com/.default' }),
			400,
			'invalid_resource',
			500011,
			undefined,
		],
		[
			'delegated scope without a user',
			() => appOnly({ scope: `${sandbox.apiUrl}/user_impersonation` }),
			400,
			'invalid_scope',
			1002012,
			undefined,
		],
		[
			'unknown grant',
			() => appOnly({ grant_type: 'password' }),
			400,
			'unsupported_grant_type',
			70003,
			undefined,
		],
		[
			'expired refresh token',
			() => appAndUser({ refresh_token: sandbox.apps.refreshTokens.expired }),
			400,
			'invalid_grant',
			700082,
			undefined,
		],
		[
			'MFA required',
			() => appAndUser({ refresh_token: sandbox.apps.refreshTokens.mfaRequired }),
			400,
			'interaction_required',
			50076,
			'basic_action',
		],
		[
			'MFA enrolment',
			() => appAndUser({ refresh_token: sandbox.apps.refreshTokens.mfaEnrolment }),
			400,
			'interaction_required',
			50079,
			'basic_action',
		],
		[
			'unknown user',
			() => appAndUser({ refresh_token: sandbox.apps.refreshTokens.unknownUser }),
			400,
			'invalid_grant',
			50034,
			undefined,
		],
		[
			'malformed refresh token',
			() => appAndUser({ refresh_token: 'garbage' }),
			400,
			'invalid_request',
			9002313,
			undefined,
		],
	];

	function asForm(app: { clientId: string; clientSecret: string }): Record<string, string> {
		return { client_id: app.clientId, client_secret: app.clientSecret };
	}

	test.each(refusals)('%s', async (_name, form, expectedStatus, error, code, suberror) => {
		const { status, body } = await client.requestToken(form());
		expect(status).toBe(expectedStatus);
		expect(body).toMatchObject({ error, error_codes: [code] });
		expect(body.suberror).toBe(suberror);
		expect(body.error_description).toMatch(
			new RegExp(`^AADSTS${code}: .+ Trace ID: \\S+ Correlation ID: \\S+ Timestamp: \\S+`),
		);
	});

	test('unknown tenant', async () => {
		const { status, body } = await client.requestToken(appOnly(), randomUUID());
		expect(status).toBe(400);
		expect(body).toMatchObject({ error: 'invalid_request', error_codes: [90002] });
	});

	test('a fault words any code, once', async () => {
		await sandbox.addFault({ kind: 'aadsts', code: 50173 });
		const { body } = await client.requestToken(appOnly());
		expect(body).toMatchObject({ error_codes: [50173] });
		expect((await client.requestToken(appOnly())).status).toBe(200);
	});
});

describe('refresh token', () => {
	test('rotates; the old one stays valid', async () => {
		const first = (await client.requestToken(appAndUser())).body.refresh_token;
		const second = (await client.requestToken(appAndUser({ refresh_token: String(first) }))).body
			.refresh_token;
		expect(first).not.toBe(sandbox.apps.refreshTokens.standard);
		expect(second).not.toBe(first);
		expect((await client.requestToken(appAndUser({ refresh_token: String(first) }))).status).toBe(
			200,
		);
	});

	test('can be limited to one use', async () => {
		await sandbox.setOptions({ singleUseRefreshTokens: true });
		expect((await client.requestToken(appAndUser())).status).toBe(200);
		expect((await client.requestToken(appAndUser())).body).toMatchObject({ error_codes: [70000] });
	});

	test('expires after 90 days without use', async () => {
		await sandbox.advanceClock({ hours: 91 * 24 });
		expect((await client.requestToken(appAndUser())).body).toMatchObject({
			error_codes: [700082],
		});
	});

	test('the token tells the user', async () => {
		const { body } = await client.requestToken(appAndUser());
		expect(claimsOf(body.access_token)).toMatchObject({
			scp: 'user_impersonation',
			upn: 'avery@contoso.onmicrosoft.com',
		});
	});
});

describe('client assertion', () => {
	const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const foreignKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
	let certificate: X509Certificate;

	beforeAll(async () => {
		const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
		const imported = await Promise.all([
			webcrypto.subtle.importKey(
				'pkcs8',
				privateKey.export({ type: 'pkcs8', format: 'der' }),
				algorithm,
				true,
				['sign'],
			),
			webcrypto.subtle.importKey(
				'spki',
				publicKey.export({ type: 'spki', format: 'der' }),
				algorithm,
				true,
				['verify'],
			),
		]);
		const created = await x509.X509CertificateGenerator.createSelfSigned(
			{
				name: 'CN=Insights test',
				keys: { privateKey: imported[0], publicKey: imported[1] },
				signingAlgorithm: algorithm,
			},
			webcrypto,
		);
		certificate = new X509Certificate(created.toString('pem'));
	});
	beforeEach(async () => await sandbox.registerCertificate(certificate.toString()));

	function endpoint(): string {
		return `${sandbox.loginUrl}/${sandbox.tenantId}/oauth2/v2.0/token`;
	}

	function assertion(
		changes: Record<string, unknown> = {},
		key: KeyObject = privateKey,
		algorithm: 'RS256' | 'PS256' = 'RS256',
	): string {
		const now = Math.floor(Date.now() / 1000);
		const { clientId } = sandbox.apps.certificate;
		const digest = (name: string) => createHash(name).update(certificate.raw).digest('base64url');
		const header =
			algorithm === 'RS256'
				? { alg: algorithm, typ: 'JWT', x5t: digest('sha1') }
				: { alg: algorithm, typ: 'JWT', 'x5t#S256': digest('sha256') };
		const payload = {
			aud: endpoint(),
			iss: clientId,
			sub: clientId,
			jti: randomUUID(),
			nbf: now,
			exp: now + 600,
			...changes,
		};
		const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
		const text = `${encode(header)}.${encode(payload)}`;
		const signature =
			algorithm === 'RS256'
				? createSign('sha256').update(text).sign(key)
				: sign('sha256', Buffer.from(text), {
						key,
						padding: constants.RSA_PKCS1_PSS_PADDING,
						saltLength: 32,
					});
		return `${text}.${signature.toString('base64url')}`;
	}

	async function redeem(text: string) {
		return await client.requestToken({
			grant_type: 'client_credentials',
			client_id: sandbox.apps.certificate.clientId,
			client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
			client_assertion: text,
			scope: `${sandbox.apiUrl}/.default`,
		});
	}

	test('RS256 with x5t is accepted', async () => {
		expect((await redeem(assertion())).status).toBe(200);
	});

	test('PS256 with x5t#S256 is accepted', async () => {
		expect((await redeem(assertion({}, privateKey, 'PS256'))).status).toBe(200);
	});

	test.each([
		['a foreign key', () => assertion({}, foreignKey), 700027],
		['another audience', () => assertion({ aud: 'https://login.example/token' }), 700023],
		['another issuer', () => assertion({ iss: randomUUID() }), 700021],
		['another subject', () => assertion({ sub: randomUUID() }), 700021],
		[
			'an expired one',
			() => assertion({ nbf: 1, exp: Math.floor(Date.now() / 1000) - 400 }),
			700024,
		],
		['one from the future', () => assertion({ nbf: Math.floor(Date.now() / 1000) + 400 }), 700024],
		['no JWT at all', () => 'garbage', 9002313],
	])('refuses %s', async (_name, make, code) => {
		const { body } = await redeem(make());
		expect(body).toMatchObject({ error_codes: [code] });
		expect(JSON.stringify(body)).not.toContain('"access_token"');
	});

	test('refuses a certificate that is not registered', async () => {
		await sandbox.reset('empty');
		const { status, body } = await redeem(assertion());
		expect(status).toBe(401);
		expect(body).toMatchObject({ error: 'invalid_client', error_codes: [700027] });
		expect(body.error_description).toContain(
			createHash('sha1').update(certificate.raw).digest('hex').toUpperCase(),
		);
	});

	test('may be used again, unless that is switched off', async () => {
		const text = assertion();
		expect((await redeem(text)).status).toBe(200);
		expect((await redeem(text)).status).toBe(200);
		await sandbox.setOptions({ singleUseAssertions: true });
		const once = assertion();
		expect((await redeem(once)).status).toBe(200);
		expect((await redeem(once)).status).toBe(401);
	});
});

describe('sign-in', () => {
	const verifier = 'a-code-verifier-of-at-least-forty-three-characters';
	const redirectUri = 'http://localhost:5678/rest/oauth2-credential/callback';

	function parameters(changes: Record<string, string> = {}): URLSearchParams {
		return new URLSearchParams({
			client_id: sandbox.apps.standard.clientId,
			redirect_uri: redirectUri,
			response_type: 'code',
			scope: `${sandbox.apiUrl}/user_impersonation offline_access`,
			state: 'a "state" & more',
			code_challenge: createHash('sha256').update(verifier).digest('base64url'),
			code_challenge_method: 'S256',
			...changes,
		});
	}

	function authorizeUrl(): string {
		return `${sandbox.loginUrl}/${sandbox.tenantId}/oauth2/v2.0/authorize`;
	}

	async function signIn(decision: 'accept' | 'cancel'): Promise<URL> {
		const body = parameters();
		body.set('decision', decision);
		const { status, headers } = await client.send(
			'POST',
			authorizeUrl(),
			{ 'content-type': 'application/x-www-form-urlencoded' },
			body.toString(),
		);
		expect(status).toBe(302);
		return new URL(headers.location ?? '');
	}

	function codeForm(location: URL, changes: Record<string, string> = {}): Record<string, string> {
		return appOnly({
			grant_type: 'authorization_code',
			code: location.searchParams.get('code') ?? '',
			redirect_uri: redirectUri,
			code_verifier: verifier,
			...changes,
		});
	}

	test('shows a page whose form carries the request along', async () => {
		const { status, text } = await client.send(
			'GET',
			`${authorizeUrl()}?${parameters().toString()}`,
		);
		expect(status).toBe(200);
		expect(text).toContain('Sign in as Avery');
		expect(text).toContain('value="a &#34;state&#34; &#38; more"');
	});

	test('goes back with a code that gives tokens once', async () => {
		const location = await signIn('accept');
		expect(location.origin + location.pathname).toBe(redirectUri);
		expect(location.searchParams.get('state')).toBe('a "state" & more');
		const { status, body } = await client.requestToken(codeForm(location));
		expect(status).toBe(200);
		expect(body.refresh_token).toEqual(expect.any(String));
		expect((await client.requestToken(codeForm(location))).body).toMatchObject({
			error_codes: [54005],
		});
	});

	test('refuses a wrong verifier and a wrong reply address', async () => {
		const location = await signIn('accept');
		const wrong = await client.requestToken(codeForm(location, { code_verifier: 'other' }));
		expect(wrong.body).toMatchObject({ error_codes: [501481] });
		const elsewhere = await client.requestToken(
			codeForm(location, { redirect_uri: 'http://localhost/other' }),
		);
		expect(elsewhere.body).toMatchObject({ error_codes: [500112] });
	});

	test('goes back with an error when the user cancels', async () => {
		const location = await signIn('cancel');
		expect(location.searchParams.get('error')).toBe('access_denied');
		expect(location.searchParams.has('code')).toBe(false);
	});

	test.each([
		['an unknown app', { client_id: randomUUID() }, 'AADSTS700016'],
		[
			'a reply address that is no web address',
			{ redirect_uri: 'javascript:alert(1)' },
			'AADSTS900144',
		],
	])('stays on an error page for %s', async (_name, changes, code) => {
		const { status, text } = await client.send(
			'GET',
			`${authorizeUrl()}?${parameters(changes).toString()}`,
		);
		expect(status).toBe(400);
		expect(text).toContain(code);
	});

	test('stays on an error page for an app without a reply address', async () => {
		const changes = { client_id: sandbox.apps.noReplyAddress.clientId };
		const { text } = await client.send(
			'GET',
			`${authorizeUrl()}?${parameters(changes).toString()}`,
		);
		expect(text).toContain('AADSTS500113');
	});
});

test('the discovery document names the endpoints under the origin that was asked', async () => {
	const origin = sandbox.loginUrl.replace('127.0.0.1', 'localhost');
	const { text } = await client.send(
		'GET',
		`${origin}/${sandbox.tenantDomain}/v2.0/.well-known/openid-configuration`,
	);
	expect(JSON.parse(text)).toMatchObject({
		token_endpoint: `${origin}/${sandbox.tenantDomain}/oauth2/v2.0/token`,
	});
});
