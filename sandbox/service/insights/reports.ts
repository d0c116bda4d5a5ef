import { randomUUID } from 'node:crypto';

import { formatTime, HOUR_MS } from '../clock';
import type { ReportRecord, SandboxSettings } from '../protocol';
import { type Caller, recordUser } from './authorization';
import type { Fields } from './fields';
import { splitList } from './filters';
import type { ProgramState, StoredReport } from './programState';
import { findQuery } from './queries';
import { readStatement } from './queryLanguage';
import { InsightsRefusal, noItemFound } from './refusal';
import { readExecuteNow, readRecurring } from './reportRules';
import { runsAhead } from './recurrence';

const activeReportQuota = 50;
const executeNowQuota = 5;

/** POST ScheduledReport */
export function createReport(
	state: ProgramState,
	fields: Fields,
	caller: Caller,
	now: number,
	settings: SandboxSettings,
): StoredReport {
	const queryId = fields.requiredText('QueryId');
	const executeNow = fields.flag('ExecuteNow');
	const query = findQuery(state, queryId);
	if (!query) throw new InsightsRefusal(400, `Invalid QueryId: ${queryId}`, 'QueryId');
	const { dataset } = readStatement(state.program, query.query);
	const createdTime = formatTime(now);
	const identity = {
		reportId: randomUUID(),
		queryId: query.queryId,
		query: query.query,
		user: recordUser(state.program, caller),
		createdTime,
		modifiedTime: null,
	};
	const ended = (endTime: string | null) => (state.program === 'cmp' ? { endTime } : {});

	if (executeNow) {
		const { endTime, ...definition } = readExecuteNow(fields, state.program);
		const recent = (state.executeNowTimes.get(caller.key) ?? []).filter(
			(time) => time > now - HOUR_MS,
		);
		if (recent.length >= executeNowQuota) {
			throw new InsightsRefusal(
				400,
				'User has exceeded its ExecuteNow report creation quota of 5 reports/60 mins',
			);
		}
		state.executeNowTimes.set(caller.key, [...recent, now]);
		// such a report is Inactive from the start: it runs once and never again
		const report = storeReport(state, {
			...identity,
			...definition,
			...ended(endTime),
			executeNow: true,
			startTime: createdTime,
			reportStatus: 'Inactive',
			recurrenceInterval: -1,
			recurrenceCount: 1,
		});
		state.addRun(report, now);
		state.changed();
		return report;
	}

	const { endTime, ...definition } = readRecurring(fields, {
		program: state.program,
		now,
		dataset,
		settings,
	});
	const active = [...state.reports.values()].filter(
		({ record }) => record.reportStatus === 'Active',
	);
	if (active.length >= activeReportQuota) {
		throw new InsightsRefusal(
			400,
			'User has exceeded its report creation quota of 50 active reports',
		);
	}
	const report = storeReport(state, {
		...identity,
		...definition,
		...ended(endTime),
		executeNow: false,
		queryStartTime: null,
		queryEndTime: null,
		startTime: definition.startTime ?? createdTime,
		recurrenceInterval: definition.recurrenceInterval ?? 24,
		reportStatus: 'Active',
	});
	state.reschedule(report);
	state.changed();
	return report;
}

/** PUT ScheduledReport/{reportId}: replaces the whole definition, omitted fields included. */
export function updateReport(
	state: ProgramState,
	reportId: string,
	fields: Fields,
	now: number,
	settings: SandboxSettings,
): StoredReport {
	const report = reportOf(state, reportId);
	const { record } = report;
	if (record.executeNow) {
		throw new InsightsRefusal(400, 'Reports created with ExecuteNow cannot be updated');
	}
	const definition = readRecurring(fields, {
		program: state.program,
		now,
		dataset: readStatement(state.program, record.query).dataset,
		settings,
		storedStartTime: settings.strictStartTimeOnUpdate ? '' : record.startTime,
	});
	const { endTime, startTime, recurrenceInterval, ...replaced } = definition;
	Object.assign(record, replaced, {
		startTime: startTime ?? record.startTime,
		recurrenceInterval: recurrenceInterval ?? record.recurrenceInterval,
		modifiedTime: formatTime(now),
		...(state.program === 'cmp' ? { endTime } : {}),
	});
	report.runsStarted = 0;
	state.reschedule(report);
	state.changed();
	return report;
}

/** PUT ScheduledReport/pause/{reportId} */
export function pauseReport(state: ProgramState, reportId: string, now: number): StoredReport {
	return changeStatus(state, reportId, 'Paused', now);
}

/** PUT ScheduledReport/resume/{reportId}: runs that were missed meanwhile are not made up for. */
export function resumeReport(state: ProgramState, reportId: string, now: number): StoredReport {
	return changeStatus(state, reportId, 'Active', now);
}

function changeStatus(
	state: ProgramState,
	reportId: string,
	wanted: 'Active' | 'Paused',
	now: number,
): StoredReport {
	const report = reportOf(state, reportId);
	const { record } = report;
	if (record.reportStatus === 'Inactive') {
		const verb = wanted === 'Active' ? 'resumed' : 'paused';
		throw new InsightsRefusal(400, `Report ${reportId} is Inactive and cannot be ${verb}`);
	}
	if (record.reportStatus !== wanted) {
		record.reportStatus = wanted;
		record.modifiedTime = formatTime(now);
		state.reschedule(report);
		state.changed();
	}
	return report;
}

/** DELETE ScheduledReport/{reportId}: its executions go with it. */
export function deleteReport(state: ProgramState, reportId: string): StoredReport {
	const report = reportOf(state, reportId);
	state.reports.delete(report.record.reportId);
	state.changed();
	return report;
}

/** GET ScheduledReport. Names match in part, ignoring case. */
export function findReports(
	state: ProgramState,
	filters: Record<string, string | undefined>,
	settings: SandboxSettings,
): StoredReport[] {
	const ids = splitList(filters.reportid, settings)?.map((id) => id.toLowerCase());
	const name = filters.reportname?.toLowerCase();
	const queryId = filters.queryid?.toLowerCase();
	const candidates = ids
		? ids.flatMap((id) => state.reports.get(id) ?? [])
		: [...state.reports.values()];
	const found = candidates.filter(
		({ record }) =>
			(!name || record.reportName.toLowerCase().includes(name)) &&
			(!queryId || record.queryId.toLowerCase() === queryId),
	);
	if (found.length === 0) throw new InsightsRefusal(404, noItemFound);
	return found;
}

/** A report as its program shows it. */
export function reportRecord(
	state: ProgramState,
	report: StoredReport,
	settings: SandboxSettings,
): ReportRecord {
	const { record } = report;
	if (state.program === 'mpn' || !settings.remainingCounts) return record;
	return { ...record, ...runsAhead(report) };
}

/** @throws InsightsRefusal (404) */
export function reportOf(state: ProgramState, reportId: string): StoredReport {
	const report = state.reports.get(reportId.toLowerCase());
	if (!report) throw new InsightsRefusal(404, noItemFound);
	return report;
}

/** Puts a report into the state without any check. */
export function storeReport(state: ProgramState, record: ReportRecord): StoredReport {
	const report: StoredReport = { record, nextRunAt: null, runsStarted: 0, runs: [] };
	state.reports.set(record.reportId.toLowerCase(), report);
	return report;
}
