import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import type { IDataObject, IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';
import {
	isDroppedConnection,
	isUntrusted,
} from '../../nodes/PartnerCenterInsights/insights/http/retry';
import { trimmed } from '../../nodes/PartnerCenterInsights/insights/sameText';
import { withoutSecrets } from './secrets';

/** n8n's request helper as a credential gets it: it honours proxies, custom CAs and egress rules. */
export type HttpRequest = IHttpRequestHelper['helpers']['httpRequest'];

/** A raw answer of the login authority. `body` is undefined where it says nothing. */
export interface EntraAnswer {
	status: number;
	headers: Record<string, string>;
	body: IDataObject | undefined;
}

/** The login authority could not be asked: no answer, or one that is not to be followed. */
export class EntraUnreachableError extends Error {
	override readonly name = 'EntraUnreachableError';

	constructor(
		message: string,
		/** Whether the same request may succeed in a while. */
		readonly transient: boolean,
	) {
		super(message);
	}
}

/** How long one token request may take, in ms. */
const TOKEN_TIMEOUT = 30_000;

interface HttpFailure {
	code?: string;
	response?: { status?: number; headers?: Record<string, unknown>; data?: unknown };
}

/** The request got no answer: what the network said, or why n8n did not let it out. */
export interface NoAnswer {
	code: string | undefined;
	refusedByN8n: string | undefined;
}

/**
 * The code of an answer that broke off inside its body; undefined where all of it came. n8n's helper
 * throws a 2xx for nothing else, and names most breaks by a code that it has for whole answers, too.
 */
export function brokenOffCode({ code, response }: HttpFailure): string | undefined {
	if (response?.status === undefined) return undefined;
	const isWhole = response.status >= 300 && response.data !== undefined && response.data !== null;
	if (isWhole) return undefined;
	return code !== undefined && code !== 'ERR_BAD_RESPONSE' && isDroppedConnection(code)
		? code
		: 'ECONNRESET';
}

/** Of a token, in seconds. Nobody goes by it: a token is used until the service refuses it. */
const USUAL_LIFETIME = 3_599;

/** Why the login authority could not be asked for a token. */
export function unreachable(
	host: string,
	{ code, refusedByN8n }: NoAnswer,
	secrets: readonly string[] = [],
): EntraUnreachableError {
	if (code === undefined) {
		return new EntraUnreachableError(
			`n8n did not send the token request to ${host}: ${withoutSecrets(refusedByN8n ?? 'no reason given', secrets)}`,
			false,
		);
	}
	if (isUntrusted(code)) {
		return new EntraUnreachableError(
			`n8n does not trust the certificate of the login authority ${host} (${code}). Where a proxy inspects TLS, give its CA to n8n with NODE_EXTRA_CA_CERTS.`,
			false,
		);
	}
	return new EntraUnreachableError(
		`The login authority ${host} cannot be reached (${code}). Check the network, the proxy and 'Environment'.`,
		true,
	);
}

const isObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text.replace(/^\uFEFF/, ''));
	} catch {
		return undefined;
	}
};

/** What a page or a plain text says with one of Entra's codes, up to the next mark-up. */
const SAID_WITH_CODE = /AADSTS\d{4,9}[^<]*/i;

/**
 * What a body says: its JSON object, or the first one of a list. What is no JSON says something where
 * one of Entra's codes is in it; undefined where it does not.
 */
export function readBody(body: unknown): IDataObject | undefined {
	const json = typeof body === 'string' ? parsed(body) : body;
	const object = [json].flat().find(isObject);
	if (object !== undefined || typeof body !== 'string') return object;
	const [said] = SAID_WITH_CODE.exec(typeof json === 'string' ? json : body) ?? [];
	return said === undefined ? undefined : { error_description: said };
}

/** Header names in lower case. */
export function textHeaders(headers: Record<string, unknown> = {}): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
	);
}

