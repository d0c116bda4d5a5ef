import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { forgetSharedTokens } from '../../credentials/entra/tokenSharing';
import { createSigningPair, KEY_FORMS, type SigningPair } from '../unit/credentials/signingPair';
import { type Bench, jsonOf, reportByExpression, startBench } from './bench';

const resume = {
	resource: 'scheduledReport',
	operation: 'resume',
	reportId: reportByExpression,
	options: { maxRetries: 1 },
};

describe('The credentials on the n8n engine', () => {
	let bench: Bench;
	let id: string;
	let pair: SigningPair;

	beforeAll(async () => {
		[bench, pair] = await Promise.all([startBench(), createSigningPair()]);
		await bench.sandbox.registerCertificate(pair.certificate);
	}, 60_000);
	afterAll(async () => {
		await bench.stop();
	});
	beforeEach(async () => {
		[id = ''] = await bench.sandbox.seedReports('mpn', 1);
		await bench.sandbox.clearFaults();
		await bench.sandbox.clearJournal();
	});

	const runWith = async (changes: ICredentialDataDecryptedObject) => {
		bench.useCredential(changes);
		return await bench.run([{ id }], resume);
	};

	describe('proves itself by certificate', () => {
		const certificateApp = () => ({
			...bench.sandbox.apps.certificate,
			clientCredentialType: 'certificate',
			clientSecret: '',
			certificate: pair.certificate,
		});
		const keyAs = (form: string, passphrase = '', { key } = pair) =>
			KEY_FORMS[form]?.(key, passphrase) ?? '';

		it.each([
			['PKCS#8', () => ({ privateKey: keyAs('PKCS#8') })],
			['PKCS#1', () => ({ privateKey: keyAs('PKCS#1') })],
			[
				'encrypted PKCS#8',
				() => ({
					privateKey: keyAs('encrypted PKCS#8', 'open sesame'),
					privateKeyPassphrase: 'open sesame',
				}),
			],
			[
				'PKCS#8 pasted into one line',
				() => ({ privateKey: keyAs('PKCS#8').replaceAll('\n', ' ') }),
			],
		])('with a key in %s', async (_form, key) => {
			const run = await runWith({ ...certificateApp(), ...key() });
			expect(run.error).toBeUndefined();
			expect(jsonOf(run)).toEqual([expect.objectContaining({ ReportStatus: 'Active' })]);
		});

		it('for a user with a refresh token', async () => {
			const run = await runWith({
				...certificateApp(),
				privateKey: keyAs('PKCS#8'),
				grantType: 'refreshToken',
				refreshToken: bench.sandbox.apps.refreshTokens.standard,
			});
			expect(run.error).toBeUndefined();
		});

		it('and says so when the key belongs to another certificate', async () => {
			const other = await createSigningPair();
			const run = await runWith({ ...certificateApp(), privateKey: keyAs('PKCS#8', '', other) });
			expect(run.error?.message).toBe(
				"'Private Key' does not belong to 'Certificate'. Paste the two parts of the same pair.",
			);
			expect(await bench.sandbox.journal()).toEqual([]);
		});

		it('and says so when the app registration does not know the certificate', async () => {
			const other = await createSigningPair();
			const run = await runWith({
				...certificateApp(),
				certificate: other.certificate,
				privateKey: keyAs('PKCS#8', '', other),
			});
			expect(run.error?.message).toMatch(/AADSTS7\d+/);
		});
	});

	describe('explains a refusal of Microsoft Entra in one sentence', () => {
		const user = (refreshToken: string) => ({ grantType: 'refreshToken', refreshToken });
		it.each<[code: string, field: RegExp, changes: () => ICredentialDataDecryptedObject]>([
			['7000215', /'Client Secret'/, () => ({ clientSecret: 'not the secret' })],
			['7000222', /expired/, () => ({ ...bench.sandbox.apps.expiredSecret })],
			['700016', /'Client ID'/, () => ({ clientId: '11111111-2222-4333-8444-555555555555' })],
			['90002', /'Tenant ID'/, () => ({ tenantId: 'fabrikam.onmicrosoft.com' })],
			['50076', /MFA/, () => user(bench.sandbox.apps.refreshTokens.mfaRequired)],
			['50079', /enrol/, () => user(bench.sandbox.apps.refreshTokens.mfaEnrolment)],
			['700082', /90 days/, () => user(bench.sandbox.apps.refreshTokens.expired)],
			['50034', /does not exist/, () => user(bench.sandbox.apps.refreshTokens.unknownUser)],
			[
				'65001',
				/Consent/,
				() => ({
					...bench.sandbox.apps.noConsent,
					...user(bench.sandbox.apps.refreshTokens.standard),
				}),
			],
		])('AADSTS%s', async (code, field, changes) => {
			const run = await runWith(changes());
			expect(run.error?.message).toMatch(field);
			expect(run.error?.message).toContain(`(AADSTS${code}).`);
			expect(run.error?.message.match(/[.](?= |$)/g)).toHaveLength(1);
			expect(await bench.sandbox.countRequests({ host: 'api' })).toBe(0);
		});
	});

	it('explains AADSTS500113, which only a user sign-in meets', async () => {
		await bench.sandbox.addFault({ kind: 'aadsts', code: 500113, match: { host: 'login' } });
		const run = await runWith({});
		expect(run.error?.message).toMatch(/redirect address.*[(]AADSTS500113[)][.]$/);
	});

	describe('when the login authority misbehaves', () => {
		it.each([
			['429', { kind: 'rateLimit', retryAfterSeconds: 1 } as const],
			['503', { kind: 'status', status: 503 } as const],
			['a dropped connection', { kind: 'reset' } as const],
		])('tries again after %s', async (_case, fault) => {
			await bench.sandbox.addFault({ ...fault, match: { host: 'login' } });
			const run = await runWith({});
			expect(run.error).toBeUndefined();
			expect(await bench.tokenRequests()).toBe(2);
		});

		it('tries again for each of many items at once', async () => {
			await bench.undisturbed();
			await bench.sandbox.addFault({ kind: 'status', status: 503, match: { host: 'login' } });
			bench.useCredential();
			const run = await bench.run(
				Array.from({ length: 20 }, () => ({ id })),
				{ ...resume, options: { maxRetries: 1, maxConcurrency: 10 } },
			);
			expect(run.error).toBeUndefined();
			expect(jsonOf(run)).toHaveLength(20);
			expect(await bench.tokenRequests()).toBe(2);
		});

		it('does not follow a redirect with the secret', async () => {
			await bench.sandbox.addFault({
				kind: 'redirect',
				status: 307,
				location: `${bench.sandbox.apiUrl}/steal`,
				match: { host: 'login' },
			});
			const run = await runWith({});
			expect(run.error?.message).toMatch(/answered with a redirect/);
			expect(await bench.sandbox.countRequests({ host: 'api' })).toBe(0);
		});

		it('tells an HTML page', async () => {
			await bench.sandbox.addFault({
				kind: 'html',
				status: 200,
				times: 0,
				match: { host: 'login' },
			});
			const run = await runWith({});
			expect(run.error?.message).toMatch(/no JSON/);
		});
	});

	describe('takes what was stored during a run', () => {
		afterEach(() => {
			jest.restoreAllMocks();
		});

		/** Runs with a token that is refused; the changes are saved just before it is sent. */
		const runWhileSaving = async (
			credential: ICredentialDataDecryptedObject,
			saved: ICredentialDataDecryptedObject,
			items = 1,
		) => {
			bench.useCredential({ accessToken: 'refused', ...credential });
			const { credentials } = bench.engine;
			const authenticate = credentials.authenticate.bind(credentials);
			jest.spyOn(credentials, 'authenticate').mockImplementationOnce(async (...request) => {
				Object.assign(bench.storedCredential(), saved);
				return await authenticate(...request);
			});
			return await bench.run(
				Array.from({ length: items }, () => ({ id })),
				resume,
			);
		};

		it('a secret, for the renewal', async () => {
			const { clientSecret } = bench.sandbox.apps.standard;
			const run = await runWhileSaving({ clientSecret: 'the former one' }, { clientSecret }, 6);
			expect(run.error).toBeUndefined();
			expect(jsonOf(run)).toHaveLength(6);
			expect(await bench.tokenRequests()).toBe(1);
			expect(bench.storedCredential()).toMatchObject({ clientSecret });
		});

		it('a refresh token, for the renewal', async () => {
			const { expired, standard } = bench.sandbox.apps.refreshTokens;
			const run = await runWhileSaving(
				{ grantType: 'refreshToken', refreshToken: expired },
				{ refreshToken: standard },
			);
			expect(run.error).toBeUndefined();
			expect(await bench.tokenRequests()).toBe(1);
		});

		it('a refresh token, and does not store the successor of the former one over it', async () => {
			const { expired, standard } = bench.sandbox.apps.refreshTokens;
			const run = await runWhileSaving(
				{ grantType: 'refreshToken', refreshToken: standard },
				{ refreshToken: expired },
			);
			expect(run.error?.message).toContain('(AADSTS700082)');
			expect(bench.storedCredential()).toMatchObject({ refreshToken: expired });
		});

		it.each<[string, () => string, RegExp | undefined]>([
			['is sent instead', () => bench.sandbox.apps.refreshTokens.standard, undefined],
			['is not stored over', () => 'saved meanwhile', /\(AADSTS9002313\)/],
		])(
			'a refresh token that is saved while a token is fetched, which %s',
			async (_what, saved, refusal) => {
				bench.useCredential({
					grantType: 'refreshToken',
					refreshToken: bench.sandbox.apps.refreshTokens.withoutMfa,
				});
				const { credentials } = bench.engine;
				const preAuthentication = credentials.preAuthentication.bind(credentials);
				jest.spyOn(credentials, 'preAuthentication').mockImplementationOnce(async (...request) => {
					Object.assign(bench.storedCredential(), { refreshToken: saved() });
					return await preAuthentication(...request);
				});
				const run = await bench.run([{ id }], resume);
				expect(await bench.tokenRequests()).toBe(2);
				if (refusal === undefined) {
					expect(run.error).toBeUndefined();
					expect(bench.storedCredential().accessToken).not.toBe('');
				} else {
					expect(run.error?.message).toMatch(refusal);
					expect(bench.storedCredential()).toMatchObject({ refreshToken: saved() });
				}
			},
		);

		type Saved = (theirs: ICredentialDataDecryptedObject) => ICredentialDataDecryptedObject;
		it.each<[string, Saved, number]>([
			['a refresh token', () => ({ refreshToken: bench.sandbox.apps.refreshTokens.standard }), 2],
			[
				'what another process has signed in with',
				({ accessToken }) => ({ refreshToken: 'its successor', accessToken }),
				1,
			],
		])('%s, where the former one is refused', async (_what, saved, requests) => {
			const { expired, standard } = bench.sandbox.apps.refreshTokens;
			await runWith({ grantType: 'refreshToken', refreshToken: standard });
			const theirs = bench.storedCredential();
			await bench.sandbox.clearJournal();
			bench.useCredential({ grantType: 'refreshToken', refreshToken: expired });
			const { credentials } = bench.engine;
			const preAuthentication = credentials.preAuthentication.bind(credentials);
			jest.spyOn(credentials, 'preAuthentication').mockImplementationOnce(async (...request) => {
				Object.assign(bench.storedCredential(), saved(theirs));
				return await preAuthentication(...request);
			});
			const run = await bench.run([{ id }], resume);
			expect(run.error).toBeUndefined();
			expect(await bench.tokenRequests()).toBe(requests);
		});

		it('a token of another process, and fetches none', async () => {
			await runWith({});
			const { accessToken } = bench.storedCredential();
			await bench.sandbox.clearJournal();
			const run = await runWhileSaving({}, { accessToken }, 6);
			expect(run.error).toBeUndefined();
			expect(jsonOf(run)).toHaveLength(6);
			expect(await bench.tokenRequests()).toBe(0);
			expect(bench.storedCredential()).toMatchObject({ accessToken });
		});

		it('a token of another process, and fetches one where that is refused, too', async () => {
			const run = await runWhileSaving({}, { accessToken: 'refused as well' }, 6);
			expect(run.error).toBeUndefined();
			expect(await bench.tokenRequests()).toBe(1);
			expect(bench.storedCredential()).not.toHaveProperty('refusedAccessToken');
		});
	});

	describe('fetches no token per item', () => {
		const goingOn = { node: { onError: 'continueRegularOutput' } } as const;
		const itemsOf = (count: number) => Array.from({ length: count }, () => ({ id }));
		const options = (maxConcurrency: number) => ({
			...resume,
			options: { maxRetries: 1, maxConcurrency },
		});
		/** How many of the items failed. */
		const failed = (run: Awaited<ReturnType<typeof runWith>>) =>
			jsonOf(run).filter(({ error }) => error !== undefined).length;

		it('where the service refuses every one', async () => {
			bench.useCredential();
			await bench.sandbox.addFault({
				kind: 'status',
				status: 401,
				times: 0,
				match: { host: 'api' },
			});
			const run = await bench.run(itemsOf(20), options(1), goingOn);
			expect(failed(run)).toBe(20);
			expect(await bench.tokenRequests()).toBe(2);
		});

		it.each<[string, number, () => ICredentialDataDecryptedObject]>([
			['the secret', 1, () => ({ clientSecret: 'wrong' })],
			[
				'the secret, with a token that has expired',
				4,
				() => ({ clientSecret: 'wrong', accessToken: 'old' }),
			],
			[
				'the refresh token',
				4,
				() => ({
					grantType: 'refreshToken',
					refreshToken: bench.sandbox.apps.refreshTokens.expired,
				}),
			],
		])('where Microsoft Entra refuses %s, %d at once', async (_what, maxConcurrency, changes) => {
			bench.useCredential(changes());
			const run = await bench.run(itemsOf(30), options(maxConcurrency), goingOn);
			expect(failed(run)).toBe(30);
			expect(await bench.tokenRequests()).toBeLessThanOrEqual(2);
		});

		it('where Microsoft Entra is out of order', async () => {
			bench.useCredential();
			await bench.sandbox.addFault({
				kind: 'status',
				status: 503,
				times: 0,
				match: { host: 'login' },
			});
			const run = await bench.run(itemsOf(20), options(1), goingOn);
			expect(failed(run)).toBe(20);
			expect(await bench.tokenRequests()).toBeLessThanOrEqual(10);
		});

		it('but one as soon as the right secret is saved', async () => {
			bench.useCredential({ clientSecret: 'wrong' });
			const { credentials } = bench.engine;
			const getDecrypted = credentials.getDecrypted.bind(credentials);
			let reads = 0;
			const spy = jest.spyOn(credentials, 'getDecrypted').mockImplementation(async (...read) => {
				if (++reads === 5) {
					const { clientSecret } = bench.sandbox.apps.standard;
					Object.assign(bench.storedCredential(), { clientSecret });
				}
				return await getDecrypted(...read);
			});
			const run = await bench.run(itemsOf(10), options(1), goingOn);
			spy.mockRestore();
			expect(failed(run)).toBeGreaterThan(0);
			expect(failed(run)).toBeLessThan(5);
			expect(await bench.tokenRequests()).toBe(2);
		});
	});

	describe('of a user whose token n8n renews by itself', () => {
		/** Runs with a token that is refused, so that n8n renews it first. */
		const runWithUser = async (changes: ICredentialDataDecryptedObject = {}, items = 1) => {
			const { sandbox } = bench;
			bench.engine.saveCredential({
				id: 'user',
				type: 'partnerCenterInsightsOAuth2Api',
				name: 'User',
				data: {
					...sandbox.apps.standard,
					environment: 'custom',
					authorityHost: sandbox.loginUrl,
					apiBaseUrl: sandbox.apiUrl,
					tenantId: sandbox.tenantDomain,
					accessTokenUrl: `${sandbox.loginUrl}/${sandbox.tenantDomain}/oauth2/v2.0/token`,
					scope: `${sandbox.apiUrl}/user_impersonation offline_access`,
					oauthTokenData: {
						access_token: 'refused',
						refresh_token: sandbox.apps.refreshTokens.standard,
					},
					...changes,
				},
			});
			return await bench.run(
				Array.from({ length: items }, () => ({})),
				{
					authentication: 'partnerCenterInsightsOAuth2Api',
					resource: 'reportQuery',
					operation: 'create',
					name: 'Mine',
					query: 'SELECT CustomerName FROM AzureUsage TIMESPAN LAST_MONTH',
					options: { maxRetries: 1 },
				},
				{
					node: {
						credentials: { partnerCenterInsightsOAuth2Api: { id: 'user', name: 'User' } },
						...(items > 1 && { onError: 'continueRegularOutput' }),
					},
				},
			);
		};

		it.each<[string, () => ICredentialDataDecryptedObject]>([
			['the secret', () => ({ ...bench.sandbox.apps.expiredSecret })],
			[
				'the refresh token',
				() => ({
					oauthTokenData: {
						access_token: 'refused',
						refresh_token: bench.sandbox.apps.refreshTokens.expired,
					},
				}),
			],
		])('asks Microsoft Entra once for many items where it refuses %s', async (_what, changes) => {
			const run = await runWithUser(changes(), 20);
			expect(jsonOf(run).filter(({ error }) => error !== undefined)).toHaveLength(20);
			expect(await bench.tokenRequests()).toBe(1);
		});

		it('creates with the new token', async () => {
			const run = await runWithUser();
			expect(run.error).toBeUndefined();
			expect(jsonOf(run)).toEqual([expect.objectContaining({ Name: 'Mine' })]);
		});

		it('says why Microsoft Entra refused to renew it', async () => {
			const run = await runWithUser({ ...bench.sandbox.apps.expiredSecret });
			expect(run.error?.message).toMatch(
				/^The client secret has expired: .*[(]AADSTS7000222[)][.]$/,
			);
			expect(run.error).toMatchObject({
				description: expect.stringContaining('Nothing was sent to Partner Center.'),
			});
		});

		it('names the login authority where that cannot be reached', async () => {
			const authorityHost = 'https://127.0.0.1:1';
			const run = await runWithUser({ authorityHost, accessTokenUrl: `${authorityHost}/token` });
			expect(run.error?.message).toMatch(
				/^The login authority 127[.]0[.]0[.]1:1 cannot be reached [(]ECONNREFUSED[)]/,
			);
		});

		it('tells a page in place of a token', async () => {
			await bench.sandbox.addFault({
				kind: 'html',
				status: 200,
				times: 0,
				match: { host: 'login' },
			});
			const run = await runWithUser();
			expect(run.error?.message).toMatch(/^The login authority answered with HTTP 200 and no JSON/);
		});

		it('tries again where the login authority is busy', async () => {
			await bench.sandbox.addFault({ kind: 'status', status: 503, match: { host: 'login' } });
			const run = await runWithUser();
			expect(run.error).toBeUndefined();
			expect(await bench.tokenRequests()).toBe(2);
		});
	});

	describe('does not go on with the token of the former', () => {
		const OTHER = '00000000-0000-4000-8000-000000000000';

		const runAfter = async (
			changes: ICredentialDataDecryptedObject,
			restart: () => void,
			before: ICredentialDataDecryptedObject = {},
		) => {
			await runWith(before);
			Object.assign(bench.storedCredential(), changes);
			expect(bench.storedCredential().accessToken).not.toBe('');
			await bench.sandbox.clearJournal();
			restart();
			return await bench.run([{ id }], resume);
		};

		it.each([
			['tenant', { tenantId: 'fabrikam.com' }, '(AADSTS90002)', () => {}],
			['app', { clientId: OTHER }, '(AADSTS700016)', () => {}],
			['tenant after a restart', { tenantId: OTHER }, '(AADSTS90002)', forgetSharedTokens],
			['app after a restart', { clientId: OTHER }, '(AADSTS700016)', forgetSharedTokens],
		])('%s', async (_what, changes, code, restart) => {
			const run = await runAfter(changes, restart);
			expect(run.error?.message).toContain(code);
			expect(await bench.sandbox.journal({ host: 'api' })).toEqual([]);
		});

		it('user', async () => {
			const { standard, expired } = bench.sandbox.apps.refreshTokens;
			const user = { grantType: 'refreshToken', refreshToken: standard };
			const run = await runAfter({ refreshToken: expired }, () => {}, user);
			expect(run.error?.message).toContain('(AADSTS700082)');
			expect(await bench.sandbox.journal({ host: 'api' })).toEqual([]);
		});

		it('process, but with the stored token where it is the right one', async () => {
			const run = await runAfter({ tenantId: bench.sandbox.tenantId }, forgetSharedTokens);
			expect(run.error).toBeUndefined();
			expect(await bench.tokenRequests()).toBe(0);
		});
	});

	it.each([
		['Tenant ID', { tenantId: '../common' }],
		['Tenant ID', { tenantId: '' }],
		['API Base URL', { apiBaseUrl: 'http://127.0.0.1' }],
		['API Base URL', { apiBaseUrl: 'https://user@127.0.0.1' }],
		['Authority Host', { authorityHost: 'https://127.0.0.1/path' }],
		['Client ID', { clientId: '   ' }],
	])("sends nothing when '%s' is %j", async (field, changes) => {
		const run = await runWith(changes);
		expect(run.error?.message).toContain(`'${field}'`);
		expect(await bench.sandbox.journal()).toEqual([]);
	});

	describe('in an HTTP Request node', () => {
		/** How each version is told to follow redirects, where it does not by itself. */
		const followed = { redirect: { redirect: { followRedirects: true, maxRedirects: 5 } } };
		const anyway = { ...followed, sendCredentialsOnCrossOriginRedirect: true };

		it.each<[number, string, INodeParameters]>([
			[2, 'as it follows them', { followRedirect: true }],
			[3, 'as it follows them', followed],
			[4.1, 'as it is by itself', {}],
			[4.2, 'as it is by itself', {}],
			[4.2, 'though it trusts any certificate', { allowUnauthorizedCerts: true }],
			[4.3, 'as it is by itself', {}],
			[4.5, 'as it is by itself', {}],
			[4.5, 'though it is to send credentials along', anyway],
		])(
			'of version %d sends no token along a redirect to another host, %s',
			async (typeVersion, _how, options) => {
				bench.useCredential();
				await bench.undisturbed();
				const location = `${bench.sandbox.blobUrl}/elsewhere`;
				await bench.sandbox.addFault({ kind: 'redirect', location, match: { host: 'api' } });
				await bench.run(
					[{}],
					{
						url: `${bench.sandbox.apiUrl}/insights/v1/mpn/ScheduledReport`,
						authentication: 'predefinedCredentialType',
						nodeCredentialType: 'partnerCenterInsightsApi',
						options,
					},
					{ node: { type: 'n8n-nodes-base.httpRequest', typeVersion } },
				);
				const [asked] = await bench.sandbox.journal({ host: 'api' });
				expect(asked?.headers).toHaveProperty('authorization');
				const [arrived] = await bench.sandbox.journal({ host: 'blob' });
				expect(arrived?.path).toBe('/elsewhere');
				expect(arrived?.headers).not.toHaveProperty('authorization');
			},
		);
	});

	it('trims pasted values', async () => {
		const run = await runWith({
			tenantId: ` ${bench.sandbox.tenantId}\n`,
			clientId: `${bench.sandbox.apps.standard.clientId} `,
			clientSecret: `\t${bench.sandbox.apps.standard.clientSecret}\n`,
			authorityHost: ` ${bench.sandbox.loginUrl}/ `,
			apiBaseUrl: ` ${bench.sandbox.apiUrl}/ `,
		});
		expect(run.error).toBeUndefined();
	});
});
