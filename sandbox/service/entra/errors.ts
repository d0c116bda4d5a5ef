import { randomUUID } from 'node:crypto';

import type { Clock } from '../clock';
import { tenantName } from './tenant';

/** What a message may mention. */
export interface EntraErrorDetails {
	tenant?: string;
	clientId?: string;
	appName?: string;
	scope?: string;
	resource?: string;
	parameter?: string;
	grantType?: string;
	thumbprint?: string;
	reason?: string;
}

interface EntraErrorForm {
	status: 400 | 401;
	error: string;
	suberror?: string;
	message: (details: EntraErrorDetails) => string;
}

const partnerCenterAppId = 'fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd';

const forms = {
	50034: {
		status: 400,
		error: 'invalid_grant',
		message: () =>
			`The user account avery@contoso.onmicrosoft.com does not exist in the ${tenantName} directory. To sign into this application, the account must be added to the directory.`,
	},
	50059: {
		status: 400,
		error: 'invalid_request',
		message: () =>
			'No tenant-identifying information found in either the request or implied by any provided credentials.',
	},
	50076: {
		status: 400,
		error: 'interaction_required',
		suberror: 'basic_action',
		message: () =>
			`Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '${partnerCenterAppId}'.`,
	},
	50079: {
		status: 400,
		error: 'interaction_required',
		suberror: 'basic_action',
		message: () =>
			`Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '${partnerCenterAppId}'.`,
	},
	50126: {
		status: 400,
		error: 'invalid_grant',
		message: () => 'Error validating credentials due to invalid username or password.',
	},
	50173: {
		status: 400,
		error: 'invalid_grant',
		suberror: 'bad_token',
		message: () =>
			'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
	},
	54005: {
		status: 400,
		error: 'invalid_grant',
		message: () =>
			'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
	},
	65001: {
		status: 400,
		error: 'invalid_grant',
		suberror: 'consent_required',
		message: ({ clientId, appName }) =>
			`The user or administrator has not consented to use the application with ID '${clientId}' named '${appName}'. Send an interactive authorization request for this user and resource.`,
	},
	70000: {
		status: 400,
		error: 'invalid_grant',
		message: () => 'Provided grant is invalid or malformed.',
	},
	70003: {
		status: 400,
		error: 'unsupported_grant_type',
		message: ({ grantType }) => `The app requested an unsupported grant type '${grantType}'.`,
	},
	70008: {
		status: 400,
		error: 'invalid_grant',
		message: () =>
			'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
	},
	70011: {
		status: 400,
		error: 'invalid_scope',
		message: ({ scope }) =>
			`The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope '${scope}' is not valid.`,
	},
	90002: {
		status: 400,
		error: 'invalid_request',
		message: ({ tenant }) =>
			`Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
	},
	500011: {
		status: 400,
		error: 'invalid_resource',
		message: ({ resource }) =>
			`The resource principal named ${resource} was not found in the tenant named ${tenantName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
	},
	500112: {
		status: 400,
		error: 'invalid_grant',
		message: () =>
			'The reply address does not match the reply address provided when requesting Authorization code.',
	},
	500113: {
		status: 400,
		error: 'invalid_request',
		message: () => 'No reply address is registered for the application.',
	},
	501481: {
		status: 400,
		error: 'invalid_grant',
		message: () =>
			'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
	},
	700016: {
		status: 400,
		error: 'unauthorized_client',
		message: ({ clientId }) =>
			`Application with identifier '${clientId}' was not found in the directory '${tenantName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
	},
	700021: {
		status: 401,
		error: 'invalid_client',
		message: () =>
			"Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
	},
	700023: {
		status: 401,
		error: 'invalid_client',
		message: () =>
			'Client assertion audience claim does not match Realm issuer. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .',
	},
	700024: {
		status: 401,
		error: 'invalid_client',
		message: ({ reason }) =>
			`Client assertion is not within its valid time range. ${reason ?? ''} Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
	},
	700027: {
		status: 401,
		error: 'invalid_client',
		message: ({ reason, thumbprint }) =>
			`The certificate with identifier used to sign the client assertion is not registered on application. [Reason - ${reason ?? 'The key was not found.'}${thumbprint ? `, Thumbprint of key used by client: '${thumbprint}'` : ''}]. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
	},
	700082: {
		status: 400,
		error: 'invalid_grant',
		message: () =>
			'The refresh token has expired due to inactivity. The token was issued on 2025-01-15T08:30:00.0000000Z and was inactive for 90.00:00:00.',
	},
	900144: {
		status: 400,
		error: 'invalid_request',
		message: ({ parameter }) =>
			`The request body must contain the following parameter: '${parameter}'.`,
	},
	1002012: {
		status: 400,
		error: 'invalid_scope',
		message: ({ scope }) =>
			`The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
	},
	7000215: {
		status: 401,
		error: 'invalid_client',
		message: ({ clientId }) =>
			`Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
	},
	7000218: {
		status: 401,
		error: 'invalid_client',
		message: () =>
			"The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
	},
	7000222: {
		status: 401,
		error: 'invalid_client',
		message: ({ clientId }) =>
			`The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
	},
	9002313: {
		status: 400,
		error: 'invalid_request',
		message: () => 'Invalid request. Request is malformed or invalid.',
	},
} satisfies Record<number, EntraErrorForm>;

export type EntraErrorCode = keyof typeof forms;

/** A refusal of the token endpoint, to be thrown by whatever finds the reason. */
export class EntraError extends Error {
	constructor(
		readonly code: EntraErrorCode,
		readonly details: EntraErrorDetails = {},
	) {
		super(`AADSTS${code}`);
	}
}

/** Whether the sandbox knows Entra's wording for this code. */
function isEntraErrorCode(code: number): code is EntraErrorCode {
	return Object.hasOwn(forms, code);
}

/** Status and body of Entra's answer for `code`; an unknown code gets a general wording. */
export function entraErrorAnswer(
	code: number,
	details: EntraErrorDetails,
	clock: Clock,
	correlationId: string | undefined,
	loginUrl: string,
): { status: number; body: Record<string, unknown> } {
	const form: EntraErrorForm = isEntraErrorCode(code)
		? forms[code]
		: { status: 400, error: 'invalid_request', message: () => 'The request was refused.' };
	const traceId = randomUUID();
	const correlation = correlationId ?? randomUUID();
	const timestamp = new Date(clock.now()).toISOString().replace('T', ' ').replace(/\.\d+/, '');
	return {
		status: form.status,
		body: {
			error: form.error,
			error_description: `AADSTS${code}: ${form.message(details)} Trace ID: ${traceId} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
			error_codes: [code],
			timestamp,
			trace_id: traceId,
			correlation_id: correlation,
			error_uri: `${loginUrl}/error?code=${code}`,
			...(form.suberror ? { suberror: form.suberror } : {}),
		},
	};
}
