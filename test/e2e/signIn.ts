/** The OAuth2 credential, and the user who signs in for it. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { sandboxCredentials } from '../../sandbox/n8n/examples';
import type { N8nHost } from '../../sandbox/n8n/host';
import type { Bench } from './bench';
import { OAUTH2_CREDENTIAL } from './workflows';

/**
 * Stores an OAuth2 credential for the sandbox that nobody has signed in for yet.
 *
 * @returns its id
 */
export async function storeOAuth2Credential(
	{ host, sandbox }: Pick<Bench, 'host' | 'sandbox'>,
	changes: ICredentialDataDecryptedObject = {},
): Promise<string> {
	const credential = sandboxCredentials(sandbox).find(({ type }) => type === OAUTH2_CREDENTIAL);
	if (credential === undefined) throw new Error('There is no OAuth2 credential.');
	const { type, name, data } = credential;
	return await host.rest.createCredential({ type, name, data: { ...data, ...changes } });
}

/** Presses Connect, signs in on Entra's page, and comes back to n8n, as a browser does. */
export async function signIn(
	{ rest, url }: N8nHost,
	credentialId: string,
): Promise<{ authorization: URL; page: string }> {
	const address = await rest.call<string>('GET', `/rest/oauth2-credential/auth?id=${credentialId}`);
	const authorization = new URL(address);
	const shown = await fetch(authorization);
	const page = await shown.text();
	const form = new URLSearchParams({ decision: 'accept' });
	for (const [, name = '', value = ''] of page.matchAll(
		/<input type="hidden" name="([^"]*)" value="([^"]*)">/g,
	)) {
		form.set(
			name,
			value.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
		);
	}
	const signedIn = await fetch(new URL(authorization.pathname, authorization), {
		method: 'POST',
		body: form,
		redirect: 'manual',
	});
	const back = new URL(signedIn.headers.get('location') ?? '');
	expect(back.origin).toBe(url);
	const answer = await rest.send('GET', back.pathname + back.search);
	return { authorization, page: await answer.text() };
}
