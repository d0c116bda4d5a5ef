/** The canvas of n8n's editor. */
import type { Locator, Page } from 'playwright-core';

import { byTestId } from './elements';
import type { Clip } from './pictures';

/** What belongs to a node besides its square: names below it, the bolt of a trigger, open ends. */
const AROUND = { left: 60, right: 90, top: 30, bottom: 75 };

export class Canvas {
	constructor(private readonly page: Page) {}

	get nodes(): Locator {
		return byTestId(this.page, 'canvas-node');
	}

	/** The sticky notes, which n8n does not count among the nodes. */
	get notes(): Locator {
		return byTestId(this.page, 'sticky');
	}

	/** The marks of nodes that something is missing in. */
	get issues(): Locator {
		return byTestId(this.page, 'node-issues');
	}

	/** Imports a workflow from a file with this content, as the menu does it. */
	async importWorkflow(content: string): Promise<void> {
		await byTestId(this.page, 'canvas-plus-button').waitFor();
		await byTestId(this.page, 'workflow-import-input').setInputFiles({
			name: 'workflow.json',
			mimeType: 'application/json',
			buffer: Buffer.from(content),
		});
		await this.nodes.first().waitFor();
	}

	/** Shows all nodes as wide as they fit, none of them selected, and none beside the buttons. */
	async showAll(): Promise<void> {
		await this.page.setViewportSize({ width: 1440, height: 1240 });
		const canvas = await byTestId(this.page, 'canvas').boundingBox();
		await byTestId(this.page, 'canvas').click({
			position: { x: (canvas?.width ?? 0) / 2, y: (canvas?.height ?? 0) - 12 },
		});
		await byTestId(this.page, 'zoom-to-fit').click();
	}

	/** The part of the window that the nodes and notes are in. */
	async extent(): Promise<Clip> {
		const boxes = await Promise.all(
			[...(await this.nodes.all()), ...(await this.notes.all())].map(
				async (shown) => await shown.boundingBox(),
			),
		);
		const seen = boxes.flatMap((box) => (box === null ? [] : [box]));
		const x = Math.min(...seen.map((box) => box.x)) - AROUND.left;
		const y = Math.min(...seen.map((box) => box.y)) - AROUND.top;
		const right = Math.max(...seen.map((box) => box.x + box.width)) + AROUND.right;
		const bottom = Math.max(...seen.map((box) => box.y + box.height)) + AROUND.bottom;
		return { x, y, width: right - x, height: bottom - y };
	}
}
