import { recordOf } from '../api/reportRecord';
import { EXECUTION_STATUSES, type ExecutionStatus, type InsightsClient } from '../client';
import { isFailure } from '../errors';
import { type ExecutionId, givenExecutionId, type ReportId } from '../ids';
import { type InsightsRecord, text } from '../records';
import { folded, sameText } from '../sameText';
import { isPlausibleTime, readServiceTime } from '../serviceTime';
import { settle } from '../settle';

/**
 * When an execution's file was generated, by the service's clock.
 *
 * @returns ms since the epoch, or undefined where the record tells none that can be true
 */
export function generatedTime({ ReportGeneratedTime: value }: InsightsRecord): number | undefined {
	const time = readServiceTime(value);
	return time !== undefined && isPlausibleTime(time) ? time : undefined;
}

/**
 * Whether an execution is completed, by its own record: which executions a filter lets through is not
 * to be relied on, and the link can come later than the status.
 */
export const isCompleted = (execution: InsightsRecord): boolean =>
	sameText(execution.ExecutionStatus, 'Completed') && text(execution.ReportAccessSecureLink) !== '';

/** Where an execution stands in time. What is under way is newer than any time, and an unknown time older. */
const ageOf = (execution: InsightsRecord): number =>
	generatedTime(execution) ?? (isCompleted(execution) ? -Infinity : Infinity);

const isUnderWay = (execution: InsightsRecord): boolean => ageOf(execution) === Infinity;

/**
 * The one order of executions, for `sort`: what has no file yet first, then by the time at which the
 * file was generated, newest first. The service promises no order.
 */
export const newestFirst = (a: InsightsRecord, b: InsightsRecord): number =>
	laterFirst(ageOf(a), ageOf(b));

const laterFirst = (a: number, b: number): number => (a === b ? 0 : b - a);

/** In that order. A poll sorts what all reports have: each time is read once, not for each comparison. */
const sorted = (executions: readonly InsightsRecord[]): InsightsRecord[] =>
	executions
		.map((execution) => ({ execution, age: ageOf(execution) }))
		.sort((a, b) => laterFirst(a.age, b.age))
		.map(({ execution }) => execution);

