/** The dialog of n8n's editor that credentials are made in. */
import type { Locator, Page } from 'playwright-core';

import { byTestId } from './elements';
import type { Clip } from './pictures';

export class CredentialDialog {
	constructor(private readonly page: Page) {}

	/** The dialog as it is seen. */
	get frame(): Locator {
		return byTestId(this.page, 'editCredential-modal');
	}

	get succeeded(): Locator {
		return byTestId(this.frame, 'credentials-config-container-test-success');
	}

	/** What the dialog says once a user has signed in. */
	get connected(): Locator {
		return byTestId(this.frame, 'oauth-connect-success-banner');
	}

	field(name: string): Locator {
		return byTestId(this.frame, `parameter-input-${name}`);
	}

	/**
	 * Opens the dialog for a new credential, from the details of a node.
	 *
	 * @param kind the name that the node has for this kind of credential
	 */
	async create(kind: string): Promise<void> {
		const first = byTestId(this.page, 'node-credentials-empty-state');
		const others = byTestId(this.page, 'node-credentials-select');
		await first.or(others).first().waitFor();
		if (await others.isVisible()) {
			await others.click();
			await byTestId(this.page, 'node-credentials-select-item-new').click();
		} else {
			await first.getByRole('button').click();
		}
		await byTestId(this.frame, 'credential-mode-dropdown-trigger').click();
		await this.page.getByRole('menuitem', { name: kind }).click();
		await this.field('clientId').waitFor();
	}

	/** Opens the credential that the node has. n8n tests it on the way. */
	async reopen(): Promise<void> {
		await byTestId(this.page, 'credential-edit-button').click();
		await this.field('clientId').waitFor();
	}

	/** Fills in fields in this order: text is typed, the name of a choice is picked from the list. */
	async fill(values: Record<string, string>): Promise<void> {
		for (const [name, value] of Object.entries(values)) {
			await this.field(name).waitFor();
			const choice = this.field(name).getByRole('combobox');
			if ((await choice.count()) > 0) {
				await this.field(name).click();
				const label = this.page.getByText(value, { exact: true });
				await this.page.getByRole('option').filter({ has: label }).click();
			} else {
				await this.field(name).locator('input, textarea').fill(value);
			}
		}
	}

	/** Closes the dialog of a credential in which nothing was changed. */
	async close(): Promise<void> {
		const isConnected = !(await byTestId(this.frame, 'quick-connect-button').isVisible());
		await this.page.keyboard.press('Escape');
		// n8n asks once more when nobody has signed in yet.
		if (!isConnected) await this.page.getByRole('button', { name: 'Close', exact: true }).click();
		await this.frame.waitFor({ state: 'detached' });
	}

	/** The part of the dialog above a field and its label. What is below would be cut by its edge. */
	async partAbove(field: string): Promise<Clip> {
		const [dialog, below] = await Promise.all([
			this.frame.boundingBox(),
			this.field(field).boundingBox(),
		]);
		if (dialog === null || below === null) throw new Error(`There is no field ${field}.`);
		const [x, y] = [Math.ceil(dialog.x) + 1, Math.ceil(dialog.y) + 1];
		const labelHeight = 36;
		return {
			x,
			y,
			width: Math.floor(dialog.width) - 2,
			height: Math.floor(below.y) - labelHeight - y,
		};
	}

	async scrollToTop(): Promise<void> {
		await this.frame.getByText('Setup credential').scrollIntoViewIfNeeded();
	}

	async save(): Promise<void> {
		await byTestId(this.frame, 'credential-save-button').click();
	}

	/** Saves what n8n's test finds right: the dialog closes. */
	async saveTested(): Promise<void> {
		await this.save();
		await this.frame.waitFor({ state: 'detached' });
	}

	/** Waits until the dialog gives this text as the reason why n8n's test failed. */
	async refusedBecause(reason: string): Promise<void> {
		await this.frame.getByText('More details').click();
		await this.frame.getByText(reason).waitFor();
	}

	/** Has n8n test the saved credential once more. */
	async retry(): Promise<void> {
		await this.frame.locator('button:visible', { hasText: 'Retry' }).click();
	}

	/** Presses the button that opens the window to sign in. */
	async connect(): Promise<void> {
		await byTestId(this.frame, 'quick-connect-button').click();
	}
}
