/** The part of Entra's error answer that says what went wrong. */
export interface EntraErrorBody {
	error?: unknown;
	error_description?: unknown;
	error_codes?: unknown;
}

/**
 * What to change, by AADSTS code. One sentence each; the code is appended.
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
 */
export const SENTENCES: Record<string, string> = {
	'7000215':
		"The client secret is wrong: copy the secret's Value (not its Secret ID) from the app registration into 'Client Secret'",
	'7000222':
		"The client secret has expired: create a new one under Certificates & secrets of the app registration and enter it in 'Client Secret'",
	'7000112': 'The app is disabled: enable it under Enterprise applications in Microsoft Entra',
	'700016':
		"The tenant knows no app with this ID: check 'Client ID' and 'Tenant ID' against the overview page of the app registration",
	'700027':
		'Microsoft Entra does not accept the signature: upload this certificate under Certificates & secrets of the app registration',
	'90002': "The tenant does not exist: check 'Tenant ID', which is a GUID or a verified domain",
	'900023': "The tenant does not exist: check 'Tenant ID', which is a GUID or a verified domain",
	'50076':
		"Multifactor authentication is required: sign in again with MFA as this user and enter the new token in 'Refresh Token'",
	'50079':
		"The user must enrol in multifactor authentication: do so, sign in again with MFA and enter the new token in 'Refresh Token'",
	'50034':
		"The user account does not exist in this tenant: check 'Tenant ID', or sign in again with an account of that tenant",
	'50057': 'The user account is disabled: enable it, or sign in again with another account',
	'50173':
		"The refresh token was revoked, for example by a password change: sign in again and enter the new token in 'Refresh Token'",
	'53003':
		'A Conditional Access policy blocks the sign-in: ask an Entra administrator to allow this app or this address',
	'65001':
		'Consent is missing: an administrator must grant the app the Microsoft Partner Center permission user_impersonation under API permissions',
	'70000':
		"The refresh token is not valid: sign in again with MFA and enter the new token in 'Refresh Token'",
	'70008':
		"The refresh token has expired: sign in again with MFA and enter the new token in 'Refresh Token'",
	'700082':
		"The refresh token has expired because it was not used for 90 days: sign in again with MFA and enter the new token in 'Refresh Token'",
	'500011':
		"The tenant does not know the Partner Center API: check 'Environment', and sign in to Partner Center with this tenant once",
	'500113':
		'The app registration has no redirect address: add the one that the sign-in uses under Authentication',
};

/** The AADSTS code of an error answer, without the prefix, e.g. `7000215`. */
export function aadstsCode(body: EntraErrorBody): string | undefined {
	const [first] = Array.isArray(body.error_codes) ? (body.error_codes as unknown[]) : [];
	if (typeof first === 'number' || typeof first === 'string') return String(first);
	const text = typeof body.error_description === 'string' ? body.error_description : '';
	return /AADSTS(\d+)/.exec(text)?.[1];
}

/** Text without anything that could be a credential: the given secrets, JWTs and other long opaque words. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
	const known = secrets
		.filter((secret) => secret.length > 3)
		.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
	return known.replace(/[A-Za-z0-9_+/=~.-]{40,}/g, '…');
}

/**
 * Says in plain words why Microsoft Entra gave no token.
 *
 * A known AADSTS code becomes one sentence that says what to change; anything else shows the first
 * line of Entra's own description.
 *
 * @param secrets values that were sent and must not come back in the text
 */
export function explainRefusal(
	status: number,
	body: EntraErrorBody,
	secrets: readonly string[],
): string {
	const code = aadstsCode(body);
	const sentence = code === undefined ? undefined : SENTENCES[code];
	if (sentence !== undefined) return `${sentence} (AADSTS${code}).`;

	const description = typeof body.error_description === 'string' ? body.error_description : '';
	const firstLine = (description.split(/[\r\n]|Trace ID:|Correlation ID:/)[0] ?? '').trim();
	if (firstLine !== '') {
		return `Microsoft Entra refused to issue a token: ${withoutSecrets(firstLine, secrets).slice(0, 300)}`;
	}
	const error = typeof body.error === 'string' ? withoutSecrets(body.error, secrets) : '';
	return `Microsoft Entra refused to issue a token (HTTP ${status}${error === '' ? '' : `, ${error.slice(0, 100)}`}).`;
}
