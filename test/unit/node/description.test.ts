import {
	displayParameter,
	type INodeParameters,
	NodeHelpers,
	type INode,
	type INodeProperties,
	type INodePropertyOptions,
	Workflow,
} from 'n8n-workflow';
import { findOperation, resources } from '../../../nodes/PartnerCenterInsights/operations';
import { describe as assemble } from '../../../nodes/PartnerCenterInsights/operations/description';
import {
	type Entries,
	entry,
	type Fields,
} from '../../../nodes/PartnerCenterInsights/fields/field';
import {
	type Operation,
	operation as makeOperation,
	type Resource,
} from '../../../nodes/PartnerCenterInsights/operations/operation';
import { PartnerCenterInsights } from '../../../nodes/PartnerCenterInsights/PartnerCenterInsights.node';
import { PartnerCenterInsightsTrigger } from '../../../nodes/PartnerCenterInsights/PartnerCenterInsightsTrigger.node';
import { node } from './node';

/** What a workflow may rely on: the label of each operation and the names of its own parameters. */
const CONTRACT: Record<string, Record<string, [action: string, parameters: string]>> = {
	scheduledReport: {
		resume: ['Resume scheduled report', 'reportId'],
		pause: ['Pause scheduled report', 'reportId'],
		get: ['Get scheduled report', 'reportId simplify'],
		getAll: ['Get many scheduled reports', 'returnAll limit simplify filters'],
		create: [
			'Create scheduled report',
			'reportName queryId schedule startTime recurrenceInterval recurrenceCount queryStartTime queryEndTime additionalFields',
		],
		update: ['Update scheduled report', 'reportId updateFields'],
		delete: ['Delete scheduled report', 'reportId'],
	},
	reportExecution: {
		getAll: ['Get many report executions', 'reportId returnAll limit simplify filters'],
		getLatest: ['Get latest report execution', 'reportId'],
		download: ['Download report file', 'reportId executionId output binaryPropertyName'],
		wait: ['Wait until report is ready', 'reportId options'],
	},
	reportQuery: {
		create: ['Create report query', 'name query description'],
		get: ['Get report query', 'queryId'],
		delete: ['Delete report query', 'queryId'],
		getAll: ['Get many report queries', 'returnAll limit filters'],
		test: ['Test report query', 'source query queryId startTime endTime'],
	},
	dataset: {
		get: ['Get dataset', 'datasetName'],
		getAll: ['Get many datasets', 'returnAll limit'],
	},
	reportData: {
		run: [
			'Run query and get its data',
			'source query queryId reportId queryStartTime queryEndTime output binaryPropertyName options',
		],
	},
};

const COLLECTIONS: Record<string, [collection: string, entries: string]> = {
	'scheduledReport getAll': ['filters', 'reportName queryId reportStatus'],
	'scheduledReport create': [
		'additionalFields',
		'description format callbackUrl callbackMethod endTime',
	],
	'scheduledReport update': [
		'updateFields',
		'reportName description startTime recurrenceInterval recurrenceCount format callbackUrl callbackMethod endTime',
	],
	'scheduledReport resume': ['options', 'skipIfUnchanged'],
	'scheduledReport pause': ['options', 'skipIfUnchanged'],
	'reportExecution getAll': ['filters', 'executionStatus'],
	'reportExecution wait': ['options', 'timeoutMinutes pollSeconds'],
	'reportExecution download': ['options', 'rowsPerFile addRecordFields'],
	'reportQuery getAll': ['filters', 'queryName source'],
	'reportData run': ['options', 'timeoutMinutes pollSeconds cleanUp rowsPerFile addRecordFields'],
};

const words = (text: string) => text.split(' ').filter(Boolean);
const { description } = new PartnerCenterInsights();
const { properties } = description;

const namesOf = (entries: INodeProperties['options']): string[] =>
	(entries ?? []).map(({ name }) => name);

const shownFor = (resource: string, operation: string): INodeProperties[] =>
	properties.filter(({ displayOptions }) => {
		const show = displayOptions?.show ?? {};
		return show.resource?.includes(resource) && show.operation?.includes(operation);
	});

/** Whether two fields are for different values of the same list. */
function neverTogether(a: INodeProperties, b: INodeProperties): boolean {
	const [first, second] = [a, b].map(({ displayOptions }) => displayOptions?.show ?? {});
	return Object.entries(first).some(
		([list, values]) =>
			second[list] !== undefined && !values?.some((value) => second[list]?.includes(value)),
	);
}

const operations = resources.flatMap((resource) =>
	resource.operations.map((operation): [string, string, Operation] => [
		resource.value,
		operation.value,
		operation,
	]),
);

