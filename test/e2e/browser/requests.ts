import type { EditorBrowser } from './browser';

/**
 * What n8n's editor asks other machines for on its own account, in vain here. The page of a community
 * node shows what npm's registry says of its package.
 */
const OF_THE_EDITOR = /^https:\/\/registry\.npmjs\.org\/n8n-nodes-partner-center-insights$/;

/** Addresses on other machines that were asked for, and not by n8n's editor itself. */
export function unexpectedRequests(browser: EditorBrowser): string[] {
	return browser.foreignRequests().filter((address) => !OF_THE_EDITOR.test(address));
}
