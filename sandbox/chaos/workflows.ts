/** The workflows whose fate is watched. */
import type { INodeParameters } from 'n8n-workflow';

import type { WorkflowInput } from '../n8n/rest';
import {
	APP_CREDENTIAL,
	inARow,
	manualTrigger,
	next,
	NODE_TYPE,
	pollTimes,
	TRIGGER_TYPE,
} from '../n8n/workflows';
import type { Work } from './plan';

/** The node whose items count. */
export const INSIGHTS = 'Insights';
/** The node that starts a workflow by itself. */
export const TRIGGER = 'Trigger';

/** How often a trigger polls, in s. */
const EVERY = 2;

/** Starts for each run of the reports that is completed. */
export function watching(
	name: string,
	credentialId: string,
	reportIds: string[],
	options: INodeParameters,
): WorkflowInput {
	return inARow(name, [
		{
			name: TRIGGER,
			type: TRIGGER_TYPE,
			typeVersion: 1,
			parameters: {
				event: 'executionCompleted',
				reports: 'selected',
				reportIds,
				pollTimes: pollTimes(EVERY),
				options,
			},
			credentials: { [APP_CREDENTIAL]: { id: credentialId, name: 'Sandbox' } },
		},
		next(),
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
	return inARow(`Chaos: ${work}`, [
		manualTrigger,
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
			type: NODE_TYPE,
			typeVersion: 1,
			parameters: { program: 'mpn', ...PARAMETERS[work] },
			credentials: { [APP_CREDENTIAL]: { id: credentialId, name: 'Sandbox' } },
			onError: 'continueRegularOutput',
		},
		next(),
	]);
}
