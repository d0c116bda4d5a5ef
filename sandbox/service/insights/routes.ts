import { randomUUID } from 'node:crypto';

import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Clock } from '../clock';
import type { Directory } from '../entra/directory';
import { type HttpsListener, programOf, rateLimitBody, sendPage } from '../listener';
import type { Fault, Program, SandboxSettings } from '../protocol';
import type { Tokens } from '../tokens';
import { admit, type Caller } from './authorization';
import { datasetsOf } from './catalogue';
import { type Answer, envelope, gatewayError, validationProblem, withCasing } from './envelope';
import { type FileLocator, findExecutions } from './executions';
import { Fields } from './fields';
import type { ProgramState, StoredReport } from './programState';
import { pageOf } from './paging';
import { createQuery, deleteQuery, findQueries, testQuery } from './queries';
import { RateLimiter } from './rateLimit';
import { InsightsRefusal, noItemFound } from './refusal';
import {
	createReport,
	deleteReport,
	findReports,
	pauseReport,
	reportRecord,
	resumeReport,
	updateReport,
} from './reports';

declare module 'fastify' {
	interface FastifyRequest {
		/** Who calls; set before any Insights route runs. */
		caller: Caller | null;
	}
}

export interface InsightsParts {
	programs: Record<Program, ProgramState>;
	directory: Directory;
	tokens: Tokens;
	settings: SandboxSettings;
	clock: Clock;
	files: FileLocator;
	apiUrl: () => string;
}

/** Where each program lives below the API's origin. */
const basePaths: Record<Program, string> = {
	mpn: '/insights/v1/mpn',
	cmp: '/insights/v1.1/cmp',
};

/** What a route works with. */
interface Call {
	state: ProgramState;
	caller: Caller;
	now: number;
	/** Path parameter, or empty. */
	id: string;
	/** Query parameters by lower-case name. */
	filters: Record<string, string | undefined>;
	body: unknown;
	/** The address that was asked for. */
	url: URL;
}

interface Outcome {
	records: object[];
	message?: string;
	rows?: boolean;
	nextLink?: string;
}

type Handler = (call: Call) => Outcome;

/** What the API has counted so far. */
export interface RequestCounts {
	forget(): void;
}

/** Adds the Insights API of both programs to the API listener. */
export function addInsightsRoutes(app: HttpsListener, parts: InsightsParts): RequestCounts {
	const { settings } = parts;
	const limiter = new RateLimiter(settings);
	app.decorateRequest('caller', null);

	let gets = 0;

	app.addHook('preHandler', (request, reply, done) => {
		const { proxyPages } = settings;
		if (proxyPages && request.method === 'GET' && ++gets % proxyPages.every === 0) {
			sendPage(reply, proxyPages.status);
			return;
		}
		const { limit, remaining, retryAfterSeconds } = limiter.admit(parts.clock.machineNow());
		void reply
			.header('X-RateLimit-Limit', String(limit))
			.header('X-RateLimit-Remaining', String(remaining));
		if (retryAfterSeconds !== undefined) {
			void reply.header('retry-after', String(retryAfterSeconds));
			sendJson(reply, 429, rateLimitBody(retryAfterSeconds));
			return;
		}
		const { authorization, host = '', 'x-aaduserticket': userTicket } = request.headers;
		const program = programOf(request.url);
		admit({ authorization, userTicket, host, program }, parts).then((admission) => {
			if (!admission.allowed) {
				refuse(reply, admission.status, admission.message, admission.code);
				return;
			}
			request.caller = admission.caller;
			void reply
				.header('MS-CorrelationId', request.headers['ms-correlationid'] ?? randomUUID())
				.header('MS-RequestId', request.headers['ms-requestid'] ?? randomUUID());
			if (request.headers.validatemfa !== undefined && admission.isUser) {
				void reply.header('isMfaCompliant', 'true');
			}
			done();
		}, done);
	});

	app.setNotFoundHandler((_request, reply) => {
		sendJson(reply, 404, gatewayError(404, 'Resource not found'));
	});

	for (const program of ['mpn', 'cmp'] as const) {
		const state = parts.programs[program];
		const route = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, handler: Handler) => {
			app.route<{ Params: { id?: string } }>({
				method,
				url: `${basePaths[program]}/${path}`,
				handler: (request, reply) => {
					state.settle();
					const answer = answerOf(() =>
						handler({
							state,
							caller: callerOf(request),
							now: parts.clock.now(),
							id: request.params.id ?? '',
							filters: filtersOf(request),
							body: request.body,
							url: new URL(request.url, `https://${request.headers.host ?? 'localhost'}`),
						}),
					);
					if (settings.validation === 'byField' && answer.field !== undefined) {
						sendJson(reply, 400, validationProblem(answer.field, answer.message ?? ''));
						return;
					}
					sendJson(reply, answer.statusCode, envelope(program, settings, answer));
				},
			});
		};
		addProgramRoutes(route, parts);
	}

	return {
		forget: () => {
			limiter.reset();
			gets = 0;
		},
	};
}

