import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { GUID } from '../../nodes/PartnerCenterInsights/insights/ids';
import { trimmedField } from './environments';

/** For whom and for what a token was issued, as far as it says so. */
export interface TokenClaims {
	/** The app: `appid` in tokens of version 1.0, `azp` in those of 2.0. */
	appId?: string;
	tenantId?: string;
	/** Whether it acts for a user. */
	isForUser?: boolean;
}

const textOf = (claim: unknown): string | undefined =>
	typeof claim === 'string' && claim !== '' ? claim : undefined;

/** Tokens of users have `scp`; those of apps may have `idtyp`. */
function isForUser({ scp, idtyp }: Record<string, unknown>): boolean | undefined {
	if (typeof scp === 'string') return true;
	return idtyp === 'app' ? false : undefined;
}

/**
 * Reads what an access token says of itself, unchecked: the service checks it. Nothing where it is no JWT.
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
 */
export function readClaims(token: string): TokenClaims {
	try {
		const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
		const claims = JSON.parse(text) as Record<string, unknown>;
		return {
			appId: textOf(claims.appid) ?? textOf(claims.azp),
			tenantId: textOf(claims.tid),
			isForUser: isForUser(claims),
		};
	} catch {
		return {};
	}
}

/** Whether the credential gets tokens for a user. */
export const isForUserGrant = (credentials: ICredentialDataDecryptedObject): boolean =>
	trimmedField(credentials, 'grantType').toLowerCase() === 'refreshtoken';

const differs = (claim: string | undefined, wanted: string | undefined): boolean =>
	claim !== undefined && !!wanted && claim.toLowerCase() !== wanted.toLowerCase();

/**
 * Whether a token says that it was issued for another app, tenant or kind of sign-in than the credential
 * holds. A claim that is missing says nothing. A token for another API needs no look: that API refuses it,
 * and it is renewed.
 *
 * @param tenantOfDomain the ID of the tenant that the credential names by a domain, where it is known
 */
export function isIssuedForAnother(
	token: string,
	credentials: ICredentialDataDecryptedObject,
	tenantOfDomain: string | undefined,
): boolean {
	const { appId, tenantId, isForUser: actsForUser } = readClaims(token);
	const tenant = trimmedField(credentials, 'tenantId');
	return (
		differs(appId, trimmedField(credentials, 'clientId')) ||
		differs(tenantId, GUID.test(tenant) ? tenant : tenantOfDomain) ||
		(actsForUser !== undefined && actsForUser !== isForUserGrant(credentials))
	);
}
