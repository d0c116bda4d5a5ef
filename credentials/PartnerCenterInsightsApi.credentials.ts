import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';
import { type AcquiredToken, fetchToken } from './entra/acquireToken';
import {
	CredentialFieldError,
	ENVIRONMENTS,
	readEnvironment,
	trimmedField,
} from './entra/environments';
import { trimmedText } from './entra/expressions';
import {
	certificateProperties,
	clientCredentialType,
	clientId,
	clientSecret,
	environmentProperties,
	programNotices,
} from './entra/properties';
import { noteFailure, storedNow } from './entra/storedCredential';
import {
	heldToken,
	newerToken,
	REFUSED_TOKEN,
	refusedTokenOf,
	shareToken,
	signsInAlike,
} from './entra/tokenSharing';
import { settle, type Settled } from '../nodes/PartnerCenterInsights/insights/settle';

/** Where a request goes: its own address, or the one relative to its base. Older helpers say `uri`. */
function requestOrigin(request: IHttpRequestOptions & { uri?: string }): string {
	return new URL(request.uri ?? request.url, request.baseURL).origin;
}

/** How often at most a token is fetched for one caller, where the credential is changed again and again. */
const MOST_FETCHES = 3;

/** Whether a fetch has brought all that the credential can have, as it is stored by now. */
function isDone(
	fetched: Settled<AcquiredToken>,
	stored: ICredentialDataDecryptedObject,
	asked: ICredentialDataDecryptedObject,
	refused: string,
): boolean {
	return 'error' in fetched
		? signsInAlike(stored, asked) && newerToken(stored, refused) === undefined
		: heldToken({ ...stored, accessToken: fetched.value.accessToken }) !== '';
}

/** JavaScript that yields a list field of the credential under test, in any case. */
const tested = (name: string): string => `${trimmedText(`$credentials.${name}`)}.toLowerCase()`;

/** Takes back what a node asked for in order not to verify certificates: 'Ignore SSL Issues'. */
function verified(request: IHttpRequestOptions & { rejectUnauthorized?: boolean }) {
	return {
		...(request.skipSslCertificateValidation === true && { skipSslCertificateValidation: false }),
		// So it is called where the HTTP Request node sends requests by the older helper.
		...(request.rejectUnauthorized === false && { rejectUnauthorized: true }),
		...(request.agentOptions?.rejectUnauthorized === false && {
			agentOptions: { ...request.agentOptions, rejectUnauthorized: true },
		}),
	};
}

/**
 * Azure AD (Microsoft Entra) app settings for Partner Center Insights. The token is fetched by MSAL,
 * kept in the credential and renewed when the service answers 401.
 */
export class PartnerCenterInsightsApi implements ICredentialType {
	name = 'partnerCenterInsightsApi';

	displayName = 'Partner Center Insights API';

	icon: Icon = {
		light: 'file:../nodes/PartnerCenterInsights/partnerCenterInsights.svg',
		dark: 'file:../nodes/PartnerCenterInsights/partnerCenterInsights.dark.svg',
	};

	// The rule is for n8n's own credentials ("Only applicable to nodes in the main repository"), whose pages
	// have one-word names. Its plugin's next rule wants an address here.
	// eslint-disable-next-line n8n-nodes-base/cred-class-field-documentation-url-miscased
	documentationUrl =
		'https://github.com/n8n-nodes-partner-center-insights/n8n-nodes-partner-center-insights#credentials';

	// In the order that n8n gives the OAuth2 credential, whose first fields are its parent's.
	properties: INodeProperties[] = [
		{
			displayName: 'Sign In As',
			name: 'grantType',
			type: 'options',
			options: [
				{
					name: 'App',
					value: 'clientCredentials',
					description: 'The app alone: what Microsoft asks for on the cmp program',
				},
				{
					name: 'App and User (Refresh Token)',
					value: 'refreshToken',
					description:
						'The app for a user who signed in with MFA (Secure Application Model): what Microsoft asks for on the mpn program',
				},
			],
			default: 'clientCredentials',
			hint: 'App for Microsoft Marketplace (cmp), App and User for Partner Insights (mpn)',
		},
		clientId,
		clientCredentialType,
		clientSecret,
		...certificateProperties,
		{
			displayName: 'Private Key Passphrase',
			name: 'privateKeyPassphrase',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: { show: { clientCredentialType: ['certificate'] } },
			default: '',
			description:
				'Leave empty when the private key is not encrypted. Spaces at its beginning and end are part of it.',
		},
		{
			displayName: 'Refresh Token',
			name: 'refreshToken',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: { show: { grantType: ['refreshToken'] } },
			required: true,
			default: '',
			placeholder: 'e.g. 1.AXkAq0…',
			description:
				'From a sign-in with MFA and the scope user_impersonation offline_access. Microsoft Entra replaces it now and then; the new one is stored here.',
		},
		...environmentProperties,
		{
			displayName: 'Test With',
			name: 'testProgram',
			type: 'options',
			options: [
				{ name: 'Microsoft Marketplace (CMP)', value: 'cmp' },
				{ name: 'Partner Insights (MPN)', value: 'mpn' },
			],
			default: 'mpn',
			description: 'Which program the test of this credential calls, on Save and on Retry',
		},
		...programNotices,
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
	];

