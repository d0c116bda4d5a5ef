import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { notedFailure, readAgainBy } from '../../../credentials/entra/storedCredential';
import { forgetSharedTokens, REFUSED_TOKEN } from '../../../credentials/entra/tokenSharing';
import { PartnerCenterInsightsApi } from '../../../credentials/PartnerCenterInsightsApi.credentials';
import { app as appWithoutToken } from './app';
import { evaluate } from './evaluate';
import { FakeEntra, refusalAnswer, tokenAnswer } from './fakeEntra';

const credential = new PartnerCenterInsightsApi();
const GLOBAL = 'https://api.partnercenter.microsoft.com';
const CHINA = 'https://partner.partnercenterapi.microsoftonline.cn';

const app = { ...appWithoutToken, accessToken: 'the token' };
const custom = { ...app, environment: 'custom', authorityHost: 'https://login.example.com' };

const signed = async (
	request: IHttpRequestOptions,
	credentials: ICredentialDataDecryptedObject = app,
) => {
	const { authenticate } = credential;
	if (typeof authenticate !== 'function') throw new Error('Requests are not signed by a function');
	return await authenticate(credentials, request);
};

describe('signing a request', () => {
	it('adds the token and keeps the rest', async () => {
		const request: IHttpRequestOptions = {
			method: 'PUT',
			baseURL: GLOBAL,
			url: '/insights/v1/mpn/ScheduledReport/resume/1',
			headers: { Accept: 'application/json' },
			qs: { a: '1' },
			timeout: 5,
		};
		const before = structuredClone(request);
		expect(await signed(request)).toEqual({
			...before,
			headers: { Accept: 'application/json', Authorization: 'Bearer the token' },
			sendCredentialsOnCrossOriginRedirect: false,
		});
		expect(request).toEqual(before);
	});

	it.each([
		[{ url: `${GLOBAL}/insights/v1/mpn/ScheduledReport` }, app],
		[{ url: `${GLOBAL.toUpperCase()}:443/insights` }, app],
		[
			{ url: '/insights', baseURL: CHINA },
			{ ...app, environment: 'china' },
		],
		[
			{ url: 'https://api.example.com:8443/insights' },
			{ ...custom, apiBaseUrl: ' https://api.example.com:8443/ ' },
		],
	])('%j is for the API', async (request, credentials) => {
		expect(await signed(request, credentials)).toHaveProperty(
			'headers.Authorization',
			'Bearer the token',
		);
	});

	it.each<[IHttpRequestOptions, ICredentialDataDecryptedObject]>([
		[{ url: 'https://evil.example/insights' }, app],
		[{ url: 'https://evil.example/insights', baseURL: GLOBAL }, app],
		[{ url: '//evil.example/insights', baseURL: GLOBAL }, app],
		[{ url: '\\\\evil.example/insights', baseURL: GLOBAL }, app],
		[{ url: `${GLOBAL}.evil.example/insights` }, app],
		[{ url: `${GLOBAL}@evil.example/insights` }, app],
		[{ url: `${GLOBAL}:8443/insights` }, app],
		[{ url: GLOBAL.replace('https', 'http') }, app],
		[{ url: 'https://pxanltx.blob.core.windows.net/report.csv?sig=1' }, app],
		[{ url: '/insights', baseURL: CHINA }, app],
		[{ url: GLOBAL }, { ...custom, apiBaseUrl: 'https://api.example.com' }],
		[{ url: 'http://api.example.com' }, { ...custom, apiBaseUrl: 'http://api.example.com' }],
	])('%j is refused', async (request, credentials) => {
		await expect(signed(request, credentials)).rejects.toHaveProperty(
			'name',
			'CredentialFieldError',
		);
	});

	it('keeps the token from other hosts, whatever the request asked for', async () => {
		const request = { url: GLOBAL, sendCredentialsOnCrossOriginRedirect: true };
		expect(await signed(request)).toHaveProperty('sendCredentialsOnCrossOriginRedirect', false);
	});

	it.each<[IHttpRequestOptions & { rejectUnauthorized?: boolean }, string, boolean]>([
		[{ url: GLOBAL, skipSslCertificateValidation: true }, 'skipSslCertificateValidation', false],
		[{ url: GLOBAL, rejectUnauthorized: false }, 'rejectUnauthorized', true],
		[
			{ url: GLOBAL, agentOptions: { rejectUnauthorized: false } },
			'agentOptions.rejectUnauthorized',
			true,
		],
	])('verifies certificates though the request would not: %j', async (request, field, value) => {
		expect(await signed(request)).toHaveProperty(field, value);
	});

	it('says to which host the token goes', async () => {
		await expect(signed({ url: 'https://evil.example' })).rejects.toThrow(
			`This credential sends its token to ${GLOBAL} only.`,
		);
	});

	it('refuses an address that is none', async () => {
		await expect(signed({ url: '/insights' })).rejects.toThrow();
	});
});

