import type { INodeProperties } from 'n8n-workflow';
import { limits } from '../parameters/shared';
import type { Operation, Resource } from './operation';

const byName = (a: { displayName: string }, b: { displayName: string }): number =>
	a.displayName.localeCompare(b.displayName);

/** Shows a parameter with its own conditions, for one operation only. */
const shownFor =
	(resource: Resource, operation: Operation) =>
	(parameter: INodeProperties): INodeProperties => ({
		...parameter,
		displayOptions: {
			...parameter.displayOptions,
			show: {
				resource: [resource.value],
				operation: [operation.value],
				...parameter.displayOptions?.show,
			},
		},
	});

const optionsOf = (operation: Operation): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [...limits, ...(operation.options ?? [])].sort(byName),
});

const operationList = ({
	value: resource,
	operations,
	defaultOperation,
}: Resource): INodeProperties => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: [resource] } },
	options: operations
		.map(({ name, value, action, description }) => ({ name, value, action, description }))
		.sort((a, b) => a.name.localeCompare(b.name)),
	default: defaultOperation,
});

/** The node's parameters, put together from its resources and their operations. */
export function describe(resources: Resource[], defaultResource: string): INodeProperties[] {
	const resourceList: INodeProperties = {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: resources
			.map(({ name, value }) => ({ name, value }))
			.sort((a, b) => a.name.localeCompare(b.name)),
		default: defaultResource,
	};
	const parameters = resources.flatMap((resource) =>
		resource.operations.flatMap((operation) =>
			[...operation.parameters, optionsOf(operation)].map(shownFor(resource, operation)),
		),
	);
	return [resourceList, ...resources.map(operationList), ...parameters];
}