	/** Called by n8n when no token is stored, when the service answered 401, and by the Test button. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const { httpRequest } = this.helpers;
		const refused = refusedTokenOf(credentials);
		let asking = { ...credentials };
		// n8n 1.123 stores all that it finds here afterwards.
		Reflect.deleteProperty(credentials, REFUSED_TOKEN);
		const fetchedToken = async () =>
			await settle(shareToken(asking, async () => await fetchToken(asking, httpRequest)));
		// What has been fetched is kept, also where nothing can be read now.
		const read = async () => await storedNow(credentials).catch(() => undefined);

		let settled = await fetchedToken();
		let stored = await read();
		for (let fetches = 1; stored && !isDone(settled, stored, asking, refused); fetches++) {
			const theirs = newerToken(stored, refused);
			if (theirs !== undefined) {
				settled = { value: { accessToken: theirs } };
				asking = stored;
				break;
			}
			if (fetches === MOST_FETCHES) break;
			// Somebody has made it the credential of another app or user meanwhile, or has mended it.
			asking = { ...stored, accessToken: '' };
			settled = await fetchedToken();
			stored = (await read()) ?? stored;
		}
		if ('error' in settled) {
			noteFailure(credentials, settled.error);
			throw settled.error;
		}
		const { value: token } = settled;
		if (!stored) return { ...token };
		// A token goes with what it was fetched for, else none would be sent.
		Object.assign(credentials, isDone(settled, stored, asking, refused) ? stored : asking);
		// A refresh token that was saved during the fetch is newer than the successor of the former one.
		const isCurrent = trimmedField(stored, 'refreshToken') === trimmedField(asking, 'refreshToken');
		return isCurrent ? { ...token } : { accessToken: token.accessToken };
	}

	authenticate: IAuthenticate = async (credentials, requestOptions) => {
		const { apiBaseUrl } = readEnvironment(credentials);
		if (requestOrigin(requestOptions) !== apiBaseUrl) {
			throw new CredentialFieldError(
				`This credential sends its token to ${apiBaseUrl} only. Use another credential for other hosts.`,
			);
		}
		return {
			...requestOptions,
			headers: {
				...requestOptions.headers,
				// Without one the service answers 401, and n8n fetches it.
				Authorization: `Bearer ${heldToken(credentials)}`,
			},
			// The HTTP Request node sends it along otherwise, up to version 4.3.
			sendCredentialsOnCrossOriginRedirect: false,
			...verified(requestOptions),
		};
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ${tested('environment')} === "custom" ? ${trimmedText('$credentials.apiBaseUrl')}.replace(/\\/$/, "") : ${tested('environment')} === "china" ? "${ENVIRONMENTS.china.apiBaseUrl}" : "${ENVIRONMENTS.global.apiBaseUrl}" }}`,
			url: `={{ ${tested('testProgram')} === "cmp" ? "/insights/v1.1/cmp" : "/insights/v1/mpn" }}/ScheduledDataset`,
			headers: { Accept: 'application/json' },
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						"Microsoft Entra issued a token, but Partner Center does not accept it (HTTP 401). For the mpn program choose 'App and User'; for cmp add the app under User management > Microsoft Entra applications in Partner Center.",
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'Microsoft Entra issued a token, but the account has no access to Insights (HTTP 403). In Partner Center give the user the role Executive report viewer (mpn), or the app the role Manager (cmp).',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						"Microsoft Entra issued a token, but the API knows no dataset for this account (HTTP 404). Check 'Test With' and 'Environment'.",
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 429,
					message:
						'The credential works, but Partner Center is receiving too many requests now (HTTP 429). Try again in a minute.',
				},
			},
		],
	};
}
