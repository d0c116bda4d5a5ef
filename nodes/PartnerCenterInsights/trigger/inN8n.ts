import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type {
	IBinaryData,
	IDataObject,
	IHookFunctions,
	INodeExecutionData,
	IPollFunctions,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { createInsightsClient } from '../insights/client';
import { systemClock } from '../insights/clock';
import { isFailure } from '../insights/errors';
import { receiveFile } from '../insights/files/reportFile';
import type { Transport } from '../insights/http/transport';
import { asReportId, type ReportId } from '../insights/ids';
import type { InsightsRecord } from '../insights/records';
import { readAgain } from '../insights/runs/executions';
import { type Settled, settle } from '../insights/settle';
import { connect } from '../n8n/connection';
import { createFileTransport } from '../n8n/fileTransport';
import { toNodeError } from '../n8n/nodeErrors';
import { ownerOf, readCall } from './callback/address';
import {
	canBeCalledFor,
	enterIn,
	isEntered,
	newRegistration,
	readRegistration,
	type Self,
	takeOut,
} from './callback/registration';
import { retreatLater } from './callback/retreat';
import { isCopy, type Memory, memoryOf } from './memory/memory';
import { idOf, watchedReports } from './memory/state';
import { type InThisProcess, inThisProcess } from './memory/thisProcess';
import { type Circumstances, lookForChanges, lookForExecutions, type News } from './polls/news';
import { OutOfTime, type PollTime, startPollTime } from './polls/pollTime';
import { sampleItems } from './polls/sample';
import { asError } from './polls/visits';
import { triggerParameters } from './parameters';
import type { Service } from './service';
import { readSettings, type TriggerSettings } from './settings';

/**
 * The trigger as n8n calls it: the one place of the trigger that knows n8n's contexts. What they are
 * asked for here is handed on as plain values and functions.
 */

/** The contexts in which n8n calls the trigger. */
type TriggerContext = IPollFunctions | IWebhookFunctions | IHookFunctions;

const MAX_RETRIES = 3;
/** ms without any data of a file */
const FILE_TIMEOUT = 60_000;
/** n8n's start, or a person, waits for the first poll after that: what it leaves comes next. In ms. */
const BRIEF = 20_000;
/** ms; a workflow that is activated may have many reports to enter its address in. */
const REGISTRATION_TIME = 15 * 60_000;
/** ms; the service waits for the answer. */
const CALLBACK_TIME = 25_000;

/** n8n's types have this for some contexts only; all of them can. */
interface Evaluating {
	evaluateExpression: (text: string, itemIndex: number) => unknown;
}

const settingsOf = (context: TriggerContext): TriggerSettings =>
	readSettings(
		triggerParameters({
			written: (name, fallback) =>
				context.getNodeParameter(name, fallback, { rawExpressions: true }),
			filled: (name, fallback) => context.getNodeParameter(name, fallback),
			evaluate: (text) => (context as unknown as Evaluating).evaluateExpression(text, 0),
		}),
		context.getTimezone(),
	);

const warnIn =
	(context: TriggerContext) =>
	(message: string): void =>
		context.logger.warn(`${context.getNode().name}: ${message}`);

const hereOf = (context: TriggerContext): InThisProcess =>
	inThisProcess(`${context.getWorkflow().id ?? ''} ${context.getNode().id}`);

const memoryIn = (context: TriggerContext, ofNode: IDataObject): Memory =>
	memoryOf(ofNode, context.getWorkflowStaticData('global'), context.getNode().id);

/** Notes the service's own time with each answer. */
function timed(transport: Transport): { transport: Transport; now: () => number } {
	let ahead = 0;
	return {
		transport: async (request) => {
			const outcome = await transport(request);
			const date = outcome.kind === 'answer' ? Date.parse(outcome.headers.date ?? '') : NaN;
			if (!Number.isNaN(date)) ahead = date - Date.now();
			return outcome;
		},
		now: () => Date.now() + ahead,
	};
}

async function openService(
	context: TriggerContext,
	{ credentialType, program }: TriggerSettings,
	time: PollTime,
): Promise<Service> {
	const { account, transport, apiBaseUrl } = await connect(
		context,
		credentialType,
		time.requestTimeout,
		undefined,
	);
	const service = timed(transport);
	const client = createInsightsClient({
		transport: service.transport,
		apiBaseUrl,
		program,
		maxRetries: MAX_RETRIES,
		wait: time.wait,
	});
	// A file goes on coming when the poll that asked for it is over.
	const clock = systemClock();
	const patientClient = createInsightsClient({
		transport,
		apiBaseUrl,
		program,
		maxRetries: MAX_RETRIES,
		wait: clock.wait,
	});
	const fetchFile = createFileTransport(
		async (options) => (await context.helpers.httpRequest(options)) as unknown,
		FILE_TIMEOUT,
		undefined,
	);
	const storeFile = async (reportId: ReportId, execution: InsightsRecord): Promise<IBinaryData> => {
		const { helpers } = context;
		if (!('prepareBinaryData' in helpers)) throw new Error('Files belong to polls');
		return await receiveFile(
			execution,
			{
				fetchFile,
				refresh: async () => await readAgain(patientClient, reportId, execution),
				maxRetries: MAX_RETRIES,
				clock,
				abortSignal: undefined,
			},
			async ({ content, fileName, mimeType }) =>
				await helpers.prepareBinaryData(content, fileName, mimeType),
		);
	};
	const credential = context.getNode().credentials?.[credentialType]?.id ?? '';
	return {
		client,
		scope: [program, apiBaseUrl, account, credential].join(' '),
		now: service.now,
		storeFile,
		warn: warnIn(context),
	};
}

/** The value, or the failure as n8n shows it. */
function unwrapped<T>(context: TriggerContext, outcome: Settled<T>): T {
	if ('error' in outcome) throw toNodeError(context.getNode(), outcome.error);
	return outcome.value;
}

const unlessRefused = async <T>(context: TriggerContext, work: Promise<T>): Promise<T> =>
	unwrapped(context, await settle(work));

/**
 * Contexts of polls. n8n makes one when a workflow is activated or n8n starts and uses it for all its
 * polls; newer ways of scheduling make one for each poll.
 */
const used = new WeakSet<IPollFunctions>();
/** Where the last poll has not ended when the next is due. */
const busy = new WeakSet<IPollFunctions>();

/** Enters the address in reports that were created since it was entered in the others. */
async function enterInNew(
	context: IPollFunctions,
	{ client, warn }: Service,
	watched: readonly InsightsRecord[],
	here: InThisProcess,
): Promise<void> {
	const registration = readRegistration(context.getWorkflowStaticData('node').callback);
	if (registration === undefined || here.isLeaving) return;
	const known = new Set([...registration.known, ...here.entered]);
	const created = watched.filter((report) => canBeCalledFor(report) && !known.has(idOf(report)));
	for (const report of created) here.entered.add(idOf(report));
	const self = { base: registration.base, owner: ownerIn(context) };
	const entering = enterIn(created, self, registration, { client, warn }, () => !here.isLeaving);
	here.entering = entering;
	await entering;
}

async function pollOnce(
	context: IPollFunctions,
	here: InThisProcess,
	isFirst: boolean,
): Promise<INodeExecutionData[][] | null> {
	const settings = settingsOf(context);
	const budget = (context as Partial<IPollFunctions>).getPollBudgetMs?.();
	if (context.getMode() === 'manual') {
		const time = startPollTime(budget, BRIEF);
		return [await sampleItems(await openService(context, settings, time), settings, time)];
	}
	const ofNode = context.getWorkflowStaticData('node');
	const memory = memoryIn(context, ofNode);
	rememberPolled(here, settings, ofNode, memory);
	const isBrief = isFirst && memory.read() !== undefined;
	const time = startPollTime(budget, isBrief ? BRIEF : undefined);
	const service = await openService(context, settings, time);
	const circumstances: Circumstances = { service, settings, memory, here, time };
	const look =
		settings.event === 'reportStatusChanged'
			? lookForChanges(circumstances)
			: lookForExecutions(circumstances);
	const { items, watched, failure } = await look.catch((error: unknown): News => ({
		items: [],
		watched: [],
		failure: asError(error),
	}));
	if (settings.useCallback) await enterInNew(context, service, watched, here);
	if (failure === undefined) return items.length === 0 ? null : [items];
	// What is busy now is no reason to refuse the activation: the next poll comes.
	const canWait = isBrief ? failure instanceof OutOfTime : isFirst && watched.length > 0;
	if (canWait && isFailure(failure, 'busy')) {
		service.warn(failure.message);
		return null;
	}
	throw failure;
}

/**
 * Looks for what is new. Null when there is nothing, also while the poll before is not over.
 *
 * @throws NodeApiError, NodeOperationError when nothing could be found out
 */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (busy.has(context)) return null;
	const here = hereOf(context);
	const isManual = context.getMode() === 'manual';
	const isFirst = !used.has(context);
	const before = here.poller;
	if (!isManual) {
		used.add(context);
		if (isFirst) here.poller = context;
		// n8n can leave a poll function behind that it has registered twice: the latest one polls.
		else if (here.poller !== context) return null;
	}
	busy.add(context);
	const outcome = await settle(pollOnce(context, here, isFirst));
	busy.delete(context);
	// Its activation is refused, so whatever polled before goes on.
	if ('error' in outcome && isFirst && !isManual) {
		used.delete(context);
		if (here.poller === context) here.poller = before;
	}
	return unwrapped(context, outcome);
}

