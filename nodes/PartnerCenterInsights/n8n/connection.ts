import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createSecureContext } from 'node:tls';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	IExecuteFunctions,
	IHookFunctions,
	IgnoreStatusErrorConfig,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { readEnvironment, trimmedField } from '../../../credentials/entra/environments';
import { withoutSecrets } from '../../../credentials/entra/refusals';
import { ACCEPTED_ENCODINGS } from '../insights/files/decoding';
import type { FileTransport } from '../insights/files/reportFile';
import type { Outcome, ServiceRequest, Transport } from '../insights/http/transport';
import { withoutDecoding } from './undecodedResponse';

/** The n8n contexts in which the API can be called. */
export type RequestContext =
	IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions | IPollFunctions | IWebhookFunctions;

/** Names of the package's credential types, which are the values of 'Authentication'. */
export const CREDENTIAL_TYPES = [
	'partnerCenterInsightsApi',
	'partnerCenterInsightsOAuth2Api',
] as const;

export type CredentialType = (typeof CREDENTIAL_TYPES)[number];

interface HttpResponse {
	statusCode: number;
	headers: Record<string, unknown>;
	body: unknown;
}

/** What n8n's request helper throws, as far as it is read here. */
interface RequestFailure {
	name?: string;
	message?: string;
	/** Earlier messages that n8n has replaced by words of its own. */
	messages?: string[];
	httpCode?: string | null;
	code?: string;
	transient?: boolean;
	retryAfter?: string;
	cause?: unknown;
	response?: { status?: number; headers?: Record<string, unknown>; data?: unknown };
}

const lowerCase = (headers: Record<string, unknown> = {}): Record<string, string> =>
	Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
	);

/** The error and what caused it, outermost first. */
function causesOf(error: unknown): RequestFailure[] {
	const chain: RequestFailure[] = [];
	let current: unknown = error;
	while (typeof current === 'object' && current !== null && chain.length < 10) {
		const failure: RequestFailure = current;
		chain.push(failure);
		current = failure.cause;
	}
	return chain;
}

/** Names of Node.js and OpenSSL for what ends a connection, as n8n quotes them in its messages. */
const CODE =
	/\b(E(?:CONN|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NET|PROTO|RR_)\w*|\w*(?:CERT|SELF_SIGNED|UNABLE_TO)\w*)\b/;

/**
 * The code of a failed connection. n8n 1.123 drops the cause of an error, but keeps its code in place
 * of the HTTP code, and its words.
 */
function connectionCode(chain: RequestFailure[]): string | undefined {
	const code = chain.find((cause) => typeof cause.code === 'string')?.code;
	if (code !== undefined) return code;
	const said = chain.flatMap(({ httpCode, message, messages }) => [
		httpCode ?? '',
		...(messages ?? []),
		message ?? '',
	]);
	const named = said.map((text) => CODE.exec(text)?.[1]).find((found) => found !== undefined);
	if (named !== undefined) return named;
	if (said.some((text) => /timeout of \d+ ?ms exceeded/i.test(text))) return 'ECONNABORTED';
	return said.some((text) => /socket hang up|aborted/i.test(text)) ? 'ECONNRESET' : undefined;
}

/** n8n's words for an OAuth2 credential in which nobody has signed in yet. */
const NOT_CONNECTED = /credentials? not connected|unable to sign without access token/i;

/** Reads what happened from the error that n8n's helper throws. */
function outcomeOf(error: unknown, host: string): Outcome {
	const chain = causesOf(error);
	const refusal = chain.find(
		({ name }) => name === 'EntraTokenError' || name === 'CredentialFieldError',
	);
	if (refusal) {
		return {
			kind: 'notSent',
			message: refusal.message ?? '',
			transient: refusal.transient === true,
			retryAfter: refusal.retryAfter,
		};
	}
	const response = chain.find((cause) => typeof cause.response?.status === 'number')?.response;
	if (response?.status !== undefined) {
		return {
			kind: 'answer',
			status: response.status,
			headers: lowerCase(response.headers),
			body: response.data,
		};
	}
	const httpCode = chain.find((cause) => /^\d{3}$/.test(cause.httpCode ?? ''))?.httpCode;
	if (httpCode !== undefined) {
		return { kind: 'answer', status: Number(httpCode), headers: {}, body: undefined };
	}
	const code = connectionCode(chain);
	if (code !== undefined) return { kind: 'noAnswer', code, host };
	const said = chain.at(-1)?.message ?? 'The request was not sent';
	return {
		kind: 'notSent',
		message: NOT_CONNECTED.test(said)
			? 'The OAuth2 credential is not connected: open it and press Connect'
			: withoutSecrets(said, []),
		transient: false,
	};
}

/**
 * The context without its stop signal: n8n attaches that to every request of its own accord, and what
 * a stopped execution has created must still be removed.
 */
export function withoutStop(context: IExecuteFunctions): IExecuteFunctions {
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => undefined },
	}) as IExecuteFunctions;
}

/**
 * Fetches download links by n8n's plain request helper: without any credential, and without following
 * redirects. The link stays out of what is returned.
 *
 * @param timeout ms without any data
 */
