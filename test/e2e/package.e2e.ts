import { attachHost, type N8nHost } from '../../sandbox/n8n/host';
import { currentRun } from './run';
import { n8nWorkflowAbove } from './userFolder';
import { APP_CREDENTIAL, NODE_TYPE, OAUTH2_CREDENTIAL } from './workflows';

describe('the packed package in n8n', () => {
	const { packed, host: address } = currentRun();
	let host: N8nHost;

	beforeAll(async () => {
		host = await attachHost(address);
	});

	it('contains the build and nothing else', () => {
		const others = packed.files.filter((path) => !path.startsWith('dist/'));
		expect(others.sort()).toEqual(['LICENSE.md', 'README.md', 'package.json']);
		expect(packed.files.filter((path) => /\.(ts|map|tsbuildinfo)$/.test(path))).toEqual([]);
	});

	it('is an installed community package whose nodes are loaded', async () => {
		const installed = await host.rest.installedPackages();
		expect(installed).toEqual([
			expect.objectContaining({
				packageName: packed.name,
				installedVersion: packed.version,
				failedLoading: false,
			}),
		]);
		const nodes = installed.flatMap(({ installedNodes }) => installedNodes);
		expect(nodes.map(({ type }) => type)).toContain(NODE_TYPE);
	});

	it("takes n8n's own n8n-workflow", () => {
		expect(n8nWorkflowAbove(host.settings.userFolder, packed.name)).toEqual([]);
	});

	it('brings the node with its icon, its search words and its operations', async () => {
		const types = await host.rest.nodeTypes();
		const node = types.find(({ name }) => name === NODE_TYPE);
		expect(node).toMatchObject({
			displayName: 'Partner Center Insights',
			usableAsTool: true,
			iconUrl: { light: expect.stringContaining('.svg'), dark: expect.stringContaining('.svg') },
		});
		const words = JSON.stringify(node?.codex).toLowerCase();
		for (const word of ['resume', 'partner']) expect(words).toContain(word);
		const operations = node?.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options = [] }) => options)
			.map((option) => ('value' in option ? option.value : undefined));
		expect(operations).toEqual(expect.arrayContaining(['resume', 'pause', 'get', 'getAll']));
	});

	it('can be used as an AI tool', async () => {
		const types = await host.rest.nodeTypes();
		expect(types.map(({ name }) => name)).toContain(`${NODE_TYPE}Tool`);
	});

	it('serves the icons', async () => {
		const node = (await host.rest.nodeTypes()).find(({ name }) => name === NODE_TYPE);
		const urls = typeof node?.iconUrl === 'object' ? Object.values(node.iconUrl) : [];
		expect(new Set(urls).size).toBe(2);
		for (const url of urls) {
			const answer = await host.rest.send('GET', `/${url}`);
			expect(answer.status).toBe(200);
			expect(await answer.text()).toContain('<svg');
		}
	});

	it('brings both credential types', async () => {
		const types = await host.rest.credentialTypes();
		for (const name of [APP_CREDENTIAL, OAUTH2_CREDENTIAL]) {
			expect(types.find((type) => type.name === name)).toMatchObject({
				supportedNodes: expect.arrayContaining([NODE_TYPE]),
				iconUrl: { light: expect.any(String), dark: expect.any(String) },
			});
		}
	});

	it('is loaded by n8n without a word about it', async () => {
		const log = await host.log();
		const start = log.slice(0, log.indexOf('Editor is now accessible'));
		expect(start).not.toBe('');
		const complaints = start
			.split('\n')
			.filter((line) => /partner-?center/i.test(line) && /warn|error|fail|deprecat/i.test(line));
		expect(complaints).toEqual([]);
	});
});
