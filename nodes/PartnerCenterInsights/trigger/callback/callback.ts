import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type {
	IDataObject,
	IHookFunctions,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import type { InsightsClient } from '../../insights/client';
import { isFailure } from '../../insights/errors';
import { type InsightsRecord, text } from '../../insights/records';
import { updatedBody } from '../../insights/api/reportUpdate';
import { toNodeError } from '../../n8n/nodeErrors';
import { GUID } from '../../parameters/reader';
import { openConnection, type TriggerContext } from '../connection';
import { lookForExecutions } from '../polls/look';
import { memoryOf } from '../memory/memory';
import { readSettings } from '../settings';
import { forgetPoller, pollerOf } from '../polls/pollers';
import { startPollTime } from '../polls/pollTime';
import { idOf, watchedReports } from '../memory/state';
import { asError } from '../polls/visits';

/** ms; a workflow that is activated may have many reports to enter its address in. */
const REGISTRATION_TIME = 15 * 60_000;
/** ms; the service waits for the answer. */
const CALLBACK_TIME = 25_000;

/** A report's callback as it was before. */
interface Previous {
	url: string | null;
	method: string | null;
}

/** What is kept in the workflow while its address is entered in reports. */
interface Registration {
	/** Part of the address: who does not know it is not the service. */
	token: string;
	/** The address as it is entered. */
	url: string;
	/** By the ID of each report in which it is entered. */
	previous: Record<string, Previous>;
}

function readRegistration(staticData: IDataObject): Registration | undefined {
	const { callback } = staticData;
	if (typeof callback !== 'object' || callback === null || !('token' in callback)) return undefined;
	return JSON.parse(JSON.stringify(callback)) as Registration;
}

const callbackOf = (report: InsightsRecord): Previous => ({
	url: text(report.CallbackUrl) || null,
	method: text(report.CallbackMethod) || null,
});

/** The service does not change reports that run once only. */
const canBeUpdated = (report: InsightsRecord): boolean =>
	report.ExecuteNow !== true && report.RecurrenceInterval !== -1;

const isEntered = (report: InsightsRecord, url: string): boolean =>
	callbackOf(report).url === url && callbackOf(report).method === 'GET';

/**
 * The workflow's address with the token. GET, because the service then adds the report to the query,
 * while POST would add it to the path, which n8n does not route.
 */
const addressOf = (context: IHookFunctions, token: string): string =>
	`${context.getNodeWebhookUrl('default') ?? ''}?token=${token}`;

const nameOf = (report: InsightsRecord): string => text(report.ReportName) || idOf(report);

/**
 * Enters the address in reports, one after the other, and tells what was there.
 *
 * @param before the registration that is to be replaced: its address is not put back
 * @param onEntered called after each report, so that what was done is known when the next one fails
 */
async function enterIn(
	context: TriggerContext,
	client: InsightsClient,
	reports: InsightsRecord[],
	{ url }: Registration,
	before: Registration | undefined,
	onEntered: (id: string, previous: Previous) => void,
): Promise<Error[]> {
	const failures: Error[] = [];
	for (const report of reports) {
		const id = idOf(report);
		const current = callbackOf(report);
		const isOurs = current.url !== null && [url, before?.url].includes(current.url);
		const previous = isOurs ? (before?.previous[id] ?? { url: null, method: null }) : current;
		const entered = isEntered(report, url)
			? undefined
			: await client.reports
					.update(id, updatedBody(report, { CallbackUrl: url, CallbackMethod: 'GET' }))
					.then(() => undefined, asError);
		if (entered === undefined) {
			onEntered(id, previous);
			continue;
		}
		failures.push(entered);
		// It would be refused again by each poll.
		if (isFailure(entered, 'refused', 'notFound')) {
			onEntered(id, current);
		}
		context.logger.warn(
			`${context.getNode().name}: The callback of the report "${nameOf(report)}" could not be entered; polling finds its runs. ${entered.message}`,
		);
	}
	return failures;
}

async function openForRegistration(context: IHookFunctions) {
	const settings = readSettings(context);
	const connection = await openConnection(context, settings, startPollTime(REGISTRATION_TIME));
	const listed = await connection.client.reports.list();
	const watched = watchedReports({ scope: connection.scope, ...settings }, listed);
	return { client: connection.client, listed, reports: watched.filter(canBeUpdated) };
}

const asNodeError = async <T>(context: TriggerContext, work: () => Promise<T>): Promise<T> => {
	const outcome = await work().then(
		(result) => ({ result }),
		(error: unknown) => ({ error: toNodeError(context.getNode(), error) }),
	);
	if ('error' in outcome) throw outcome.error;
	return outcome.result;
};

/** Whether n8n's present address is entered in every report that is watched. */
export async function checkCallback(context: IHookFunctions): Promise<boolean> {
	return await asNodeError(context, async () => {
		const registration = readRegistration(context.getWorkflowStaticData('node'));
		if (registration?.url !== addressOf(context, registration?.token ?? '')) return false;
		const { reports } = await openForRegistration(context);
		return reports.every((report) => isEntered(report, registration.url));
	});
}

/**
 * Enters n8n's address in every report that is watched, and keeps what was there before.
 *
 * @throws NodeApiError when it can be entered in none
 */
export async function createCallback(context: IHookFunctions): Promise<boolean> {
	return await asNodeError(context, async () => {
		const staticData = context.getWorkflowStaticData('node');
		const before = readRegistration(staticData);
		const token = before?.token ?? randomBytes(24).toString('base64url');
		const registration: Registration = { token, url: addressOf(context, token), previous: {} };
		const { client, reports } = await openForRegistration(context);
		const previous = { ...before?.previous };
		const keep = () => {
			staticData.callback = { ...registration, previous };
		};
		const failures = await enterIn(context, client, reports, registration, before, (id, was) => {
			previous[id] = was;
			keep();
		});
		keep();
		const [failure] = failures;
		if (failure !== undefined && failures.length === reports.length) throw failure;
		return true;
	});
}

/**
 * Puts back what the reports had before. Whoever has changed a callback meanwhile keeps the change; a
 * report that cannot be changed now is tried again the next time.
 */
export async function deleteCallback(context: IHookFunctions): Promise<boolean> {
	return await asNodeError(context, async () => {
		forgetPoller(context);
		const staticData = context.getWorkflowStaticData('node');
		const registration = readRegistration(staticData);
		if (registration === undefined) return true;
		const { client, listed } = await openForRegistration(context);
		const left: Record<string, Previous> = {};
		for (const [id, previous] of Object.entries(registration.previous)) {
			const report = listed.find((record) => idOf(record) === id);
			if (report === undefined || callbackOf(report).url !== registration.url) continue;
			const restored = { CallbackUrl: previous.url, CallbackMethod: previous.method };
			await client.reports.update(id, updatedBody(report, restored)).catch((error: unknown) => {
				left[id] = previous;
				context.logger.warn(
					`${context.getNode().name}: The callback of the report "${nameOf(report)}" still is the address of this workflow. ${asError(error).message}`,
				);
			});
		}
		if (Object.keys(left).length === 0) delete staticData.callback;
		else staticData.callback = { ...registration, previous: left };
		return true;
	});
}

/** Enters the address in reports that were created since. A failure only leaves them to polling. */
export async function enterInNewReports(
	context: TriggerContext,
	client: InsightsClient,
	watched: InsightsRecord[],
	staticData: IDataObject,
): Promise<void> {
	const registration = readRegistration(staticData);
	if (registration === undefined) return;
	const { previous } = registration;
	const created = watched.filter(
		(report) => canBeUpdated(report) && previous[idOf(report)] === undefined,
	);
	await enterIn(context, client, created, registration, undefined, (id, was) => {
		previous[id] = was;
	});
	if (created.length > 0) staticData.callback = { ...registration, previous };
}

const digestOf = (value: string): Buffer => createHash('sha256').update(value).digest();

/** Compares in a time that tells nothing about the token. */
const isToken = (given: string, token: string): boolean =>
	timingSafeEqual(digestOf(given), digestOf(token));

/** Requests that are being dealt with: repeating one while it is costs the service nothing. */
const underWay = new Set<string>();

async function emitOf(context: IWebhookFunctions, reportId: string, polled: IDataObject) {
	const settings = readSettings(context);
	const time = startPollTime(CALLBACK_TIME);
	const connection = await openConnection(context, settings, time);
	const memory = memoryOf(polled);
	const of = new Set([reportId]);
	const { items, failure } = await lookForExecutions(
		context,
		connection,
		settings,
		memory,
		time,
		of,
	);
	if (items.length > 0) {
		// n8n stores this with the request; the polls' own memory is stored when they emit.
		context.getWorkflowStaticData('node').state = memory.read() ?? {};
	}
	if (failure !== undefined && items.length === 0) throw failure;
	return items;
}

/**
 * Answers the service's call. It is believed only that something may have happened to a report: what
 * is emitted is read from the service, and only what was not emitted before.
 *
 * Where the polls do not run in this process (queue mode with webhook processes), nothing is done: the
 * next poll finds the execution. Two memories could not tell what the other has emitted.
 */
export async function receiveCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const stored = context.getWorkflowStaticData('node');
	const registration = readRegistration(stored);
	// The service may add its parameter to a query that is already there in more than one way.
	const { originalUrl: url } = context.getRequestObject() as unknown as { originalUrl: string };
	const token = /[?&]token=([\w-]+)/.exec(url)?.[1] ?? '';
	if (registration === undefined || !isToken(token, registration.token)) {
		const response = context.getResponseObject() as unknown as ServerResponse;
		response.writeHead(401).end('Unauthorized');
		return { noWebhookResponse: true };
	}
	const answer: IWebhookResponseData = { webhookResponse: 'OK' };
	const reportId = /[?&]reportId=([^&?#]+)/i.exec(url)?.[1]?.toLowerCase() ?? '';
	const polled = pollerOf(context, stored);
	const key = `${registration.url} ${reportId}`;
	if (!GUID.test(reportId) || polled === undefined || underWay.has(key)) return answer;

	underWay.add(key);
	const items = await emitOf(context, reportId, polled)
		.catch((error: unknown) => {
			const { message } = toNodeError(context.getNode(), error);
			context.logger.warn(
				`${context.getNode().name}: A callback could not be followed; the next poll does. ${message}`,
			);
			return [];
		})
		.finally(() => underWay.delete(key));
	return items.length > 0 ? { ...answer, workflowData: [items] } : answer;
}
