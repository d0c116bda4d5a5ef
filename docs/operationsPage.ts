import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import * as markdown from 'prettier/plugins/markdown';
import { format } from 'prettier/standalone';
import { limits } from '../nodes/PartnerCenterInsights/fields/limits';

const commonOptions = Object.values(limits()).map(({ property }) => property);

const root = join(__dirname, '..');
const nodeFolder = join(root, 'nodes/PartnerCenterInsights');

/** Loaded by the file's full name: without it the codex file `*.node.json` would be found first. */
async function describeNode(className: string): Promise<INodeTypeDescription> {
	const loaded = (await import(join(nodeFolder, `${className}.node.ts`))) as Partial<
		Record<string, new () => INodeType>
	>;
	const NodeClass = loaded[className];
	if (NodeClass === undefined) throw new Error(`There is no class ${className}`);
	return new NodeClass().description;
}

type Entry = INodeProperties | INodePropertyCollection | INodePropertyOptions;

const isProperty = (entry: Entry): entry is INodeProperties => 'type' in entry;
const isGroup = (entry: Entry): entry is INodePropertyCollection => 'values' in entry;
const isChoice = (entry: Entry): entry is INodePropertyOptions =>
	'value' in entry && !isProperty(entry) && !isGroup(entry);

const choicesOf = (property: INodeProperties | undefined): INodePropertyOptions[] =>
	(property?.options ?? []).filter(isChoice);

