import { avery } from './directory';

/** Query parameters of an authorization request that the page has to carry along. */
const carried = [
	'client_id',
	'redirect_uri',
	'response_type',
	'response_mode',
	'scope',
	'state',
	'nonce',
	'code_challenge',
	'code_challenge_method',
];

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(content: string): string {
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox sign-in</title>
<style>
body { font-family: system-ui, sans-serif; background: #eef1f5; color: #1d2733; margin: 0; }
main { max-width: 26rem; margin: 12vh auto; background: #fff; padding: 2rem; border-radius: .5rem; box-shadow: 0 2px 12px #0002; }
h1 { font-size: 1.25rem; margin-top: 0; }
button { font: inherit; padding: .6rem 1.2rem; border: 0; border-radius: .3rem; background: #1f5fa8; color: #fff; cursor: pointer; margin-right: .5rem; }
button[value=cancel] { background: #dde3ea; color: #1d2733; }
code { background: #eef1f5; padding: .1rem .3rem; overflow-wrap: anywhere; }
</style>
</head>
<body><main>${content}</main></body>
</html>`;
}

/** The page that stands in for Entra's sign-in: one user, no password. */
export function signInPage(appName: string, parameters: URLSearchParams): string {
	const fields = carried
		.filter((name) => parameters.has(name))
		.map(
			(name) =>
				`<input type="hidden" name="${name}" value="${escapeHtml(parameters.get(name) ?? '')}">`,
		)
		.join('');
	return page(`<h1>Sign in to the sandbox</h1>
<p><strong>${escapeHtml(appName)}</strong> asks for <code>${escapeHtml(parameters.get('scope') ?? '')}</code>.</p>
<p>This page belongs to the local sandbox. No account and no password are involved.</p>
<form method="post">${fields}
<button type="submit" name="decision" value="accept">Sign in as Avery</button>
<button type="submit" name="decision" value="cancel">Cancel</button></form>
<p><small>${escapeHtml(avery.userName)}, with multi-factor authentication</small></p>`);
}

/** The page for an authorization request that cannot go back to the app. */
export function signInErrorPage(description: string): string {
	return page(
		`<h1>Sorry, but we’re having trouble signing you in.</h1><p>${escapeHtml(description)}</p>`,
	);
}
