import type { INodeProperties } from 'n8n-workflow';
import { shownWhen } from '../fields/field';
import type { Resource } from './operation';

/** The labels of the lists by which an operation is chosen. */
export const RESOURCE = 'Resource';
export const OPERATION = 'Operation';

const operationList = ({
	value: resource,
	operations,
	defaultOperation,
}: Resource): INodeProperties => ({
	displayName: OPERATION,
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: [resource] } },
	options: operations.map(({ name, value, action, description }) => ({
		name,
		value,
		action,
		description,
	})),
	default: defaultOperation,
});

/** An action as it stands under the node's name, where there is room for few words. */
const shortened = (action: string): string =>
	action.replace(/\b(?:scheduled|report) (report|execution|quer)/, '$1');

/** An expression for what the node does, in words: "Resume report". */
export function subtitleOf(resources: readonly Resource[]): string {
	const words = Object.fromEntries(
		resources.flatMap(({ value: resource, operations }) =>
			operations.map(({ value, action }) => [`${resource} ${value}`, shortened(action)]),
		),
	);
	return `={{ (${JSON.stringify(words)})[$parameter["resource"] + " " + $parameter["operation"]] }}`;
}

/** The node's parameters: the lists of resources and operations, then what each operation has, in order. */
export function describe(resources: Resource[], defaultResource: string): INodeProperties[] {
	const resourceList: INodeProperties = {
		displayName: RESOURCE,
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: resources.map(({ name, value }) => ({ name, value })),
		default: defaultResource,
	};
	const parameters = resources.flatMap(({ value: resource, operations }) =>
		operations.flatMap(({ value, properties }) =>
			properties.map(shownWhen({ resource: [resource], operation: [value] })),
		),
	);
	return [resourceList, ...resources.map(operationList), ...parameters];
}
