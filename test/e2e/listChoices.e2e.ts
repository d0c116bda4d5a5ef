import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type {
	ICredentialDataDecryptedObject,
	INodeParameters,
	INodePropertyOptions,
	INodeTypeDescription,
} from 'n8n-workflow';
import type { Page } from 'playwright-core';

import { sandboxCredentials, storeCredentials } from '../../sandbox/n8n/examples';
import { itemsOf } from '../../sandbox/n8n/execution';
import { inARow } from '../../sandbox/n8n/workflows';
import type { WorkflowInput } from '../../sandbox/n8n/rest';
import { signIn } from '../../sandbox/n8n/signIn';
import { startBench, type Bench } from './bench';
import { startEditorBrowser, type EditorBrowser } from './browser/browser';
import { Canvas } from './browser/canvas';
import { CredentialDialog } from './browser/credentialDialog';
import { NodeDetails } from './browser/nodeDetails';
import { unexpectedRequests } from './browser/requests';
import { until } from './waiting';
import { type Answers, type Chosen, withEachChoice } from './listChoices';
import {
	APP_CREDENTIAL,
	chain,
	insights,
	NODE_TYPE,
	OAUTH2_CREDENTIAL,
	TRIGGER_TYPE,
	type NodeInput,
} from './workflows';

const DATASET = 'CustomersAndTenants';

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** The builder's operators by their signs, each with a column, a value and what becomes of it. */
const CONDITIONS = [
	['CustomerName', '=', 'Contoso', "'Contoso'"],
	['CustomerMarket', '!=', 'Germany', "'Germany'"],
	['CustomerTpid', '>', '1', "'1'"],
	['CustomerTpid', '<', '9', "'9'"],
	['Month', '>=', '2026-01-01', "'2026-01-01'"],
	['Month', '<=', '2026-12-31', "'2026-12-31'"],
	['Product', 'LIKE', 'Azure%', "'Azure%'"],
	['Product', 'NOT LIKE', '%Trial', "'%Trial'"],
	['CustomerSegment', 'IN', 'SMB, Enterprise', "('SMB', 'Enterprise')"],
	['SKU', 'NOT IN', '1, 2', "('1', '2')"],
] as const;

/** Rows of eight, all of which a window shows. */
const placeInRows = (i: number): [number, number] => [200 * (i % 8), 160 * Math.floor(i / 8)];

/** Every node begun by the same start. */
function sideBySide(name: string, nodes: NodeInput[]): WorkflowInput {
	const workflow = chain(
		name,
		...nodes.map((node, i) => ({ ...node, position: placeInRows(i + 1) })),
	);
	const main = [nodes.map((node) => ({ node: node.name, type: 'main' as const, index: 0 }))];
	return { ...workflow, connections: { Start: { main } } };
}

/** What can be read, as soon as it is what was expected; what it is in the end, when it never is. */
async function settledAs<Type>(expected: Type, read: () => Promise<Type>): Promise<Type> {
	const deadline = Date.now() + 20_000;
	for (;;) {
		const found = await read();
		if (isDeepStrictEqual(found, expected) || Date.now() > deadline) return found;
		await sleep(100);
	}
}

