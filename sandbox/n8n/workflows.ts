/** What the workflows of tests, benchmarks and chaos are made of. */
import type { IConnections, INode, IWorkflowSettings } from 'n8n-workflow';

import type { WorkflowInput } from './rest';

export const NODE_TYPE = 'n8n-nodes-partner-center-insights.partnerCenterInsights';
export const TRIGGER_TYPE = 'n8n-nodes-partner-center-insights.partnerCenterInsightsTrigger';
export const APP_CREDENTIAL = 'partnerCenterInsightsApi';
export const OAUTH2_CREDENTIAL = 'partnerCenterInsightsOAuth2Api';

/** A node without a place: {@link inARow} gives it one. */
export type NodeInput = Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters'> &
	Partial<INode>;

/** One node after the other, from left to right. The name is short: IDs are made of it. */
export function inARow(
	name: string,
	steps: readonly NodeInput[],
	settings?: IWorkflowSettings,
): WorkflowInput {
	const nodes = steps.map((step, i): INode => ({
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
	return { name, nodes, connections, settings: { executionOrder: 'v1', ...settings } };
}

export const manualTrigger: NodeInput = {
	name: 'Start',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	parameters: {},
};

/** A node that passes on what it gets. */
export const next = (name = 'Next'): NodeInput => ({
	name,
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	parameters: {},
});

/** How often n8n polls. A cron line with seconds may come once a minute: hence so many lines. */
export const pollTimes = (everySeconds: number) => ({
	item: Array.from({ length: 60 / everySeconds }, (_, i) => ({
		mode: 'custom',
		cronExpression: `${i * everySeconds} * * * * *`,
	})),
});
