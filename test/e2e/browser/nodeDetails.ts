/** The details of a node in n8n's editor: its input, its parameters, its output. */
import type { Locator, Page } from 'playwright-core';

import { byTestId } from './elements';

export class NodeDetails {
	constructor(private readonly page: Page) {}

	get frame(): Locator {
		return byTestId(this.page, 'ndv');
	}

	get input(): Locator {
		return byTestId(this.page, 'ndv-input-panel');
	}

	get output(): Locator {
		return byTestId(this.page, 'output-panel');
	}

	/** What a list to pick from shows. */
	get choices(): Locator {
		return byTestId(this.page, 'rlc-item');
	}

	async open(node: string): Promise<void> {
		const named = this.page.locator(`[data-node-name="${node}"]`);
		await byTestId(this.page, 'canvas-node').and(named).dblclick();
		await this.frame.waitFor();
	}

	/** Closes the details, back to the canvas. */
	async close(): Promise<void> {
		await byTestId(this.page, 'ndv-close-button').click();
		await this.frame.waitFor({ state: 'detached' });
	}

	/** A field by its path, for example `parameters.filters.reportStatus`. */
	private at(path: string): Locator {
		return this.frame.locator(`[data-parameter-path="${path}"]`);
	}

	/** What a list shows as its choice; as its choices, when it takes several. */
	async shownIn(path: string): Promise<string | string[]> {
		const list = this.at(path).locator('.el-select');
		await list.locator('.el-input__inner:enabled').waitFor();
		const several = list.locator('.el-select__tags');
		if ((await several.count()) === 0) return await list.locator('input').inputValue();
		return await several.locator('.el-tag').allInnerTexts();
	}

	/** The name of the credential that the node has. */
	async credential(): Promise<string> {
		return await byTestId(this.frame, 'node-credentials-select').locator('input').inputValue();
	}

	/** Opens a list with the mouse. While n8n asks the node for what it holds, it does not open. */
	private async openChoices(path: string): Promise<void> {
		for (let attempt = 0; attempt < 20; attempt++) {
			await this.at(path).locator('.el-input__inner:enabled').waitFor();
			await this.at(path).click();
			const opened = this.options.first().waitFor({ timeout: 2_000 });
			const isOpen = await opened.then(
				() => true,
				() => false,
			);
			if (isOpen) return;
		}
		throw new Error(`The list "${path}" does not open.`);
	}

	/** What an open list offers. */
	private get options(): Locator {
		return this.page.getByRole('option').locator('visible=true');
	}

	/** Picks from a list with the mouse. */
	async pick(path: string, choice: string): Promise<void> {
		await this.openChoices(path);
		const label = this.page.getByText(choice, { exact: true });
		await this.options.filter({ has: label }).click();
	}

	async type(path: string, value: string): Promise<void> {
		await this.at(path).locator('input, textarea').first().fill(value);
	}

	parameter(name: string): Locator {
		return byTestId(this.frame, `parameter-input-${name}`);
	}

	/** Opens the list of a parameter and waits for its first choice. */
	async openList(parameter: string): Promise<void> {
		await byTestId(this.parameter(parameter), 'rlc-input').click();
		await this.choices.first().waitFor();
	}

	/** Types into the search of the open list, and waits until this choice is the only one. */
	async searchList(text: string, only: string): Promise<void> {
		await byTestId(this.page, 'rlc-search').fill(text);
		const others = this.choices.filter({ hasNotText: only });
		await others.first().waitFor({ state: 'detached' });
		await this.choices.filter({ hasText: only }).waitFor();
	}

	/** Empties the search of the open list, and waits until it shows this many choices. */
	async clearListSearch(count: number): Promise<void> {
		await byTestId(this.page, 'rlc-search').fill('');
		await this.choices.nth(count - 1).waitFor();
	}

	/** Runs the node, and those before it that have not run, and waits until it has ended. */
	async execute(): Promise<'success' | 'error'> {
		const done = this.page.waitForResponse(
			(response) =>
				response.request().method() === 'POST' && /\/workflows\/[^/]+\/run/.test(response.url()),
		);
		await byTestId(this.frame, 'node-execute-button').click();
		await done;
		const success = byTestId(this.output, 'node-run-status-success');
		const error = byTestId(this.output, 'node-error-message');
		await success.or(error).first().waitFor();
		return (await error.isVisible()) ? 'error' : 'success';
	}

	/** Shows the output in one of its forms. */
	async showOutputAs(form: 'schema' | 'table' | 'json'): Promise<void> {
		await byTestId(this.output, `radio-button-${form}`).click();
	}
}