export function createFileTransport(
	httpRequest: (options: IHttpRequestOptions) => Promise<unknown>,
	timeout: number,
	abortSignal: AbortSignal | undefined,
): FileTransport {
	return async (url) => {
		const { host } = new URL(url);
		const marker = { header: 'x-ms-client-request-id', content: randomUUID() };
		try {
			const { sent: response, encoding } = await withoutDecoding(
				marker,
				async () =>
					await (httpRequest({
						method: 'GET',
						url,
						headers: {
							[marker.header]: marker.content,
							'Accept-Encoding': ACCEPTED_ENCODINGS,
						},
						encoding: 'stream',
						returnFullResponse: true,
						disableFollowRedirect: true,
						ignoreHttpStatusErrors: true,
						timeout,
						abortSignal,
					}) as Promise<HttpResponse & { body: Readable }>),
			);
			stopWhenIdle(response.body, timeout);
			return {
				response: {
					status: response.statusCode,
					headers: {
						...lowerCase(response.headers),
						...(encoding !== undefined && { 'content-encoding': encoding }),
					},
					body: response.body,
				},
			};
		} catch (error) {
			const outcome = outcomeOf(error, host);
			return { code: outcome.kind === 'noAnswer' ? outcome.code : 'REQUEST_NOT_SENT', host };
		}
	};
}

/** Ends a body that brings no data for a while; its reader sees a dropped connection. */
function stopWhenIdle(body: Readable & { setTimeout?: IncomingMessage['setTimeout'] }, ms: number) {
	body.setTimeout?.(ms, () => {
		body.destroy(Object.assign(new Error('No data'), { code: 'ETIMEDOUT' }));
	});
}

/** The credential of one run: read once, its token shared by all requests of the run. */
interface RunCredential {
	apiBaseUrl: string;
	/** Tenant and app: whose quotas count. */
	account: string;
	/** The credential as a request gets it; `takeBack` keeps a newer token that the request brought. */
	lend: () => { lent: ICredentialsDecrypted; takeBack: () => void };
}

function runCredential(type: CredentialType, data: ICredentialDataDecryptedObject): RunCredential {
	return {
		apiBaseUrl: readEnvironment(data).apiBaseUrl,
		account: `${trimmedField(data, 'tenantId')}/${trimmedField(data, 'clientId')}`,
		// A copy for each request: n8n hands the token that was refused to the renewal, and must not
		// find there the one that another request has renewed meanwhile.
		lend: () => {
			const { accessToken } = data;
			const lent: ICredentialsDecrypted = { id: '', name: '', type, data: { ...data } };
			const takeBack = () => {
				const used = lent.data;
				// What was not renewed may be older than what another request has brought meanwhile.
				if (!used?.accessToken || used.accessToken === accessToken) return;
				data.accessToken = used.accessToken;
				if (used.refreshToken) data.refreshToken = used.refreshToken;
			};
			return { lent, takeBack };
		},
	};
}

/**
 * Statuses come as answers, with their headers; but a 401 must fail, or n8n would not renew the token.
 */
const ALL_BUT_401: IgnoreStatusErrorConfig = { ignore: true, except: [401] };

/** Does one thing after the other, in the order of the calls. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
	let last: Promise<unknown> = Promise.resolve();
	return async (work) => {
		const result = last.then(async () => await work());
		last = result.catch(() => undefined);
		return await result;
	};
}

/**
 * Connects the client to n8n: its request helper, the chosen credential and the time limit.
 *
 * @param timeout ms for one request
 * @throws CredentialFieldError when an address in the credential cannot be used
 */
export async function connect(
	context: RequestContext,
	credentialType: CredentialType,
	timeout: number,
	abortSignal: AbortSignal | undefined,
): Promise<{ transport: Transport; apiBaseUrl: string; account: string }> {
	const credential = runCredential(credentialType, await context.getCredentials(credentialType));
	const { apiBaseUrl } = credential;
	const { host } = new URL(apiBaseUrl);
	// n8n resolves and stores OAuth2 tokens itself.
	const lendsToken = credentialType === 'partnerCenterInsightsApi';
	// n8n opens a connection for each request: the authorities are read once for all of them.
	const secureContext = createSecureContext();

	const inTurn = oneAtATime();

	const send = async (request: ServiceRequest): Promise<Outcome> => {
		const options: IHttpRequestOptions = {
			method: request.method,
			baseURL: apiBaseUrl,
			url: request.path,
			headers: request.headers,
			qs: request.query,
			body: request.body,
			encoding: 'text',
			returnFullResponse: true,
			disableFollowRedirect: true,
			sendCredentialsOnCrossOriginRedirect: false,
			timeout,
			abortSignal,
			agentOptions: { secureContext },
		};
		const loan = lendsToken ? credential.lend() : undefined;
		const attempt = async (except?: IgnoreStatusErrorConfig) =>
			(await context.helpers.httpRequestWithAuthentication.call(
				context,
				credentialType,
				{ ...options, ignoreHttpStatusErrors: except },
				loan && { credentialsDecrypted: loan.lent },
			)) as HttpResponse;
		try {
			const first = await attempt(ALL_BUT_401);
			// n8n 1.123 knows no exception and has not seen the 401: it renews the token on an attempt that
			// fails. A refused token has changed nothing, so that any request can be sent again. Nor does it
			// share a user's new token among requests that fail at once: in turn, the second one finds it.
			const again = async () => (lendsToken ? await attempt() : await inTurn(attempt));
			const response = first.statusCode === 401 ? await again() : first;
			return {
				kind: 'answer',
				status: response.statusCode,
				headers: lowerCase(response.headers),
				body: response.body,
			};
		} catch (error) {
			return outcomeOf(error, host);
		} finally {
			loan?.takeBack();
		}
	};
	return { transport: send, apiBaseUrl, account: credential.account };
}
