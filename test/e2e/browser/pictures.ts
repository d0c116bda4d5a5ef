/** Pictures of the editor, for the README and for whoever looks at a run afterwards. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';

import { repositoryFolder, stateFolder } from '../../../sandbox/n8n/install';

/** Where pictures go: the folder that the variable PICTURES names, else one that is not committed. */
const folder =
	process.env.PICTURES === undefined
		? join(stateFolder, 'pictures')
		: resolve(repositoryFolder, process.env.PICTURES);

/** Whether pictures are kept: then they are for screens with twice the pixels, and small. */
const ARE_KEPT = process.env.PICTURES !== undefined;

/** Pixels of a picture for one of the page. */
export const SCALE = ARE_KEPT ? 2 : 1;

/** What floats over an edge, where a picture would cut it, or over what is shown. */
const FLOATING = [
	...[
		'node-creator-plus-button',
		'add-sticky-button',
		'toggle-focus-panel-button',
		'command-bar-button',
		'canvas-controls',
		'floating-nodes',
	].map((id) => `[data-test-id="${id}"]`),
	'[class*="_executionButtons_"]',
	'.n8n-tooltip',
];

const WITHOUT_FLOATING = `${FLOATING.join(', ')} { visibility: hidden !important; }`;

/** A part of the window, in CSS pixels. */
export interface Clip {
	x: number;
	y: number;
	width: number;
	height: number;
}

const THEMES = ['light', 'dark'] as const;

/** The same picture with at most 256 colours, of which a screen has no more that matter. */
async function small(picture: Buffer): Promise<Buffer> {
	// Loaded only for pictures that are kept.
	const { default: sharp } = await import('sharp');
	return await sharp(picture)
		.removeAlpha()
		.png({ palette: true, colours: 256, dither: 0, effort: 10, compressionLevel: 9 })
		.toBuffer();
}

/** Done when no font is under way, and what has been laid out so far has been painted. */
const PAINTED = `document.fonts.ready.then(
	() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
).then(() => undefined)`;

/** Waits until the page stands still. Its images follow the theme a moment later. */
async function settled(page: Page): Promise<void> {
	const loaded = 'Array.from(document.images).every(({ naturalWidth }) => naturalWidth > 0)';
	for (let round = 0; round < 2; round++) {
		await page.evaluate(PAINTED);
		// Those that cannot be loaded are told by who asks.
		await page.waitForFunction(loaded, undefined, { timeout: 10_000 }).catch(() => undefined);
	}
	await page.evaluate(PAINTED);
}

/** Addresses of images on the page that could not be loaded; those that are under way do not count. */
async function brokenImages(page: Page): Promise<string[]> {
	return await page.evaluate<string[]>(
		'Array.from(document.images).filter(({ complete, naturalWidth }) => complete && naturalWidth === 0).map(({ src }) => src)',
	);
}

/** The part of the window that an element takes, without its edge: that is blurred. */
async function insideOf(element: Locator): Promise<Clip> {
	const box = await element.boundingBox();
	if (box === null) throw new Error('There is nothing to take a picture of.');
	const [x, y] = [Math.ceil(box.x) + 1, Math.ceil(box.y) + 1];
	const [right, bottom] = [Math.floor(box.x + box.width) - 1, Math.floor(box.y + box.height) - 1];
	return { x, y, width: right - x, height: bottom - y };
}

/**
 * Takes a picture in the light and in the dark theme: `<name>.light.png` and `<name>.dark.png`.
 *
 * @param part an element, or a part of the window in pixels; the whole window when not given
 */
export async function takePictures(page: Page, name: string, part?: Locator | Clip): Promise<void> {
	await mkdir(folder, { recursive: true });
	await page.mouse.move(0, 0);
	for (const theme of THEMES) {
		await page.emulateMedia({ colorScheme: theme });
		await settled(page);
		const broken = await brokenImages(page);
		if (broken.length > 0) throw new Error(`Broken in "${name}": ${broken.join(', ')}`);
		const options = {
			animations: 'disabled',
			caret: 'hide',
			scale: 'device',
			style: WITHOUT_FLOATING,
		} as const;
		const clip = part !== undefined && 'screenshot' in part ? await insideOf(part) : part;
		const picture = await page.screenshot({ ...options, clip });
		await writeFile(
			join(folder, `${name}.${theme}.png`),
			ARE_KEPT ? await small(picture) : picture,
		);
	}
	await page.emulateMedia({ colorScheme: 'light' });
}
