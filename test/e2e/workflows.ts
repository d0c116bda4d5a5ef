/** Workflows, as the tests need them. */
import type { INode, INodeParameters } from 'n8n-workflow';

import type { WorkflowInput } from '../../sandbox/n8n/rest';
import {
	APP_CREDENTIAL,
	inARow,
	manualTrigger,
	NODE_TYPE,
	type NodeInput,
	TRIGGER_TYPE,
} from '../../sandbox/n8n/workflows';

export {
	APP_CREDENTIAL,
	next,
	NODE_TYPE,
	type NodeInput,
	OAUTH2_CREDENTIAL,
	pollTimes,
	TRIGGER_TYPE,
} from '../../sandbox/n8n/workflows';

/** One node after the other, begun by hand. */
export const chain = (name: string, ...steps: NodeInput[]): WorkflowInput =>
	inARow(name, [manualTrigger, ...steps]);

/** The workflow, begun by this node in the place of its first one. */
export function startedBy(trigger: NodeInput, workflow: WorkflowInput): WorkflowInput {
	const [start, ...others] = workflow.nodes;
	if (start === undefined) throw new Error('The workflow has no node.');
	const { [start.name]: outputs, ...connections } = workflow.connections;
	return {
		...workflow,
		nodes: [{ id: start.id, position: start.position, ...trigger }, ...others],
		connections: { ...connections, ...(outputs && { [trigger.name]: outputs }) },
	};
}

/** A node that starts the workflow on a POST to its address, and answers with what comes out. */
export function webhook(path: string): NodeInput {
	return {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: path,
		parameters: {
			path,
			httpMethod: 'POST',
			responseMode: 'lastNode',
			responseData: 'allEntries',
		},
	};
}

/** The trigger under test, by default for every completed run. */
export function trigger(credentialId: string, parameters: object): NodeInput {
	return {
		name: 'Trigger',
		type: TRIGGER_TYPE,
		typeVersion: 1,
		parameters: { event: 'executionCompleted', ...parameters },
		credentials: { [APP_CREDENTIAL]: { id: credentialId, name: 'Sandbox' } },
	};
}

/** A node that puts out these items. */
export function items(json: unknown[], name = 'Items'): NodeInput {
	return {
		name,
		type: 'n8n-nodes-base.code',
		typeVersion: 2,
		parameters: { jsCode: `return ${JSON.stringify(json.map((record) => ({ json: record })))};` },
	};
}

/** The node under test, by default with a report ID that is an expression: `{{ $json.id }}`. */
export function insights(
	operation: string,
	credentialId: string,
	parameters: INodeParameters = {},
	node: Partial<INode> = {},
): NodeInput {
	const authentication =
		typeof parameters.authentication === 'string' ? parameters.authentication : APP_CREDENTIAL;
	return {
		name: 'Insights',
		type: NODE_TYPE,
		typeVersion: 1,
		parameters: {
			authentication,
			program: 'mpn',
			resource: 'scheduledReport',
			operation,
			...(operation === 'getAll'
				? {}
				: { reportId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } }),
			...parameters,
		},
		credentials: { [authentication]: { id: credentialId, name: 'Sandbox' } },
		...node,
	};
}