describe('fetching the token', () => {
	beforeEach(forgetSharedTokens);

	const fetchWith = async (entra: FakeEntra, credentials: ICredentialDataDecryptedObject) =>
		await credential.preAuthentication.call(
			{ helpers: { httpRequest: entra.httpRequest } },
			credentials,
		);

	it('returns what n8n is to store: the token alone', async () => {
		const entra = new FakeEntra(() => tokenAnswer({ access_token: 'fresh' }));
		expect(await fetchWith(entra, { ...app, accessToken: '' })).toEqual({ accessToken: 'fresh' });
	});

	it('leaves nothing for n8n to store of the token that was refused', async () => {
		const entra = new FakeEntra(() => tokenAnswer({ access_token: 'fresh' }));
		const lent = { ...app, accessToken: '', [REFUSED_TOKEN]: 'the token' };
		await fetchWith(entra, lent);
		expect(lent).toEqual({ ...app, accessToken: '' });
	});

	it('returns a replaced refresh token too', async () => {
		const entra = new FakeEntra(() =>
			tokenAnswer({ access_token: 'fresh', refresh_token: 'the next one' }),
		);
		expect(
			await fetchWith(entra, { ...app, grantType: 'refreshToken', refreshToken: 'the last one' }),
		).toEqual({ accessToken: 'fresh', refreshToken: 'the next one' });
	});

	/** Answers with a token and a next refresh token for each that is sent. */
	const rotating = () =>
		new FakeEntra((form) => {
			const sent = form.get('refresh_token') ?? '';
			return tokenAnswer({ access_token: `token by ${sent}`, refresh_token: `after ${sent}` });
		});
	const user = { ...app, grantType: 'refreshToken', refreshToken: 'first', accessToken: '' };

	it('keeps what was saved during the fetch, for an n8n that stores all fields', async () => {
		const lent = { ...user };
		const saved = { ...lent, clientSecret: 'saved' };
		readAgainBy(lent, async () => saved);
		expect(await fetchWith(rotating(), lent)).toEqual({
			accessToken: 'token by first',
			refreshToken: 'after first',
		});
		expect(lent).toEqual(saved);
	});

	it('gets the token of the user whose refresh token was saved during the fetch', async () => {
		const lent = { ...user };
		const saved = { ...lent, refreshToken: 'saved' };
		readAgainBy(lent, async () => saved);
		expect(await fetchWith(rotating(), lent)).toEqual({
			accessToken: 'token by saved',
			refreshToken: 'after saved',
		});
		expect(lent).toEqual(saved);
	});

	it('is sent with what it was fetched for, and stores nothing over a refresh token that is saved again and again', async () => {
		const lent = { ...user };
		let reads = 0;
		readAgainBy(lent, async () => ({ ...user, refreshToken: `saved ${++reads}` }));
		const entra = rotating();
		const output = await fetchWith(entra, lent);
		expect(output).toEqual({ accessToken: 'token by saved 2' });
		expect(entra.requests).toHaveLength(3);
		const { headers } = await signed({ url: `${GLOBAL}/x` }, { ...lent, ...output });
		expect(headers?.Authorization).toBe('Bearer token by saved 2');
	});

	it('is sent with what it was fetched for, also where that cannot be read a second time', async () => {
		let fetched = 0;
		const entra = new FakeEntra(() => tokenAnswer({ access_token: `token ${++fetched}` }));
		const lent = { ...app, accessToken: '' };
		const saved = { ...lent, tenantId: 'fabrikam.com' };
		let reads = 0;
		readAgainBy(lent, async () => {
			if (++reads > 1) throw new Error('The database is away');
			return saved;
		});
		const output = await fetchWith(entra, lent);
		expect(lent).toEqual(saved);
		const { headers } = await signed({ url: `${GLOBAL}/x` }, { ...lent, ...output });
		expect(headers?.Authorization).toBe('Bearer token 2');
	});

	it('is the one that another process has stored with a refresh token of its own', async () => {
		const entra = rotating();
		const lent = { ...user, [REFUSED_TOKEN]: 'refused' };
		const saved = { ...user, refreshToken: 'another after first', accessToken: 'theirs' };
		readAgainBy(lent, async () => saved);
		expect(await fetchWith(entra, lent)).toEqual({ accessToken: 'theirs' });
		expect(lent).toEqual(saved);
		expect(entra.requests).toHaveLength(1);
	});

	it('is another one than that which was refused, where only the refresh token was changed', async () => {
		const lent = { ...user, [REFUSED_TOKEN]: 'refused' };
		const saved = { ...user, refreshToken: 'saved', accessToken: 'refused' };
		readAgainBy(lent, async () => saved);
		expect(await fetchWith(rotating(), lent)).toMatchObject({ accessToken: 'token by saved' });
	});

	it('asks once where another request has stored the next refresh token already', async () => {
		const entra = rotating();
		const lent = { ...user };
		readAgainBy(lent, async () => ({ ...user, refreshToken: 'after first' }));
		expect(await fetchWith(entra, lent)).toEqual({ accessToken: 'token by first' });
		expect(entra.requests).toHaveLength(1);
	});

	it('sends no token that was fetched for another user', async () => {
		await fetchWith(rotating(), { ...user });
		const bearer = async (changes: ICredentialDataDecryptedObject) => {
			const held = { ...user, accessToken: 'token by first', ...changes };
			return (await signed({ url: `${GLOBAL}/x` }, held)).headers?.Authorization;
		};
		expect(await bearer({})).toBe('Bearer token by first');
		expect(await bearer({ refreshToken: ' after first\n' })).toBe('Bearer token by first');
		expect(await bearer({ refreshToken: 'of another user' })).toBe('Bearer ');
		expect(await bearer({ accessToken: 'unknown', refreshToken: 'of another user' })).toBe(
			'Bearer unknown',
		);
	});

	it.each([
		['tenantId', 'fabrikam.com'],
		['clientId', '2f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9'],
	])(
		'gets no token of the former app where %s was changed during the request',
		async (name, value) => {
			let fetched = 0;
			const entra = new FakeEntra(() => tokenAnswer({ access_token: `token ${++fetched}` }));
			const lent = { ...app, accessToken: '' };
			const saved = { ...lent, [name]: value };
			readAgainBy(lent, async () => saved);
			expect(await fetchWith(entra, lent)).toEqual({ accessToken: 'token 2' });
			expect(lent).toEqual(saved);
		},
	);

	it('sends no token that was fetched for another app or tenant', async () => {
		const entra = new FakeEntra(() => tokenAnswer({ access_token: 'of contoso' }));
		await fetchWith(entra, { ...app, accessToken: '' });
		const bearer = async (changes: ICredentialDataDecryptedObject) => {
			const sent = await signed(
				{ url: `${GLOBAL}/x` },
				{ ...app, accessToken: 'of contoso', ...changes },
			);
			return sent.headers?.Authorization;
		};
		expect(await bearer({})).toBe('Bearer of contoso');
		expect(await bearer({ tenantId: ' Contoso.com ', authorityHost: 'not shown' })).toBe(
			'Bearer of contoso',
		);
		expect(await bearer({ clientSecret: 'another' })).toBe('Bearer of contoso');
		expect(await bearer({ refreshToken: 'left over' })).toBe('Bearer of contoso');
		expect(await bearer({ environment: ' Global' })).toBe('Bearer of contoso');
		expect(await bearer({ environment: 'usGovernment' })).toBe('Bearer ');
		expect(await bearer({ tenantId: 'fabrikam.com' })).toBe('Bearer ');
		expect(await bearer({ clientId: '2f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9' })).toBe('Bearer ');
		expect(await bearer({ tenantId: 'fabrikam.com', accessToken: 'unknown' })).toBe(
			'Bearer unknown',
		);
	});

	it.each([
		['authorityHost', 'https://login.example.org'],
		['apiBaseUrl', 'https://api.example.org'],
	])('sends no token that was fetched with another %s', async (name, value) => {
		const custom = {
			...app,
			environment: 'custom',
			authorityHost: 'https://login.example.com',
			apiBaseUrl: 'https://api.example.com',
		};
		const entra = new FakeEntra(() => tokenAnswer({ access_token: 'of example' }));
		await fetchWith(entra, { ...custom, accessToken: '' });
		const bearer = async (changed: typeof custom) => {
			const held = { ...changed, accessToken: 'of example' };
			return (await signed({ url: `${changed.apiBaseUrl}/x` }, held)).headers?.Authorization;
		};
		expect(await bearer(custom)).toBe('Bearer of example');
		expect(await bearer({ ...custom, [name]: value })).toBe('Bearer ');
	});

	describe('that Entra refuses', () => {
		const refusing = (isRefused: (form: URLSearchParams) => boolean = () => true) =>
			new FakeEntra((form) =>
				isRefused(form)
					? refusalAnswer(700082, 'The refresh token has expired', { error: 'invalid_grant' })
					: tokenAnswer({ access_token: 'fresh' }),
			);
		const asking = { ...user, [REFUSED_TOKEN]: 'refused' };

		it.each(['after first', 'first'])(
			'takes the one that another process has stored meanwhile, with the refresh token %j',
			async (refreshToken) => {
				const entra = refusing();
				const lent = { ...asking };
				const saved = { ...user, refreshToken, accessToken: 'theirs' };
				readAgainBy(lent, async () => saved);
				expect(await fetchWith(entra, lent)).toEqual({ accessToken: 'theirs' });
				expect(lent).toMatchObject(saved);
				expect(entra.requests).toHaveLength(1);
			},
		);

		it.each(['refused', ''])(
			'takes none that was refused, and asks once where nothing else was stored: %j',
			async (accessToken) => {
				const entra = refusing();
				const lent = { ...asking };
				readAgainBy(lent, async () => ({ ...user, accessToken }));
				await expect(fetchWith(entra, lent)).rejects.toThrow('AADSTS700082');
				expect(entra.requests).toHaveLength(1);
			},
		);

		it('is asked for anew with what somebody has mended meanwhile', async () => {
			const lent = { ...asking };
			readAgainBy(lent, async () => ({ ...user, clientSecret: 'mended' }));
			const entra = refusing((form) => form.get('client_secret') !== 'mended');
			expect(await fetchWith(entra, lent)).toEqual({ accessToken: 'fresh' });
		});
	});

	it('sends no token of another process that is for another tenant than the domain stands for', async () => {
		const bearing = (tid: string) =>
			`a.${Buffer.from(JSON.stringify({ tid })).toString('base64url')}.c`;
		const bearer = async (accessToken: string) =>
			(await signed({ url: `${GLOBAL}/x` }, { ...app, accessToken })).headers?.Authorization;
		expect(await bearer(bearing('fabrikam'))).toBe(`Bearer ${bearing('fabrikam')}`);
		const entra = new FakeEntra(() => tokenAnswer({ access_token: bearing('contoso') }));
		await fetchWith(entra, { ...app, accessToken: '' });
		expect(await bearer(bearing('fabrikam'))).toBe('Bearer ');
	});

	it('keeps what it has fetched where the credential cannot be read again', async () => {
		const entra = new FakeEntra(() =>
			tokenAnswer({ access_token: 'fresh', refresh_token: 'the next one' }),
		);
		const lent = { ...app, grantType: 'refreshToken', refreshToken: 'the last one' };
		readAgainBy(lent, () => Promise.reject(new Error('The database is away')));
		expect(await fetchWith(entra, lent)).toEqual({
			accessToken: 'fresh',
			refreshToken: 'the next one',
		});
	});

	it('tells whoever has lent it why there is no token', async () => {
		const entra = new FakeEntra(() => tokenAnswer({ access_token: 'fresh' }));
		const lent = { ...app, tenantId: 'no tenant' };
		const refusal: unknown = await fetchWith(entra, lent).catch((error: unknown) => error);
		expect(refusal).toBeInstanceOf(Error);
		expect(notedFailure(lent)).toBe(refusal);
	});

	it('asks Entra once for a cold start with many items', async () => {
		const entra = new FakeEntra(() => tokenAnswer({ access_token: 'fresh' }));
		const cold = { ...app, accessToken: '' };
		const tokens = await Promise.all(
			Array.from({ length: 20 }, async () => await fetchWith(entra, { ...cold })),
		);
		expect(tokens).toEqual(Array(20).fill({ accessToken: 'fresh' }));
		expect(entra.requests).toHaveLength(1);
	});

	it('keeps the token under a name that n8n treats as expirable and hides', () => {
		const keys = credential.properties.filter(({ typeOptions }) => typeOptions?.expirable);
		expect(keys).toEqual([
			expect.objectContaining({ name: 'accessToken', type: 'hidden', default: '' }),
		]);
		expect(keys[0].typeOptions?.password).toBe(true);
	});
});

