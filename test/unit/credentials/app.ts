import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/** The credential of an app that signs in alone, without a token. */
export const app: ICredentialDataDecryptedObject = {
	environment: 'global',
	tenantId: 'contoso.com',
	clientId: '1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9',
	grantType: 'clientCredentials',
	clientCredentialType: 'clientSecret',
	clientSecret: 'the app’s own',
	accessToken: '',
};

/** The same app for a user. */
export const appAndUser = { ...app, grantType: 'refreshToken', refreshToken: 'user 0' };