const ownerIn = (context: TriggerContext): string =>
	ownerOf(context.getInstanceId(), context.getWorkflow().id ?? '', context.getNode().id);

const selfIn = (context: IHookFunctions): Self => ({
	base: context.getNodeWebhookUrl('default') ?? '',
	owner: ownerIn(context),
});

async function openForRegistration(context: IHookFunctions) {
	const settings = settingsOf(context);
	const service = await openService(context, settings, startPollTime(REGISTRATION_TIME));
	const watch = { scope: service.scope, ...settings };
	const list = async () =>
		watchedReports(watch, await service.client.reports.list()).filter(canBeCalledFor);
	return { service, list };
}

/** Whether n8n's present address is entered in every report that is watched. */
export async function checkAddress(context: IHookFunctions): Promise<boolean> {
	const registration = readRegistration(context.getWorkflowStaticData('node').callback);
	hereOf(context).isLeaving = false;
	const check = async () => {
		// Where an expression gives the switch, n8n takes any text for "on".
		if (!settingsOf(context).useCallback) return true;
		if (registration === undefined) return false;
		const { list } = await openForRegistration(context);
		const self = selfIn(context);
		return (await list()).every((report) => isEntered(report, self, registration));
	};
	return await unlessRefused(context, check());
}

/** n8n starts: a workflow that is active already must not be refused because of its address. */
const isRestart = (context: IHookFunctions): boolean =>
	['init', 'leadershipChange'].includes(context.getActivationMode());

