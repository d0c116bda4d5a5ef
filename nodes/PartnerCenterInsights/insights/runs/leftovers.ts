import { runsOnce } from '../api/reportRecord';
import type { InsightsClient } from '../client';
import { type Clock, HOUR } from '../clock';
import { isFailure } from '../errors';
import { givenQueryId, givenReportId, type QueryId, type ReportId } from '../ids';
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
	return created === undefined || created === null || isOld(readServiceTime(created));
}

/**
 * What killed runs have left behind: one-off reports and queries by the exact names that runs give, a day
 * old. A query that any other report uses stays.
 *
 * @param now ms since the epoch
 */
export function leftovers(
	reports: readonly InsightsRecord[],
	queries: readonly InsightsRecord[],
	now: number,
): { reportIds: ReportId[]; queryIds: QueryId[] } {
	const left = new Set(
		reports.filter(
			(report) =>
				text(report.ReportId) !== '' &&
				runsOnce(report) &&
				isLeft(timesOfReport(report.ReportName), report, now),
		),
	);
	const used = new Set(
		reports.filter((report) => !left.has(report)).map(({ QueryId: id }) => folded(id)),
	);
	return {
		reportIds: Array.from(left).flatMap(({ ReportId: id }) => givenReportId(id) ?? []),
		queryIds: queries
			.filter(
				(query) =>
					text(query.QueryId) !== '' &&
					!sameText(query.Type, 'system') &&
					!used.has(folded(query.QueryId)) &&
					isLeft(timesOfQuery(query.Name), query, now),
			)
			.flatMap(({ QueryId: id }) => givenQueryId(id) ?? []),
	};
}

/** When an account was tidied last by this process, in ms since the epoch. */
const lastTidied = new Map<string, number>();

/**
 * Removes what killed runs of an account have left behind, one after the other, at most once an hour.
 * A record that the service cannot remove keeps no other from being removed.
 *
 * @param scope tells accounts apart
 * @param serviceTime the service's own time, where it is known, in ms since the epoch: what it says of
 *   its records is by that clock, and n8n's own may be ahead
 * @throws InsightsError when the service refuses; what is left then is for a later run
 */
export async function tidyUp(
	client: InsightsClient,
	scope: string,
	{ now }: Clock,
	serviceTime?: number,
): Promise<void> {
	const last = lastTidied.get(scope);
	if (last !== undefined && now() - last < INTERVAL && now() >= last) return;
	lastTidied.set(scope, now());
	const reports = await client.reports.list();
	const queries = await client.queries.list('userDefined');
	const time = serviceTime !== undefined && isPlausibleTime(serviceTime) ? serviceTime : now();
	const { reportIds, queryIds } = leftovers(reports, queries, time);
	const failures: unknown[] = [];
	const remove = async <Id>(drop: (id: Id) => Promise<unknown>, id: Id): Promise<void> => {
		await drop(id).catch((error: unknown) => {
			// Another run tidies too.
			if (isFailure(error, 'notFound')) return;
			if (!isFailure(error, 'refused', 'unavailable', 'unreadable')) throw error;
			failures.push(error);
		});
	};
	// Reports first: they use the queries.
	for (const id of reportIds) await remove(client.reports.remove, id);
	for (const id of queryIds) await remove(client.queries.remove, id);
	if (failures.length > 0) throw failures[0];
}
