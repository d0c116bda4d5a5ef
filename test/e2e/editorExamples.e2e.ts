import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';

import { sandboxCredentials, storeCredentials, withCredentials } from '../../sandbox/n8n/examples';
import { repositoryFolder } from '../../sandbox/n8n/install';
import type { WorkflowInput } from '../../sandbox/n8n/rest';
import { startBench, type Bench } from './bench';
import { startEditorBrowser, type EditorBrowser } from './browser/browser';
import { Canvas } from './browser/canvas';
import { takePictures } from './browser/pictures';
import { unexpectedRequests } from './browser/requests';

const folder = join(repositoryFolder, 'examples');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** The credentials that examples need besides that of the node. They are never used here. */
const OTHERS = [
	{ type: 'microsoftTeamsOAuth2Api', nodes: /\.microsoftTeams/ },
	{ type: 'smtp', nodes: /\.emailSend$/ },
	{ type: 'openAiApi', nodes: /\.lmChatOpenAi$/ },
	{ type: 'postgres', nodes: /\.postgres$/ },
	{ type: 'httpBearerAuth', nodes: /\.mcpTrigger$/ },
];

/** The node with what whoever imports it has to choose. */
function setUp(node: INode): INode {
	const other = OTHERS.find(({ nodes }) => nodes.test(node.type));
	const chat = { __rl: true, mode: 'id', value: '19:finance@thread.v2' };
	return {
		...node,
		parameters: { ...node.parameters, ...('chatId' in node.parameters && { chatId: chat }) },
		...(other && { credentials: { [other.type]: { id: '', name: 'Account' } } }),
	};
}

describe("the example workflows in n8n's editor", () => {
	let bench: Bench;
	let browser: EditorBrowser;
	let credentialIds: Map<string, string>;

	beforeAll(async () => {
		bench = await startBench();
		browser = await startEditorBrowser(bench.host.url);
		credentialIds = await storeCredentials(bench.host.rest, [
			...sandboxCredentials(bench.sandbox),
			...OTHERS.map(({ type }) => ({ name: 'Account', type, data: {} })),
		]);
	});
	afterAll(async () => {
		await browser.close();
		await bench.stop();
	});

	it.each(files)('imports %s, and nothing is missing once it is set up', async (file) => {
		const example = JSON.parse(await readFile(join(folder, file), 'utf8')) as WorkflowInput;
		const ready = withCredentials({ ...example, nodes: example.nodes.map(setUp) }, credentialIds);
		const page = await browser.open('/workflow/new');
		const canvas = new Canvas(page);
		await canvas.importWorkflow(JSON.stringify(ready));
		const notes = example.nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote').length;
		await canvas.nodes.nth(example.nodes.length - notes - 1).waitFor();
		expect([await canvas.nodes.count(), await canvas.notes.count()]).toEqual([
			example.nodes.length - notes,
			notes,
		]);
		await canvas.showAll();
		expect(await canvas.issues.count()).toBe(0);
		await takePictures(page, `example-${file.replace('.json', '')}`, await canvas.extent());
		await page.close();
	});

	it('asks no other machine for anything', async () => {
		expect(unexpectedRequests(browser)).toEqual([]);
	});
});