const code = (value: unknown): string =>
	`\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

const sentence = (text: string): string => (/[.!?:]$/.test(text) ? text : `${text}.`);

/** n8n's descriptions may hold links in HTML. */
const prose = (text: string): string =>
	sentence(text.trim())
		.replace(/<a href="([^"]+)">([^<]+)<\/a>/g, '[$2]($1)')
		.replace(/%/g, '`%`');

const anchor = (heading: string): string =>
	heading
		.toLowerCase()
		.replace(/[^\w\- ]/g, '')
		.replace(/ /g, '-');

function shownWhen(property: INodeProperties, siblings: readonly INodeProperties[]): string {
	const conditions = Object.entries(property.displayOptions?.show ?? {})
		.filter(([name]) => name !== 'resource' && name !== 'operation')
		.map(([name, values]) => {
			const sibling = siblings.find((candidate) => candidate.name === name);
			// A condition beside the value is for text of another form, which the editor does not make.
			const plain = (values ?? []).filter((value) => typeof value !== 'object');
			const names = plain.map((value) => {
				if (typeof value === 'boolean') return value ? 'on' : 'off';
				const choice = choicesOf(sibling).find((candidate) => candidate.value === value);
				return choice?.name ?? (typeof value === 'string' ? value : JSON.stringify(value));
			});
			return `_${sibling?.displayName ?? name}_ is ${names.join(' or ')}`;
		});
	return conditions.length === 0 ? '' : `Shown when ${conditions.join(' and ')}.`;
}

/** The bounds of a number, where its hint does not tell them already. */
function rangeOf({ typeOptions, hint = '' }: INodeProperties): string {
	const { minValue, maxValue } = typeOptions ?? {};
	if (minValue === undefined) return '';
	const range =
		maxValue === undefined ? `At least ${minValue}.` : `From ${minValue} to ${maxValue}.`;
	return hint.includes(range) ? '' : range;
}

function choiceList(property: INodeProperties): string {
	const choices = choicesOf(property);
	if (choices.length === 0) return '';
	const items = choices.map(({ name, value, description }) => {
		const label = name === value ? code(value) : `${code(value)} ${name}`;
		return description === undefined ? label : `${label}: ${description.replace(/\.$/, '')}`;
	});
	const isPlain = choices.every(({ name, value }) => name === value);
	return isPlain ? `One of ${items.join(', ')}.` : items.map((item) => `<br>• ${item}`).join(' ');
}

const modeList = ({ modes = [] }: INodeProperties): string =>
	modes.length === 0
		? ''
		: `Modes: ${modes.map(({ name, displayName }) => `${code(name)} ${displayName}`).join('; ')}.`;

function exampleOf({ placeholder, modes = [] }: INodeProperties): string {
	const example = [placeholder, ...modes.map((mode) => mode.placeholder)].find((text) =>
		text?.startsWith('e.g. '),
	);
	return example === undefined ? '' : `E.g. ${code(example.slice('e.g. '.length))}.`;
}

function defaultOf({ default: value, type }: INodeProperties): string {
	const isNone =
		value === '' ||
		type === 'resourceLocator' ||
		(typeof value === 'object' && Object.keys(value ?? {}).length === 0);
	return isNone ? '' : code(value);
}

interface Row {
	label: string;
	name: string;
	property: INodeProperties;
	siblings: readonly INodeProperties[];
}

/** The property and, for a collection, its entries behind it. */
function rowsOf(
	property: INodeProperties,
	siblings: readonly INodeProperties[],
	parent?: Row,
): Row[] {
	const row: Row = {
		label: parent ? `${parent.label} → ${property.displayName}` : property.displayName,
		name: parent ? `${parent.name}.${property.name}` : property.name,
		property,
		siblings,
	};
	const groups = (property.options ?? []).filter(isGroup);
	const entries = (property.options ?? []).filter(isProperty);
	return [
		row,
		...entries.flatMap((entry) => rowsOf(entry, entries, row)),
		...groups.flatMap((group) =>
			group.values.flatMap((entry) =>
				rowsOf(entry, group.values, { ...row, name: `${row.name}.${group.name}` }),
			),
		),
	];
}

const cell = (text: string): string =>
	text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim().replace(/^<br>/, '');

function table(rows: readonly Row[]): string {
	const lines = rows.map(({ label, name, property, siblings }) => {
		const meaning = [
			property.description && prose(property.description),
			property.hint && prose(property.hint),
			modeList(property),
			...(property.modes ?? []).map(({ hint }) => hint && prose(hint)),
			rangeOf(property),
			exampleOf(property),
			shownWhen(property, siblings),
			choiceList(property),
		];
		const title = property.required === true ? `**${label}** (required)` : `**${label}**`;
		return [title, code(name), code(property.type), defaultOf(property), meaning.join(' ')]
			.map(cell)
			.join(' | ');
	});
	return ['Parameter | Name | Type | Default | Meaning', '--- | --- | --- | --- | ---', ...lines]
		.map((line) => `| ${line} |`)
		.join('\n');
}

interface OperationPage {
	resource: INodePropertyOptions;
	operation: INodePropertyOptions;
	parameters: INodeProperties[];
	/** What the editor says beside the fields, whatever they hold. */
	notices: string[];
	options: INodeProperties[];
}

const isFor =
	(resource: unknown, operation?: unknown) =>
	({ displayOptions }: INodeProperties): boolean =>
		displayOptions?.show?.resource?.includes(resource as string) === true &&
		(operation === undefined ||
			displayOptions.show.operation?.includes(operation as string) === true);

function operationPages({ properties }: INodeTypeDescription): OperationPage[] {
	const resources = choicesOf(properties.find(({ name }) => name === 'resource'));
	return resources.flatMap((resource) => {
		const operationList = properties.find(
			(property) => property.name === 'operation' && isFor(resource.value)(property),
		);
		return choicesOf(operationList).map((operation) => {
			const own = properties.filter(isFor(resource.value, operation.value));
			const options = own.find(({ name }) => name === 'options');
			return {
				resource,
				operation,
				parameters: own.filter((property) => property !== options && property.type !== 'notice'),
				notices: own.filter(isAlwaysSaid).map(({ displayName }) => displayName),
				options: (options?.options ?? []).filter(isProperty),
			};
		});
	});
}

/** A notice that does not depend on what has been filled in. */
const isAlwaysSaid = ({ type, displayOptions }: INodeProperties): boolean =>
	type === 'notice' && displayOptions?.hide === undefined;

const schemaFolder = join(nodeFolder, '__schema__/v1.0.0');

/** Fields of an item, as the schema preview of the editor shows them. */
function outputFields(resource: string, operation: string): string[] {
	const schema = JSON.parse(
		readFileSync(join(schemaFolder, resource, `${operation}.json`), 'utf8'),
	) as { properties: Record<string, unknown> };
	return Object.keys(schema.properties);
}

const ROWS = 'The fields are those that the query selects, in the spelling of the dataset.';

function outputOf({ resource, operation, parameters }: OperationPage): string {
	const noun = resource.name.toLowerCase();
	const fields = outputFields(String(resource.value), String(operation.value));
	const record = `Fields: ${fields.map(code).join(', ')}.`;
	const has = (name: string) => parameters.some((parameter) => parameter.name === name);
	if (has('output')) {
		const isRecord = fields.includes('ExecutionId');
		return [
			`File: one item with the file in the named binary field; its JSON is the execution.${isRecord ? ` ${record}` : ''}`,
			`Rows: one item for each row of the file. ${ROWS}`,
		].join(' ');
	}
	if (operation.value === 'test') return `One item for each row of the sample. ${ROWS}`;
	const isSimplified = parameters.some(
		(parameter) => parameter.name === 'simplify' && parameter.default === true,
	);
	if (isSimplified) {
		return `One item for each ${noun}; none when nothing is found. ${record} Those that the service does not send are missing. Without _Simplify_ all that the service sends.`;
	}
	if (has('returnAll')) {
		return `One item for each ${noun}; none when nothing is found. ${record}`;
	}
	if (fields.includes('deleted')) return `One item: the deleted ${noun}. ${record}`;
	if (operation.value === 'getLatest') {
		return `One item: the ${noun}; none where the report has not run yet. ${record}`;
	}
	return `One item: the ${noun}. ${record}`;
}

const heading = ({ operation }: OperationPage): string => operation.action ?? operation.name;

function operationSection(page: OperationPage, all: readonly INodeProperties[]): string {
	const { resource, operation, parameters, notices, options } = page;
	// An option of every operation that begins with another value here is told again.
	const ownOptions = options.filter(
		({ name, default: value }) =>
			!commonOptions.some((common) => common.name === name && common.default === value),
	);
	const siblings = [...parameters, ...all.filter(({ name }) => name === 'program')];
	return [
		`### ${heading(page)}`,
		`${sentence(operation.description ?? operation.name)} (_${resource.name}_ → _${operation.name}_: ${code(`resource: ${String(resource.value)}`)}, ${code(`operation: ${String(operation.value)}`)})`,
		...notices.map((text) => `> ${text}`),
		parameters.length > 0
			? table(parameters.flatMap((property) => rowsOf(property, siblings)))
			: 'It has no parameters of its own.',
		ownOptions.length > 0
			? `**Options**, beside [those of every operation](#options-of-every-operation):\n\n${table(ownOptions.flatMap((property) => rowsOf(property, options)))}`
			: '**Options:** [those of every operation](#options-of-every-operation).',
		`**Output:** ${outputOf(page)}`,
	].join('\n\n');
}

