import type { Configuration } from '@azure/msal-node';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { settle } from '../../nodes/PartnerCenterInsights/insights/settle';
import {
	choiceField,
	readEnvironment,
	readTenantId,
	requiredField,
	trimmedField,
	untrimmedField,
} from './environments';
import { type HttpRequest, N8nNetworkModule, tokenIn } from './network';
import { holdsPrivateKey } from './pem';
import { readSigningCertificate } from './privateKey';
import { secretsOf, withoutSecrets } from './secrets';
import { EntraTokenError, whyNoToken } from './tokenAnswer';

export { EntraTokenError };

/** What a credential stores after a token was fetched. */
export interface AcquiredToken {
	accessToken: string;
	/** Present when the grant returned a new one in place of the one that was sent. */
	refreshToken?: string;
}

function clientProof(
	credentials: ICredentialDataDecryptedObject,
): Pick<Configuration['auth'], 'clientSecret' | 'clientCertificate'> {
	const proof = choiceField(credentials, 'clientCredentialType', 'Client Credential', [
		'clientSecret',
		'certificate',
	]);
	if (proof === 'certificate') {
		const certificate = requiredField(credentials, 'certificate', 'Certificate');
		return {
			clientCertificate: readSigningCertificate(
				certificate,
				holdsPrivateKey(certificate)
					? trimmedField(credentials, 'privateKey')
					: requiredField(credentials, 'privateKey', 'Private Key'),
				untrimmedField(credentials, 'privateKeyPassphrase'),
				new Date(),
			),
		};
	}
	return { clientSecret: requiredField(credentials, 'clientSecret', 'Client Secret') };
}

/**
 * The authority's addresses, given to MSAL so that it does not go and look for them: one token costs
 * one request, and a custom authority need not be known to Microsoft's discovery service.
 */
function authorityMetadata(authorityHost: string, tenantId: string) {
	const { host } = new URL(authorityHost);
	const authority = `${authorityHost}/${tenantId}`;
	return {
		authority,
		knownAuthorities: [host],
		cloudDiscoveryMetadata: JSON.stringify({
			tenant_discovery_endpoint: `${authority}/v2.0/.well-known/openid-configuration`,
			metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
		}),
		authorityMetadata: JSON.stringify({
			authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
			token_endpoint: `${authority}/oauth2/v2.0/token`,
			issuer: `${authority}/v2.0`,
			jwks_uri: `${authority}/discovery/v2.0/keys`,
		}),
	};
}

async function askEntra(
	credentials: ICredentialDataDecryptedObject,
	network: N8nNetworkModule,
): Promise<string | undefined> {
	const { authorityHost, tokenResource } = readEnvironment(credentials);
	const clientId = requiredField(credentials, 'clientId', 'Client ID');
	const auth = {
		clientId,
		...authorityMetadata(authorityHost, readTenantId(credentials)),
		...clientProof(credentials),
	};
	const usesRefreshToken =
		choiceField(credentials, 'grantType', 'Sign In As', ['clientCredentials', 'refreshToken']) ===
		'refreshToken';
	const refreshToken = usesRefreshToken
		? requiredField(credentials, 'refreshToken', 'Refresh Token')
		: '';

	// Loaded here and not at the top: most executions run on a stored token and never need it.
	const { ConfidentialClientApplication } = await import('@azure/msal-node');
	const app = new ConfidentialClientApplication({
		auth,
		system: { networkClient: network, disableInternalRetries: true },
	});
	const result = usesRefreshToken
		? await app.acquireTokenByRefreshToken({
				refreshToken,
				scopes: [`${tokenResource}/user_impersonation`],
			})
		: await app.acquireTokenByClientCredential({ scopes: [`${tokenResource}/.default`] });
	return result?.accessToken;
}

function describeFailure(
	error: unknown,
	network: N8nNetworkModule,
	secrets: readonly string[],
): EntraTokenError {
	if (network.failure) {
		return new EntraTokenError(network.failure.message, network.failure.transient);
	}
	const answer = network.lastAnswer;
	if (answer === undefined) {
		const reason = error instanceof Error ? withoutSecrets(error.message, secrets) : 'unknown';
		return new EntraTokenError(`The token request could not be made: ${reason}`, false);
	}
	return whyNoToken(answer, secrets);
}

/**
 * Fetches a token for the credential's app (client credentials) or user (refresh token) by MSAL.
 *
 * @throws EntraTokenError when Entra refuses or cannot be reached
 * @throws CredentialFieldError when a field of the credential cannot be used; nothing was sent
 * @see https://learn.microsoft.com/en-us/partner-center/developer/partner-center-authentication
 */
export async function fetchToken(
	credentials: ICredentialDataDecryptedObject,
	httpRequest: HttpRequest,
): Promise<AcquiredToken> {
	const network = new N8nNetworkModule(httpRequest);
	const sentRefreshToken = trimmedField(credentials, 'refreshToken');
	const secrets = secretsOf(credentials);

	const settled = await settle(askEntra(credentials, network));
	if ('error' in settled) {
		const { error } = settled;
		throw error instanceof Error && error.name === 'CredentialFieldError'
			? error
			: describeFailure(error, network, secrets);
	}
	const accessToken = settled.value;
	if (!accessToken) throw describeFailure(undefined, network, secrets);

	const returned = tokenIn(network.lastAnswer?.body ?? {}, 'refresh_token');
	return returned !== '' && returned !== sentRefreshToken
		? { accessToken, refreshToken: returned }
		: { accessToken };
}
