import { recordOf, runsOnce } from '../api/reportRecord';
import type { InsightsClient } from '../client';
import { type Clock, HOUR, isWithin } from '../clock';
import { isFailure } from '../errors';
import { givenQueryId, givenReportId, type ReportId } from '../ids';
import { type InsightsRecord, text } from '../records';
import { folded, sameText } from '../sameText';
import { isPlausibleTime, readServiceTime } from '../serviceTime';
import { type RunTimes, timesOfQuery, timesOfReport } from './runNames';

/** How old a leftover must be, in ms. */
const LEAST_AGE = 24 * HOUR;
/** How often an account is tidied at most, in ms. */
const INTERVAL = HOUR;

/**
 * Whether a record is old enough by its name, and by its own time where it has one, and whoever created
 * it can wait for it no more.
 */
function isLeft(
	named: RunTimes | undefined,
	{ CreatedTime: created }: InsightsRecord,
	now: number,
) {
	const isOld = (time: number | undefined) => time !== undefined && time <= now - LEAST_AGE;
	if (named === undefined || !isOld(named.began) || named.over > now) return false;
	const isTold = created !== undefined && created !== null && created !== '';
	return !isTold || isOld(readServiceTime(created));
}

/**
 * The reports that killed runs have left behind: one-off ones by the exact names that runs give, a day old.
 *
 * @param now ms since the epoch
 * @param own the report of the run that asks, which it uses
 */
export const leftReports = (
	reports: readonly InsightsRecord[],
	now: number,
	own?: InsightsRecord,
): InsightsRecord[] =>
	reports.filter(
		(report) =>
			report !== own &&
			text(report.ReportId) !== '' &&
			runsOnce(report) &&
			isLeft(timesOfReport(report.ReportName), report, now),
	);

/**
 * Their queries.
 *
 * @param staying the reports that stay: what one of them uses stays, too
 */
export function leftQueries(
	staying: readonly InsightsRecord[],
	queries: readonly InsightsRecord[],
	now: number,
): InsightsRecord[] {
	const used = new Set(staying.map(({ QueryId: id }) => folded(id)));
	return queries.filter(
		(query) =>
			text(query.QueryId) !== '' &&
			!sameText(query.Type, 'system') &&
			!used.has(folded(query.QueryId)) &&
			isLeft(timesOfQuery(query.Name), query, now),
	);
}

/** Whether the service itself has not answered: nothing has, or something in its place. */
const isUnanswered = (error: unknown): boolean => isFailure(error, 'unreachable', 'intercepted');

/** Whether a failure may be one of this record alone: the account may go on, at the pace it has. */
const isOfOneRecord = (error: unknown): boolean =>
	isUnanswered(error) || isFailure(error, 'refused', 'forbidden', 'unavailable', 'unreadable');

/** When an account was tidied last by this process, in ms since the epoch: by the service's clock where that is told. */
const lastTidied = new Map<string, number>();

/** The report of the run that tidies, as the service answered when it was created. */
export interface Created {
	reportId: ReportId;
	/** The service's own time, in ms since the epoch; undefined where the answer tells none. */
	time: number | undefined;
}

/**
 * Removes what killed runs of an account have left behind, one after the other, at most once an hour.
 * A record that the service does not remove keeps no other from being removed.
 *
 * @param scope tells accounts apart
 * @param created where there is one. What the service says of its records is by its own clock, and n8n's
 *   may be ahead; and a list without it does not hold all reports, so that it does not tell which queries
 *   are used.
 * @throws InsightsError when the service refuses; what is left then is for a later run
 */
export async function tidyUp(
	client: InsightsClient,
	scope: string,
	{ now }: Clock,
	created?: Created,
): Promise<void> {
	const plausible = (time: number | undefined) =>
		time !== undefined && isPlausibleTime(time) ? time : undefined;
	const begun = plausible(created?.time) ?? now();
	const last = lastTidied.get(scope);
	if (last !== undefined && isWithin(INTERVAL, last, begun)) return;
	lastTidied.set(scope, begun);
	const failures: unknown[] = [];
	const remove = async <Id>(
		drop: (id: Id) => Promise<unknown>,
		id: Id | undefined,
	): Promise<void> => {
		if (id === undefined) return;
		await drop(id).catch((error: unknown) => {
			// Another run tidies too.
			if (isFailure(error, 'notFound')) return;
			if (!isOfOneRecord(error)) throw error;
			// A second record for which nothing of the service comes: it is not the record.
			if (isUnanswered(error) && failures.some(isUnanswered)) throw error;
			failures.push(error);
		});
	};
	const reports = await client.reports.list();
	const own = created === undefined ? undefined : recordOf(created.reportId, reports);
	const time = plausible(created?.time) ?? plausible(readServiceTime(own?.CreatedTime)) ?? now();
	const left = leftReports(reports, time, own);
	// Reports first: they use the queries.
	for (const { ReportId: id } of left) await remove(client.reports.remove, givenReportId(id));
	if (created === undefined || own !== undefined) {
		const staying = reports.filter((report) => !left.includes(report));
		const queries = await client.queries.list('userDefined');
		for (const { QueryId: id } of leftQueries(staying, queries, time)) {
			await remove(client.queries.remove, givenQueryId(id));
		}
	}
	if (failures.length > 0) throw failures[0];
}
