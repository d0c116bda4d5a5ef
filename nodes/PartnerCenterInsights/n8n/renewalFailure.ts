import {
	brokenOffCode,
	readBody,
	textHeaders,
	unreachable,
} from '../../../credentials/entra/network';
import {
	explainRefusal,
	forOAuth2Credential,
	isPassing,
} from '../../../credentials/entra/refusals';
import { withoutSecrets } from '../../../credentials/entra/secrets';
import { whyNoToken } from '../../../credentials/entra/tokenAnswer';
import type { NotSent } from '../insights/http/transport';

/** What n8n throws where it could not renew a user's token, as far as it is read here. */
export interface RenewalFailure {
	message?: string;
	/** Earlier messages that n8n has replaced by words of its own. */
	messages?: string[];
	/** A status, or a code of the connection in its place. */
	httpCode?: string | null;
	code?: string;
	/** Of an answer that n8n's OAuth2 client could not use. */
	status?: unknown;
	/** What the login authority said: parsed in an `AuthError`, else its text. */
	body?: unknown;
	/** The request that axios sent. */
	config?: { url?: string; baseURL?: string };
	response?: { status?: number; headers?: Record<string, unknown>; data?: unknown };
}

/** n8n failed between the service's refusal of a user's token and sending the request again. */
export class RenewalError extends Error {
	override readonly name = 'RenewalError';

	constructor(
		/** Of the login authority, which was asked for a new one. */
		readonly host: string,
		error: unknown,
	) {
		super('', { cause: error });
	}
}

/** The codes that n8n's OAuth2 client (`@n8n/client-oauth2`) gives its own errors. */
const REFUSED = 'EAUTH';
const UNUSABLE = 'ESTATUS';

/** Its words for an answer that it cannot use. n8n 1.123 keeps no more of it than them and its status. */
const UNUSABLE_WORDS =
	/^(?:HTTP status \d+|Unsupported content type: .*|Expected JSON response from OAuth2 token endpoint .*)$/s;

const notSent = (message: string, transient: boolean, retryAfter?: string): NotSent => ({
	kind: 'notSent',
	message: forOAuth2Credential(message),
	transient,
	retryAfter,
});

/** An answer of the login authority that brings no token. */
function unusable(
	status: number,
	body: unknown,
	headers: Record<string, unknown> | undefined,
	secrets: readonly string[],
): NotSent {
	const answer = { status, headers: textHeaders(headers), body: readBody(body) };
	const { message, transient, retryAfter } = whyNoToken(answer, secrets);
	return notSent(message, transient, retryAfter);
}

/** Where axios sent the request; undefined where that is not known. */
function hostAsked({ url, baseURL }: NonNullable<RenewalFailure['config']>): string | undefined {
	const address = url ?? '';
	return URL.canParse(address, baseURL) ? new URL(address, baseURL).host : undefined;
}

function unusableByWords({
	message,
	messages = [],
	httpCode,
}: RenewalFailure): NotSent | undefined {
	const isUnusable = [...messages, message ?? ''].some((text) => UNUSABLE_WORDS.test(text));
	return isUnusable && /^\d{3}$/.test(httpCode ?? '')
		? unusable(Number(httpCode), undefined, undefined, [])
		: undefined;
}

function failureOf(
	cause: RenewalFailure,
	apiHost: string,
	secrets: readonly string[],
): NotSent | undefined {
	const { code, body, status, config, response, message, httpCode } = cause;
	if (code === REFUSED && typeof body === 'object' && body !== null) {
		return notSent(explainRefusal(undefined, body, secrets), isPassing(body));
	}
	// n8n 1.123 keeps no more of a refusal than words of its own and the code.
	if (httpCode === REFUSED) return notSent(withoutSecrets(message ?? '', secrets), false);
	if (code === UNUSABLE && typeof status === 'number')
		return unusable(status, body, undefined, secrets);
	const host = config && hostAsked(config);
	if (host === undefined || host === apiHost) return unusableByWords(cause);
	const brokenOff = brokenOffCode(cause);
	if (typeof response?.status === 'number' && brokenOff === undefined) {
		return unusable(response.status, response.data, response.headers, secrets);
	}
	const noAnswer = { code: brokenOff ?? code, refusedByN8n: message };
	const { message: said, transient } = unreachable(host, noAnswer, secrets);
	return notSent(said, transient);
}

/** A renewal that got no answer; undefined of a failure that is no renewal's. */
export function unansweredRenewal(
	chain: readonly unknown[],
	code: string | undefined,
): NotSent | undefined {
	const renewal = chain.find((cause) => cause instanceof RenewalError);
	if (renewal === undefined || code === undefined) return undefined;
	const { message, transient } = unreachable(renewal.host, { code, refusedByN8n: undefined });
	return notSent(message, transient);
}

/**
 * What became of the renewal of a user's token, which n8n makes by itself when the service answers 401.
 * Its failure comes in place of the answer, and nothing was done by the request.
 *
 * @param chain the error and what caused it, outermost first
 * @param apiHost the host that the request itself goes to
 * @param secrets of the credential, which must not come back
 * @returns undefined where the failure is none of the renewal's
 */
export function renewalFailure(
	chain: readonly RenewalFailure[],
	apiHost: string,
	secrets: readonly string[],
): NotSent | undefined {
	// The innermost says most: n8n repeats words and codes of it.
	return [...chain]
		.reverse()
		.map((cause) => failureOf(cause, apiHost, secrets))
		.find((failure) => failure !== undefined);
}
