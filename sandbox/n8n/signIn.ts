/** The user who signs in for an OAuth2 credential, as a browser does it. */
import type { N8nHost } from './host';

/** What a page's forms carry unseen. */
function hiddenFields(page: string): Array<[name: string, value: string]> {
	const fields = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
	return [...fields].map(([, name = '', value = '']) => [
		name,
		value.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
	]);
}

/**
 * Presses Connect, signs in on the sandbox's page or cancels there, and comes back to n8n.
 *
 * @returns the address of the sign-in, and the page that n8n ends with
 * @throws Error when the sandbox sends the browser elsewhere than to n8n
 */
export async function signIn(
	{ rest, url }: Pick<N8nHost, 'rest' | 'url'>,
	credentialId: string,
	decision: 'accept' | 'cancel' = 'accept',
): Promise<{ authorization: URL; page: string }> {
	const address = await rest.call<string>('GET', `/rest/oauth2-credential/auth?id=${credentialId}`);
	const authorization = new URL(address);
	const shown = await fetch(authorization);
	const form = new URLSearchParams([['decision', decision], ...hiddenFields(await shown.text())]);
	const signedIn = await fetch(new URL(authorization.pathname, authorization), {
		method: 'POST',
		body: form,
		redirect: 'manual',
	});
	const back = new URL(signedIn.headers.get('location') ?? '', authorization);
	if (back.origin !== url) throw new Error(`The sign-in leads to ${back.origin}, not to ${url}.`);
	const answer = await rest.send('GET', back.pathname + back.search);
	return { authorization, page: await answer.text() };
}