function addProgramRoutes(
	route: (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, handler: Handler) => void,
	{ settings, files }: InsightsParts,
): void {
	const page = (records: object[], url: URL) => pageOf(records, url, settings.pageSize);
	const shown = (state: ProgramState, report: StoredReport) =>
		reportRecord(state, report, settings);

	route('GET', 'ScheduledDataset', ({ state, filters, url }) => {
		const wanted = filters.datasetname?.toLowerCase();
		const records = datasetsOf(state.program).filter(
			({ datasetName }) => !wanted || datasetName.toLowerCase() === wanted,
		);
		if (records.length === 0) throw new InsightsRefusal(404, noItemFound);
		return { ...page(records, url), message: 'Dataset fetched successfully' };
	});

	route('POST', 'ScheduledQueries', ({ state, body, caller, now }) => ({
		records: [createQuery(state, Fields.parse(body), caller, now)],
		message: 'Query created successfully',
	}));
	route('GET', 'ScheduledQueries', ({ state, filters, url }) => ({
		...page(findQueries(state, filters), url),
		message: 'Queries fetched successfully',
	}));
	route('GET', 'ScheduledQueries/testQueryResult', ({ state, filters }) => ({
		records: testQuery(state, filters),
		rows: true,
	}));
	route('DELETE', 'ScheduledQueries/:id', ({ state, id }) => ({
		records: [deleteQuery(state, id)],
		message: 'Query deleted successfully',
	}));

	route('POST', 'ScheduledReport', ({ state, body, caller, now }) => ({
		records: [shown(state, createReport(state, Fields.parse(body), caller, now, settings))],
		message: 'Report created successfully',
	}));
	route('GET', 'ScheduledReport', ({ state, filters, url }) => ({
		...page(
			findReports(state, filters, settings).map((report) => shown(state, report)),
			url,
		),
		message: 'Reports fetched successfully',
	}));
	route('PUT', 'ScheduledReport/:id', ({ state, id, body, now }) => ({
		records: [shown(state, updateReport(state, id, Fields.parse(body), now, settings))],
		message: 'Report updated successfully',
	}));
	route('DELETE', 'ScheduledReport/:id', ({ state, id }) => ({
		records: [shown(state, deleteReport(state, id))],
		message: 'Report deleted successfully',
	}));
	route('PUT', 'ScheduledReport/pause/:id', ({ state, id, now }) => ({
		records: [shown(state, pauseReport(state, id, now))],
		message: 'Report paused successfully',
	}));
	route('PUT', 'ScheduledReport/resume/:id', ({ state, id, now }) => ({
		records: [shown(state, resumeReport(state, id, now))],
		message: 'Report resumed successfully',
	}));
	route('GET', 'ScheduledReport/execution/:id', ({ state, id, filters, url }) =>
		page(findExecutions(state, id, filters, files), url),
	);
}

/** How the API words the faults that need its envelope; false for all others. */
export function answerInsightsFault(settings: SandboxSettings) {
	return (fault: Fault, _request: FastifyRequest, reply: FastifyReply): boolean => {
		if (fault.kind !== 'errorIn200') return false;
		const { statusCode = 400, message = 'Invalid report parameters' } = fault;
		const body = { value: [], nextLink: null, totalCount: 0, message, statusCode };
		sendJson(reply, 200, JSON.stringify(withCasing(body, settings.casing)));
		return true;
	};
}

/** Replaces or removes `value` in an envelope, in whichever casing it is. */
export function reshapeEnvelope(fault: Fault, payload: string): string {
	const body = JSON.parse(payload) as Record<string, unknown>;
	const [valueKey, countKey] = 'Value' in body ? ['Value', 'TotalCount'] : ['value', 'totalCount'];
	if (fault.kind === 'missingValue') {
		return JSON.stringify(body, (key, value: unknown) => (key === valueKey ? undefined : value));
	}
	const value = fault.kind === 'elements' ? fault.value : [];
	return JSON.stringify({ ...body, [valueKey]: value, [countKey]: value.length });
}

function answerOf(work: () => Outcome): Answer {
	try {
		const { message = null, ...outcome } = work();
		return { ...outcome, message, statusCode: 200 };
	} catch (error) {
		if (!(error instanceof InsightsRefusal)) throw error;
		const { message, status: statusCode, field } = error;
		return { records: [], message, statusCode, ...(field === undefined ? {} : { field }) };
	}
}

function callerOf(request: FastifyRequest): Caller {
	if (!request.caller) throw new Error('An Insights route ran without authorization');
	return request.caller;
}

/** Query keys ignore case; of a repeated one the first counts. */
function filtersOf(request: FastifyRequest): Record<string, string | undefined> {
	const filters: Record<string, string | undefined> = {};
	for (const [key, value] of Object.entries(request.query as Record<string, string | string[]>)) {
		filters[key.toLowerCase()] = Array.isArray(value) ? value[0] : value;
	}
	return filters;
}

function refuse(
	reply: FastifyReply,
	status: 400 | 401 | 403,
	message: string,
	code?: string,
): void {
	if (status === 401) void reply.header('www-authenticate', 'Bearer error="invalid_token"');
	sendJson(reply, status, gatewayError(status, message, code));
}

function sendJson(reply: FastifyReply, status: number, body: string): void {
	void reply.code(status).type('application/json; charset=utf-8').send(body);
}
