import { OAuth2Api } from 'n8n-nodes-base/dist/credentials/OAuth2Api.credentials';
import { type ICredentialDataDecryptedObject, NodeHelpers } from 'n8n-workflow';
import { PartnerCenterInsightsApi } from '../../../credentials/PartnerCenterInsightsApi.credentials';
import { PartnerCenterInsightsOAuth2Api } from '../../../credentials/PartnerCenterInsightsOAuth2Api.credentials';
import { readEnvironment, readTenantId } from '../../../credentials/entra/environments';
import { evaluate } from './evaluate';

const credential = new PartnerCenterInsightsOAuth2Api();
const TENANT = '8c2f0a4e-1d3b-4c5d-9e6f-7a8b9c0d1e2f';
const NO_HOST = 'https://custom-address-is-not-an-https-origin.invalid';

function field(name: string, $self: ICredentialDataDecryptedObject): string {
	const found = credential.properties.find((property) => property.name === name);
	if (typeof found?.default !== 'string') throw new Error(`No text in the field ${name}`);
	return String(evaluate(found.default, { $self }));
}

const addresses = (credentials: ICredentialDataDecryptedObject) => {
	const $self = { tenantId: TENANT, ...credentials };
	return {
		authUrl: field('authUrl', $self),
		accessTokenUrl: field('accessTokenUrl', $self),
		scope: field('scope', $self),
	};
};

const expected = (authority: string, resource: string, tenant = TENANT) => ({
	authUrl: `${authority}/${tenant}/oauth2/v2.0/authorize`,
	accessTokenUrl: `${authority}/${tenant}/oauth2/v2.0/token`,
	scope: `${resource}/user_impersonation offline_access`,
});

describe('where the user signs in', () => {
	it.each([
		['global', 'https://login.microsoftonline.com', 'https://api.partnercenter.microsoft.com'],
		['usGovernment', 'https://login.microsoftonline.us', 'https://api.partnercenter.microsoft.com'],
		[
			'china',
			'https://login.partner.microsoftonline.cn',
			'https://partner.partnercenterapi.microsoftonline.cn',
		],
		['GLOBAL', 'https://login.microsoftonline.com', 'https://api.partnercenter.microsoft.com'],
	])('in the environment %s', (environment, authority, resource) => {
		expect(addresses({ environment })).toEqual(expected(authority, resource));
	});

	it('without a choice is global', () => {
		expect(addresses({})).toEqual(
			expected('https://login.microsoftonline.com', 'https://api.partnercenter.microsoft.com'),
		);
	});

	it.each([
		['https://login.example.com', 'https://api.example.com'],
		[' https://login.example.com/ ', '\nhttps://api.example.com/\n'],
		['\u200bhttps://login.example.com\u2060', '\ufeffhttps://api.example.com/\u200b \u00ad'],
		['https://LOGIN.Example.com', 'HTTPS://API.example.com:443/'],
		['https://login.example.com:0443', 'https://api.example.com:'],
	])('at a custom address %j, for %j', (authorityHost, apiBaseUrl) => {
		expect(addresses({ environment: 'custom', authorityHost, apiBaseUrl })).toEqual(
			expected('https://login.example.com', 'https://api.example.com'),
		);
	});

	it('at a custom address with a port', () => {
		expect(
			addresses({
				environment: 'custom',
				authorityHost: 'https://localhost:8443',
				apiBaseUrl: 'https://[::1]:9443',
			}),
		).toEqual(expected('https://localhost:8443', 'https://[::1]:9443'));
	});

	it.each([
		'https://API.example.com:443/',
		'https://api.example.com:4430',
		'https://api.example.com:1443',
		'https://api.example.com:08443/',
		'https://[::443]',
		'https://[::1]:443',
		'https://api.example.com:\u200f',
		'\u202ahttps://api.example.com\u202c',
	])('at the custom address %j as the app credential does', (address) => {
		const custom = { environment: 'custom', authorityHost: address, apiBaseUrl: address };
		const { authorityHost, tokenResource } = readEnvironment(custom);
		expect(addresses(custom)).toEqual(expected(authorityHost, tokenResource));
	});

	it.each([
		'http://login.example.com',
		'login.example.com',
		'https://login.example.com/path',
		'https://login.example.com?x=1',
		'https://login.example.com/#x',
		'https://login.example.com@evil.example',
		'https://user:pass@login.example.com',
		'https://login.example.com\\evil',
		'https://login.example.com\nevil',
		'javascript:alert(1)//https://login.example.com',
		'x https://login.example.com',
		'',
	])('a custom address that is no https origin leads nowhere: %j', (address) => {
		expect(
			addresses({ environment: 'custom', authorityHost: address, apiBaseUrl: address }),
		).toEqual(expected(NO_HOST, NO_HOST));
	});

	it('custom addresses that were never filled in lead nowhere', () => {
		expect(addresses({ environment: 'custom' })).toEqual(expected(NO_HOST, NO_HOST));
	});

	it.each(['elsewhere', '', 'toString'])(
		'the environment %j, which is not in the list, leads nowhere',
		(environment) => {
			const nowhere = 'https://environment-is-not-in-the-list.invalid';
			expect(addresses({ environment })).toEqual(expected(nowhere, nowhere));
		},
	);

	it.each([
		' contoso.com\n',
		'contoso.com\u200b',
		'\ufeff\u2060contoso.com\u202c ',
		'\u2068contoso.com\u2069',
		'contoso.onmicrosoft.com',
		TENANT.toUpperCase(),
	])(
		'the tenant %j becomes one segment of the path, as it is for the app credential',
		(tenantId) => {
			expect(addresses({ environment: 'global', tenantId })).toEqual(
				expected(
					'https://login.microsoftonline.com',
					'https://api.partnercenter.microsoft.com',
					readTenantId({ tenantId }),
				),
			);
		},
	);

	it.each([
		'',
		'  ',
		'common',
		'..',
		'.',
		'a/../b?c#d',
		'contoso',
		'a.com/x',
		'a.com@evil.example',
	])('the tenant %j, which is neither a GUID nor a domain, leads nowhere', (tenantId) => {
		const { authUrl, accessTokenUrl } = addresses({ environment: 'global', tenantId });
		for (const address of [authUrl, accessTokenUrl]) {
			expect(new URL(address).host).toBe('tenant-id-is-not-a-guid-or-domain.invalid');
		}
	});

	it('meets the same checks as the app credential', () => {
		for (const tenantId of ['contoso.com', TENANT, 'x', 'a_b.com', '-a.com', 'a..com', '1.2.3.4']) {
			const passes = (() => {
				try {
					return readTenantId({ tenantId }) === tenantId;
				} catch {
					return false;
				}
			})();
			const { host } = new URL(addresses({ tenantId }).authUrl);
			expect([tenantId, host === 'login.microsoftonline.com']).toEqual([tenantId, passes]);
		}
	});
});

