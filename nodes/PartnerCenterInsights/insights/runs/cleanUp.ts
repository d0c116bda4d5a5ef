import type { InsightsClient } from '../client';
import { isFailure } from '../errors';
import { givenQueryId, givenReportId, type QueryId, type ReportId } from '../ids';
import { type InsightsRecord, text } from '../records';

/** What a run has made on the service, or may have made, by name. */
export interface Made {
	reportName?: string;
	reportId?: ReportId;
	queryName?: string;
	queryId?: QueryId;
}

/** The names of what was asked for where no answer tells whether it was created. */
export const uncertainNames = ({ queryName, queryId, reportName, reportId }: Made): string[] => [
	...(reportName !== undefined && reportId === undefined ? [reportName] : []),
	...(queryName !== undefined && queryId === undefined ? [queryName] : []),
];

/** What a run leaves on the service, or may leave there. */
export interface Remains {
	/** What could not be removed, as a person would look for it. */
	left: string[];
	/** Names of what may have been created, but was not found or not looked for. */
	uncertain: string[];
	/** Names of what had been created although no answer said so, and was removed. */
	removed: string[];
}

export const NOTHING_LEFT: Remains = { left: [], uncertain: [], removed: [] };

/**
 * The IDs of what a filter by name finds. Filters were seen to find nothing: then they are looked for in
 * the whole list.
 */
async function idsOf<Id>(
	list: (filter: boolean) => Promise<InsightsRecord[]>,
	isMeant: (record: InsightsRecord) => boolean,
	idIn: (record: InsightsRecord) => Id | undefined,
): Promise<Id[]> {
	for (const filter of [true, false]) {
		const ids = (await list(filter)).filter(isMeant).flatMap((record) => idIn(record) ?? []);
		if (ids.length > 0) return ids;
	}
	return [];
}

/** Removes what a run has made. */
export async function cleanUp(client: InsightsClient, made: Made): Promise<Remains> {
	const remains: Remains = { left: [], uncertain: [], removed: [] };
	const remove = async <Id extends string>(
		noun: string,
		id: Id | undefined,
		name: string | undefined,
		find: (name: string) => Promise<Id[]>,
		drop: (id: Id) => Promise<unknown>,
	): Promise<void> => {
		if (name === undefined) return;
		try {
			// Asked for, but the answer was lost: it may be there under its name.
			const ids = id ? [id] : await find(name);
			for (const one of ids) await drop(one);
			if (id === undefined) (ids.length === 0 ? remains.uncertain : remains.removed).push(name);
		} catch (error) {
			if (!isFailure(error, 'notFound')) {
				remains.left.push(`${noun} "${name}"${id ? ` (${id})` : ''}`);
			}
		}
	};
	// The report first: it uses the query.
	await remove(
		'report',
		made.reportId,
		made.reportName,
		async (name) =>
			await idsOf(
				async (filter) => await client.reports.list(filter ? { reportName: name } : {}),
				({ ReportName: found }) => text(found) === name,
				({ ReportId: id }) => givenReportId(id),
			),
		client.reports.remove,
	);
	await remove(
		'query',
		made.queryId,
		made.queryName,
		async (name) =>
			await idsOf(
				async (filter) => await client.queries.list('userDefined', filter ? name : undefined),
				({ Name: found }) => text(found) === name,
				({ QueryId: id }) => givenQueryId(id),
			),
		client.queries.remove,
	);
	return remains;
}
