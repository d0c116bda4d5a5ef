import { InsightsError } from './errors';
import { BASE_PATHS } from './program';
import { type InsightsRecord, spellRecord } from './records';
import { createRequester, type InsightsRequest, type Page, type RequestSettings } from './request';

/** Filters of the report list, as the service takes them. */
export interface ReportFilters {
	reportId?: string;
	reportName?: string;
	queryId?: string;
}

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
				"The token goes to the API host alone. Check 'Environment' in the credential.",
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
				if (error instanceof InsightsError && error.status === 404) return undefined;
				throw error;
			});
			elements.push(...(page?.elements ?? []));
			next = page?.nextLink === undefined ? undefined : pagePath(page.nextLink, current);
			query = undefined;
		}
		return elements.map(spellRecord);
	};

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
		},
	};
}

export type InsightsClient = ReturnType<typeof createInsightsClient>;
