import { formatTime } from '../clock';
import type { ExecutionRecord, ExecutionStatus } from '../protocol';
import type { ProgramState, Run, StoredReport } from './programState';
import { readFlag } from './queries';
import { InsightsRefusal, noExecutions } from './refusal';

const statuses: ExecutionStatus[] = ['Pending', 'Running', 'Paused', 'Completed'];

/** Where a run's file lies: the bare address, and one that opens it. */
export interface FileLocator {
	location(report: StoredReport, run: Run): string;
	secureLink(report: StoredReport, run: Run): string;
}

/** GET ScheduledReport/execution/{reportId}: by default the latest completed run, and 404 if none. */
export function findExecutions(
	state: ProgramState,
	reportIds: string,
	filters: Record<string, string | undefined>,
	files: FileLocator,
): ExecutionRecord[] {
	const wanted = readStatuses(filters.executionstatus);
	const latestOnly = readFlag(filters.getlatestexecution) ?? true;
	const executionIds = filters.executionid?.toLowerCase().split(';');
	const found = splitList(reportIds).flatMap((reportId) => {
		const report = state.reports.get(reportId.toLowerCase());
		if (!report) return [];
		const runs = state
			.history(report)
			.filter(
				(run) =>
					wanted.includes(state.statusOf(run)) &&
					(!executionIds || executionIds.includes(run.executionId)),
			);
		return (latestOnly ? runs.slice(0, 1) : runs).map((run) =>
			executionRecord(state, report, run, files),
		);
	});
	if (found.length === 0) throw new InsightsRefusal(404, noExecutions);
	return found;
}

/** A run as the service shows it; a completed one with a fresh download link. */
export function executionRecord(
	state: ProgramState,
	report: StoredReport,
	run: Run,
	files: FileLocator,
): ExecutionRecord {
	const { record } = report;
	const executionStatus = state.statusOf(run);
	const completed = executionStatus === 'Completed';
	const isCmp = state.program === 'cmp';
	return {
		executionId: run.executionId,
		reportId: run.reportId,
		recurrenceInterval: record.recurrenceInterval,
		recurrenceCount: record.recurrenceCount,
		callbackUrl: record.callbackUrl,
		callbackMethod: record.callbackMethod,
		format: record.format,
		executionStatus,
		reportLocation: completed && isCmp ? files.location(report, run) : null,
		reportAccessSecureLink: completed ? files.secureLink(report, run) : null,
		reportExpiryTime: null,
		reportGeneratedTime: completed ? formatTime(run.completedAt) : null,
		...(isCmp
			? {
					remainingRecurrenceCount:
						record.recurrenceCount === null
							? null
							: Math.max(0, record.recurrenceCount - report.runsStarted),
					endTime: record.endTime ?? null,
					nextExecutionStartTime:
						report.nextRunAt === null || record.reportStatus !== 'Active'
							? null
							: formatTime(report.nextRunAt),
				}
			: {}),
	};
}

function readStatuses(value: string | undefined): ExecutionStatus[] {
	if (!value) return ['Completed'];
	return splitList(value).map((text) => {
		const status = statuses.find((known) => known.toLowerCase() === text.toLowerCase());
		if (!status) throw new InsightsRefusal(400, `Requested value '${text}' not found`);
		return status;
	});
}

function splitList(value: string): string[] {
	return value
		.split(';')
		.map((part) => part.trim())
		.filter(Boolean);
}
