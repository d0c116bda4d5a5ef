import type { Clock } from '../clock';
import type { QueryId, ReportId } from '../ids';
import type { Program } from '../program';
import type { InsightsRecord } from '../records';
import { folded } from '../sameText';
import { createTurns } from '../turns';
import { type Call, type Caller, given, type Wanted } from './call';
import { path } from './path';

/** Filters of the report list, as the service takes them. */
export interface ReportFilters {
	reportId?: ReportId;
	reportName?: string;
	queryId?: QueryId;
}

/** A report as it is sent to be created or updated; undefined fields are left out. */
export interface ReportBody {
	ReportName?: string;
	Description?: string;
	QueryId?: QueryId;
	/** UTC, `yyyy-MM-ddTHH:mm:ssZ` */
	StartTime?: string;
	/** Hours, 4 to 2160. */
	RecurrenceInterval?: number;
	/** How often it runs; null for no end, which cmp does not know. */
	RecurrenceCount?: number | null;
	/** UTC, only cmp; null for none. */
	EndTime?: string | null;
	/** Run once and at once. */
	ExecuteNow?: boolean;
	/** UTC, only with `ExecuteNow`: in place of the query's TIMESPAN. */
	QueryStartTime?: string;
	QueryEndTime?: string;
	Format?: string;
	CallbackUrl?: string | null;
	CallbackMethod?: string | null;
}

const subject = 'scheduled report';

/**
 * A report as its program takes it to be changed: cmp wants to be told format and callback each time. A
 * record that says nothing of them is that of a report which has the format by default and no callback.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/analytics-update-report
 */
const completed = (body: ReportBody, program: Program): ReportBody =>
	program === 'cmp'
		? { ...body, Format: body.Format ?? 'CSV', CallbackUrl: body.CallbackUrl ?? null }
		: body;

/** Scheduled reports: made once, they run by themselves. */
export function reportsOf(
	{ created, ofId, changed, list }: Caller,
	program: Program,
	wait: Clock['wait'],
) {
	const inTurn = createTurns(wait);
	const change = async (
		id: ReportId,
		request: Pick<Call, 'method' | 'path' | 'body'>,
	): Promise<InsightsRecord[]> => await changed({ ...request, subject, id }, 'ReportId');
	return {
		/** Reports that match the filters; none is no error. */
		list: async (filters: ReportFilters = {}, wanted?: Wanted): Promise<InsightsRecord[]> =>
			await list({ path: 'ScheduledReport', query: given(filters), subject }, wanted),
		get: async (reportId: ReportId): Promise<InsightsRecord[]> =>
			await ofId(
				{
					method: 'GET',
					path: 'ScheduledReport',
					query: { reportId },
					subject,
					id: reportId,
				},
				'ReportId',
			),
		/** Lets a paused report run again. */
		resume: async (reportId: ReportId): Promise<InsightsRecord[]> =>
			await change(reportId, { method: 'PUT', path: path`ScheduledReport/resume/${reportId}` }),
		/** Holds back the report's executions until it is resumed. */
		pause: async (reportId: ReportId): Promise<InsightsRecord[]> =>
			await change(reportId, { method: 'PUT', path: path`ScheduledReport/pause/${reportId}` }),
		/** Never sent twice: each report counts against the quota. */
		create: async (body: ReportBody): Promise<InsightsRecord[]> =>
			await created({ method: 'POST', path: 'ScheduledReport', body: { ...body }, subject }),
		/** Whether the service keeps what is left out is not documented: send everything. */
		update: async (reportId: ReportId, body: ReportBody): Promise<InsightsRecord[]> =>
			await change(reportId, {
				method: 'PUT',
				path: path`ScheduledReport/${reportId}`,
				body: { ...completed(body, program) },
			}),
		/**
		 * For changes that read a report first and send all of it: one after the other, so that none of them
		 * puts back what another one has changed.
		 */
		inTurn: async <T>(reportId: ReportId, change: () => Promise<T>): Promise<T> =>
			await inTurn(folded(reportId), change),
		/** Removes the report, its executions and its files. */
		remove: async (reportId: ReportId): Promise<InsightsRecord[]> =>
			await change(reportId, { method: 'DELETE', path: path`ScheduledReport/${reportId}` }),
	};
}
