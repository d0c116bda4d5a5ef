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
		await byTestId(this.page, 'canvas-node').filter({ hasText: node }).dblclick();
		await this.frame.waitFor();
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
