import { createSigningPair, KEY_FORMS, type SigningPair } from '../unit/credentials/signingPair';
import { itemsOf } from '../../sandbox/n8n/execution';
import { secretsLeftIn } from '../../sandbox/n8n/secrets';
import { startBench, type Bench } from './bench';
import { APP_CREDENTIAL, chain, insights, items, next } from './workflows';

const PASSPHRASE = 'open sesame, e2e';

describe('the app credential in n8n', () => {
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

	const certificate = (form: string) => ({
		clientId: bench.sandbox.apps.certificate.clientId,
		clientSecret: '',
		clientCredentialType: 'certificate',
		certificate: pair.certificate,
		privateKey: KEY_FORMS[form]?.(pair.key, PASSPHRASE) ?? '',
		privateKeyPassphrase: form.startsWith('encrypted') ? PASSPHRASE : '',
	});
	const refreshToken = (token: string = bench.sandbox.apps.refreshTokens.standard) => ({
		grantType: 'refreshToken',
		refreshToken: token,
	});

	const ok = { status: 'OK', message: 'Connection successful!' };

	it('passes its test with a secret', async () => {
		const id = await bench.credential();
		expect(await bench.host.rest.testCredential(id)).toEqual(ok);
		const [call] = await bench.sandbox.journal({ host: 'api' });
		expect(call).toMatchObject({ method: 'GET', path: '/insights/v1/mpn/ScheduledDataset' });
	});

	it('tests with the cmp program when told so', async () => {
		const id = await bench.credential({ testProgram: 'cmp' });
		expect(await bench.host.rest.testCredential(id)).toEqual(ok);
		const [call] = await bench.sandbox.journal({ host: 'api' });
		expect(call?.path).toBe('/insights/v1.1/cmp/ScheduledDataset');
	});

	it.each(Object.keys(KEY_FORMS))('passes its test with a private key in %s', async (form) => {
		const id = await bench.credential(certificate(form));
		expect(await bench.host.rest.testCredential(id)).toEqual(ok);
	});

	it('passes its test with a refresh token', async () => {
		const id = await bench.credential(refreshToken());
		expect(await bench.host.rest.testCredential(id)).toEqual(ok);
		const [request] = await bench.sandbox.journal({ host: 'login', method: 'POST' });
		expect(request?.body).toMatchObject({ grant_type: 'refresh_token' });
	});

	it('passes its test with a refresh token and a certificate', async () => {
		const id = await bench.credential({ ...certificate('PKCS#8'), ...refreshToken() });
		expect(await bench.host.rest.testCredential(id)).toEqual(ok);
	});

	it.each([
		['a wrong secret', { clientSecret: 'not-the-secret-at-all' }, 'AADSTS7000215'],
		['an unknown tenant', { tenantId: 'nobody.example' }, 'AADSTS90002'],
		['an unknown app', { clientId: '99999999-9999-4999-8999-999999999999' }, 'AADSTS700016'],
	])('says in a sentence what is wrong with %s', async (_case, changes, code) => {
		const id = await bench.credential(changes);
		const { status, message } = await bench.host.rest.testCredential(id);
		expect(status).toBe('Error');
		expect(message).toContain(`(${code})`);
		expect(message).not.toContain('not-the-secret-at-all');
		// Whoever else n8n still serves is no matter of this test: it is not the one that tests a credential.
		const tested = { host: 'api', path: '/ScheduledDataset' } as const;
		expect(await bench.sandbox.journal(tested)).toEqual([]);
	});

	it.each([
		['an expired secret', 'expiredSecret', 'AADSTS7000222'],
		['missing consent', 'noConsent', 'AADSTS65001'],
	] as const)('says in a sentence that there is %s', async (_case, app, code) => {
		const id = await bench.credential({ ...bench.sandbox.apps[app] });
		const { status, message } = await bench.host.rest.testCredential(id);
		expect({ status, message }).toEqual({
			status: 'Error',
			message: expect.stringContaining(`(${code})`),
		});
	});

	it.each([
		['expired', 'AADSTS700082'],
		['mfaRequired', 'AADSTS50076'],
		['mfaEnrolment', 'AADSTS50079'],
		['unknownUser', 'AADSTS50034'],
	] as const)('says in a sentence what is wrong with a refresh token: %s', async (which, code) => {
		const id = await bench.credential(refreshToken(bench.sandbox.apps.refreshTokens[which]));
		const { status, message } = await bench.host.rest.testCredential(id);
		expect({ status, message }).toEqual({
			status: 'Error',
			message: expect.stringContaining(`(${code})`),
		});
	});

	it('says which role is missing', async () => {
		const id = await bench.credential({ ...bench.sandbox.apps.noRole });
		const { status, message } = await bench.host.rest.testCredential(id);
		expect(status).toBe('Error');
		expect(message).toContain('Executive report viewer');
	});

	it.each([
		['http://127.0.0.1', 'authorityHost'],
		['https://login.example/path', 'authorityHost'],
	])('sends nothing to %s', async (address, field) => {
		const id = await bench.credential({ [field]: address });
		const { status } = await bench.host.rest.testCredential(id);
		expect(status).toBe('Error');
		expect(await bench.sandbox.journal()).toEqual([]);
	});

	it('serves the HTTP Request node, for its own service only', async () => {
		const [reportId = ''] = await bench.sandbox.seedReports('mpn', 1);
		const credentialId = await bench.credential();
		const calling = async (url: string) =>
			await bench.run(
				chain('HTTP Request', {
					name: 'Call',
					type: 'n8n-nodes-base.httpRequest',
					typeVersion: 4.2,
					parameters: {
						url,
						authentication: 'predefinedCredentialType',
						nodeCredentialType: APP_CREDENTIAL,
					},
					credentials: { [APP_CREDENTIAL]: { id: credentialId, name: 'Sandbox' } },
				}),
			);
		const path = `/insights/v1/mpn/ScheduledReport?reportId=${reportId}`;
		const { data } = await calling(bench.sandbox.apiUrl + path);
		expect(data.resultData.error?.message).toBeUndefined();
		expect(itemsOf(data, 'Call')[0]?.json).toMatchObject({ value: [{ reportId }] });

		const elsewhere = await calling(`${bench.sandbox.blobUrl}/anything`);
		expect(elsewhere.status).toBe('error');
		expect(await bench.sandbox.countRequests({ host: 'blob' })).toBe(0);
	});

	it('is shown by the editor without its secrets', async () => {
		const id = await bench.credential({ ...certificate('PKCS#8'), ...refreshToken() });
		await bench.host.rest.testCredential(id);
		const shown = JSON.stringify(await bench.host.rest.credential(id));
		const stored = await bench.storedCredential(id);
		for (const field of ['privateKey', 'certificate', 'refreshToken', 'accessToken']) {
			const value = stored.data[field];
			if (field !== 'accessToken') expect(value).toBeTruthy();
			if (typeof value === 'string' && value !== '') expect(shown).not.toContain(value);
		}
	});

	it('is imported with its workflow by the commands that n8n has for it, and runs', async () => {
		const [reportId = ''] = await bench.sandbox.seedReports('mpn', 1);
		const execution = await bench.importAndExecute(
			chain('Imported', items([{ id: reportId }]), insights('resume', 'imported'), next()),
			{ id: 'imported', ...certificate('encrypted PKCS#8') },
		);
		expect(itemsOf(execution, 'Next').map(({ json }) => json.ReportId)).toEqual([reportId]);
	});

	it('leaves no secret in the log or the database', async () => {
		const keyLines = Object.keys(KEY_FORMS)
			.map((form) => certificate(form).privateKey.split('\n').at(2) ?? '')
			.filter((line) => line.length > 40);
		const secrets = [...keyLines, PASSPHRASE, 'not-the-secret-at-all'];
		expect(await secretsLeftIn(bench.host, secrets)).toEqual({ log: [], database: [] });
	});
});
