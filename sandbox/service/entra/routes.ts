import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Clock } from '../clock';
import type { HttpsListener } from '../listener';
import type { Fault } from '../protocol';
import { applyBasicCredentials } from './clientAuthentication';
import type { Directory } from './directory';
import { tenantId } from './tenant';
import { EntraError, type EntraErrorDetails, entraErrorAnswer } from './errors';
import { signInErrorPage, signInPage } from './signInPage';
import { answerTokenRequest, type TokenEndpointParts, tokenPaths } from './tokenEndpoint';
import { fromV1, toV1 } from './tokenEndpointV1';

export interface EntraParts extends Omit<TokenEndpointParts, 'now'> {
	clock: Clock;
}

interface TenantRoute {
	Params: { tenant: string };
}

/** Adds Entra's v2 endpoints, and the token endpoint of v1, to the login listener. */
export function addEntraRoutes(app: HttpsListener, parts: EntraParts): void {
	const { directory, tokens, clock } = parts;

	for (const version of ['v1', 'v2'] as const) {
		app.post<TenantRoute>(`/:tenant/${tokenPaths[version]}`, async (request, reply) => {
			const sent = new URLSearchParams(bodyText(request));
			noStore(reply);
			applyBasicCredentials(sent, request.headers.authorization ?? '');
			try {
				const form = version === 'v1' ? fromV1(sent) : sent;
				const answer = await answerTokenRequest(
					{ tenant: request.params.tenant, origin: originOf(request), form, version },
					{ ...parts, now: () => clock.now() },
				);
				return await reply.send(version === 'v1' ? toV1(answer, form, clock.now()) : answer);
			} catch (error) {
				if (!(error instanceof EntraError)) throw error;
				return await sendEntraError(error.code, error.details, clock, request, reply, sent);
			}
		});
	}

	app.get<TenantRoute>('/:tenant/oauth2/v2.0/authorize', async (request, reply) => {
		const parameters = searchOf(request);
		return await withCheckedRequest(parts, request, reply, parameters, (appName) =>
			reply.type('text/html; charset=utf-8').send(signInPage(appName, parameters)),
		);
	});

	app.post<TenantRoute>('/:tenant/oauth2/v2.0/authorize', async (request, reply) => {
		const parameters = new URLSearchParams(bodyText(request));
		return await withCheckedRequest(parts, request, reply, parameters, () =>
			reply.redirect(redirectTarget(parameters, directory), 302),
		);
	});

	app.get<TenantRoute>('/:tenant/v2.0/.well-known/openid-configuration', async (request, reply) => {
		const { tenant } = request.params;
		if (!directory.knowsTenant(tenant, true)) {
			return await sendEntraError(90002, { tenant }, clock, request, reply);
		}
		return await reply.send(openIdConfiguration(originOf(request), tenant));
	});

	app.get<TenantRoute>('/:tenant/discovery/v2.0/keys', async () => tokens.keys());

	app.get('/common/discovery/instance', async (request, reply) => {
		const origin = originOf(request);
		const { host } = new URL(origin);
		return await reply.send({
			tenant_discovery_endpoint: `${origin}/${tenantId}/v2.0/.well-known/openid-configuration`,
			'api-version': '1.1',
			metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
		});
	});
}

/** How Entra words the faults that are its own; false for all others. */
export function answerEntraFault(clock: Clock) {
	return (fault: Fault, request: FastifyRequest, reply: FastifyReply): boolean => {
		if (fault.kind !== 'aadsts') return false;
		const form = new URLSearchParams(bodyText(request));
		const clientId = form.get('client_id') ?? '';
		const [, tenant = ''] = request.url.split('/');
		const details = { clientId, tenant, appName: 'Insights' };
		void sendEntraError(fault.code, details, clock, request, reply, form);
		return true;
	};
}