/** One entry for each execution, the first one of the list. Without an ID it is told by all of its record. */
function withoutRepeats(executions: InsightsRecord[]): InsightsRecord[] {
	const seen = new Set<string>();
	return executions.filter((execution) => {
		const key = folded(execution.ExecutionId) || JSON.stringify(execution);
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
}

/** Adds what was answered later: of an execution that is in both, it tells how that stands now. */
function updated(known: InsightsRecord[], answered: InsightsRecord[]): InsightsRecord[] {
	const later = new Map(
		withoutRepeats(answered).map((execution) => [folded(execution.ExecutionId), execution]),
	);
	later.delete('');
	const current = known.map((execution) => later.get(folded(execution.ExecutionId)) ?? execution);
	return withoutRepeats(current.concat(answered));
}

/**
 * All executions that the service lists without a status filter. Whether it takes such a request is not
 * documented for certain: a refusal reads as "none".
 */
async function listUnfiltered(
	client: InsightsClient,
	reportId: ReportId,
): Promise<InsightsRecord[]> {
	return await client.executions.all(reportId).catch((error: unknown) => {
		if (isFailure(error, 'refused')) return [];
		throw error;
	});
}

/**
 * What a Completed filter found, by the records themselves. Where that is nothing, the list of all
 * executions is looked through: the filter was seen to miss what is there, and to let through what is not
 * completed.
 */
async function completedOf(
	client: InsightsClient,
	reportId: ReportId,
	filtered: Promise<InsightsRecord[]>,
	executionId?: ExecutionId,
): Promise<InsightsRecord[]> {
	const isMeant = (execution: InsightsRecord) =>
		isCompleted(execution) &&
		(executionId === undefined || sameText(execution.ExecutionId, executionId));
	const completed = (await filtered).filter(isMeant);
	if (completed.length > 0) return sorted(completed);
	const all = await listUnfiltered(client, reportId);
	return sorted(all.filter(isMeant));
}

/** The newest completed execution of a report, or undefined before the first. */
export async function latestCompleted(
	client: InsightsClient,
	reportId: ReportId,
): Promise<InsightsRecord | undefined> {
	const filtered = client.executions.latest(reportId, 'Completed');
	return (await completedOf(client, reportId, filtered)).at(0);
}

/** One execution by its ID, if it is completed. */
export async function completedExecution(
	client: InsightsClient,
	reportId: ReportId,
	executionId: ExecutionId,
): Promise<InsightsRecord | undefined> {
	const filtered = client.executions.find(reportId, executionId, 'Completed');
	return (await completedOf(client, reportId, filtered, executionId)).at(0);
}

/**
 * Makes sure that a report of which no run was found is there at all: the service answers alike for one
 * that has not run yet, one that was deleted and one of the other program. A filter was seen to miss what
 * is there, so the list of all reports has the last word.
 *
 * @throws InsightsError of the kind `notFound` where there is no such report
 */
export async function confirmReport(client: InsightsClient, reportId: ReportId): Promise<void> {
	const looked = await settle(client.reports.get(reportId));
	// What else goes wrong here tells nothing about the report.
	if (!('error' in looked) || !isFailure(looked.error, 'notFound')) return;
	const all = await settle(client.reports.list());
	if ('value' in all && recordOf(reportId, all.value) === undefined) throw looked.error;
}

/** All completed executions of a report in the last 90 days, newest first. */
export async function completedExecutions(
	client: InsightsClient,
	reportId: ReportId,
): Promise<InsightsRecord[]> {
	const filtered = client.executions.list(reportId, 'Completed');
	return withoutRepeats(await completedOf(client, reportId, filtered));
}

/** Reads a completed execution anew, for a link that works again; never another run of the report. */
export async function readAgain(
	client: InsightsClient,
	reportId: ReportId,
	execution: InsightsRecord,
): Promise<InsightsRecord | undefined> {
	const id = givenExecutionId(execution.ExecutionId);
	if (id !== undefined) return await completedExecution(client, reportId, id);
	const latest = await latestCompleted(client, reportId);
	const isSame =
		latest !== undefined && sameText(latest.ReportGeneratedTime, execution.ReportGeneratedTime);
	return isSame ? latest : undefined;
}

/**
 * Executions of a report in the last 90 days, newest first, of these states by their own records. The
 * service lists one status at a time: lists of several, joined by semicolons, are documented but were
 * seen to be refused.
 *
 * @param most of these the first ones; no state is asked for that cannot add to them
 */
export async function listExecutions(
	client: InsightsClient,
	reportId: ReportId,
	statuses: readonly ExecutionStatus[] = EXECUTION_STATUSES,
	most = Infinity,
): Promise<InsightsRecord[]> {
	const isWanted = (execution: InsightsRecord) =>
		statuses.length === EXECUTION_STATUSES.length ||
		statuses.some((status) => sameText(execution.ExecutionStatus, status));
	let found: InsightsRecord[] = [];
	const add = (records: InsightsRecord[]) => {
		found = updated(found, records.filter(isWanted));
	};
	/** What is under way precedes all that is found after it, so that nothing more needs to be asked. */
	const isEnough = () => found.filter(isUnderWay).length >= most;
	for (const status of statuses) {
		if (!isEnough()) add(await client.executions.list(reportId, status));
	}
	// A filter was seen to miss what is there. That none is completed is worth a look of its own.
	const isMissed = statuses.includes('Completed') ? !found.some(isCompleted) : found.length === 0;
	if (isMissed && !isEnough()) {
		add(await listUnfiltered(client, reportId));
	}
	return sorted(found).slice(0, most);
}

/**
 * In which order states are asked for: an execution that goes on from one to the next meanwhile is found in
 * one of both.
 */
const COURSE = ['Pending', 'Running', 'Completed'] as const;
/** By which status an execution is the newest of its report: what is under way, then what is completed. */
const PRECEDENCE = ['Running', 'Pending', 'Completed'] as const;

const ofStatus = (executions: readonly InsightsRecord[], status: ExecutionStatus) =>
	sorted(executions.filter(({ ExecutionStatus: own }) => sameText(own, status)));

/** The newest one by its own record; one of another status only where there is nothing else. */
const newestOf = (executions: readonly InsightsRecord[]): InsightsRecord | undefined =>
	PRECEDENCE.flatMap((status) => ofStatus(executions, status)).at(0) ?? sorted(executions).at(0);

/**
 * The newest execution of a report, whatever its status: one under way if there is one, else the one
 * completed last. None before the first run.
 */
export async function latestExecution(
	client: InsightsClient,
	reportId: ReportId,
): Promise<InsightsRecord | undefined> {
	let found: InsightsRecord[] = [];
	let others: InsightsRecord[] = [];
	for (const status of COURSE) {
		// What is under way precedes what is completed.
		if (status === 'Completed' && found.length > 0) break;
		const listed = await client.executions.latest(reportId, status);
		found = found.concat(ofStatus(listed, status));
		others = others.concat(listed);
	}
	if (found.length > 0) return newestOf(found);
	// Filters were seen to let others through, and to find nothing: then the whole list tells.
	const all = others.concat(await listUnfiltered(client, reportId));
	return newestOf(all.length > 0 ? all : await client.executions.latest(reportId, 'Paused'));
}
