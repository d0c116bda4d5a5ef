/** The workflows whose fate is watched. */
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

import type { WorkflowInput } from '../n8n/rest';
import type { Work } from './plan';

const PACKAGE = 'n8n-nodes-partner-center-insights';
const CREDENTIAL = 'partnerCenterInsightsApi';
/** The node whose items count. */
export const INSIGHTS = 'Insights';
/** The node that starts a workflow by itself. */
export const TRIGGER = 'Trigger';

/** How often a trigger polls, in s. */
const EVERY = 2;

type NodeInput = Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters'> & Partial<INode>;

function chain(name: string, steps: NodeInput[]): WorkflowInput {
	const nodes = steps.map((step, i): INode => ({
		id: `${name} ${i}`,
		position: [i * 220, 0],
		...step,
	}));
	const connections: IConnections = {};
	for (const [i, { name: from }] of nodes.entries()) {
		const following = nodes[i + 1];
		if (following)
			connections[from] = { main: [[{ node: following.name, type: 'main', index: 0 }]] };
	}
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}

/** A cron line with seconds comes once a minute: hence so many. */
const pollTimes = {
	item: Array.from({ length: 60 / EVERY }, (_, i) => ({
		mode: 'custom',
		cronExpression: `${i * EVERY} * * * * *`,
	})),
};

/** Starts for each run of the reports that is completed. */
export function watching(
	name: string,
	credentialId: string,
	reportIds: string[],
	options: INodeParameters,
): WorkflowInput {
	return chain(name, [
		{
			name: TRIGGER,
			type: `${PACKAGE}.partnerCenterInsightsTrigger`,
			typeVersion: 1,
			parameters: {
				event: 'executionCompleted',
				reports: 'selected',
				reportIds,
				pollTimes,
				options,
			},
			credentials: { [CREDENTIAL]: { id: credentialId, name: 'Sandbox' } },
		},
		{ name: 'Next', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} },
	]);
}

/** Requests end before a fault that answers none is over. */
const LIMITS = { timeoutSeconds: 3, maxRetries: 2 };
const byId = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
/** Told from those of all other executions. */
const ownName = "={{ 'Chaos ' + $execution.id + ' ' + $json.n }}";

/** Rows that a run of a query gives; the files of the watched reports have as many. */
export const ROWS = 5;

const PARAMETERS: Record<Work, INodeParameters> = {
	resume: { resource: 'scheduledReport', operation: 'resume', reportId: byId, options: LIMITS },
	pause: { resource: 'scheduledReport', operation: 'pause', reportId: byId, options: LIMITS },
	create: {
		resource: 'scheduledReport',
		operation: 'create',
		reportName: ownName,
		queryId: { __rl: true, mode: 'id', value: '={{ $json.queryId }}' },
		startTime: '={{ $now.plus({ days: 60 }).toISO() }}',
		recurrenceInterval: 24,
		recurrenceCount: 2,
		options: LIMITS,
	},
	run: {
		resource: 'reportData',
		operation: 'run',
		source: 'text',
		query: `=SELECT CustomerName FROM AzureUsage LIMIT ${ROWS} TIMESPAN {{ $json.timespan }}`,
		output: 'rows',
		options: { ...LIMITS, pollSeconds: 1, timeoutMinutes: 0.3 },
	},
	download: {
		resource: 'reportExecution',
		operation: 'download',
		reportId: byId,
		executionId: '',
		output: 'rows',
		options: { ...LIMITS, addRecordFields: true },
	},
};

/** Does one thing for each item; an error is an item too. */
export function working(
	work: Work,
	credentialId: string,
	items: Array<Record<string, string | number>>,
): WorkflowInput {
	return chain(`Chaos: ${work}`, [
		{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
		{
			name: 'All',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ items }), options: {} },
		},
		{
			name: 'Items',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'items', options: {} },
		},
		{
			name: INSIGHTS,
			type: `${PACKAGE}.partnerCenterInsights`,
			typeVersion: 1,
			parameters: { program: 'mpn', ...PARAMETERS[work] },
			credentials: { [CREDENTIAL]: { id: credentialId, name: 'Sandbox' } },
			onError: 'continueRegularOutput',
		},
		{ name: 'Next', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} },
	]);
}
