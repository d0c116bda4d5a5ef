import { textHeaders } from '../../../credentials/entra/network';
import { withoutSecrets } from '../../../credentials/entra/secrets';
import { isDroppedConnection } from '../insights/http/retry';
import type { NotSent, Outcome } from '../insights/http/transport';
import { type RenewalFailure, renewalFailure, unansweredRenewal } from './renewalFailure';

/** A full response of the request helper. */
export interface HttpResponse {
	statusCode: number;
	headers: Record<string, unknown>;
	body: unknown;
}

/** What n8n's request helper throws, as far as it is read here. */
interface RequestFailure extends RenewalFailure {
	name?: string;
	transient?: boolean;
	retryAfter?: string;
	cause?: unknown;
}

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

/** Axios's codes of an answer whose status is an error; it uses the second one for a cut body too. */
const STATUS_CODES = new Set(['ERR_BAD_REQUEST', 'ERR_BAD_RESPONSE']);

/** The code of an answer that broke off; axios names most of them by a code of its own. */
function brokenCode(chain: RequestFailure[]): string {
	const code = connectionCode(chain);
	return code !== undefined && !STATUS_CODES.has(code) && isDroppedConnection(code)
		? code
		: 'ECONNRESET';
}

/** n8n's words for an OAuth2 credential in which nobody has signed in yet. */
const NOT_CONNECTED = /credentials? not connected|unable to sign without access token/i;

/** Whether an answer began to arrive and broke off inside its body. */
function isBrokenOff(chain: RequestFailure[], status: number): boolean {
	// Nothing else can fail about an answer that is no refusal: redirects are answers here.
	if (status < 400) return true;
	const said = chain.flatMap(({ message, messages }) => [...(messages ?? []), message ?? '']);
	return (
		chain.some(
			({ code }) => code !== undefined && !STATUS_CODES.has(code) && isDroppedConnection(code),
		) || said.some((text) => /\baborted\b|socket hang up|premature close/i.test(text))
	);
}

const responseIn = (chain: RequestFailure[]): RequestFailure['response'] =>
	chain.find((cause) => typeof cause.response?.status === 'number')?.response;

/** The status of the answer; undefined where there was none. */
function statusIn(chain: RequestFailure[]): number | undefined {
	const httpCode = chain.find((cause) => /^\d{3}$/.test(cause.httpCode ?? ''))?.httpCode;
	return responseIn(chain)?.status ?? (httpCode === undefined ? undefined : Number(httpCode));
}

/** n8n's words in place of an `invalid_grant` of a user's renewal, of which it keeps nothing. */
const TO_BE_RECONNECTED = /\bneeds to be reconnected\b/;

/**
 * Why there is no token to send a request with.
 *
 * @param host the host that the request itself goes to
 * @param secrets of the credential, which must not come back
 * @returns undefined where the error is about something else
 */
export function signInFailure(
	error: unknown,
	host: string,
	secrets: readonly string[] = [],
): NotSent | undefined {
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
	const ended = chain.find(({ message }) => TO_BE_RECONNECTED.test(message ?? ''))?.message;
	if (ended !== undefined) return { kind: 'notSent', message: ended, transient: false };
	return (
		renewalFailure(chain, host, secrets) ??
		(statusIn(chain) === undefined ? unansweredRenewal(chain, connectionCode(chain)) : undefined)
	);
}

/**
 * Reads what happened from the error that n8n's helper throws.
 *
 * @param secrets of the credential, which must not come back
 */
export function outcomeOf(error: unknown, host: string, secrets: readonly string[] = []): Outcome {
	const refused = signInFailure(error, host, secrets);
	if (refused) return refused;
	const chain = causesOf(error);
	const response = responseIn(chain);
	const status = statusIn(chain);
	if (status !== undefined && !isBrokenOff(chain, status)) {
		return {
			kind: 'answer',
			status,
			headers: textHeaders(response?.headers),
			body: response?.data,
		};
	}
	const code = status === undefined ? connectionCode(chain) : brokenCode(chain);
	if (code !== undefined) return { kind: 'noAnswer', code, host };
	const said = chain.at(-1)?.message ?? 'The request was not sent';
	return {
		kind: 'notSent',
		message: NOT_CONNECTED.test(said)
			? 'The OAuth2 credential is not connected: open it and press Connect'
			: withoutSecrets(said, secrets),
		transient: false,
	};
}
