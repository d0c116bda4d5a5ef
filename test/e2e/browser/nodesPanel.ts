/** The panel of n8n's editor that nodes are searched in and added from. */
import type { Locator, Page } from 'playwright-core';

import { byTestId } from './elements';

export class NodesPanel {
	constructor(private readonly page: Page) {}

	/** The panel as it is seen. */
	get frame(): Locator {
		return byTestId(this.page, 'node-creator');
	}

	/** The entries that are shown, nodes or actions. */
	get entries(): Locator {
		return byTestId(this.page, 'item-iterator-item');
	}

	get description(): Locator {
		return byTestId(this.page, 'node-creator-item-description');
	}

	async open(): Promise<void> {
		await byTestId(this.page, 'node-creator-plus-button').click();
		await byTestId(this.page, 'node-creator-search-bar').waitFor();
	}

	async search(text: string): Promise<void> {
		await byTestId(this.page, 'node-creator-search-bar').fill(text);
	}

	entry(name: string): Locator {
		return this.entries.filter({
			has: byTestId(this.page, 'node-creator-item-name').getByText(name, { exact: true }),
		});
	}

	/** Opens the panel, searches for a node by its full name and adds it by a click. */
	async add(name: string): Promise<void> {
		for (let tries = 1; ; tries++) {
			await this.open();
			await this.search(name);
			try {
				await this.entry(name).first().click({ timeout: 15_000 });
				return;
			} catch (error) {
				// n8n shuts the panel when it has prepared the page only after that.
				if (tries === 3 || (await this.frame.isVisible())) throw error;
			}
		}
	}

	/** Drags an entry with the mouse to a place on the canvas, in pixels from its upper left corner. */
	async drag(entry: Locator, place: { x: number; y: number }): Promise<void> {
		await entry.scrollIntoViewIfNeeded();
		const from = await entry.boundingBox();
		const canvas = await byTestId(this.page, 'canvas').boundingBox();
		if (from === null || canvas === null) throw new Error('There is nothing to drag.');
		const { mouse } = this.page;
		await mouse.move(from.x + from.width / 2, from.y + from.height / 2);
		await mouse.down();
		await mouse.move(from.x - 20, from.y + from.height / 2, { steps: 5 });
		await mouse.move(canvas.x + place.x, canvas.y + place.y, { steps: 10 });
		await mouse.up();
	}
}