function sendEntraError(
	code: number,
	details: EntraErrorDetails,
	clock: Clock,
	request: FastifyRequest,
	reply: FastifyReply,
	form?: URLSearchParams,
): FastifyReply {
	const sent = request.headers['client-request-id'] ?? form?.get('client-request-id');
	const correlationId = typeof sent === 'string' && sent ? sent : undefined;
	const answer = entraErrorAnswer(code, details, clock, correlationId, originOf(request));
	return reply.code(answer.status).send(answer.body);
}

/** Checks an authorization request as far as Entra does before it shows anything. */
async function withCheckedRequest(
	{ directory, clock }: EntraParts,
	request: FastifyRequest<TenantRoute>,
	reply: FastifyReply,
	parameters: URLSearchParams,
	proceed: (appName: string) => FastifyReply,
): Promise<FastifyReply> {
	const { tenant } = request.params;
	const clientId = parameters.get('client_id') ?? '';
	const app = directory.app(clientId);
	const fail = async (code: number) => {
		const { body } = entraErrorAnswer(
			code,
			{ tenant, clientId, parameter: 'redirect_uri' },
			clock,
			undefined,
			originOf(request),
		);
		return await reply
			.code(400)
			.type('text/html; charset=utf-8')
			.send(signInErrorPage(String(body.error_description)));
	};
	if (!directory.knowsTenant(tenant, true)) return await fail(90002);
	if (!app) return await fail(700016);
	if (!app.hasReplyAddress) return await fail(500113);
	if (!/^https?:\/\//i.test(parameters.get('redirect_uri') ?? '')) return await fail(900144);
	if (parameters.get('response_type') !== 'code') return await fail(9002313);
	return await proceed(app.displayName);
}

function redirectTarget(parameters: URLSearchParams, directory: Directory): string {
	const redirectUri = parameters.get('redirect_uri') ?? '';
	const target = new URL(redirectUri);
	if (parameters.get('decision') === 'accept') {
		const challenge = parameters.get('code_challenge');
		const nonce = parameters.get('nonce');
		target.searchParams.set(
			'code',
			directory.issueCode({
				clientId: (parameters.get('client_id') ?? '').toLowerCase(),
				redirectUri,
				scope: parameters.get('scope') ?? '',
				...(challenge
					? {
							codeChallenge: {
								value: challenge,
								method: parameters.get('code_challenge_method') ?? 'plain',
							},
						}
					: {}),
				...(nonce ? { nonce } : {}),
			}),
		);
	} else {
		target.searchParams.set('error', 'access_denied');
		target.searchParams.set(
			'error_description',
			'AADSTS65004: User declined to consent to access the app.',
		);
	}
	const state = parameters.get('state');
	if (state !== null) target.searchParams.set('state', state);
	return target.toString();
}

function openIdConfiguration(origin: string, tenant: string): Record<string, unknown> {
	const base = `${origin}/${tenant}`;
	return {
		token_endpoint: `${base}/oauth2/v2.0/token`,
		token_endpoint_auth_methods_supported: [
			'client_secret_post',
			'private_key_jwt',
			'client_secret_basic',
		],
		jwks_uri: `${base}/discovery/v2.0/keys`,
		response_modes_supported: ['query'],
		subject_types_supported: ['pairwise'],
		id_token_signing_alg_values_supported: ['RS256'],
		response_types_supported: ['code'],
		scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
		issuer: `${origin}/${tenantId}/v2.0`,
		request_uri_parameter_supported: false,
		authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
		end_session_endpoint: `${base}/oauth2/v2.0/logout`,
		claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'preferred_username', 'name'],
		tenant_region_scope: 'EU',
	};
}

function noStore(reply: FastifyReply): void {
	void reply.header('cache-control', 'no-store, no-cache').header('pragma', 'no-cache');
}

function bodyText(request: FastifyRequest): string {
	return typeof request.body === 'string' ? request.body : '';
}

function searchOf(request: FastifyRequest): URLSearchParams {
	return new URL(request.url, originOf(request)).searchParams;
}

/** The origin that the client used: it may reach the sandbox under another name. */
function originOf(request: FastifyRequest): string {
	return `https://${request.headers.host ?? 'localhost'}`;
}
