import type { Locator, Page } from 'playwright-core';

/** An element by the name that n8n's own tests know it by. */
export function byTestId(within: Page | Locator, id: string): Locator {
	return within.locator(`[data-test-id="${id}"]`);
}

/** Waits for the notice in the corner that says this, and closes it, so that it covers nothing. */
export async function dismissNotice(page: Page, text: string): Promise<void> {
	const notice = page.locator('.el-notification').filter({ hasText: text });
	await notice.locator('.el-notification__closeBtn').click();
	await notice.waitFor({ state: 'detached' });
}
