import type { InsightsClient } from '../client';
import { InsightsError } from '../errors';
import { type InsightsRecord, text } from '../records';

export interface WaitSettings {
	client: InsightsClient;
	reportId: string;
	/** Wait for this execution; undefined for the next one that is completed. */
	executionId?: string;
	/** ms */
	timeout: number;
	/** ms between two looks. */
	poll: number;
	/** Waits for so many ms; rejects at once when the execution is stopped. */
	wait: (ms: number) => Promise<void>;
	/** Tells how far it is, once for each look. */
	onLook?: (elapsed: number) => void;
	/** ms since the epoch */
	now?: () => number;
}

const idOf = (execution: InsightsRecord | undefined): string =>
	text(execution?.ExecutionId).toLowerCase();

/**
 * The newest completed execution of a report, or undefined before the first. "Not yet" is the
 * service's 404.
 */
export async function latestCompleted(
	client: InsightsClient,
	reportId: string,
): Promise<InsightsRecord | undefined> {
	const completed = await client.executions.latest(reportId, 'Completed');
	return completed
		.sort((a, b) => text(b.ReportGeneratedTime).localeCompare(text(a.ReportGeneratedTime)))
		.at(0);
}

/** One execution by its ID, if it is completed. */
export async function completedExecution(
	client: InsightsClient,
	reportId: string,
	executionId: string,
): Promise<InsightsRecord | undefined> {
	const completed = await client.executions.find(reportId, executionId, 'Completed');
	return completed.find((execution) => idOf(execution) === executionId.toLowerCase());
}

/**
 * Waits until an execution is completed that was not completed when the wait began, or until the named
 * one is. A report that runs once only is ready as soon as its one execution is completed.
 *
 * @throws InsightsError when the time is up
 */
export async function waitForExecution(settings: WaitSettings): Promise<InsightsRecord> {
	const { client, reportId, executionId, timeout, poll, wait, onLook, now = Date.now } = settings;
	const began = now();
	let before: string | undefined;
	for (;;) {
		const found =
			executionId === undefined
				? await latestCompleted(client, reportId)
				: await completedExecution(client, reportId, executionId);
		const isOneOff = found?.RecurrenceInterval === -1;
		if (found !== undefined && (executionId !== undefined || isOneOff)) return found;
		before ??= idOf(found);
		if (found !== undefined && idOf(found) !== before) return found;

		const elapsed = now() - began;
		onLook?.(elapsed);
		if (elapsed >= timeout) {
			throw new InsightsError(
				`The report was not ready after ${Math.round(timeout / 6_000) / 10} minutes`,
				{
					kind: 'notReady',
					advice:
						"A run that fails stays invisible in this API. Raise 'Wait at Most', check that the report is Active and when its next run is due, or try again later.",
				},
			);
		}
		await wait(Math.min(poll, timeout - elapsed));
	}
}
