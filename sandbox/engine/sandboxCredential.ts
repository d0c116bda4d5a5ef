import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Sandbox } from '../service/client';
import type { StoredCredential } from './credentials';

/**
 * An app credential for the sandbox service, by default app only with the right secret. Where the
 * sandbox takes no app alone (profile `observed`, mpn), an app with a user.
 */
export function sandboxCredential(
	sandbox: Pick<Sandbox, 'loginUrl' | 'apiUrl' | 'tenantDomain' | 'apps' | 'profile'>,
	changes: ICredentialDataDecryptedObject = {},
	id = '1',
): StoredCredential {
	return {
		id,
		type: 'partnerCenterInsightsApi',
		name: 'Partner Center Insights',
		data: {
			environment: 'custom',
			authorityHost: sandbox.loginUrl,
			apiBaseUrl: sandbox.apiUrl,
			tenantId: sandbox.tenantDomain,
			clientId: sandbox.apps.standard.clientId,
			grantType: 'clientCredentials',
			clientCredentialType: 'clientSecret',
			clientSecret: sandbox.apps.standard.clientSecret,
			testProgram: 'mpn',
			...(sandbox.profile === 'observed'
				? { grantType: 'refreshToken', refreshToken: sandbox.apps.refreshTokens.standard }
				: {}),
			accessToken: '',
			...changes,
		},
	};
}
