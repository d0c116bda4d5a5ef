import type { INodeProperties } from 'n8n-workflow';
import { shownWhen } from '../fields/field';
import type { Resource } from './operation';

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
	const parameters = resources.flatMap(({ value: resource, operations }) =>
		operations.flatMap(({ value, properties }) =>
			properties.map(shownWhen({ resource: [resource], operation: [value] })),
		),
	);
	return [resourceList, ...resources.map(operationList), ...parameters];
}
