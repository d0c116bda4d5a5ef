import { startEditorBrowser, type EditorBrowser } from './browser/browser';
import { byTestId } from './browser/elements';
import { NodesPanel } from './browser/nodesPanel';
import { takePictures } from './browser/pictures';
import { unexpectedRequests } from './browser/requests';
import { currentRun } from './run';

describe("the nodes panel of n8n's editor", () => {
	let browser: EditorBrowser;

	beforeAll(async () => {
		browser = await startEditorBrowser(currentRun().host.url);
	});
	afterAll(async () => {
		await browser.close();
	});

	async function newWorkflow() {
		const page = await browser.open('/workflow/new');
		const nodes = byTestId(page, 'canvas-node');
		return { page, nodes, panel: new NodesPanel(page) };
	}

	it('finds the node by what a person would type', async () => {
		const { page, panel } = await newWorkflow();
		await panel.open();
		for (const word of ['partner centre', 'csp report', 'billing', 'resume']) {
			await panel.search(word);
			await panel.entry('Partner Center Insights').waitFor();
		}
		await panel.search('kafka');
		await panel.entry('Partner Center Insights').waitFor({ state: 'detached' });
		await page.close();
	});

	it('adds an action that is dragged onto the canvas', async () => {
		const { page, nodes, panel } = await newWorkflow();
		await panel.add('Trigger manually');
		await nodes.first().waitFor();
		await panel.open();
		await panel.search('resume');
		await panel.entry('Partner Center Insights').click();
		const action = panel.entry('Resume scheduled report');
		await action.scrollIntoViewIfNeeded();
		expect(await panel.frame.innerText()).toContain('Resume, pause and schedule');
		await page.setViewportSize({ width: 1440, height: 1420 });
		await takePictures(page, 'nodes-panel-actions', panel.frame);
		await page.setViewportSize({ width: 1440, height: 900 });
		await panel.drag(action, { x: 500, y: 600 });

		const details = byTestId(page, 'ndv');
		await details.waitFor();
		await byTestId(page, 'parameter-input-operation').waitFor();
		expect(await details.innerText()).toContain('Resume scheduled report');
		expect(await byTestId(page, 'parameter-input-operation').locator('input').inputValue()).toBe(
			'Resume',
		);
		await nodes.nth(1).waitFor();
		expect(await nodes.count()).toBe(2);
		await page.close();
	});

	it('adds the tool of an AI agent where it is dropped', async () => {
		const { page, nodes, panel } = await newWorkflow();
		await panel.add('AI Agent');
		await byTestId(page, 'ndv').waitFor();
		await page.keyboard.press('Escape');
		await page
			.locator('[data-connection-type="ai_tool"]')
			.locator('[data-test-id="canvas-handle-plus"]')
			.click();
		await panel.search('partner');
		await panel.drag(panel.entry('Partner Center Insights Tool'), { x: 300, y: 600 });
		await nodes.filter({ hasText: 'Partner Center Insights' }).waitFor();
		const canvas = await byTestId(page, 'canvas').boundingBox();
		const dropped = await nodes.filter({ hasText: 'Partner Center Insights' }).boundingBox();
		expect(Math.abs((dropped?.x ?? 0) - (canvas?.x ?? 0) - 300)).toBeLessThan(200);
		expect(Math.abs((dropped?.y ?? 0) - (canvas?.y ?? 0) - 600)).toBeLessThan(200);
		await page.close();
	});

	it('asks no other machine for anything', async () => {
		expect(unexpectedRequests(browser)).toEqual([]);
	});
});