describe('the Test button', () => {
	const { baseURL, url, disableFollowRedirect } = credential.test.request;
	const asked = (credentials: ICredentialDataDecryptedObject) =>
		[baseURL, url]
			.map((text) => String(evaluate(text ?? '', { $credentials: credentials })))
			.join('');

	it.each<[ICredentialDataDecryptedObject, string]>([
		[{ environment: 'global', testProgram: 'mpn' }, `${GLOBAL}/insights/v1/mpn/ScheduledDataset`],
		[{ environment: 'global', testProgram: 'cmp' }, `${GLOBAL}/insights/v1.1/cmp/ScheduledDataset`],
		[
			{ environment: 'usGovernment', testProgram: 'mpn' },
			`${GLOBAL}/insights/v1/mpn/ScheduledDataset`,
		],
		[{ environment: 'china', testProgram: 'cmp' }, `${CHINA}/insights/v1.1/cmp/ScheduledDataset`],
		[
			{ environment: 'custom', testProgram: 'mpn', apiBaseUrl: ' https://api.example.com:8443/ ' },
			'https://api.example.com:8443/insights/v1/mpn/ScheduledDataset',
		],
		[
			{ environment: 'custom', testProgram: 'cmp', apiBaseUrl: 'https://api.example.com' },
			'https://api.example.com/insights/v1.1/cmp/ScheduledDataset',
		],
		[
			{
				environment: '\u2068custom\u2069',
				testProgram: '\u200bcmp',
				apiBaseUrl: '\u200bhttps://api.example.com/\u2060',
			},
			'https://api.example.com/insights/v1.1/cmp/ScheduledDataset',
		],
		[{}, `${GLOBAL}/insights/v1/mpn/ScheduledDataset`],
		[{ environment: ' China ', testProgram: 'CMP' }, `${CHINA}/insights/v1.1/cmp/ScheduledDataset`],
	])('with %j asks for the datasets', async (credentials, address) => {
		expect(asked(credentials)).toBe(address);
		// The same credential signs the request that its own test makes.
		const request = { url: asked(credentials) };
		const signing = { ...app, ...credentials, authorityHost: 'https://login.example.com' };
		expect(await signed(request, signing)).toHaveProperty('headers.Authorization');
	});

	it('follows no redirect', () => {
		expect(disableFollowRedirect).toBe(true);
	});

	it.each([401, 403, 404, 429])('explains status %d', (status) => {
		const texts = credential.test.rules?.flatMap((rule) =>
			rule.type === 'responseCode' && rule.properties.value === status
				? [rule.properties.message]
				: [],
		);
		expect(texts).toEqual([expect.stringContaining(`(HTTP ${status})`)]);
	});
});