/** A token of an answer, as a credential is read; empty where there is none. */
export function tokenIn(body: IDataObject, name: 'access_token' | 'refresh_token'): string {
	const token = body[name];
	return typeof token === 'string' ? trimmed(token) : '';
}

/** Whether an answer carries a token, whatever else it says: a rotated refresh token came with it. */
const carriesToken = (status: number, body: IDataObject): boolean =>
	status < 300 && tokenIn(body, 'access_token') !== '';

/**
 * What MSAL is handed of an answer. It looks into more of one that carries tokens than is wanted of it,
 * such as who signed in, and throws all of it away, with its rotated refresh token, where it cannot make
 * sense of that.
 */
function forMsal({ status, body = {} }: EntraAnswer): IDataObject {
	return carriesToken(status, body)
		? {
				token_type: 'Bearer',
				access_token: tokenIn(body, 'access_token'),
				expires_in: USUAL_LIFETIME,
			}
		: { ...body, access_token: undefined };
}

/**
 * MSAL's HTTP over n8n's request helper.
 *
 * MSAL leaves out of its result what the credential needs (a rotated refresh token, the error body as
 * Entra sent it), so the last answer is kept here.
 */
export class N8nNetworkModule implements INetworkModule {
	lastAnswer: EntraAnswer | undefined;

	/** MSAL puts an error of its own in place of this one. */
	failure: EntraUnreachableError | undefined;

	constructor(private readonly httpRequest: HttpRequest) {}

	async sendGetRequestAsync<T>(
		url: string,
		options?: NetworkRequestOptions,
	): Promise<NetworkResponse<T>> {
		return await this.send<T>({ method: 'GET', url, headers: options?.headers });
	}

	async sendPostRequestAsync<T>(
		url: string,
		options?: NetworkRequestOptions,
	): Promise<NetworkResponse<T>> {
		return await this.send<T>({
			method: 'POST',
			url,
			headers: options?.headers,
			body: options?.body,
		});
	}

	private async send<T>(request: IHttpRequestOptions): Promise<NetworkResponse<T>> {
		this.lastAnswer = undefined;
		const answer = await this.request(request);
		const { host } = new URL(request.url);
		if (!('status' in answer)) {
			this.failure = unreachable(host, answer);
			throw this.failure;
		}
		if (answer.status >= 300 && answer.status < 400) {
			this.failure = new EntraUnreachableError(
				`The login authority ${host} answered with a redirect, which is not followed because the request carries the app's proof. Check 'Environment' and the proxy.`,
				false,
			);
			throw this.failure;
		}
		this.lastAnswer = answer;
		return { status: answer.status, headers: answer.headers, body: forMsal(answer) as T };
	}

	private async request(request: IHttpRequestOptions): Promise<EntraAnswer | NoAnswer> {
		try {
			const response = (await this.httpRequest({
				...request,
				encoding: 'text',
				returnFullResponse: true,
				// A redirect would hand the client secret to another host.
				disableFollowRedirect: true,
				timeout: TOKEN_TIMEOUT,
				// The helper's own limit ends with the head of the answer, which may trickle from there.
				abortSignal: AbortSignal.timeout(TOKEN_TIMEOUT),
			})) as { statusCode: number; headers: Record<string, unknown>; body: unknown };
			return {
				status: response.statusCode,
				headers: textHeaders(response.headers),
				body: readBody(response.body),
			};
		} catch (error) {
			const failure = error as HttpFailure;
			const { code: said, response } = failure;
			const brokenOff = brokenOffCode(failure);
			if (response?.status === undefined || brokenOff !== undefined) {
				const code = said === 'ERR_CANCELED' ? 'ETIMEDOUT' : (brokenOff ?? said);
				// The error holds the request with its secret: only its code leaves this place, or n8n's
				// own words where n8n did not let the request out.
				return { code, refusedByN8n: code ? undefined : (error as Error).message };
			}
			return {
				status: response.status,
				headers: textHeaders(response.headers),
				body: readBody(response.data),
			};
		}
	}
}