describe('the node', () => {
	it('has the names that workflows rely on', () => {
		expect(description).toMatchObject({
			name: 'partnerCenterInsights',
			displayName: 'Partner Center Insights',
			usableAsTool: true,
		});
	});

	it.each([
		[
			'authentication',
			'partnerCenterInsightsApi',
			'partnerCenterInsightsApi partnerCenterInsightsOAuth2Api',
		],
		['program', 'mpn', 'cmp mpn'],
	])('asks for %s, %s at first', (name, first, values) => {
		const found = properties.filter((property) => property.name === name);
		expect(found).toHaveLength(1);
		expect(found[0].default).toBe(first);
		const options = (found[0].options ?? []) as INodePropertyOptions[];
		expect(options.map(({ value }) => value).sort()).toEqual(words(values));
	});

	it('asks for the credential of the chosen authentication', () => {
		for (const name of ['partnerCenterInsightsApi', 'partnerCenterInsightsOAuth2Api']) {
			const shown = (description.credentials ?? []).filter((credential) =>
				displayParameter({ authentication: name }, credential, node, description),
			);
			expect(shown.map((credential) => credential.name)).toEqual([name]);
		}
	});

	it('begins with resuming a scheduled report', () => {
		const [resource] = properties.filter(({ name }) => name === 'resource');
		expect(resource.default).toBe('scheduledReport');
		const operation = properties.find(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes('scheduledReport'),
		);
		expect(operation?.default).toBe('resume');
	});
});

describe.each(operations)('%s %s', (resource, name, operation) => {
	const [action, parameters] = CONTRACT[resource][name];

	it('is labelled as the contract says', () => {
		const list = properties.filter(
			({ name: property, displayOptions }) =>
				property === 'operation' && displayOptions?.show?.resource?.includes(resource),
		);
		expect(list).toHaveLength(1);
		const options = (list[0].options ?? []) as INodePropertyOptions[];
		const [option, ...others] = options.filter(({ value }) => value === name);
		expect(others).toEqual([]);
		expect(option.action).toBe(action);
		expect(Object.keys(option).sort()).toEqual(['action', 'description', 'name', 'value']);
	});

	it('is found by its names', () => {
		expect(findOperation(resource, name)).toBe(operation);
	});

	it('has the parameters of the contract', () => {
		const shown = shownFor(resource, name).map((property) => property.name);
		expect(shown).toEqual(expect.arrayContaining(words(parameters)));
		expect(new Set(shown).size).toBe(shown.length);
	});

	it('has the options of every operation, by name and in order', () => {
		const options = shownFor(resource, name).filter((property) => property.name === 'options');
		expect(options).toHaveLength(1);
		expect(namesOf(options[0].options)).toEqual(
			expect.arrayContaining(['maxConcurrency', 'maxRetries', 'timeoutSeconds']),
		);
		const labels = (options[0].options ?? []).map((option) =>
			'displayName' in option ? option.displayName : option.name,
		);
		expect(labels).toEqual([...labels].sort((a, b) => a.localeCompare(b)));
		const defaults = Object.fromEntries(
			(options[0].options ?? []).map((option) => [
				option.name,
				'default' in option ? option.default : undefined,
			]),
		);
		expect(defaults).toMatchObject({ maxConcurrency: 4, maxRetries: 3 });
	});

	it('has the entries of the contract in its collection', () => {
		const [collection, entries] = COLLECTIONS[`${resource} ${name}`] ?? ['options', ''];
		const found = shownFor(resource, name).find((property) => property.name === collection);
		expect(namesOf(found?.options)).toEqual(expect.arrayContaining(words(entries)));
	});

	it('shows no two fields with the same label at once', () => {
		const own = shownFor(resource, name);
		const options = own
			.filter(({ type }) => type === 'collection')
			.flatMap((property) => property.options ?? [])
			.filter((option): option is INodeProperties => 'type' in option);
		const all = [...own, ...options];
		const areTold = (a: INodeProperties, b: INodeProperties) =>
			a.displayName !== b.displayName || neverTogether(a, b);
		const alike = all.flatMap((a, index) =>
			all
				.slice(index + 1)
				.filter((b) => !areTold(a, b))
				.map((b) => [a.name, b.name]),
		);
		expect(alike).toEqual([]);
	});

	it('takes IDs as lists that can be searched, and as text', () => {
		const locators = shownFor(resource, name).filter(({ name: property }) =>
			['reportId', 'queryId', 'datasetName'].includes(property),
		);
		for (const { name: property, type, modes, required, default: initial } of locators) {
			expect(type).toBe('resourceLocator');
			expect(required).toBe(true);
			// n8n shows the hint of a mode only for a value that says of itself what it is.
			expect(initial).toEqual({ __rl: true, mode: 'list', value: '' });
			expect(modes?.map((mode) => mode.name)).toEqual(
				property === 'datasetName' ? ['list', 'id'] : ['list', 'id', 'name'],
			);
			const method = modes?.[0].typeOptions?.searchListMethod;
			expect(Object.keys(new PartnerCenterInsights().methods.listSearch)).toContain(method);
		}
	});
});