describe('the fields', () => {
	it('make an authorization code sign-in of n8n', () => {
		expect(credential.name).toBe('partnerCenterInsightsOAuth2Api');
		expect(credential.extends).toEqual(['oAuth2Api']);
		expect(field('grantType', {})).toBe('authorizationCode');
		expect(field('authentication', {})).toBe('body');
	});

	it.each(['authUrl', 'accessTokenUrl', 'scope', 'grantType', 'ignoreSSLIssues'])(
		'%s cannot be changed by the user',
		(name) => {
			const found = credential.properties.find((property) => property.name === name);
			expect(found?.type).toBe('hidden');
		},
	);

	it('stand in the same order as those of the app credential, once n8n has added its own', () => {
		const merged = structuredClone(new OAuth2Api().properties);
		NodeHelpers.mergeNodeProperties(merged, credential.properties);
		const names = merged.filter(({ type }) => type !== 'hidden').map(({ name }) => name);
		const app = new PartnerCenterInsightsApi().properties;
		const shared = app.map(({ name }) => name).filter((name) => names.includes(name));
		expect(shared).toHaveLength(9);
		expect(names.filter((name) => shared.includes(name))).toEqual(shared);
	});

	it('have the same placeholders as those of the app credential', () => {
		const app = new PartnerCenterInsightsApi().properties;
		const differing = credential.properties.filter(
			({ name, type, placeholder }) =>
				type !== 'hidden' &&
				app.find((property) => property.name === name)?.placeholder !== placeholder,
		);
		expect(differing).toEqual([]);
	});

	it.each(['authorityHost', 'apiBaseUrl', 'tenantId', 'clientId', 'clientSecret', 'certificate'])(
		'%s is marked as required and shows an example',
		(name) => {
			const found = credential.properties.find((property) => property.name === name);
			expect(found).toMatchObject({ required: true, placeholder: expect.stringMatching(/\S/) });
		},
	);

	it('say under the field where the redirect URL goes and which text the secret is', () => {
		const hint = (name: string) =>
			credential.properties.find((property) => property.name === name)?.hint;
		expect(hint('clientId')).toMatch(/OAuth Redirect URL.*Authentication.*Web/);
		expect(hint('clientSecret')).toMatch(/Value.*not its Secret ID/);
	});

	it('promise no encrypted key and no order of the chain that n8n cannot sign with', () => {
		const describe = (name: string) =>
			credential.properties.find((property) => property.name === name)?.description;
		expect(describe('privateKey')).toContain('PKCS#1 or PKCS#8, not encrypted.');
		expect(describe('certificate')).toContain('alone or before its chain.');
	});

	it('certificates are verified', () => {
		const found = credential.properties.find(({ name }) => name === 'ignoreSSLIssues');
		expect(found?.default).toBe(false);
	});

	it.each(['clientSecret', 'privateKey'])('%s is kept as a password', (name) => {
		const found = credential.properties.find((property) => property.name === name);
		expect(found?.typeOptions?.password).toBe(true);
	});
});
