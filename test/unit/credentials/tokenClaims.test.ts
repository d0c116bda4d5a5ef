import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { isIssuedForAnother, readClaims } from '../../../credentials/entra/tokenClaims';

const APP = '1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9';
const TENANT = '8c2f0a4e-1d3b-4c5d-9e6f-7a8b9c0d1e2f';
const OTHER = '00000000-0000-4000-8000-000000000000';
const GLOBAL = 'https://api.partnercenter.microsoft.com';

const app: ICredentialDataDecryptedObject = {
	environment: 'global',
	tenantId: TENANT,
	clientId: APP,
	grantType: 'clientCredentials',
};
const appAndUser = { ...app, grantType: 'refreshToken' };

/** A token with these claims; nobody looks at its signature. */
const tokenOf = (claims: object) =>
	[{ alg: 'none' }, claims]
		.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
		.concat('signature')
		.join('.');

const ofApp = { appid: APP, tid: TENANT, aud: GLOBAL, idtyp: 'app' };
const ofUser = { appid: APP, tid: TENANT, aud: GLOBAL, scp: 'user_impersonation', roles: [] };

const isForeign = (
	claims: object,
	credentials: ICredentialDataDecryptedObject = app,
	tenantOfDomain?: string,
) => isIssuedForAnother(tokenOf(claims), credentials, tenantOfDomain);

describe('a token that no process of ours is known to have fetched', () => {
	it.each<[string, object, ICredentialDataDecryptedObject]>([
		['app', ofApp, app],
		['app in other letters', { ...ofApp, appid: APP.toUpperCase() }, app],
		['app in a token of version 2.0', { azp: APP, tid: TENANT, aud: OTHER }, app],
		['app, with spaces around what the credential holds', ofApp, { ...app, clientId: ` ${APP}\n` }],
		['user', ofUser, appAndUser],
		['user, of whom it does not say so', { ...ofUser, scp: undefined }, appAndUser],
		['app, whatever API it names', { ...ofApp, aud: 'https://api.example.com' }, app],
		['tenant that is named by a domain', ofApp, { ...app, tenantId: 'contoso.com' }],
		['app that the credential does not name yet', ofApp, { ...app, clientId: '' }],
	])('is held where it says that it is for the same %s', (_what, claims, credentials) => {
		expect(isForeign(claims, credentials)).toBe(false);
	});

	it.each<[string, object, ICredentialDataDecryptedObject]>([
		['app', ofApp, { ...app, clientId: OTHER }],
		['app in a token of version 2.0', { azp: APP }, { ...app, clientId: OTHER }],
		['tenant', ofApp, { ...app, tenantId: OTHER }],
		['grant: the app alone', ofApp, appAndUser],
		['grant: a user', ofUser, app],
	])('is none where it is for another %s', (_what, claims, credentials) => {
		expect(isForeign(claims, credentials)).toBe(true);
	});

	it('is none where the domain is known to be of another tenant', () => {
		const byDomain = { ...app, tenantId: 'contoso.com' };
		expect(isForeign(ofApp, byDomain, OTHER)).toBe(true);
		expect(isForeign(ofApp, byDomain, TENANT)).toBe(false);
	});

	it.each([
		'',
		'opaque',
		'a.b.c',
		'a..c',
		`a.${Buffer.from('null').toString('base64url')}.c`,
		`a.${Buffer.from('"text"').toString('base64url')}.c`,
		tokenOf({}),
		tokenOf({ appid: 7, tid: null, aud: ['x'], scp: 1, idtyp: ['app'] }),
	])('says nothing, and is held, where it cannot be read: %j', (token) => {
		expect(Object.values(readClaims(token)).filter((claim) => claim !== undefined)).toEqual([]);
		expect(isIssuedForAnother(token, app, undefined)).toBe(false);
	});
});