it.each([
	['reportExecution', 'download'],
	['reportData', 'run'],
])('%s %s says below each option for one output which one that is', (resource, operation) => {
	const options = shownFor(resource, operation).find(({ name }) => name === 'options')?.options;
	const told = (options ?? []).map((option) => [
		option.name,
		'hint' in option ? /^For Output: (Rows|File)/.exec(option.hint ?? '')?.[1] : undefined,
	]);
	expect(Object.fromEntries(told)).toMatchObject({
		addRecordFields: 'Rows',
		columns: 'Rows',
		firstRow: 'Rows',
		parseNumbers: 'Rows',
		rowLimit: 'Rows',
		rowsPerFile: 'File',
		maxRetries: undefined,
	});
});

/** Every value that a list of these properties offers, also those of nested fields. */
const offeredValues = (fields: readonly INodeProperties[]): unknown[] =>
	fields.flatMap(({ options = [] }) =>
		options.flatMap((option) => {
			if ('values' in option) return offeredValues(option.values);
			return 'type' in option ? offeredValues([option]) : [option.value];
		}),
	);

describe.each([
	['the node', properties],
	['the trigger', new PartnerCenterInsightsTrigger().description.properties],
])('the lists of %s', (_, fields) => {
	it('offer no value that n8n would take for an expression', () => {
		const values = offeredValues(fields);
		expect(values.length).toBeGreaterThan(5);
		expect(values.filter((value) => String(value).startsWith('='))).toEqual([]);
	});
});

describe('a query source that an expression chooses', () => {
	const byName = { __rl: true, mode: 'name', value: 'none' };
	const { description } = new PartnerCenterInsights();
	/** What n8n finds to be missing before it runs the node. */
	const missing = (operation: string, given: INodeParameters): string[] => {
		const resource = operation === 'run' ? 'reportData' : 'reportQuery';
		const parameters = { resource, operation, source: "={{ 'text' }}", ...given };
		const asked = { ...node, parameters };
		const filled = NodeHelpers.getNodeParameters(
			description.properties,
			parameters,
			true,
			false,
			asked,
			description,
		);
		const found = NodeHelpers.getNodeParametersIssues(
			description.properties,
			{ ...asked, parameters: filled ?? {} },
			description,
		);
		return Object.keys(found?.parameters ?? {}).sort();
	};

	it.each([
		['run', 'SELECT A FROM B', ['datasetName', 'queryId', 'reportId']],
		['test', 'SELECT A FROM B', ['datasetName', 'queryId']],
		['run', '', ['datasetName', 'query', 'queryId', 'reportId']],
	])(
		'wants the fields of all of %s, for which texts by name will do: "%s"',
		(operation, query, others) => {
			expect(missing(operation, { query })).toEqual(others);
			const given = { query: 'none', queryId: byName, reportId: byName, datasetName: byName };
			expect(missing(operation, given)).toEqual([]);
		},
	);
});

describe('the subtitle', () => {
	const subtitle = (resource: string, operation: string): unknown => {
		const type = { description, execute: async () => [[]] };
		const workflow = new Workflow({
			nodes: [{ ...node, parameters: { resource, operation } }],
			connections: {},
			active: false,
			nodeTypes: {
				getByName: () => type,
				getByNameAndVersion: () => type,
				getKnownTypes: () => ({}),
			},
		});
		return workflow.expression.getSimpleParameterValue(
			workflow.getNode(node.name) as INode,
			description.subtitle,
			'internal',
			{},
		);
	};

	it('says in words what the node does, for each operation', () => {
		const all = operations.map(([resource, name]) => subtitle(resource, name));
		expect(all).toHaveLength(19);
		expect(all).toEqual([
			'Resume report',
			'Pause report',
			'Get report',
			'Get many reports',
			'Create report',
			'Update report',
			'Delete report',
			'Download report file',
			'Get latest execution',
			'Get many executions',
			'Wait until report is ready',
			'Create query',
			'Delete query',
			'Get query',
			'Get many queries',
			'Test query',
			'Get dataset',
			'Get many datasets',
			'Run query and get its data',
		]);
	});
});