function triggerSection({ displayName, description, properties }: INodeTypeDescription): string {
	return [
		`## ${displayName}`,
		sentence(description),
		table(
			properties
				.filter(({ type }) => type !== 'notice')
				.flatMap((property) => rowsOf(property, properties)),
		),
		'**Output:** for a completed execution one item with the execution and its `ReportName`, and with the file where that is asked for. For a changed status one item with the report, `PreviousStatus` (`null` for a new report) and `NewStatus` (`Deleted` for a deleted one).',
	].join('\n\n');
}

/** The text of `docs/operations.md`: everything that the nodes' own descriptions say. */
export async function operationsPage(): Promise<string> {
	const node = await describeNode('PartnerCenterInsights');
	const trigger = await describeNode('PartnerCenterInsightsTrigger');
	const pages = operationPages(node);
	const resources = [...new Set(pages.map(({ resource }) => resource))];
	const general = node.properties.filter(
		({ name }) => name === 'authentication' || name === 'program',
	);
	const ofResource = (resource: INodePropertyOptions) =>
		pages.filter((page) => page.resource === resource);
	const link = (title: string) => `[${title}](#${anchor(title)})`;

	const text = [
		'# Operations reference',
		"<!-- Made from the nodes' descriptions by `npm run docs`. What is changed here by hand is lost. -->",
		'The column Name holds what stands in the JSON of a workflow. Every parameter takes an expression, except _Authentication_, _Resource_ and _Operation_.',
		[
			...resources.map(
				(resource) =>
					`- ${link(resource.name)}: ${ofResource(resource)
						.map((page) => link(heading(page)))
						.join(', ')}`,
			),
			`- ${link(trigger.displayName)}`,
		].join('\n'),
		'## Parameters of every operation',
		table(general.flatMap((property) => rowsOf(property, general))),
		'## Options of every operation',
		'They hold for the whole run of the node and are taken from its first item whose options can be used.',
		table(commonOptions.flatMap((property) => rowsOf(property, commonOptions))),
		...resources.flatMap((resource) => [
			`## ${resource.name}`,
			...ofResource(resource).map((page) => operationSection(page, node.properties)),
		]),
		triggerSection(trigger),
	].join('\n\n');

	const settings = JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8')) as {
		printWidth: number;
	};
	return await format(text, {
		parser: 'markdown',
		plugins: [markdown],
		printWidth: settings.printWidth,
	});
}

export const OPERATIONS_PAGE = join(root, 'docs/operations.md');
