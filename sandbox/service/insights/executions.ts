import { formatTime } from '../clock';
import { guidFor } from '../identifiers';
import type { ExecutionRecord, ExecutionStatus, SandboxSettings } from '../protocol';
import { readFlag, splitList } from './filters';
import type { ProgramState, Run, StoredReport } from './programState';
import { nextStart, runsAhead, runsLeft } from './recurrence';
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
	const { settings } = state;
	const wanted = readStatuses(filters.executionstatus, settings);
	const latestOnly = readFlag(filters.getlatestexecution) ?? true;
	const executionIds = splitList(filters.executionid?.toLowerCase(), settings);
	const found = (splitList(reportIds, settings) ?? []).flatMap((reportId) => {
		const report = state.reports.get(reportId.toLowerCase());
		if (!report) return [];
		const named = state
			.history(report)
			.filter((run) => !executionIds || executionIds.includes(run.executionId));
		const latest = (runs: Run[]) => (latestOnly ? runs.slice(0, 1) : runs);
		const inStatus = (runs: Run[]) => runs.filter((run) => wanted.has(state.statusOf(run)));
		const runs = settings.latestBeforeFilter ? inStatus(latest(named)) : latest(inStatus(named));
		return inOrder(runs, settings.executionOrder).map((run) =>
			executionRecord(state, report, run, files),
		);
	});
	if (found.length === 0) throw new InsightsRefusal(404, noExecutions);
	return found;
}

/** From newest first to the order asked for. A scattered one is the same with each reading. */
function inOrder(runs: Run[], order: SandboxSettings['executionOrder']): Run[] {
	if (order === 'newestFirst') return runs;
	if (order === 'oldestFirst') return [...runs].reverse();
	return runs
		.map((run) => ({ run, place: guidFor(run.executionId) }))
		.sort((left, right) => (left.place < right.place ? -1 : 1))
		.map(({ run }) => run);
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
		...(isCmp ? cmpFields(state, report) : {}),
	};
}

function cmpFields({ settings }: ProgramState, report: StoredReport): Partial<ExecutionRecord> {
	if (settings.remainingCounts) return runsAhead(report);
	return {
		remainingRecurrenceCount: runsLeft(report),
		endTime: report.record.endTime ?? null,
		nextExecutionStartTime: nextStart(report),
	};
}

/** The states that a filter lets through. */
function readStatuses(value: string | undefined, settings: SandboxSettings): Set<ExecutionStatus> {
	const named = splitList(value, settings)?.map((text) => {
		const status = statuses.find((known) => known.toLowerCase() === text.toLowerCase());
		if (!status) throw new InsightsRefusal(400, `Requested value '${text}' not found`);
		return status;
	});
	const everything = new Set(statuses);
	if (!named) return settings.unfilteredShowsPending ? everything : new Set(['Completed'] as const);
	if (settings.statusFilter === 'filters') return new Set(named);
	return settings.statusFilter === 'ignored' ? everything : new Set();
}
