import type { Page } from 'playwright-core';

import { createSigningPair, KEY_FORMS, type SigningPair } from '../unit/credentials/signingPair';
import { secretsLeftIn } from '../../sandbox/n8n/secrets';
import { startBench, type Bench } from './bench';
import { startEditorBrowser, type EditorBrowser } from './browser/browser';
import { CredentialDialog } from './browser/credentialDialog';
import { byTestId } from './browser/elements';
import { takePictures } from './browser/pictures';
import { unexpectedRequests } from './browser/requests';
import { chain, NODE_TYPE } from './workflows';

/** What a person sees who has pasted a wrong secret. */
const WRONG_SECRET =
	"The client secret is wrong: copy the secret's Value (not its Secret ID) from the app registration into 'Client Secret' (AADSTS7000215).";

describe("credentials made in n8n's editor", () => {
	let bench: Bench;
	let browser: EditorBrowser;
	let pair: SigningPair;
	let page: Page;
	let dialog: CredentialDialog;
	/** The fields that point at the sandbox, and those of its app. */
	let place: Record<string, string>;
	let app: Record<string, string>;

	beforeAll(async () => {
		bench = await startBench();
		browser = await startEditorBrowser(bench.host.url);
		pair = await createSigningPair();
		const { loginUrl, apiUrl, tenantDomain, apps } = bench.sandbox;
		place = { environment: 'Custom', authorityHost: loginUrl, apiBaseUrl: apiUrl };
		app = { tenantId: tenantDomain, clientId: apps.standard.clientId };
	});
	afterAll(async () => {
		await browser.close();
		await bench.stop();
	});
	beforeEach(async () => {
		const name = 'Resume scheduled report';
		const workflowId = await bench.host.rest.createWorkflow(
			chain('Credentials', { name, type: NODE_TYPE, typeVersion: 1, parameters: {} }),
		);
		page = await browser.open(`/workflow/${workflowId}`);
		await byTestId(page, 'canvas-node').filter({ hasText: name }).dblclick();
		dialog = new CredentialDialog(page);
	});
	afterEach(async () => {
		await page.close();
	});

	/** Saves a credential that is right, opens it once more, and expects n8n's word for it. */
	async function expectSuccess(): Promise<void> {
		await dialog.saveTested();
		await dialog.reopen();
		await dialog.succeeded.waitFor();
		expect(await dialog.succeeded.innerText()).toContain('Connection tested successfully');
	}

	it('says what is wrong with the secret, and that the right one works', async () => {
		await dialog.create('App Registration');
		await dialog.fill({ ...app, clientSecret: 'the-ID-in-place-of-the-value' });
		await dialog.scrollToTop();
		await takePictures(page, 'credential', await dialog.partAbove('environment'));
		await dialog.fill(place);
		await dialog.save();
		await dialog.refusedBecause(WRONG_SECRET);
		await takePictures(page, 'credential-refused', await dialog.partAbove('clientSecret'));

		await dialog.fill({ clientSecret: bench.sandbox.apps.standard.clientSecret });
		await expectSuccess();
	});

	it('takes a certificate with its private key', async () => {
		const { clientId } = bench.sandbox.apps.certificate;
		const key = KEY_FORMS['encrypted PKCS#8'];
		if (key === undefined) throw new Error('There is no such form of a key.');
		await dialog.create('App Registration');
		await dialog.fill({
			...place,
			...app,
			clientId,
			clientCredentialType: 'Certificate',
			certificate: pair.certificate,
			privateKey: key(pair.key, 'open sesame'),
			privateKeyPassphrase: 'open sesame',
		});
		await dialog.save();
		await dialog.refusedBecause('(AADSTS700027)');

		await bench.sandbox.registerCertificate(pair.certificate);
		await dialog.retry();
		await dialog.succeeded.waitFor();
	});

	it('takes a refresh token', async () => {
		const { refreshTokens, standard } = bench.sandbox.apps;
		await dialog.create('App Registration');
		await dialog.fill({
			...place,
			...app,
			grantType: 'App and User (Refresh Token)',
			clientSecret: standard.clientSecret,
			refreshToken: refreshTokens.expired,
		});
		await dialog.save();
		await dialog.refusedBecause("enter the new token in 'Refresh Token' (AADSTS");
		await dialog.fill({ refreshToken: refreshTokens.standard });
		await expectSuccess();
	});

	it('signs the user in', async () => {
		await dialog.create('OAuth2 (User Signs In)');
		await dialog.fill({ ...app, clientSecret: bench.sandbox.apps.standard.clientSecret, ...place });
		const [window] = await Promise.all([page.waitForEvent('popup'), dialog.connect()]);
		await window.getByRole('button', { name: 'Sign in as Avery' }).click();
		await dialog.frame.waitFor({ state: 'detached' });
		await dialog.reopen();
		await dialog.connected.waitFor();
		expect(await dialog.connected.innerText()).toContain('Account connected');
		const tokens = await bench.sandbox.journal({ host: 'login', method: 'POST', path: '/token' });
		expect(tokens.at(-1)?.body).toMatchObject({ grant_type: 'authorization_code' });
	});

	it('asks no other machine for anything, and leaves no secret', async () => {
		expect(unexpectedRequests(browser)).toEqual([]);
		expect(await secretsLeftIn(bench.host)).toEqual({ log: [], database: [] });
	});
});
