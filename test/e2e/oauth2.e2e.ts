import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { createSigningPair, KEY_FORMS, type SigningPair } from '../unit/credentials/signingPair';
import { itemsOf } from '../../sandbox/n8n/execution';
import { secretsLeftIn } from '../../sandbox/n8n/secrets';
import { signIn } from '../../sandbox/n8n/signIn';
import { startBench, type Bench } from './bench';
import { storeOAuth2Credential } from './signIn';
import { chain, insights, items, next, OAUTH2_CREDENTIAL } from './workflows';

describe('the OAuth2 credential in n8n', () => {
	let bench: Bench;
	let pair: SigningPair;

	beforeAll(async () => {
		bench = await startBench();
		pair = await createSigningPair();
	});
	afterAll(async () => {
		await bench.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset();
		await bench.sandbox.registerCertificate(pair.certificate);
	});

	const storeCredential = async (changes?: ICredentialDataDecryptedObject) =>
		await storeOAuth2Credential(bench, changes);
	const connect = async (id: string) => await signIn(bench.host, id);

	async function resume(credentialId: string, ids: string[]) {
		return await bench.run(
			chain(
				'OAuth2',
				items(ids.map((id) => ({ id }))),
				insights('resume', credentialId, { authentication: OAUTH2_CREDENTIAL }),
				next(),
			),
		);
	}

	it('signs the user in and resumes reports as that user', async () => {
		const ids = await bench.sandbox.seedReports('mpn', 8);
		const credentialId = await storeCredential();
		const { authorization, page } = await connect(credentialId);
		expect(authorization.origin).toBe(bench.sandbox.loginUrl);
		expect(authorization.pathname).toBe(`/${bench.sandbox.tenantDomain}/oauth2/v2.0/authorize`);
		expect(authorization.searchParams.get('scope')).toBe(
			`${bench.sandbox.apiUrl}/user_impersonation offline_access`,
		);
		expect(page).toContain('successful');

		const { data, status } = await resume(credentialId, ids);
		expect(status).toBe('success');
		expect(itemsOf(data, 'Next').map(({ json }) => json.ReportId)).toEqual(ids);
		expect(await bench.tokenRequests()).toBe(1);
	});

	it("ends with n8n's words where Entra refuses, as the page on troubleshooting has them", async () => {
		const cancelled = await signIn(bench.host, await storeCredential(), 'cancel');
		expect(cancelled.page).toContain('Insufficient parameters for OAuth2 callback.');
		expect(cancelled.page).toContain('AADSTS65004');
		const wrong = await connect(await storeCredential({ clientSecret: 'the ID of the secret' }));
		expect(wrong.page).toContain('Client authentication failed (e.g., unknown client');
	});

	it('signs in with a certificate', async () => {
		const [id = ''] = await bench.sandbox.seedReports('mpn', 1);
		const credentialId = await storeCredential({
			clientId: bench.sandbox.apps.certificate.clientId,
			clientCredentialType: 'certificate',
			clientSecret: '',
			certificate: pair.certificate,
			privateKey: KEY_FORMS['PKCS#8']?.(pair.key, '') ?? '',
		});
		await connect(credentialId);
		const { status } = await resume(credentialId, [id]);
		expect(status).toBe('success');
		const [request] = await bench.sandbox.journal({ host: 'login', path: '/token' });
		expect(request?.body).toMatchObject({
			client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
		});
		expect(request?.body).not.toHaveProperty('client_secret');
	});

	it('renews the token when it has expired, and keeps the rotated refresh token', async () => {
		await bench.sandbox.setOptions({ singleUseRefreshTokens: true });
		const ids = await bench.sandbox.seedReports('mpn', 12);
		const credentialId = await storeCredential();
		await connect(credentialId);
		for (let renewals = 1; renewals <= 2; renewals++) {
			await bench.sandbox.advanceClock({ hours: 2 });
			const { data, status } = await resume(credentialId, ids);
			expect(status).toBe('success');
			expect(itemsOf(data, 'Next')).toHaveLength(12);
			const requests = await bench.sandbox.journal({ host: 'login', path: '/token' });
			expect(requests).toHaveLength(1 + renewals);
			expect(requests.at(-1)?.body).toMatchObject({ grant_type: 'refresh_token' });
		}
	});

	it('says that the user has to sign in first', async () => {
		const [id = ''] = await bench.sandbox.seedReports('mpn', 1);
		const { data, status } = await resume(await storeCredential(), [id]);
		expect(status).toBe('error');
		expect(data.resultData.error?.message).toMatch(/connect|sign in/i);
		expect(await bench.sandbox.journal()).toEqual([]);
	});

	it('does not sign in at an address that is no https origin', async () => {
		const id = await storeCredential({ authorityHost: 'http://127.0.0.1:9' });
		const call = bench.host.rest.call<string>('GET', `/rest/oauth2-credential/auth?id=${id}`);
		await expect(call.then((address) => new URL(address).hostname)).resolves.toMatch(/\.invalid$/);
	});

	it('leaves no secret in the log or the database', async () => {
		expect(await secretsLeftIn(bench.host)).toEqual({ log: [], database: [] });
	});
});