describe('what a person reads', () => {
	it("is the same of the node and the trigger, which n8n's nodes panel shows as one entry", () => {
		const shown = new PartnerCenterInsightsTrigger().description.description;
		const [actions = ''] = description.description.split(', and');
		expect(actions).toContain('Resume, pause and schedule');
		expect(shown.startsWith(actions)).toBe(true);
		expect(shown).toContain('start the workflow when');
	});

	it('begins with scheduled reports, and with resuming one', () => {
		const [resource] = properties.filter(({ name }) => name === 'resource');
		expect(namesOf(resource.options)[0]).toBe('Scheduled Report');
		const [operation] = properties.filter(({ name }) => name === 'operation');
		expect(namesOf(operation.options)[0]).toBe('Resume');
	});

	it('has a unit in the label of each number that has one', () => {
		const labels = properties.flatMap(({ displayName, name, options = [] }) => [
			{ displayName, name },
			...options.filter((option): option is INodeProperties => 'type' in option),
		]);
		const units: Record<string, string> = {
			recurrenceInterval: '(Hours)',
			timeoutSeconds: '(Seconds)',
			timeoutMinutes: '(Minutes)',
			pollSeconds: '(Seconds)',
		};
		const measured = labels.filter(({ name }) => name in units);
		expect(measured.length).toBeGreaterThan(20);
		for (const { displayName, name } of measured) expect(displayName).toContain(units[name]);
	});

	it('has one name for the start of the data, and another for that of a schedule', () => {
		const label = (resource: string, operation: string, name: string) =>
			shownFor(resource, operation).find((property) => property.name === name)?.displayName;
		expect(label('reportQuery', 'test', 'startTime')).toBe('Query Start Time');
		expect(label('reportData', 'run', 'queryStartTime')).toBe('Query Start Time');
		expect(label('scheduledReport', 'create', 'queryStartTime')).toBe('Query Start Time');
		expect(label('scheduledReport', 'create', 'startTime')).toBe('First Run');
	});

	it.each([
		['scheduledReport', 'get', false],
		['scheduledReport', 'getAll', true],
		['reportExecution', 'getAll', true],
	])('of %s %s simplifies by default: %j', (resource, operation, byDefault) => {
		const simplify = shownFor(resource, operation).find(({ name }) => name === 'simplify');
		expect(simplify).toMatchObject({
			displayName: 'Simplify',
			type: 'boolean',
			default: byDefault,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		});
	});

	it.each([
		['reportExecution', 'download', 'file', /^Begins with File: /],
		['reportData', 'run', 'rows', /^Begins with Rows: /],
	])('of %s %s say why their output begins as it does', (resource, operation, first, why) => {
		const output = shownFor(resource, operation).find(({ name }) => name === 'output');
		expect(output).toMatchObject({ default: first, description: expect.stringMatching(why) });
	});

	it.each([
		['scheduledReport', 'delete'],
		['reportQuery', 'delete'],
		['reportQuery', 'test'],
	])('of %s %s begins or ends with a notice', (resource, operation) => {
		expect(shownFor(resource, operation).map(({ type }) => type)).toContain('notice');
	});

	it.each([
		['the node', () => new PartnerCenterInsights()],
		['the trigger', () => new PartnerCenterInsightsTrigger()],
	])('of %s say, for a user who signs in, that cmp wants the app alone', (_, node) => {
		const { description } = node();
		const said = (parameters: INodeParameters) =>
			description.properties
				.filter(({ type }) => type === 'notice')
				.filter((field) => displayParameter(parameters, field, { typeVersion: 1 }, description))
				.map(({ displayName }) => displayName)
				.join();
		const [app, user] = ['partnerCenterInsightsApi', 'partnerCenterInsightsOAuth2Api'];
		expect(said({ authentication: user, program: 'cmp' })).toMatch(/\(cmp\) for the app alone/);
		expect(said({ authentication: user, program: 'mpn' })).not.toMatch(/cmp/);
		expect(said({ authentication: app, program: 'cmp' })).not.toMatch(/for the app alone/);
	});

	it('of the trigger say how often to poll, and what a callback changes while it is on', () => {
		const { description } = new PartnerCenterInsightsTrigger();
		const said = (parameters: INodeParameters) =>
			description.properties
				.filter((field) => displayParameter(parameters, field, { typeVersion: 1 }, description))
				.flatMap(({ type, displayName, hint = '' }) => (type === 'notice' ? displayName : hint));
		const callback = { event: 'executionCompleted', options: { useCallback: true } };
		expect(said({ event: 'executionCompleted', options: {} }).join()).toMatch(/every 15 minutes/);
		expect(said({ event: 'executionCompleted', options: {} }).join()).not.toMatch(/Callback URL/);
		expect(said(callback).join()).toMatch(/Callback URL of each watched report/);
		expect(said(callback).join()).toMatch(/Microsoft must be able to reach/);
		expect(said({ ...callback, event: 'reportStatusChanged' }).join()).not.toMatch(/Callback URL/);
	});
});

