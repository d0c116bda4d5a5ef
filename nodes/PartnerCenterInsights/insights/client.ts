import { createCaller } from './api/call';
import { datasetsOf } from './api/datasets';
import { executionsOf } from './api/executions';
import { queriesOf } from './api/queries';
import { reportsOf } from './api/reports';
import { createRequester, type RequestSettings } from './http/request';

export { EXECUTION_STATUSES, type ExecutionStatus } from './api/executions';
export type { QuerySource, QueryTrial } from './api/queries';
export type { ReportBody, ReportFilters } from './api/reports';

export interface ClientSettings extends RequestSettings {
	/** Origin of the API; page links to any other host are not followed. */
	apiBaseUrl: string;
}

/**
 * The Insights API of one program: what it offers, by its documented names. Every method resolves to
 * the elements of the answer's `Value` and throws {@link InsightsError} when the service refuses.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-analytics-available-apis
 */
export function createInsightsClient(settings: ClientSettings) {
	const caller = createCaller(createRequester(settings), settings.program, settings.apiBaseUrl);
	return {
		reports: reportsOf(caller, settings.program, settings.wait),
		executions: executionsOf(caller),
		queries: queriesOf(caller),
		datasets: datasetsOf(caller),
	};
}

export type InsightsClient = ReturnType<typeof createInsightsClient>;
