import { runsOnce } from '../api/reportRecord';
import type { InsightsClient } from '../client';
import { type Clock, HOUR } from '../clock';
import { InsightsError, isFailure } from '../errors';
import type { ExecutionId, ReportId } from '../ids';
import { type InsightsRecord, number, text } from '../records';
import { folded, sameText } from '../sameText';
import { settle } from '../settle';
import {
	completedExecution,
	confirmReport,
	generatedTime,
	latestCompleted,
	latestExecution,
} from './executions';
import { findReport } from './findReport';

/** ms; timers of Node.js that are longer than 24.8 days end at once. */
const LONGEST_PAUSE = 24 * HOUR;

export interface WaitSettings {
	client: InsightsClient;
	reportId: ReportId;
	/** Wait for this execution; undefined for the next one that is completed. */
	executionId?: ExecutionId;
	/** Whether the report is known to run once only; undefined where its record has to say so. */
	runsOnce?: boolean;
	/** ms */
	timeout: number;
	/** ms between two looks. */
	poll: number;
	/** Tells how far it is, once for each look, in ms. */
	onLook?: (elapsed: number) => void;
	clock: Clock;
}

/** What to do where the one run of a report has not come to its end. */
const ONE_RUN = 'Try again later, or ask for less: fewer columns, or a shorter time span.';
/** What to do where a run of a report has not come. */
const FURTHER_RUNS =
	'Check that the report is Active and when its next run is due, or try again later.';

/** How many runs a report has in all: cmp counts RecurrenceCount down and tells the total beside it. */
const totalRuns = (report: InsightsRecord): number =>
	number(report.TotalRecurrenceCount ?? report.RecurrenceCount);

/**
 * Whether a report runs once only, by its record. Executions of one-off reports were seen with and
 * without a RecurrenceInterval of -1.
 */
const isOneOff = (report: InsightsRecord): boolean => runsOnce(report) || totalRuns(report) === 1;

/** Tells an execution from others of its report, also where it has no ID. */
const identityOf = (execution: InsightsRecord): string =>
	folded(execution.ExecutionId) || text(execution.ReportGeneratedTime);

/** ms by which the clocks of n8n and of the service may differ. */
const CLOCK_TOLERANCE = 24 * HOUR;

/**
 * Whether an execution is another one than the last before it. An earlier one is what a list shows that
 * comes back short; where the first list was, it may be one of long before the wait.
 *
 * @param began when the wait began, ms since the epoch
 */
function isNext(
	execution: InsightsRecord,
	last: InsightsRecord | undefined,
	began: number,
): boolean {
	if (last !== undefined && identityOf(execution) === identityOf(last)) return false;
	const time = generatedTime(execution) ?? Infinity;
	return time >= (generatedTime(last ?? {}) ?? -Infinity) && time > began - CLOCK_TOLERANCE;
}

/** ms between two looks for the report itself, at least. */
const REPORT_INTERVAL = 60_000;
/** So many looks in a row miss a report that is gone: the service was seen to find nothing for a moment. */
const MOST_MISSES = 3;
/** What to do where a report has gone. */
const GONE =
	'It was there while this waited for it. It has been deleted since, or the account may not see it any more.';

/**
 * Watches whether the report that is waited for is still there. One that was just created may be listed
 * late: only what was seen is believed to be gone.
 *
 * @returns to be called with each look, and whether that has seen the report. Throws InsightsError of the
 *   kind `notFound` where it is gone.
 */
function createReportWatch({ client, reportId, clock }: WaitSettings) {
	let last = clock.now();
	let wasSeen = false;
	let misses = 0;
	return async (isSeen: boolean): Promise<void> => {
		if (isSeen) {
			wasSeen = true;
			misses = 0;
			return;
		}
		if (clock.now() - last < REPORT_INTERVAL) return;
		last = clock.now();
		const looked = await settle(confirmReport(client, reportId));
		misses = 'error' in looked ? misses + 1 : 0;
		wasSeen ||= misses === 0;
		if (!('error' in looked) || !wasSeen || misses < MOST_MISSES) return;
		throw isFailure(looked.error, 'notFound')
			? looked.error.advising(GONE, { program: undefined })
			: looked.error;
	};
}

/**
 * Waits until an execution is completed that was not completed when the wait began, or until the named
 * one is. A report that runs once only is ready as soon as its one execution is completed, and one that is
 * Inactive as soon as its last one is.
 *
 * @throws InsightsError when the time is up, at once where there is no such report, and where it goes
 */
export async function waitForExecution(settings: WaitSettings): Promise<InsightsRecord> {
	const { client, reportId, executionId, timeout, poll, onLook, clock } = settings;
	const isOver = async (execution: InsightsRecord): Promise<boolean> => {
		if (settings.runsOnce !== undefined) return settings.runsOnce;
		if (runsOnce(execution)) return true;
		const report = await findReport(client, reportId);
		if (report === undefined) return false;
		if (isOneOff(report)) return true;
		// It has no further run to come; but its last one may be under way.
		if (!sameText(report.ReportStatus, 'Inactive')) return false;
		const latest = await latestExecution(client, reportId);
		return latest !== undefined && identityOf(latest) === identityOf(execution);
	};
	const began = clock.now();
	const watch = createReportWatch(settings);
	/** What was completed when the wait began. */
	let before: { last: InsightsRecord | undefined } | undefined;
	for (;;) {
		const found =
			executionId === undefined
				? await latestCompleted(client, reportId)
				: await completedExecution(client, reportId, executionId);
		if (found !== undefined) {
			if (executionId !== undefined) return found;
			const isReady =
				before === undefined
					? await isOver(found)
					: settings.runsOnce === true || isNext(found, before.last, began);
			if (isReady) return found;
		}
		const isToConfirm = before === undefined && settings.runsOnce === undefined;
		if (isToConfirm && found === undefined) await confirmReport(client, reportId);
		await watch(isToConfirm || found !== undefined);
		before ??= { last: found };

		const elapsed = clock.now() - began;
		onLook?.(elapsed);
		if (elapsed >= timeout) {
			throw new InsightsError(
				`The report was not ready after ${Math.round(timeout / 600) / 100} minutes`,
				{
					kind: 'notReady',
					timedOut: true,
					advice: `A run that fails stays invisible in this API. ${settings.runsOnce === true ? ONE_RUN : FURTHER_RUNS}`,
				},
			);
		}
		await clock.wait(Math.min(poll, timeout - elapsed, LONGEST_PAUSE));
	}
}