describe('the fields', () => {
	it('have the names that workflows and credentials rely on', () => {
		expect(credential.name).toBe('partnerCenterInsightsApi');
		expect(credential.displayName).toBe('Partner Center Insights API');
		expect(credential.properties.map(({ name }) => name).sort()).toEqual(
			[
				'accessToken',
				'apiBaseUrl',
				'appAndUserWithCmpNotice',
				'appOnlyWithMpnNotice',
				'authorityHost',
				'certificate',
				'clientCredentialType',
				'clientId',
				'clientSecret',
				'environment',
				'grantType',
				'privateKey',
				'privateKeyPassphrase',
				'refreshToken',
				'tenantId',
				'testProgram',
			].sort(),
		);
	});

	it.each(['clientSecret', 'privateKey', 'privateKeyPassphrase', 'refreshToken', 'accessToken'])(
		'%s is kept as a password',
		(name) => {
			const field = credential.properties.find((property) => property.name === name);
			expect(field?.typeOptions?.password).toBe(true);
		},
	);

	it('say beside a pair of sign-in and program whether Microsoft documents it', () => {
		const notices = (grantType: string, testProgram: string) =>
			credential.properties.filter(
				({ type, displayOptions }) =>
					type === 'notice' &&
					displayOptions?.show?.grantType?.includes(grantType) === true &&
					displayOptions.show.testProgram?.includes(testProgram) === true,
			);
		expect(notices('clientCredentials', 'mpn')).toHaveLength(1);
		expect(notices('refreshToken', 'cmp')).toHaveLength(1);
		expect(notices('clientCredentials', 'cmp')).toEqual([]);
		expect(notices('refreshToken', 'mpn')).toEqual([]);
		expect(notices('clientCredentials', 'mpn')[0].displayName).toContain('App and User');
	});

	it('have the contract’s defaults', () => {
		const defaults = Object.fromEntries(
			credential.properties.map((property) => [property.name, property.default]),
		);
		expect(defaults).toMatchObject({
			environment: 'global',
			grantType: 'clientCredentials',
			clientCredentialType: 'clientSecret',
			testProgram: 'mpn',
		});
	});
});
