import { randomUUID } from 'node:crypto';

import { type Clock, DAY_MS, HOUR_MS, parseTime } from '../clock';
import type {
	ExecutionStatus,
	Program,
	QueryRecord,
	ReportRecord,
	SandboxSettings,
} from '../protocol';

/** How long the service lists executions. */
const historyMs = 90 * DAY_MS;

/** One run of a report. Its state follows from the clock, unless it was fixed by hand. */
export interface Run {
	executionId: string;
	reportId: string;
	/** When it became due, milliseconds since 1970. */
	scheduledAt: number;
	runningAt: number;
	completedAt: number;
	fixedStatus?: ExecutionStatus;
	/** Its completion has been dealt with. */
	announced: boolean;
}

export interface StoredReport {
	record: ReportRecord;
	/** When the next run is due; null when there is none. */
	nextRunAt: number | null;
	runsStarted: number;
	runs: Run[];
}

/** The reports, queries and executions of one program, and what the passing of time does to them. */
export class ProgramState {
	readonly reports = new Map<string, StoredReport>();

	readonly queries = new Map<string, QueryRecord>();

	/** When each user created ExecuteNow reports, milliseconds since 1970. */
	readonly executeNowTimes = new Map<string, number[]>();

	/** Nothing happens by itself before this moment. */
	private nextEventAt = Number.NEGATIVE_INFINITY;

	private timer: NodeJS.Timeout | undefined;

	constructor(
		readonly program: Program,
		private readonly clock: Clock,
		readonly settings: SandboxSettings,
		private readonly onCompleted: (report: ReportRecord) => void,
	) {}

	clear(): void {
		this.reports.clear();
		this.queries.clear();
		this.executeNowTimes.clear();
		this.changed();
	}

	/** Stops the timer that wakes the state up for its next event. */
	stop(): void {
		clearTimeout(this.timer);
	}

	/** To be called after any change of reports or runs. */
	changed(): void {
		this.nextEventAt = Number.NEGATIVE_INFINITY;
		this.settle();
	}

	/** Brings runs and reports up to the present moment. Costs nothing when nothing is due. */
	settle(): void {
		const now = this.clock.now();
		if (now < this.nextEventAt) return;
		let next = Number.POSITIVE_INFINITY;
		for (const report of this.reports.values()) {
			this.startDueRuns(report, now);
			next = Math.min(next, this.announceCompleted(report, now));
			if (report.nextRunAt !== null && report.record.reportStatus === 'Active') {
				next = Math.min(next, report.nextRunAt);
			}
		}
		this.nextEventAt = next;
		clearTimeout(this.timer);
		if (next !== Number.POSITIVE_INFINITY) {
			this.timer = setTimeout(() => this.settle(), Math.min(next - now + 1, 2 ** 31 - 1));
			this.timer.unref();
		}
	}

	/** A run of `report` that is due at `scheduledAt`. */
	addRun(report: StoredReport, scheduledAt: number, fixedStatus?: ExecutionStatus): Run {
		const runningAt = scheduledAt + this.settings.pendingMs;
		const run: Run = {
			executionId: randomUUID(),
			reportId: report.record.reportId,
			scheduledAt,
			runningAt,
			completedAt: runningAt + this.settings.runningMs,
			announced: fixedStatus !== undefined,
			...(fixedStatus ? { fixedStatus } : {}),
		};
		report.runs.push(run);
		return run;
	}

	/** Sets the next run to the first point of the report's schedule that is not in the past. */
	reschedule(report: StoredReport): void {
		const { executeNow, startTime, recurrenceInterval } = report.record;
		const start = parseTime(startTime);
		if (executeNow || start === undefined) {
			report.nextRunAt = null;
			return;
		}
		const intervalMs = recurrenceInterval * HOUR_MS;
		const elapsed = Math.max(0, Math.ceil((this.clock.now() - start) / intervalMs));
		report.nextRunAt = start + elapsed * intervalMs;
	}

	statusOf(run: Run): ExecutionStatus {
		if (run.fixedStatus) return run.fixedStatus;
		const now = this.clock.now();
		if (now < run.runningAt) return 'Pending';
		return now < run.completedAt ? 'Running' : 'Completed';
	}

	/** The runs of the last 90 days, newest first. */
	history(report: StoredReport): Run[] {
		const since = this.clock.now() - historyMs;
		return report.runs
			.filter(({ scheduledAt }) => scheduledAt >= since)
			.sort((left, right) => right.scheduledAt - left.scheduledAt);
	}

	private startDueRuns(report: StoredReport, now: number): void {
		const { record } = report;
		while (
			record.reportStatus === 'Active' &&
			report.nextRunAt !== null &&
			report.nextRunAt <= now
		) {
			const due = report.nextRunAt;
			const end = record.endTime ? parseTime(record.endTime) : undefined;
			if (end !== undefined && due > end) {
				record.reportStatus = 'Inactive';
				report.nextRunAt = null;
				return;
			}
			if (due >= now - historyMs) this.addRun(report, due);
			report.runsStarted += 1;
			report.nextRunAt = due + record.recurrenceInterval * HOUR_MS;
			if (record.recurrenceCount !== null && report.runsStarted >= record.recurrenceCount) {
				record.reportStatus = 'Inactive';
				report.nextRunAt = null;
			}
		}
	}

	/** Announces the runs that have completed; returns when the next one will. */
	private announceCompleted(report: StoredReport, now: number): number {
		let next = Number.POSITIVE_INFINITY;
		for (const run of report.runs) {
			if (run.announced) continue;
			if (run.completedAt <= now) {
				run.announced = true;
				this.onCompleted(report.record);
			} else {
				next = Math.min(next, run.completedAt);
			}
		}
		return next;
	}
}