describe('what is there', () => {
	it('holds the whole of scheduled reports', () => {
		const found = operations.filter(([resource]) => resource === 'scheduledReport');
		expect(found.map(([, name]) => name)).toEqual(
			expect.arrayContaining(['resume', 'pause', 'get', 'getAll']),
		);
	});

	it('holds skipIfUnchanged for resume and pause alone', () => {
		const having = operations.filter(([resource, name]) =>
			namesOf(
				shownFor(resource, name).find((property) => property.name === 'options')?.options,
			).includes('skipIfUnchanged'),
		);
		expect(having.map(([resource, name]) => `${resource} ${name}`).sort()).toEqual([
			'scheduledReport pause',
			'scheduledReport resume',
		]);
	});

	it.each([
		['scheduledReport', 'explode'],
		['nothing', 'get'],
		['', ''],
	])('does not hold %s %s', (resource, operation) => {
		expect(findOperation(resource, operation)).toBeUndefined();
	});
});

describe('putting a description together', () => {
	const operation = (value: string, fields: Fields = {}, options: Entries = {}): Operation =>
		makeOperation({
			value,
			name: value.toUpperCase(),
			action: `${value} it`,
			description: value,
			fields,
			options,
			run: async () => [],
		});
	const parameter = (name: string, fields: Partial<INodeProperties> = {}): INodeProperties => ({
		displayName: name,
		name,
		type: 'string',
		default: '',
		...fields,
	});
	const field = (name: string, fields: Partial<INodeProperties> = {}) =>
		entry(Object.freeze(parameter(name, fields)), (value) => value);
	const two: Resource[] = [
		{
			value: 'b',
			name: 'B',
			defaultOperation: 'z',
			operations: [
				operation('z', { shared: field('shared') }),
				operation(
					'a',
					{
						shared: field('shared'),
						own: field('own', {
							displayOptions: { show: { mode: ['x'] }, hide: { other: [1] } },
						}),
					},
					{ extra: field('extra', { displayName: 'A first' }) },
				),
			],
		},
		{
			value: 'a',
			name: 'A',
			defaultOperation: 'z',
			operations: [operation('z', { shared: field('shared') })],
		},
	];
	const assembled = assemble(two, 'b');

	const visible = (values: Record<string, string | number>) =>
		assembled
			.filter((property) => displayParameter(values, property, node, null))
			.map(({ name }) => name);

	it('shows each operation its own parameters, with their own conditions', () => {
		expect(visible({ resource: 'a', operation: 'z' })).toEqual([
			'resource',
			'operation',
			'shared',
			'options',
		]);
		expect(visible({ resource: 'a', operation: 'a' })).toEqual(['resource', 'operation']);
		expect(visible({ resource: 'b', operation: 'a', mode: 'x', other: 0 })).toContain('own');
		expect(visible({ resource: 'b', operation: 'a', mode: 'y', other: 0 })).not.toContain('own');
		expect(visible({ resource: 'b', operation: 'a', mode: 'x', other: 1 })).not.toContain('own');
		expect(visible({ resource: 'b', operation: 'z', mode: 'x', other: 0 })).not.toContain('own');
	});

	it('lists resources and operations as they are given', () => {
		const lists = assembled.filter(({ name }) => name === 'resource' || name === 'operation');
		expect(lists.map(({ options, default: first }) => [namesOf(options), first])).toEqual([
			[['B', 'A'], 'b'],
			[['Z', 'A'], 'z'],
			[['Z'], 'z'],
		]);
	});

	it('gives an operation its further options beside those that all have', () => {
		const options = assembled.find(
			({ name, displayOptions }) =>
				name === 'options' && displayOptions?.show?.operation?.includes('a'),
		);
		expect(namesOf(options?.options)).toEqual([
			'extra',
			'maxConcurrency',
			'maxRetries',
			'timeoutSeconds',
		]);
	});

	it('does not write into what the operations share', () => {
		const shared = field('shared');
		const own: Resource[] = [
			{
				value: 'r',
				name: 'R',
				defaultOperation: 'o',
				operations: [operation('o', { shared })],
			},
		];
		assemble(own, 'r');
		expect(shared.property).toEqual(parameter('shared'));
	});
});
