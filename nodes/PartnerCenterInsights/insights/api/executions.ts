import type { ExecutionId, ReportId } from '../ids';
import { type InsightsRecord, isOf } from '../records';
import { type Caller, given } from './call';
import { path } from './path';

export const EXECUTION_STATUSES = ['Pending', 'Running', 'Completed', 'Paused'] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

interface ExecutionFilters {
	executionId?: ExecutionId;
	executionStatus?: ExecutionStatus;
	getLatestExecution: 'true' | 'false';
}

/** Runs of a report in the last 90 days. None is no error, but "none yet". */
export function executionsOf({ list }: Caller) {
	const filtered = async (
		reportId: ReportId,
		filters: ExecutionFilters,
	): Promise<InsightsRecord[]> =>
		await list(
			{
				path: path`ScheduledReport/execution/${reportId}`,
				query: given(filters),
				subject: 'report execution',
			},
			{
				// No filter of the service is to be relied on, and the file of another report is none of this one.
				where: isOf('ReportId', reportId),
			},
		);
	return {
		/** Executions of one status. */
		list: async (reportId: ReportId, executionStatus: ExecutionStatus) =>
			await filtered(reportId, { executionStatus, getLatestExecution: 'false' }),
		/** The execution with this ID, if it has this status. */
		find: async (reportId: ReportId, executionId: ExecutionId, executionStatus: ExecutionStatus) =>
			await filtered(reportId, { executionId, executionStatus, getLatestExecution: 'false' }),
		/** All executions that the service lists when it is told no status, or the one with this ID. */
		all: async (reportId: ReportId, executionId?: ExecutionId) =>
			await filtered(reportId, { executionId, getLatestExecution: 'false' }),
		/** The newest execution of one status, or none. */
		latest: async (reportId: ReportId, executionStatus: ExecutionStatus) =>
			await filtered(reportId, { executionStatus, getLatestExecution: 'true' }),
	};
}
