import { InsightsError, isFailure } from './errors';
import { BASE_PATHS } from './program';
import { type InsightsRecord, spellRecord } from './records';
import {
	createRequester,
	type InsightsRequest,
	type Page,
	type RequestSettings,
} from './http/request';

/** Filters of the report list, as the service takes them. */
export interface ReportFilters {
	reportId?: string;
	reportName?: string;
	queryId?: string;
}

/** A report as it is sent to be created or updated; undefined fields are left out. */
export interface ReportBody {
	ReportName?: string;
	Description?: string;
	QueryId?: string;
	/** UTC, `yyyy-MM-ddTHH:mm:ssZ` */
	StartTime?: string;
	/** Hours, 4 to 2160. */
	RecurrenceInterval?: number;
	/** How often it runs; null for no end, which cmp does not know. */
	RecurrenceCount?: number | null;
	/** UTC, only cmp. */
	EndTime?: string;
	/** Run once and at once. */
	ExecuteNow?: boolean;
	/** UTC, only with `ExecuteNow`: in place of the query's TIMESPAN. */
	QueryStartTime?: string;
	QueryEndTime?: string;
	Format?: string;
	CallbackUrl?: string | null;
	CallbackMethod?: string | null;
}

/** Which queries a list holds. */
export type QuerySource = 'all' | 'userDefined' | 'system';

/** A query to be tried: its text, or the ID of a saved one. Times are UTC and known to mpn only. */
export type QueryTrial = ({ exportQuery: string } | { queryId: string }) & {
	startTime?: string;
	endTime?: string;
};

export const EXECUTION_STATUSES = ['Pending', 'Running', 'Completed', 'Paused'] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

export interface ClientSettings extends RequestSettings {
	/** Origin of the API; page links to any other host are not followed. */
	apiBaseUrl: string;
}

