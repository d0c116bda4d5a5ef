import type { ClientRequest, IncomingMessage } from 'node:http';
import { createSecureContext } from 'node:tls';
import type { ICredentialsDecrypted, IHttpRequestOptions } from 'n8n-workflow';
import { type EntraEnvironment, readEnvironment } from '../../../credentials/entra/environments';
import { textHeaders } from '../../../credentials/entra/network';
import { secretsOf } from '../../../credentials/entra/secrets';
import { systemClock } from '../insights/clock';
import { folded } from '../insights/sameText';
import type { NotSent, Outcome, ServiceRequest, Transport } from '../insights/http/transport';
import { appCredential } from './appCredential';
import { type RequestContext, stoppedBy } from './contexts';
import { type HttpResponse, outcomeOf, signInFailure } from './helperFailure';
import { refusedSignIn } from './refusedSignIn';
import { RenewalError } from './renewalFailure';
import { endAfter, withHead } from './responseHead';
import { type Stop, stopAtOnce, stopUntilSent } from './stops';
import { untilStopped } from './untilStopped';
import { type IgnoredStatuses, userCredential } from './userCredential';

/** Name of one of the package's credential types: the values of 'Authentication'. */
export type CredentialType = 'partnerCenterInsightsApi' | 'partnerCenterInsightsOAuth2Api';

/** What is shorter could stand in an answer by chance. */
const SHORTEST_TOKEN = 6;

/** The tokens that requests are sent with, whichever credential they are of: a user's is n8n's own affair. */
function tokensSent() {
	const tokens = new Set<string>();
	return {
		note: (request: ClientRequest): void => {
			const [, token = ''] =
				/^Bearer (\S+)$/i.exec(String(request.getHeader('authorization'))) ?? [];
			if (token.length >= SHORTEST_TOKEN) tokens.add(token);
		},
		/** A proxy or a gateway may repeat what it was sent; an answer of 200 may be a refusal, too. */
		withoutThem: (outcome: Outcome): Outcome => {
			if (outcome.kind !== 'answer' || typeof outcome.body !== 'string') return outcome;
			const body = Array.from(tokens).reduce(
				(rest, token) => rest.replaceAll(token, '…'),
				outcome.body,
			);
			return { ...outcome, body };
		},
	};
}

/** One attempt at a request. An app's credential is lent to it; a user's is n8n's own affair. */
type Attempt = (ignored: IgnoredStatuses, lent?: ICredentialsDecrypted) => Promise<HttpResponse>;

const STOPPED: NotSent = {
	kind: 'notSent',
	message: 'The execution was stopped',
	transient: false,
};

/** Makes attempts at requests by n8n's helper. */
function attemptsBy(
	context: RequestContext,
	credentialType: CredentialType,
	{ apiBaseUrl, authorityHost }: EntraEnvironment,
	timeout: number,
	onSent: (request: ClientRequest) => void,
): (request: ServiceRequest, stop: Stop, onLate: () => void) => Attempt {
	// n8n opens a connection for each request: the authorities are read once for all of them.
	const secureContext = createSecureContext();
	return (request, stop, onLate) => async (ignoreHttpStatusErrors, credentialsDecrypted) => {
		stop.begin();
		const marker = { header: 'ms-requestid', content: request.headers['ms-requestid'] ?? '' };
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
			abortSignal: stop.signal,
			agentOptions: { secureContext },
			ignoreHttpStatusErrors,
		};
		let head: IncomingMessage | undefined;
		return await withHead(
			marker,
			async () =>
				(await context.helpers.httpRequestWithAuthentication.call(
					stoppedBy(context, stop.signal),
					credentialType,
					options,
					credentialsDecrypted && { credentialsDecrypted },
				)) as HttpResponse,
			// The helper's own limit ends with the head of the answer.
			(arrived) => {
				head = arrived;
				endAfter(arrived, timeout, onLate);
			},
			(sent) => {
				head = undefined;
				onSent(sent);
				stop.sent();
			},
		).catch((error: unknown) => {
			// What fails after that, and before the request is sent again, is what n8n asks for a new token.
			const isRefused = head?.statusCode === 401 && head.complete;
			throw isRefused ? new RenewalError(new URL(authorityHost).host, error) : error;
		});
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
	const read = async () => await context.getCredentials(credentialType);
	const credential = await read();
	const environment = readEnvironment(credential);
	const { apiBaseUrl } = environment;
	const { host } = new URL(apiBaseUrl);
	const { note, withoutThem } = tokensSent();
	const attemptOf = attemptsBy(context, credentialType, environment, timeout, note);

	const secrets = secretsOf(credential);
	const outcome = (error: unknown) => outcomeOf(error, host, secrets);
	const signIn = refusedSignIn((error) => signInFailure(error, host, secrets));
	const withApp = appCredential(credentialType, credential, read, signIn);
	const withUser = userCredential(read, signIn, outcome, systemClock(abortSignal));
	const withCredential = async (attempt: Attempt): Promise<HttpResponse> =>
		credentialType === 'partnerCenterInsightsApi'
			? await withApp(async (lent) => await attempt(true, lent))
			: await withUser(attempt);

	const transport: Transport = async (request) => {
		if (abortSignal?.aborted) return STOPPED;
		const late = new AbortController();
		const isCreate = request.method === 'POST';
		const stop = isCreate ? stopUntilSent(abortSignal) : stopAtOnce(abortSignal);
		try {
			// The signal ends a request, but not the fetch of a token before it, which others wait for, too.
			const sent = withCredential(attemptOf(request, stop, () => late.abort()));
			const response = await untilStopped(sent, stop.signal);
			return withoutThem({
				kind: 'answer',
				status: response.statusCode,
				headers: textHeaders(response.headers),
				body: response.body,
			});
		} catch (error) {
			if (stop.signal?.aborted && !stop.mayHaveArrived()) return STOPPED;
			return late.signal.aborted
				? { kind: 'noAnswer', code: 'ETIMEDOUT', host }
				: withoutThem(outcome(error));
		} finally {
			stop.leave();
		}
	};
	// Tenant and app: whose quotas count, however they are written.
	const account = ['tenantId', 'clientId'].map((name) => folded(credential[name])).join('/');
	return { transport, apiBaseUrl, account };
}
