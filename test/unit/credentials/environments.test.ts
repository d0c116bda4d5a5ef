import {
	CredentialFieldError,
	httpsOrigin,
	readEnvironment,
	readTenantId,
	requiredField,
} from '../../../credentials/entra/environments';

const origin = (text: string) => httpsOrigin(text, 'API Base URL', 'https://example.com');

describe('an https origin', () => {
	it.each([
		['https://api.example.com', 'https://api.example.com'],
		['https://api.example.com/', 'https://api.example.com'],
		['https://API.Example.com', 'https://api.example.com'],
		['https://api.example.com:443', 'https://api.example.com'],
		['https://localhost:8443', 'https://localhost:8443'],
		['https://[::1]:8443/', 'https://[::1]:8443'],
	])('%s is taken as %s', (text, expected) => {
		expect(origin(text)).toBe(expected);
	});

	it.each([
		['plain http', 'http://api.example.com'],
		['another scheme', 'ftp://api.example.com'],
		['no scheme', 'api.example.com'],
		['a path', 'https://api.example.com/insights'],
		['a query', 'https://api.example.com/?a=1'],
		['an empty query', 'https://api.example.com/?'],
		['a fragment', 'https://api.example.com/#a'],
		['a user', 'https://user@api.example.com'],
		['a user and a password', 'https://user:pass@api.example.com'],
		['an empty user', 'https://@api.example.com'],
		['a host that only looks like the API', 'https://api.example.com@evil.example'],
		['a backslash', 'https://api.example.com\\evil'],
		['a space', 'https://api.example.com evil'],
		['a line break', 'https://api.exam\nple.com'],
		['no host', 'https://'],
		['no slashes', 'https:api.example.com'],
		['one slash', 'https:/api.example.com'],
		['three slashes', 'https:///api.example.com'],
		['an encoded host', 'https://api%2Eexample.com'],
		['an expression that came out empty', 'undefined'],
	])('refuses %s', (_what, text) => {
		expect(() => origin(text)).toThrow(CredentialFieldError);
		expect(() => origin(text)).toThrow(
			"'API Base URL' must be an https address without path, query or user name",
		);
	});
});

describe('a required field', () => {
	it('is trimmed', () => {
		expect(requiredField({ clientId: '\t an id \r\n' }, 'clientId', 'Client ID')).toBe('an id');
		const copied = '\ufeff\u200b \u2066an\u200bid\u200e\u2069\u00a0';
		expect(requiredField({ clientId: copied }, 'clientId', 'Client ID')).toBe('an\u200bid');
	});

	it.each([['', '   ', undefined, 42]])('is refused by its name when it is %p', (value) => {
		expect(() => requiredField({ clientId: value }, 'clientId', 'Client ID')).toThrow(
			"'Client ID' is empty in the credential.",
		);
	});
});

describe('the tenant', () => {
	it.each([
		'8c2f0a4e-1d3b-4c5d-9e6f-7a8b9c0d1e2f',
		'8C2F0A4E-1D3B-4C5D-9E6F-7A8B9C0D1E2F',
		'contoso.onmicrosoft.com',
		'sub-domain.contoso.co.uk',
		'xn--mnchen-3ya.de',
	])('%s is accepted', (tenantId) => {
		expect(readTenantId({ tenantId: ` ${tenantId}\n` })).toBe(tenantId);
	});

	it.each([
		'contoso',
		'common',
		'contoso.onmicrosoft.com/evil',
		'../contoso.com',
		'contoso.com?x=1',
		'contoso.com#',
		'contoso..com',
		'-contoso.com',
		'contoso.com.',
		'con toso.com',
		'contoso.com\nevil.com',
		'8c2f0a4e-1d3b-4c5d-9e6f-7a8b9c0d1e2',
		'8c2f0a4e1d3b4c5d9e6f7a8b9c0d1e2f',
		'{8c2f0a4e-1d3b-4c5d-9e6f-7a8b9c0d1e2f}',
		`${'a'.repeat(64)}.com`,
		`${'a.'.repeat(127)}com`,
	])('%j is refused', (tenantId) => {
		expect(() => readTenantId({ tenantId })).toThrow(/'Tenant ID' must be a GUID/);
	});

	it('is required', () => {
		expect(() => readTenantId({})).toThrow("'Tenant ID' is empty in the credential.");
	});
});

describe('the environment', () => {
	// Microsoft's own table, typed in again on purpose: a slip in the code is not copied here.
	it.each([
		[
			'global',
			'https://login.microsoftonline.com',
			'https://api.partnercenter.microsoft.com',
			'https://api.partnercenter.microsoft.com',
		],
		[
			'usGovernment',
			'https://login.microsoftonline.us',
			'https://api.partnercenter.microsoft.com',
			'https://api.partnercenter.microsoft.com',
		],
		[
			'china',
			'https://login.partner.microsoftonline.cn',
			'https://partner.partnercenterapi.microsoftonline.cn',
			'https://partner.partnercenterapi.microsoftonline.cn',
		],
	])('%s signs in at %s', (environment, authorityHost, apiBaseUrl, tokenResource) => {
		expect(readEnvironment({ environment })).toEqual({ authorityHost, apiBaseUrl, tokenResource });
	});

	it('is global where the credential lacks the field', () => {
		expect(readEnvironment({}).authorityHost).toBe('https://login.microsoftonline.com');
	});

	it.each([
		['Global', 'https://login.microsoftonline.com'],
		[' USGOVERNMENT ', 'https://login.microsoftonline.us'],
		['China', 'https://login.partner.microsoftonline.cn'],
	])('%j is taken in any case', (environment, authorityHost) => {
		expect(readEnvironment({ environment }).authorityHost).toBe(authorityHost);
	});

	it.each(['', 'elsewhere', 'toString', 'constructor', '__proto__', 'globalx', 42, true])(
		'%j, which is not in the list, is refused',
		(environment) => {
			expect(() => readEnvironment({ environment })).toThrow(
				"'Environment' must be one of global, usGovernment, china, custom in the credential.",
			);
		},
	);

	it('custom asks for a token for the API itself, at addresses without their slash', () => {
		expect(
			readEnvironment({
				environment: 'custom',
				authorityHost: ' https://login.example.com/ ',
				apiBaseUrl: '\nhttps://api.example.com:8443/\n',
			}),
		).toEqual({
			authorityHost: 'https://login.example.com',
			apiBaseUrl: 'https://api.example.com:8443',
			tokenResource: 'https://api.example.com:8443',
		});
	});

	it.each([
		[{ authorityHost: '', apiBaseUrl: 'https://api.example.com' }, /'Authority Host' is empty/],
		[{ authorityHost: 'https://login.example.com', apiBaseUrl: '' }, /'API Base URL' is empty/],
		[
			{ authorityHost: 'http://login.example.com', apiBaseUrl: 'https://api.example.com' },
			/'Authority Host' must be an https address/,
		],
		[
			{ authorityHost: 'https://login.example.com', apiBaseUrl: 'http://api.example.com' },
			/'API Base URL' must be an https address/,
		],
	])('custom with %j is refused by the name of the field', (addresses, message) => {
		expect(() => readEnvironment({ environment: 'custom', ...addresses })).toThrow(message);
	});

	it('other environments do not look at the custom addresses', () => {
		expect(
			readEnvironment({ environment: 'china', authorityHost: 'http://x', apiBaseUrl: 'nonsense' })
				.apiBaseUrl,
		).toBe('https://partner.partnercenterapi.microsoftonline.cn');
	});
});
