import { createHash } from 'node:crypto';

import type { SandboxSettings } from '../protocol';
import type { Tokens } from '../tokens';
import { authenticateClient } from './clientAuthentication';
import { type AppRegistration, avery, type Directory, seededApps } from './directory';
import { tenantId } from './tenant';
import { EntraError } from './errors';
import { appPermissions, userPermissions } from './permissions';
import { checkResource, globalResource, readScope, type RequestedScope } from './resource';

export interface TokenEndpointParts {
	directory: Directory;
	tokens: Tokens;
	settings: SandboxSettings;
	apiUrl: () => string;
	now: () => number;
}

/** A request to the token endpoint: the tenant as it was sent, the origin it was sent to. */
export interface TokenRequest {
	tenant: string;
	origin: string;
	/** In the words of v2, whatever came: `scope`, not `resource`. */
	form: URLSearchParams;
	/** The older endpoint also takes a user's name and password. */
	version: 'v1' | 'v2';
}

/** The path of a token endpoint below its tenant. */
export const tokenPaths = { v1: 'oauth2/token', v2: 'oauth2/v2.0/token' } as const;

/**
 * Answers one token request as Entra's v2 endpoint does.
 * @throws EntraError for each refusal
 */
export async function answerTokenRequest(
	request: TokenRequest,
	parts: TokenEndpointParts,
): Promise<Record<string, unknown>> {
	const { form, tenant, origin, version } = request;
	const { directory } = parts;
	const grantType = form.get('grant_type');
	if (!grantType) throw new EntraError(900144, { parameter: 'grant_type' });
	const appOnly = grantType === 'client_credentials';
	if (!directory.knowsTenant(tenant, true)) throw new EntraError(90002, { tenant });
	if (!directory.knowsTenant(tenant, !appOnly)) throw new EntraError(50059);
	const audiences = [tenant, tenantId].map((name) => `${origin}/${name}/${tokenPaths[version]}`);
	const app = await authenticateClient(form, directory, parts.settings, audiences);
	switch (grantType) {
		case 'client_credentials':
			return await redeemClientCredentials(app, form, parts);
		case 'refresh_token':
			return await redeemRefreshToken(app, form, parts);
		case 'authorization_code':
			return await redeemCode(app, form, parts);
		case 'password':
			if (version === 'v1') return await redeemPassword(app, form, parts);
			throw new EntraError(70003, { grantType });
		default:
			throw new EntraError(70003, { grantType });
	}
}

async function redeemClientCredentials(
	app: AppRegistration,
	form: URLSearchParams,
	{ tokens, settings, apiUrl }: TokenEndpointParts,
): Promise<Record<string, unknown>> {
	const scope = form.get('scope');
	if (!scope) throw new EntraError(900144, { parameter: 'scope' });
	const requested = readScope(scope);
	if (requested?.permission !== '.default') throw new EntraError(1002012, { scope });
	checkResource(requested.resource, apiUrl());
	refuseWithoutConsent(app);
	return {
		token_type: 'Bearer',
		expires_in: settings.tokenLifetimeSeconds,
		ext_expires_in: settings.tokenLifetimeSeconds,
		access_token: await tokens.issueAccessToken(
			requested.resource,
			tenantId,
			app.clientId,
			settings.tokenLifetimeSeconds,
			appPermissions(app.hasRole),
		),
	};
}

async function redeemRefreshToken(
	app: AppRegistration,
	form: URLSearchParams,
	parts: TokenEndpointParts,
): Promise<Record<string, unknown>> {
	const text = form.get('refresh_token');
	if (!text) throw new EntraError(900144, { parameter: 'refresh_token' });
	const token = parts.directory.refreshToken(text);
	if (!token) throw new EntraError(9002313);
	if (token.refusal) throw new EntraError(token.refusal);
	if (parts.directory.isInactive(token)) throw new EntraError(700082);
	if (token.clientId && token.clientId !== app.clientId) throw new EntraError(70000);
	if (parts.settings.singleUseRefreshTokens && token.redeemed) throw new EntraError(70000);
	const scope = form.get('scope') ?? '';
	const withoutMfa = token.withoutMfa ?? false;
	const answer = await userTokens(app, { scope, withoutMfa }, form, parts);
	token.redeemed = true;
	const { refreshTokensUnasked, redeemingProlongsRefreshTokens } = parts.settings;
	if (redeemingProlongsRefreshTokens) token.aliveSince = parts.now();
	if (!refreshTokensUnasked && !scope.split(/\s+/).includes('offline_access')) return answer;
	return { ...answer, refresh_token: parts.directory.issueRefreshToken(app.clientId, withoutMfa) };
}