describe("the lists of the nodes in n8n's editor", () => {
	let bench: Bench;
	let browser: EditorBrowser;
	let page: Page;
	let details: NodeDetails;
	let credentialIds: Map<string, string>;

	beforeAll(async () => {
		bench = await startBench();
		await bench.sandbox.setOptions({ pendingMs: 0, runningMs: 0 });
		credentialIds = await storeCredentials(bench.host.rest, sandboxCredentials(bench.sandbox));
		await signIn(bench.host, credentialIds.get(OAUTH2_CREDENTIAL) ?? '');
		browser = await startEditorBrowser(bench.host.url);
	});
	afterAll(async () => {
		await browser.close();
		await bench.stop();
	});
	afterEach(async () => {
		await page.close();
	});

	const described = async (type: string): Promise<INodeTypeDescription> => {
		const found = (await bench.host.rest.nodeTypes()).find(({ name }) => name === type);
		if (found === undefined) throw new Error(`n8n has no node ${type}.`);
		return found;
	};

	/** What n8n shows in a list that the node asks the service for. */
	const load = async (type: string, methodName: string, parameters: INodeParameters) =>
		await bench.host.rest.call<INodePropertyOptions[]>(
			'POST',
			'/rest/dynamic-node-parameters/options',
			{
				nodeTypeAndVersion: { name: type, version: 1 },
				methodName,
				path: 'parameters.asked',
				currentNodeParameters: { authentication: APP_CREDENTIAL, program: 'mpn', ...parameters },
				credentials: {
					[APP_CREDENTIAL]: { id: credentialIds.get(APP_CREDENTIAL), name: 'Sandbox' },
				},
			},
		);

	function nodeOf(type: string, name: string, { parameters }: Chosen): NodeInput {
		const authentication =
			parameters.authentication === OAUTH2_CREDENTIAL ? OAUTH2_CREDENTIAL : APP_CREDENTIAL;
		const id = credentialIds.get(authentication) ?? '';
		return {
			name,
			type,
			typeVersion: 1,
			parameters,
			credentials: { [authentication]: { id, name: authentication } },
		};
	}

	/** Opens each node of the workflow in turn, and compares its lists with what was chosen. */
	async function expectShown(id: string, nodes: ReadonlyArray<[name: string, chosen: Chosen]>) {
		page = await browser.open(`/workflow/${id}`);
		details = new NodeDetails(page);
		await new Canvas(page).showAll();
		for (const [name, { parameters, choices }] of nodes) {
			await details.open(name);
			// Which credential it is stands in the place of how to sign in.
			const isOAuth2 = parameters.authentication === OAUTH2_CREDENTIAL;
			expect(await details.credential()).toMatch(isOAuth2 ? /Insights OAuth2$/ : /Insights$/);
			for (const { path, shown } of choices) {
				if (path === 'parameters.authentication') continue;
				const found = await settledAs(shown, async () => await details.shownIn(path));
				expect([name, path, found]).toEqual([name, path, shown]);
			}
			await details.close();
		}
	}

	/** One node or more for each operation, with IDs of what there is. */
	async function nodesOfOperations(description: INodeTypeDescription): Promise<Chosen[]> {
		const { sandbox } = bench;
		const [report, doomedReport] = (await sandbox.reports('mpn')).map(({ reportId }) => reportId);
		const [query, doomedQuery] = (await sandbox.queries('mpn')).map(({ queryId }) => queryId);
		const { executionId } = await sandbox.seedExecution('mpn', report ?? '', {
			status: 'Completed',
		});
		const filled = {
			reportId: byId(report ?? ''),
			queryId: byId(query ?? ''),
			datasetName: byId(DATASET),
			name: 'Customers',
			reportName: 'Customers every day',
			query: `SELECT CustomerName FROM ${DATASET}`,
			columns: ['CustomerName', 'CustomerMarket'],
			'additionalFields.callbackUrl': 'https://example.com/ready',
			'updateFields.callbackUrl': 'https://example.com/ready',
			'conditions.condition.name': 'CustomerMarket',
			'conditions.condition.value': 'Germany',
			'orderBy.column[0].name': 'CustomerMarket',
			'orderBy.column[1].name': 'CustomerName',
			'options.executionId': executionId,
			'options.pollSeconds': 1,
		};
		const doomed = {
			...filled,
			reportId: byId(doomedReport ?? ''),
			queryId: byId(doomedQuery ?? ''),
		};
		const builder = { resource: 'reportQuery', operation: 'test', source: 'builder' };
		const asked = { ...builder, datasetName: filled.datasetName };
		const lists = ['getColumns', 'getMetrics', 'getTimeSpans'].map(
			async (method) => [method, await load(NODE_TYPE, method, asked)] as const,
		);
		const loaded = Object.fromEntries(await Promise.all(lists));
		const mpn = { authentication: APP_CREDENTIAL, program: 'mpn' };
		const each = description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options = [], displayOptions }) =>
				(options as INodePropertyOptions[]).map(({ value: operation }): INodeParameters => {
					const [resource] = (displayOptions?.show?.resource ?? []) as string[];
					return { resource, operation };
				}),
			);
		const choose = (base: INodeParameters, answers: Answers) =>
			withEachChoice(description, base, answers);
		return [
			...each
				.filter(({ operation }) => !String(operation).startsWith('__'))
				.flatMap((base) => {
					const answers = { loaded: {}, filled: base.operation === 'delete' ? doomed : filled };
					// Datasets can be listed by whoever asks, for both programs.
					const isFree = base.resource === 'dataset' && base.operation === 'getAll';
					return choose(isFree ? base : { ...mpn, ...base }, answers);
				}),
			...choose({ ...mpn, ...builder }, { loaded, filled }),
		];
	}

	it('show each value of the node as it was saved, and each of them runs', async () => {
		const chosen = await nodesOfOperations(await described(NODE_TYPE));
		const named = chosen.map((one, i): [string, Chosen] => [`Node ${i + 1}`, one]);
		expect(named.length).toBeGreaterThan(35);
		const workflow = sideBySide(
			'Lists of the node',
			named.map(([name, one]) => nodeOf(NODE_TYPE, name, one)),
		);
		const id = await bench.host.rest.createWorkflow(workflow);
		const stored = await bench.host.rest.workflow(id);
		expect(stored.nodes.map(({ parameters }) => parameters)).toEqual(
			workflow.nodes.map(({ parameters }) => parameters),
		);
		const { data } = await bench.host.rest.runWorkflow(id);
		const { error, lastNodeExecuted, runData } = data.resultData;
		const failed = workflow.nodes.find(({ name }) => error && name === lastNodeExecuted);
		expect([error?.message, failed?.parameters]).toEqual([undefined, undefined]);
		expect(named.filter(([name]) => runData[name] === undefined)).toEqual([]);
		await expectShown(id, named);
	}, 600_000);

	it('show each value of the trigger as it was saved, and each of them runs', async () => {
		const description = await described(TRIGGER_TYPE);
		const loaded = { getReports: await load(TRIGGER_TYPE, 'getReports', {}) };
		// When n8n polls is n8n's own list.
		const properties = description.properties.filter(({ name }) => name !== 'pollTimes');
		const answers = { loaded, filled: {} };
		const chosen = withEachChoice({ ...description, properties }, {}, answers);
		expect(chosen).toHaveLength(2);
		const { rest } = bench.host;
		const named = chosen.map((one, i): [string, Chosen] => [`When a report is ready ${i}`, one]);
		const triggers = named.map(([name, one], i) => ({
			...nodeOf(TRIGGER_TYPE, name, one),
			position: placeInRows(i),
		}));
		const id = await rest.createWorkflow(inARow('Lists of the trigger', triggers));
		for (const [name] of named) {
			const { data } = await rest.runWorkflow(id, name);
			expect(data.resultData.error).toBeUndefined();
			expect(data.resultData.runData).toHaveProperty([name]);
		}
		await expectShown(id, named);
	});

	it.each([APP_CREDENTIAL, OAUTH2_CREDENTIAL])(
		'show each value of the credential as it was saved: %s',
		async (type) => {
			const { rest } = bench.host;
			const described = (await rest.credentialTypes()).find(({ name }) => name === type);
			const properties = described?.properties ?? [];
			// n8n stores no credential without what is required. This text is never sent anywhere.
			const filled = Object.fromEntries(
				properties
					.filter((field) => field.type === 'string')
					.map((field) => [field.name, 'https://localhost']),
			);
			const chosen = withEachChoice({ name: type, properties }, {}, { loaded: {}, filled });
			expect(chosen).toHaveLength(4);
			const name = (i: number) => `Lists of ${type} ${i}`;
			for (const [i, { parameters }] of chosen.entries()) {
				const data = parameters as ICredentialDataDecryptedObject;
				await rest.createCredential({ name: name(i), type, data });
			}
			page = await browser.open('/home/credentials');
			const dialog = new CredentialDialog(page);
			for (const [i, { choices }] of chosen.entries()) {
				await page.getByText(name(i), { exact: true }).click();
				for (const { path, shown } of choices) {
					const list = dialog.field(path.replace('parameters.', '')).locator('input');
					expect([path, await list.inputValue()]).toEqual([path, shown]);
				}
				await dialog.close();
			}
		},
	);

	it('offer no value that n8n would take for an expression', async () => {
		page = await browser.open('/');
		const builder = { resource: 'reportQuery', operation: 'test', source: 'builder' };
		const parameters = { ...builder, datasetName: byId(DATASET) };
		const values = await Promise.all([
			...['getColumns', 'getMetrics', 'getColumnsAndMetrics', 'getTimeSpans'].map(
				async (method) => await load(NODE_TYPE, method, parameters),
			),
			load(TRIGGER_TYPE, 'getReports', {}),
		]);
		expect(values.map((list) => list.length > 0)).toEqual(values.map(() => true));
		expect(values.flat().filter(({ value }) => String(value).startsWith('='))).toEqual([]);
	});

	it('give the query builder a condition with each operator, picked by hand, saved and run', async () => {
		const { rest } = bench.host;
		const name = 'Create query';
		const credentialId = credentialIds.get(APP_CREDENTIAL) ?? '';
		const parameters = { resource: 'reportQuery', operation: 'create', source: 'builder' };
		const id = await rest.createWorkflow(
			chain('Builder', insights('create', credentialId, { ...parameters, name }, { name })),
		);
		page = await browser.open(`/workflow/${id}`);
		details = new NodeDetails(page);
		await details.open(name);
		await details.openList('datasetName');
		await details.choices.filter({ hasText: DATASET }).click();
		await details.pick('parameters.columns', 'CustomerName');
		await page.keyboard.press('Escape');
		for (const [i, [column, operator, value]] of CONDITIONS.entries()) {
			await details.frame.getByRole('button', { name: 'Add Condition' }).click();
			const condition = `parameters.conditions.condition[${i}]`;
			await details.pick(`${condition}.name`, column);
			await details.pick(`${condition}.operator`, operator);
			await details.type(`${condition}.value`, value);
		}
		await details.close();
		// n8n saves by itself, a moment later.
		const last = CONDITIONS.at(-1)?.[2] ?? '';
		await until(async () => JSON.stringify((await rest.workflow(id)).nodes).includes(`"${last}"`));

		await page.reload();
		await details.open(name);
		for (const [i, [column, operator]] of CONDITIONS.entries()) {
			const condition = `parameters.conditions.condition[${i}]`;
			expect(await details.shownIn(`${condition}.name`)).toBe(column);
			expect(await details.shownIn(`${condition}.operator`)).toBe(operator);
		}
		expect(await details.execute()).toBe('success');
		const [{ id: executionId } = { id: '' }] = await rest.executionsOf(id);
		const { data } = await rest.executionEnd(executionId);
		const where = CONDITIONS.map(([column, operator, , value]) => `${column} ${operator} ${value}`);
		expect(itemsOf(data, name)[0]?.json.Query).toBe(
			`SELECT CustomerName FROM ${DATASET} WHERE ${where.join(' AND ')}`,
		);
	});

	it('asks no other machine for anything', async () => {
		page = await browser.open('/');
		expect(unexpectedRequests(browser)).toEqual([]);
	});
});
