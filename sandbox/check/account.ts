import {
	createInsightsClient,
	type InsightsClient,
} from '../../nodes/PartnerCenterInsights/insights/client';
import { type Clock, systemClock } from '../../nodes/PartnerCenterInsights/insights/clock';
import { isFailure } from '../../nodes/PartnerCenterInsights/insights/errors';
import type { FileTransport } from '../../nodes/PartnerCenterInsights/insights/files/transport';
import { parseJsonObject } from '../../nodes/PartnerCenterInsights/insights/http/envelope';
import type {
	Answer,
	ServiceRequest,
	Transport,
} from '../../nodes/PartnerCenterInsights/insights/http/transport';
import type { Program } from '../../nodes/PartnerCenterInsights/insights/program';
import type { ReportId } from '../../nodes/PartnerCenterInsights/insights/ids';
import { type InsightsRecord, text } from '../../nodes/PartnerCenterInsights/insights/records';
import { settle } from '../../nodes/PartnerCenterInsights/insights/settle';

/** One request and what came back, as it was on the wire. */
export interface Exchange {
	request: ServiceRequest;
	answer: Answer;
	/** The body's keys as they were spelt; undefined when it is no JSON object. */
	body: Record<string, unknown> | undefined;
}

/** Who is asked: one program, through the package's client, with a record of what went over the wire. */
export interface Account {
	program: Program;
	signedInAs: 'app' | 'app and user';
	client: InsightsClient;
	fetchFile: FileTransport;
	/** Lets so many ms pass. */
	wait: Clock['wait'];
	/** All exchanges so far, oldest first. */
	exchanges: readonly Exchange[];
	/** The exchanges that the work made. */
	during: (work: () => Promise<unknown>) => Promise<Exchange[]>;
	/** The program's reports, read once. */
	reports: () => Promise<InsightsRecord[]>;
}

export interface AccountSettings {
	program: Program;
	signedInAs: Account['signedInAs'];
	apiBaseUrl: string;
	transport: Transport;
	fetchFile: FileTransport;
	/** What client and probes wait by; that of this machine when not given. */
	clock?: Clock;
}

/** Puts the package's client between the probes and a service. */
export function createAccount(settings: AccountSettings): Account {
	const exchanges: Exchange[] = [];
	const transport: Transport = async (request) => {
		const outcome = await settings.transport(request);
		if (outcome.kind === 'answer') {
			const body = parseJsonObject(outcome.body) as Record<string, unknown> | undefined;
			exchanges.push({ request, answer: outcome, body });
		}
		return outcome;
	};
	const clock = settings.clock ?? systemClock();
	const client = createInsightsClient({
		transport,
		program: settings.program,
		apiBaseUrl: settings.apiBaseUrl,
		maxRetries: 5,
		...clock,
	});
	let reports: Promise<InsightsRecord[]> | undefined;
	return {
		program: settings.program,
		signedInAs: settings.signedInAs,
		client,
		fetchFile: settings.fetchFile,
		wait: clock.wait,
		exchanges,
		during: async (work) => {
			const before = exchanges.length;
			const outcome = await settle(work());
			// A refusal is an answer too. Whatever else went wrong is no answer.
			if ('error' in outcome && !isFailure(outcome.error, ...ANSWERS)) throw outcome.error;
			return exchanges.slice(before);
		},
		reports: async () => await (reports ??= client.reports.list()),
	};
}

/** Failures that a probe can look at: something was answered. */
const ANSWERS = [
	'refused',
	'unauthorized',
	'forbidden',
	'notFound',
	'unavailable',
	'unreadable',
	'intercepted',
] as const;

/** A field of a JSON object by its name in any casing. */
export function field(body: object | undefined, name: string): unknown {
	const wanted = name.toLowerCase();
	return Object.entries(body ?? {}).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** The records of an answer, spelt as they were. */
export function rawRecords({ body }: Exchange): Array<Record<string, unknown>> {
	const value = field(body, 'value');
	return Array.isArray(value)
		? value.filter(
				(element): element is Record<string, unknown> =>
					typeof element === 'object' && element !== null,
			)
		: [];
}

/** The report's ID that a record holds. */
export const reportIdOf = (record: InsightsRecord): ReportId => text(record.ReportId) as ReportId;
