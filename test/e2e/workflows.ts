/** Workflows, as the tests need them. */
import type { INode, INodeParameters, IConnections } from 'n8n-workflow';

import type { WorkflowInput } from '../../sandbox/n8n/rest';

export const NODE_TYPE = 'n8n-nodes-partner-center-insights.partnerCenterInsights';
export const TRIGGER_TYPE = 'n8n-nodes-partner-center-insights.partnerCenterInsightsTrigger';
export const APP_CREDENTIAL = 'partnerCenterInsightsApi';
export const OAUTH2_CREDENTIAL = 'partnerCenterInsightsOAuth2Api';

/** A node without a place: `chain` gives it one. */
export type NodeInput = Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters'> &
	Partial<INode>;

/** One node after the other, from left to right, begun by hand. The name is short: IDs are made of it. */
export function chain(name: string, ...steps: NodeInput[]): WorkflowInput {
	const start: NodeInput = {
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		parameters: {},
	};
	const nodes = [start, ...steps].map((step, i): INode => ({
		id: `${name} ${i}`,
		position: [i * 220, 0],
		...step,
	}));
	const connections: IConnections = {};
	for (const [i, { name: from }] of nodes.entries()) {
		const following = nodes[i + 1];
		if (following === undefined) break;
		connections[from] = { main: [[{ node: following.name, type: 'main', index: 0 }]] };
	}
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}

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

/** How often n8n polls. A cron line with seconds may come once a minute: hence so many lines. */
export function pollTimes(everySeconds: number): object {
	return {
		item: Array.from({ length: 60 / everySeconds }, (_, i) => ({
			mode: 'custom',
			cronExpression: `${i * everySeconds} * * * * *`,
		})),
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

/** A node that passes on what it gets. */
export function next(name = 'Next'): NodeInput {
	return { name, type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
}
