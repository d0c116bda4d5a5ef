import type { EditorBrowser } from './browser';

/** What n8n's own pages ask other machines for, in vain here. */
const OF_N8N = [
	// The details of a community node show what npm's registry says of its package.
	'https://registry.npmjs.org/n8n-nodes-partner-center-insights',
	// The page at the end of a sign-in, forms and approvals have their font from there.
	'https://fonts.googleapis.com/css2',
	'https://fonts.googleapis.com/css',
	'https://n8n.io/favicon.ico',
];

/** Addresses on other machines that were asked for, and not by n8n itself. */
export function unexpectedRequests(browser: EditorBrowser): string[] {
	return browser.foreignRequests().filter((address) => !OF_N8N.includes(address));
}
