import { createSecureContext } from 'node:tls';
import type {
	ICredentialsDecrypted,
	IgnoreStatusErrorConfig,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { readEnvironment, trimmedField } from '../../../credentials/entra/environments';
import type { Outcome, ServiceRequest, Transport } from '../insights/http/transport';
import { appCredential } from './appCredential';
import type { RequestContext } from './contexts';
import { type HttpResponse, lowerCase, outcomeOf } from './helperFailure';
import { endAfter, withHead } from './responseHead';
import { untilStopped } from './untilStopped';

/** Names of the package's credential types, which are the values of 'Authentication'. */
export const CREDENTIAL_TYPES = [
	'partnerCenterInsightsApi',
	'partnerCenterInsightsOAuth2Api',
] as const;

export type CredentialType = (typeof CREDENTIAL_TYPES)[number];

/**
 * Statuses come as answers, with their headers; but a 401 must fail, or n8n would not renew the token of
 * a user who signed in.
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
	const read = async () => await context.getCredentials(credentialType);
	const credential = await read();
	const { apiBaseUrl } = readEnvironment(credential);
	const { host } = new URL(apiBaseUrl);
	// n8n opens a connection for each request: the authorities are read once for all of them.
	const secureContext = createSecureContext();

	const withApp = appCredential(credentialType, credential, read);
	const inTurn = oneAtATime();

	const send = async (request: ServiceRequest): Promise<Outcome> => {
		const late = new AbortController();
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
			abortSignal,
			agentOptions: { secureContext },
		};
		const attempt = async (
			ignoreHttpStatusErrors: IHttpRequestOptions['ignoreHttpStatusErrors'],
			credentialsDecrypted?: ICredentialsDecrypted,
		) =>
			await withHead(
				marker,
				async () =>
					(await context.helpers.httpRequestWithAuthentication.call(
						context,
						credentialType,
						{ ...options, ignoreHttpStatusErrors },
						credentialsDecrypted && { credentialsDecrypted },
					)) as HttpResponse,
				// The helper's own limit ends with the head of the answer.
				(head) => endAfter(head, timeout, () => late.abort()),
			);
		/** n8n resolves, renews and stores OAuth2 tokens itself. */
		const withUser = async () => {
			const first = await attempt(ALL_BUT_401);
			// n8n 1.123 knows no exception and has not seen the 401: it renews the token on an attempt that
			// fails. A refused token has changed nothing, so that any request can be sent again. Nor does it
			// share a user's new token among requests that fail at once: in turn, the second one finds it.
			return first.statusCode === 401 ? await inTurn(async () => await attempt(false)) : first;
		};
		try {
			const sent =
				credentialType === 'partnerCenterInsightsApi'
					? withApp(async (lent) => await attempt(true, lent))
					: withUser();
			// The signal ends a request, but not the fetch of a token before it, which others wait for, too.
			const response = await untilStopped(sent, abortSignal);
			return {
				kind: 'answer',
				status: response.statusCode,
				headers: lowerCase(response.headers),
				body: response.body,
			};
		} catch (error) {
			return late.signal.aborted
				? { kind: 'noAnswer', code: 'ETIMEDOUT', host }
				: outcomeOf(error, host);
		}
	};
	// Tenant and app: whose quotas count.
	const account = `${trimmedField(credential, 'tenantId')}/${trimmedField(credential, 'clientId')}`;
	return { transport: send, apiBaseUrl, account };
}
