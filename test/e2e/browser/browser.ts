/**
 * n8n's editor in a browser: the Chromium of this machine, steered by Playwright.
 *
 * It reaches this machine and nothing else, and it tells what else was asked for.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

import { OWNER } from '../../../sandbox/n8n/host';
import { SCALE } from './pictures';

/** Names under which Chromium is installed. */
const PROGRAMS = [
	'chromium',
	'chromium-browser',
	'google-chrome',
	'google-chrome-stable',
	'chrome',
];

/** The names that a page may reach. */
const LOCAL_HOSTS: readonly string[] = ['127.0.0.1', 'localhost'];

/** What a state of the page may take to come about, in ms. */
const PATIENCE = 60_000;

/** The size of a window, in CSS pixels. */
const WINDOW = { width: 1440, height: 900 };

const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--no-proxy-server',
	`--host-resolver-rules=MAP * ~NOTFOUND, ${LOCAL_HOSTS.map((host) => `EXCLUDE ${host}`).join(', ')}`,
];

/**
 * The path of Chromium.
 *
 * @param searchPath folders to look in, as in the variable PATH
 * @throws Error that says how to install it, when there is none
 */
export function findChromium(searchPath = process.env.PATH ?? ''): string {
	for (const folder of searchPath.split(delimiter)) {
		const found = PROGRAMS.map((name) => join(folder, name)).find((file) => existsSync(file));
		if (found !== undefined) return found;
	}
	throw new Error(
		'There is no Chromium on this machine. Install it, for example: apt-get install chromium',
	);
}

/** A browser that the owner of an n8n is signed in with. */
export interface EditorBrowser {
	/**
	 * Opens a window, for example at `/workflow/new`. The theme is that of the system: light, until
	 * `page.emulateMedia` says otherwise.
	 */
	open: (path: string) => Promise<Page>;
	/** Addresses on other machines that any page has asked for so far. None was reached. */
	foreignRequests: () => string[];
	close: () => Promise<void>;
}

/**
 * What a Chromium with a window calls itself. n8n takes a click on an approval for a mail scanner's
 * when the browser says that it has none.
 */
function userAgentOf(version: string): string {
	return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Safari/537.36`;
}

async function signIn(page: Page): Promise<void> {
	await page.goto('/signin');
	await page.locator('input[name="emailOrLdapLoginId"]').fill(OWNER.email);
	await page.locator('input[name="password"]').fill(OWNER.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL((address) => !address.pathname.startsWith('/signin'));
}

/** Starts Chromium and signs in to the n8n at this address. */
export async function startEditorBrowser(url: string): Promise<EditorBrowser> {
	const browser = await chromium.launch({ executablePath: findChromium(), args: ARGUMENTS });
	try {
		const context = await browser.newContext({
			baseURL: url,
			userAgent: userAgentOf(browser.version()),
			viewport: WINDOW,
			deviceScaleFactor: SCALE,
			colorScheme: 'light',
			reducedMotion: 'reduce',
			locale: 'en-GB',
			timezoneId: 'UTC',
			// The sandbox's certificate authority is its own, and nothing but this machine can be reached.
			ignoreHTTPSErrors: true,
		});
		context.setDefaultTimeout(PATIENCE);
		const foreign = new Set<string>();
		context.on('request', (request) => {
			const { protocol, hostname, origin, pathname } = new URL(request.url());
			if (/^https?:$/.test(protocol) && !LOCAL_HOSTS.includes(hostname))
				foreign.add(origin + pathname);
		});
		const first = await context.newPage();
		await signIn(first);
		await first.close();
		return {
			open: async (path) => {
				const page = await context.newPage();
				await page.goto(path);
				return page;
			},
			foreignRequests: () => [...foreign].sort(),
			close: async () => await browser.close(),
		};
	} catch (error) {
		await browser.close();
		throw error;
	}
}