const given = (fields: object): Record<string, string> =>
	Object.fromEntries(
		Object.entries(fields).filter(
			(entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
		),
	);

/**
 * The Insights API of one program: what it offers, by its documented names. Every method resolves to
 * the elements of the answer's `Value` and throws {@link InsightsError} when the service refuses.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-analytics-available-apis
 */
export function createInsightsClient(settings: ClientSettings) {
	const request = createRequester(settings);
	const base = BASE_PATHS[settings.program];

	const call = async (
		details: Omit<InsightsRequest, 'path'> & { path: string },
	): Promise<InsightsRecord[]> => {
		const { elements } = await request({ ...details, path: `${base}/${details.path}` });
		return elements.map(spellRecord);
	};

	/** Path and query of a page link, if it leads to the API host. */
	const pagePath = (link: string, current: string): string => {
		const url = URL.canParse(link, current) ? new URL(link, current) : undefined;
		if (url?.origin !== settings.apiBaseUrl) {
			throw new InsightsError(
				'The link to the next page leads to another host and is not followed',
				{
					kind: 'unreadable',
					advice: "The token goes to the API host alone. Check 'Environment' in the credential.",
				},
			);
		}
		return url.pathname + url.search;
	};

	/** A list call: "nothing matches the filter" is the service's 404, and no error. */
	const list = async (
		details: Omit<InsightsRequest, 'method' | 'path'> & { path: string },
	): Promise<InsightsRecord[]> => {
		const elements: unknown[] = [];
		const seen = new Set<string>();
		let next: string | undefined = `${base}/${details.path}`;
		let query = details.query;
		while (next !== undefined && !seen.has(next)) {
			seen.add(next);
			const current: string = settings.apiBaseUrl + next;
			const page: Page | undefined = await request({
				subject: details.subject,
				method: 'GET',
				path: next,
				query,
			}).catch((error: unknown) => {
				if (isFailure(error, 'notFound')) return undefined;
				throw error;
			});
			elements.push(...(page?.elements ?? []));
			next = page?.nextLink === undefined ? undefined : pagePath(page.nextLink, current);
			query = undefined;
		}
		return elements.map(spellRecord);
	};

	const listDatasets = async () => await list({ path: 'ScheduledDataset', subject: 'dataset' });
	let catalogue: Promise<InsightsRecord[]> | undefined;

	return {
		reports: {
			/** Reports that match the filters; none is no error. */
			list: async (filters: ReportFilters = {}) =>
				await list({
					path: 'ScheduledReport',
					query: given(filters),
					subject: 'scheduled report',
				}),
			get: async (reportId: string) =>
				await call({
					method: 'GET',
					path: 'ScheduledReport',
					query: { reportId },
					subject: 'scheduled report',
				}),
			/** Lets a paused report run again. */
			resume: async (reportId: string) =>
				await call({
					method: 'PUT',
					path: `ScheduledReport/resume/${encodeURIComponent(reportId)}`,
					subject: 'scheduled report',
				}),
			/** Holds back the report's executions until it is resumed. */
			pause: async (reportId: string) =>
				await call({
					method: 'PUT',
					path: `ScheduledReport/pause/${encodeURIComponent(reportId)}`,
					subject: 'scheduled report',
				}),
			/** Never sent twice: each report counts against the quota. */
			create: async (body: ReportBody) =>
				await call({
					method: 'POST',
					path: 'ScheduledReport',
					body: { ...body },
					subject: 'scheduled report',
				}),
			/** Whether the service keeps what is left out is not documented: send everything. */
			update: async (reportId: string, body: ReportBody) =>
				await call({
					method: 'PUT',
					path: `ScheduledReport/${encodeURIComponent(reportId)}`,
					body: { ...body },
					subject: 'scheduled report',
				}),
			/** Removes the report, its executions and its files. */
			remove: async (reportId: string) =>
				await call({
					method: 'DELETE',
					path: `ScheduledReport/${encodeURIComponent(reportId)}`,
					subject: 'scheduled report',
				}),
		},

		executions: {
			/** Executions of one status in the last 90 days; none is no error, but "none yet". */
			list: async (reportId: string, executionStatus: ExecutionStatus) =>
				await list({
					path: `ScheduledReport/execution/${encodeURIComponent(reportId)}`,
					query: { executionStatus, getLatestExecution: 'false' },
					subject: 'report execution',
				}),
			/** The execution with this ID, if it has this status. */
			find: async (reportId: string, executionId: string, executionStatus: ExecutionStatus) =>
				await list({
					path: `ScheduledReport/execution/${encodeURIComponent(reportId)}`,
					query: { executionId, executionStatus, getLatestExecution: 'false' },
					subject: 'report execution',
				}),
			/** All executions that the service lists when it is told no status, or the one with this ID. */
			all: async (reportId: string, executionId?: string) =>
				await list({
					path: `ScheduledReport/execution/${encodeURIComponent(reportId)}`,
					query: given({ executionId, getLatestExecution: 'false' }),
					subject: 'report execution',
				}),
			/** The newest execution of one status, or none. */
			latest: async (reportId: string, executionStatus: ExecutionStatus) =>
				await list({
					path: `ScheduledReport/execution/${encodeURIComponent(reportId)}`,
					query: { executionStatus, getLatestExecution: 'true' },
					subject: 'report execution',
				}),
		},

		queries: {
			list: async (source: QuerySource, queryName?: string) =>
				await list({
					path: 'ScheduledQueries',
					query: given({
						queryName,
						...(source === 'userDefined' && { includeSystemQueries: 'false' }),
						...(source === 'system' && { includeOnlySystemQueries: 'true' }),
					}),
					subject: 'report query',
				}),
			get: async (queryId: string) =>
				await call({
					method: 'GET',
					path: 'ScheduledQueries',
					query: { queryId },
					subject: 'report query',
				}),
			/** Never sent twice: names need not be unique. */
			create: async (body: { Name: string; Description?: string; Query: string }) =>
				await call({
					method: 'POST',
					path: 'ScheduledQueries',
					body,
					subject: 'report query',
				}),
			remove: async (queryId: string) =>
				await call({
					method: 'DELETE',
					path: `ScheduledQueries/${encodeURIComponent(queryId)}`,
					subject: 'report query',
				}),
			/** Runs a query for up to 100 rows, which keep the dataset's own column names. */
			test: async (trial: QueryTrial): Promise<unknown[]> =>
				(
					await request({
						method: 'GET',
						path: `${base}/ScheduledQueries/testQueryResult`,
						query: given(trial),
						subject: 'report query',
					})
				).elements,
		},

		datasets: {
			list: listDatasets,
			get: async (datasetName: string) =>
				await call({
					method: 'GET',
					path: 'ScheduledDataset',
					query: { datasetName },
					subject: 'dataset',
				}),
			/** The datasets of the account, read once for all items. */
			catalogue: async () => await (catalogue ??= listDatasets()),
		},
	};
}

export type InsightsClient = ReturnType<typeof createInsightsClient>;
