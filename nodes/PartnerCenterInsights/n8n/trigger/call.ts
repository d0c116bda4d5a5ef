import type { ServerResponse } from 'node:http';
import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { asReportId, type ReportId } from '../../insights/ids';
import { settle } from '../../insights/settle';
import { toNodeError } from '../nodeErrors';
import { readCall } from '../../trigger/callback/address';
import { readRegistration } from '../../trigger/callback/registration';
import type { Memory } from '../../trigger/memory/memory';
import type { InThisProcess } from '../../trigger/memory/thisProcess';
import { lookForExecutions } from '../../trigger/polls/executionNews';
import { startPollTime } from '../../trigger/polls/pollTime';
import { hereOf, memoryIn, settingsOf, warnIn } from './context';
import { openService } from './openService';

/** ms; the service waits for the answer. */
const CALLBACK_TIME = 25_000;

/** Requests that are being dealt with: repeating one while it is costs the service nothing. */
const underWay = new Set<string>();

async function itemsOf(
	context: IWebhookFunctions,
	reportId: ReportId,
	here: InThisProcess,
	memory: Memory,
): Promise<INodeExecutionData[]> {
	const settings = settingsOf(context);
	const time = startPollTime(CALLBACK_TIME);
	const service = await openService(context, settings, time);
	const { items, failure } = await lookForExecutions(
		{ service, settings, memory, here, time, isCurrent: () => here.polled?.memory === memory },
		new Set([reportId]),
	);
	const state = memory.read();
	if (items.length > 0 && state !== undefined) {
		// n8n stores this with the request; the polls' own memory is stored when they emit.
		memoryIn(context, context.getWorkflowStaticData('node')).write(state);
	}
	if (failure !== undefined) throw failure;
	return items;
}

/**
 * Answers the service's call. It is believed only that something may have happened to a report: what
 * is emitted is read from the service, and only what was not emitted before.
 *
 * Where the polls do not run in this process (queue mode with webhook processes), nothing is done: the
 * next poll finds the execution. Two memories could not tell what the other has emitted.
 */
export async function receiveCall(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const stored = context.getWorkflowStaticData('node');
	const registration = readRegistration(stored.callback);
	const { originalUrl } = context.getRequestObject() as unknown as { originalUrl: string };
	const { isFor, reportId } = readCall(originalUrl);
	const respond = (status: number, words: string): void => {
		const response = context.getResponseObject() as unknown as ServerResponse;
		response.writeHead(status).end(words);
	};
	if (registration === undefined || !isFor(registration.token)) {
		respond(401, 'Unauthorized');
		return { noWebhookResponse: true };
	}
	const answer: IWebhookResponseData = { webhookResponse: 'OK' };
	const here = hereOf(context);
	const { polled } = here;
	// With several main processes the polls may have run here before and run in another one now.
	const isPolledHere = polled?.ofNode.polledBy === stored.polledBy;
	const key = `${registration.token} ${reportId}`;
	const called = asReportId(reportId);
	if (called === undefined || polled === undefined || !isPolledHere || underWay.has(key)) {
		return answer;
	}
	underWay.add(key);
	const outcome = await settle(itemsOf(context, called, here, polled.memory));
	underWay.delete(key);
	if ('error' in outcome) {
		const { message } = toNodeError(context.getNode(), outcome.error);
		warnIn(context)(`A callback could not be followed; the next poll does. ${message}`);
		return answer;
	}
	if (outcome.value.length === 0) return answer;
	// n8n stores what is remembered now when the call is answered. Where it answers itself, it begins the
	// workflow first, and takes what was changed before that for stored: a restart would emit it again.
	respond(200, 'OK');
	return { noWebhookResponse: true, workflowData: [outcome.value] };
}
