import { createSecureContext } from 'node:tls';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	IDataObject,
	IgnoreStatusErrorConfig,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { readEnvironment, trimmedField } from '../../../credentials/entra/environments';
import type { Outcome, ServiceRequest, Transport } from '../insights/http/transport';
import type { RequestContext } from './contexts';
import { type HttpResponse, lowerCase, outcomeOf } from './helperFailure';

/** Names of the package's credential types, which are the values of 'Authentication'. */
export const CREDENTIAL_TYPES = [
	'partnerCenterInsightsApi',
	'partnerCenterInsightsOAuth2Api',
] as const;

export type CredentialType = (typeof CREDENTIAL_TYPES)[number];

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
			body: request.body as IDataObject | undefined,
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