/**
 * Enters n8n's address in every report that is watched.
 *
 * @throws NodeApiError when it can be entered in none, unless n8n starts
 */
export async function enterAddress(context: IHookFunctions): Promise<boolean> {
	const here = hereOf(context);
	here.isLeaving = false;
	here.entered.clear();
	const enter = async () => {
		const staticData = context.getWorkflowStaticData('node');
		const self = selfIn(context);
		const registration = newRegistration(self, readRegistration(staticData.callback));
		const { service, list } = await openForRegistration(context);
		const reports = await list();
		staticData.callback = { ...registration, known: reports.map(idOf) };
		const failures = await enterIn(reports, self, registration, service);
		const [failure] = failures;
		const isRefused = failure !== undefined && failures.length === reports.length;
		if (isRefused && !isRestart(context)) throw failure;
		return true;
	};
	return await unlessRefused(context, enter());
}

/** A wait that does not keep n8n from ending. */
const waitAside = async (ms: number): Promise<void> => {
	await delay(ms, undefined, { ref: false });
};

/**
 * Takes n8n's address out of the reports, and puts back what was there before. What cannot be reached now
 * is tried again beside everything else.
 */
export async function removeAddress(context: IHookFunctions): Promise<boolean> {
	const here = hereOf(context);
	const departure = {};
	here.isLeaving = true;
	here.departure = departure;
	here.polled = undefined;
	await settle(here.entering ?? Promise.resolve());
	const remove = async () => {
		const staticData = context.getWorkflowStaticData('node');
		const registration = readRegistration(staticData.callback);
		const { service } = await openForRegistration(context);
		const isOut = await takeOut(selfIn(context), registration, service);
		if (isOut) delete staticData.callback;
		return isOut;
	};
	const outcome = await settle(remove());
	if ('error' in outcome || !outcome.value) {
		const warn = warnIn(context);
		warn(
			'The address of this workflow still stands in the callback URL of reports. It is taken out as soon as Partner Center can be reached, as long as n8n runs.',
		);
		const goesOn = () => here.isLeaving && here.departure === departure;
		void retreatLater(remove, goesOn, waitAside).then((isOut) => {
			if (isOut) warn('The address of this workflow has been taken out of the reports.');
			else if (goesOn()) {
				warn('The address of this workflow could not be taken out of the reports for a day.');
			}
		});
	}
	unwrapped(context, outcome);
	return true;
}

/**
 * To be called by each poll: a request that comes in must work on the same memory, which n8n stores
 * only when a poll emits something.
 */
function rememberPolled(
	here: InThisProcess,
	{ useCallback }: TriggerSettings,
	ofNode: IDataObject,
	memory: Memory,
): void {
	// Newer ways of scheduling hand each poll a copy of its own, which nobody else can work on.
	if (!useCallback || isCopy(ofNode)) {
		here.polled = undefined;
	} else if (here.polled?.ofNode !== ofNode) {
		here.polled = { ofNode, memory };
		// Stored by n8n when the activation is done.
		ofNode.polledBy = randomUUID();
	}
}

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
		{ service, settings, memory, here, time },
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
