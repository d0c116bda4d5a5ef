import type { INode } from 'n8n-workflow';

/** The node as a workflow holds it. */
export const node: INode = {
	id: '0',
	name: 'Resume report',
	type: 'n8n-nodes-partner-center-insights.partnerCenterInsights',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