/** A sign-in by name and password has no second factor, and always brings a refresh token. */
async function redeemPassword(
	app: AppRegistration,
	form: URLSearchParams,
	parts: TokenEndpointParts,
): Promise<Record<string, unknown>> {
	const { user } = seededApps;
	const known = form.get('username')?.toLowerCase() === user.userName.toLowerCase();
	if (!known || form.get('password') !== user.password) throw new EntraError(50126);
	const scope = form.get('scope') ?? '';
	const answer = await userTokens(app, { scope, withoutMfa: true }, form, parts);
	return { ...answer, refresh_token: parts.directory.issueRefreshToken(app.clientId, true) };
}

async function redeemCode(
	app: AppRegistration,
	form: URLSearchParams,
	parts: TokenEndpointParts,
): Promise<Record<string, unknown>> {
	const text = form.get('code');
	if (!text) throw new EntraError(900144, { parameter: 'code' });
	if (!app.hasReplyAddress) throw new EntraError(500113);
	const code = parts.directory.code(text);
	if (!code || code.clientId !== app.clientId) throw new EntraError(9002313);
	if (code.redeemed) throw new EntraError(54005);
	if (code.expires < parts.now()) throw new EntraError(70008);
	if (form.get('redirect_uri') !== code.redirectUri) throw new EntraError(500112);
	if (code.codeChallenge && !verifierFits(form.get('code_verifier') ?? '', code.codeChallenge)) {
		throw new EntraError(501481);
	}
	code.redeemed = true;
	const { scope, nonce } = code;
	const answer = await userTokens(app, { scope, nonce, withoutMfa: false }, form, parts);
	const wantsRefreshToken = readScope(code.scope)?.wantsRefreshToken;
	return wantsRefreshToken
		? { ...answer, refresh_token: parts.directory.issueRefreshToken(app.clientId) }
		: answer;
}

function verifierFits(verifier: string, challenge: { value: string; method: string }): boolean {
	const transformed =
		challenge.method.toUpperCase() === 'S256'
			? createHash('sha256').update(verifier).digest('base64url')
			: verifier;
	return transformed === challenge.value;
}

/** Access token (and ID token, if asked for) of the sandbox's one user. */
async function userTokens(
	app: AppRegistration,
	{ scope, nonce, withoutMfa }: { scope: string; nonce?: string; withoutMfa: boolean },
	form: URLSearchParams,
	{ tokens, settings, apiUrl, now }: TokenEndpointParts,
): Promise<Record<string, unknown>> {
	const requested: RequestedScope = readScope(scope) ?? {
		resource: globalResource,
		permission: 'user_impersonation',
		wantsRefreshToken: true,
		wantsIdToken: scope.includes('openid'),
	};
	checkResource(requested.resource, apiUrl());
	refuseWithoutConsent(app);
	if (!['.default', 'user_impersonation'].includes(requested.permission)) {
		throw new EntraError(70011, { scope });
	}
	const lifetime = settings.tokenLifetimeSeconds;
	const answer: Record<string, unknown> = {
		token_type: 'Bearer',
		scope: `${requested.resource}/user_impersonation`,
		expires_in: lifetime,
		ext_expires_in: lifetime,
		access_token: await tokens.issueAccessToken(
			requested.resource,
			tenantId,
			app.clientId,
			lifetime,
			userPermissions(!withoutMfa),
		),
	};
	if (requested.wantsIdToken) {
		const issuedAt = Math.floor(now() / 1000);
		answer.id_token = await tokens.sign({
			aud: app.clientId,
			iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
			iat: issuedAt,
			nbf: issuedAt,
			exp: issuedAt + lifetime,
			sub: avery.objectId,
			oid: avery.objectId,
			tid: tenantId,
			name: avery.displayName,
			preferred_username: avery.userName,
			ver: '2.0',
			...(nonce ? { nonce } : {}),
		});
	}
	if (form.get('client_info') === '1') {
		answer.client_info = Buffer.from(
			JSON.stringify({ uid: avery.objectId, utid: tenantId }),
		).toString('base64url');
	}
	return answer;
}

function refuseWithoutConsent(app: AppRegistration): void {
	if (!app.consented) {
		throw new EntraError(65001, { clientId: app.clientId, appName: app.displayName });
	}
}
