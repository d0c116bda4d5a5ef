import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { GUID } from '../../nodes/PartnerCenterInsights/insights/ids';
import { trimmed } from '../../nodes/PartnerCenterInsights/insights/sameText';

export type Environment = 'global' | 'usGovernment' | 'china' | 'custom';

/** Where a credential signs in, which host it calls, and what its token is for. */
export interface EntraEnvironment {
	/** Origin of the login authority, e.g. `https://login.microsoftonline.com`. */
	authorityHost: string;
	/** Origin of the API; the bearer token goes nowhere else. */
	apiBaseUrl: string;
	/** App ID URI that the token is requested for. */
	tokenResource: string;
}

/**
 * @see https://learn.microsoft.com/en-us/partner-center/developer/partner-center-rest-urls
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/authentication-national-cloud
 */
export const ENVIRONMENTS: Record<Exclude<Environment, 'custom'>, EntraEnvironment> = {
	global: {
		authorityHost: 'https://login.microsoftonline.com',
		apiBaseUrl: 'https://api.partnercenter.microsoft.com',
		tokenResource: 'https://api.partnercenter.microsoft.com',
	},
	usGovernment: {
		authorityHost: 'https://login.microsoftonline.us',
		apiBaseUrl: 'https://api.partnercenter.microsoft.com',
		tokenResource: 'https://api.partnercenter.microsoft.com',
	},
	china: {
		authorityHost: 'https://login.partner.microsoftonline.cn',
		apiBaseUrl: 'https://partner.partnercenterapi.microsoftonline.cn',
		tokenResource: 'https://partner.partnercenterapi.microsoftonline.cn',
	},
};

/** The values of 'Environment'. */
const ENVIRONMENT_CHOICES = ['global', 'usGovernment', 'china', 'custom'] as const;

/** A field of the credential that cannot be used as it stands. */
export class CredentialFieldError extends Error {
	override readonly name = 'CredentialFieldError';
}

/** The text of a credential field without what comes with pasting at its ends. */
export function trimmedField(credentials: ICredentialDataDecryptedObject, name: string): string {
	const value = credentials[name];
	return typeof value === 'string' ? trimmed(value) : '';
}

/**
 * The text of a field in which white space may be part of the value: a passphrase. A line break at its
 * end is not: nobody can type one, but files and vaults end with it.
 */
export function untrimmedField(credentials: ICredentialDataDecryptedObject, name: string): string {
	const value = credentials[name];
	return typeof value === 'string' ? value.replace(/[\r\n]+$/, '') : '';
}

/**
 * The value of a list field, in any case; the list's first value where the credential lacks the field.
 *
 * @throws CredentialFieldError when it is none of the list: what an expression yields is not the list's
 */
export function choiceField<T extends string>(
	credentials: ICredentialDataDecryptedObject,
	name: string,
	displayName: string,
	choices: readonly [T, ...T[]],
): T {
	const value = credentials[name];
	if (value === undefined) return choices[0];
	const text = typeof value === 'string' ? trimmed(value).toLowerCase() : undefined;
	const chosen = choices.find((choice) => choice.toLowerCase() === text);
	if (chosen === undefined) {
		throw new CredentialFieldError(
			`'${displayName}' must be one of ${choices.join(', ')} in the credential.`,
		);
	}
	return chosen;
}

/** The field's text, or a {@link CredentialFieldError} that names the field when it is empty. */
export function requiredField(
	credentials: ICredentialDataDecryptedObject,
	name: string,
	displayName: string,
): string {
	const value = trimmedField(credentials, name);
	if (value === '') {
		throw new CredentialFieldError(`'${displayName}' is empty in the credential.`);
	}
	return value;
}

/**
 * Reads a field that holds an https origin: no path, query, fragment or user info.
 *
 * @returns the origin in its normal form, without a trailing slash
 * @throws CredentialFieldError when the text is anything else
 */
export function httpsOrigin(text: string, displayName: string, example: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	const isOrigin =
		url !== undefined &&
		url.protocol === 'https:' &&
		url.username === '' &&
		url.password === '' &&
		url.pathname === '/' &&
		// More is taken for an origin than anybody means: `https:host`, `https:///host`, an encoded host.
		/^https:\/\/[^/]/i.test(text) &&
		!/[?#@\\\s%<>"'|^]/.test(text);
	if (!isOrigin) {
		throw new CredentialFieldError(
			`'${displayName}' must be an https address without path, query or user name, e.g. ${example}`,
		);
	}
	return url.origin;
}

/** A tenant as one of its domains. */
export const DOMAIN =
	/^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

/**
 * The tenant, checked before it becomes part of a URL.
 *
 * @throws CredentialFieldError when it is neither a GUID nor a domain name
 */
export function readTenantId(credentials: ICredentialDataDecryptedObject): string {
	const tenantId = requiredField(credentials, 'tenantId', 'Tenant ID');
	if (!GUID.test(tenantId) && !DOMAIN.test(tenantId)) {
		throw new CredentialFieldError(
			"'Tenant ID' must be a GUID such as 8c2f0a4e-1d3b-4c5d-9e6f-7a8b9c0d1e2f or a verified domain such as contoso.onmicrosoft.com",
		);
	}
	return tenantId;
}

/**
 * The addresses that a credential stands for.
 *
 * @throws CredentialFieldError when the environment is not in the list or a custom address is not an
 * https origin
 */
export function readEnvironment(credentials: ICredentialDataDecryptedObject): EntraEnvironment {
	const environment = choiceField(credentials, 'environment', 'Environment', ENVIRONMENT_CHOICES);
	if (environment !== 'custom') return ENVIRONMENTS[environment];
	const authorityHost = httpsOrigin(
		requiredField(credentials, 'authorityHost', 'Authority Host'),
		'Authority Host',
		ENVIRONMENTS.global.authorityHost,
	);
	const apiBaseUrl = httpsOrigin(
		requiredField(credentials, 'apiBaseUrl', 'API Base URL'),
		'API Base URL',
		ENVIRONMENTS.global.apiBaseUrl,
	);
	return { authorityHost, apiBaseUrl, tokenResource: apiBaseUrl };
}
