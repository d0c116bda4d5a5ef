/** Every value of every list of a description, put into as few nodes or credentials as it takes. */
import {
	displayParameter,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeTypeDescription,
	type NodeParameterValueType,
} from 'n8n-workflow';

/** What a list offers, where it stands in a node. */
export interface Choice {
	/** As n8n's editor knows the field, for example `parameters.filters.reportStatus`. */
	path: string;
	value: NodeParameterValueType;
	/** What the editor shows for it: one text, or several where several values are chosen. */
	shown: string | string[];
}

/** Parameters of one node or credential, and what they have chosen. */
export interface Chosen {
	parameters: INodeParameters;
	choices: Choice[];
}

/** What a description does not say. */
export interface Answers {
	/** Choices of the lists that n8n asks the node for, by the method that is asked. */
	loaded: Readonly<Record<string, INodePropertyOptions[]>>;
	/** What the other fields hold, by path: `orderBy.column[1].name`, or for all `orderBy.column.name`. */
	filled: Readonly<Record<string, NodeParameterValueType>>;
}

/** n8n adds it to each list of operations, and shows no field for it. */
const ADDED_BY_N8N = '__CUSTOM_API_CALL__';

const isProperty = (option: object): option is INodeProperties => 'type' in option;

/** The choices that a list has: its own, or those that the service gave. */
function choicesOf({ options = [], typeOptions }: INodeProperties, { loaded }: Answers) {
	const given = loaded[typeOptions?.loadOptionsMethod ?? ''] ?? [];
	const own = options.filter((option): option is INodePropertyOptions => 'value' in option);
	return [...own, ...given].filter(({ value }) => value !== ADDED_BY_N8N);
}

function filledIn({ filled }: Answers, path: string): NodeParameterValueType | undefined {
	const inNode = path.replace(/^parameters\./, '');
	return filled[inNode] ?? filled[inNode.replace(/\[\d+\]/g, '')];
}

/** The n-th of these; the last one where there are not so many. */
const nth = <Type>(all: readonly Type[], n: number): Type | undefined =>
	all[Math.min(n, all.length - 1)];

const merged = (all: readonly Chosen[]): Chosen => ({
	parameters: Object.assign({}, ...all.map(({ parameters }) => parameters)) as INodeParameters,
	choices: all.flatMap(({ choices }) => choices),
});

/** The groups of a collection that can have several of them: one for each choice of its lists. */
function groupsIn(path: string, { options = [] }: INodeProperties, answers: Answers): Chosen {
	const parameters: INodeParameters = {};
	const choices: Choice[] = [];
	for (const group of options) {
		if (!('values' in group)) continue;
		const count = Math.max(...group.values.map((field) => choicesOf(field, answers).length));
		const groups = Array.from({ length: count }, (_, i) =>
			merged(
				group.values.map((field): Chosen => {
					const place = `${path}.${group.name}[${i}].${field.name}`;
					const chosen = nth(choicesOf(field, answers), i);
					if (chosen === undefined) {
						const known = filledIn(answers, place) ?? field.default;
						return { parameters: { [field.name]: known }, choices: [] };
					}
					const { value, name: shown } = chosen;
					return { parameters: { [field.name]: value }, choices: [{ path: place, value, shown }] };
				}),
			),
		);
		parameters[group.name] = groups.map((one) => one.parameters);
		choices.push(...groups.flatMap((one) => one.choices));
	}
	return { parameters, choices };
}

/** What a list has chosen in the n-th node: of a list that takes several, all. */
function choiceIn(
	{ type }: INodeProperties,
	path: string,
	offered: readonly INodePropertyOptions[],
	n: number,
): Choice | undefined {
	if (type === 'options') {
		const chosen = nth(offered, n);
		return chosen && { path, value: chosen.value, shown: chosen.name };
	}
	if (type !== 'multiOptions' || offered.length === 0) return undefined;
	const value = offered.map((choice) => String(choice.value));
	return { path, value, shown: offered.map(({ name }) => name) };
}

/**
 * The n-th choice of each list among these fields, and of those in their collections.
 *
 * @param given values that fields have already
 */
function chosenIn(
	fields: readonly INodeProperties[],
	n: number,
	answers: Answers,
	given: INodeParameters = {},
	path = 'parameters',
): Chosen {
	const all = fields.map((field): Chosen => {
		const { name, type, options = [] } = field;
		const place = `${path}.${name}`;
		if (type === 'collection' || type === 'fixedCollection') {
			const inner =
				type === 'collection'
					? chosenIn(options.filter(isProperty), n, answers, {}, place)
					: groupsIn(place, field, answers);
			return { ...inner, parameters: { [name]: inner.parameters } };
		}
		const offered = choicesOf(field, answers).filter(
			({ value }) => value === (given[name] ?? value),
		);
		const choice = choiceIn(field, place, offered, n);
		const value = choice?.value ?? filledIn(answers, place);
		return {
			parameters: value === undefined ? {} : { [name]: value },
			choices: choice === undefined ? [] : [choice],
		};
	});
	return merged(all);
}

const keyOf = ({ path, value }: Choice): string => `${path} ${String(value)}`;

/** The longest list that there is in these fields. */
const longest = (fields: readonly INodeProperties[], answers: Answers): number =>
	Math.max(
		1,
		...fields.map((field) =>
			field.type === 'collection'
				? longest((field.options ?? []).filter(isProperty), answers)
				: choicesOf(field, answers).length,
		),
	);

/**
 * Nodes, or credentials, that together have every choice of every list that shows while `base` holds.
 *
 * @param base parameters that each of them has
 */
export function withEachChoice(
	{ name: type, properties }: Pick<INodeTypeDescription, 'name' | 'properties'>,
	base: INodeParameters,
	answers: Answers,
): Chosen[] {
	const node: INode = { id: '', name: '', type, typeVersion: 1, position: [0, 0], parameters: {} };
	const shown = (parameters: INodeParameters) =>
		properties.filter((field) => displayParameter(parameters, field, node, null));
	const covered = new Set<string>();
	const found: Chosen[] = [];
	for (let n = 0; n < longest(properties, answers); n++) {
		// What a list brings along shows only once the list has its value: two looks.
		const first = chosenIn(shown(base), n, answers, base);
		const begun = { ...base, ...first.parameters };
		const { parameters, choices } = chosenIn(shown(begun), n, answers, base);
		const isNews = choices.some((choice) => !covered.has(keyOf(choice)));
		if (!isNews && n > 0) continue;
		choices.forEach((choice) => covered.add(keyOf(choice)));
		found.push({ parameters: { ...base, ...parameters }, choices });
	}
	return found;
}
