import { EXECUTION_STATUSES, type ExecutionStatus, type InsightsClient } from '../client';
import { type InsightsRecord, text } from '../records';

/** One entry for each execution ID, the first one seen; records without an ID are all kept. */
function withoutRepeats(executions: InsightsRecord[]): InsightsRecord[] {
	const seen = new Set<string>();
	return executions.filter(({ ExecutionId: id }) => {
		const key = text(id).toLowerCase();
		if (key === '') return true;
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
}

/** Newest first; what has no file yet comes before what has one. The service promises no order. */
const byAge = (a: InsightsRecord, b: InsightsRecord): number => {
	const time = ({ ReportGeneratedTime: value }: InsightsRecord) =>
		Date.parse(text(value)) || Number.POSITIVE_INFINITY;
	return time(a) === time(b) ? 0 : time(b) - time(a);
};

/**
 * Executions of a report in the last 90 days, newest first. The service lists one status at a time:
 * lists of several, joined by semicolons, are documented but were seen to be refused.
 */
export async function listExecutions(
	client: InsightsClient,
	reportId: string,
	statuses: readonly ExecutionStatus[] = EXECUTION_STATUSES,
): Promise<InsightsRecord[]> {
	const found: InsightsRecord[] = [];
	for (const status of statuses) found.push(...(await client.executions.list(reportId, status)));
	return withoutRepeats(found).sort(byAge);
}

/**
 * The newest execution of a report, whatever its status: one under way if there is one, else the one
 * completed last. None before the first run.
 */
export async function latestExecution(
	client: InsightsClient,
	reportId: string,
): Promise<InsightsRecord | undefined> {
	for (const status of ['Running', 'Pending', 'Completed', 'Paused'] as const) {
		const [latest] = (await client.executions.latest(reportId, status)).sort(byAge);
		if (latest !== undefined) return latest;
	}
	return undefined;
}
