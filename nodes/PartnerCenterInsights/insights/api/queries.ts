import type { QueryId } from '../ids';
import type { InsightsRecord } from '../records';
import { type Caller, given, type Wanted } from './call';
import { path } from './path';

/** Which queries a list holds. */
export type QuerySource = 'all' | 'userDefined' | 'system';

/** A query to be tried: its text, or the ID of a saved one. Times are UTC and known to mpn only. */
export type QueryTrial = ({ exportQuery: string } | { queryId: QueryId }) & {
	startTime?: string;
	endTime?: string;
};

const subject = 'report query';

/** Saved queries, the service's own among them. */
export const queriesOf = ({ created, ofId, changed, elements, list }: Caller) => ({
	list: async (
		source: QuerySource,
		queryName?: string,
		wanted?: Wanted,
	): Promise<InsightsRecord[]> =>
		await list(
			{
				path: 'ScheduledQueries',
				query: given({
					queryName,
					...(source === 'userDefined' && { includeSystemQueries: 'false' }),
					...(source === 'system' && { includeOnlySystemQueries: 'true' }),
				}),
				subject,
			},
			wanted,
		),
	get: async (queryId: QueryId): Promise<InsightsRecord[]> =>
		await ofId(
			{
				method: 'GET',
				path: 'ScheduledQueries',
				query: { queryId },
				subject,
				id: queryId,
			},
			'QueryId',
		),
	/** Never sent twice: names need not be unique. */
	create: async (body: {
		Name: string;
		Description?: string;
		Query: string;
	}): Promise<InsightsRecord[]> =>
		await created({ method: 'POST', path: 'ScheduledQueries', body, subject }),
	remove: async (queryId: QueryId): Promise<InsightsRecord[]> =>
		await changed(
			{
				method: 'DELETE',
				path: path`ScheduledQueries/${queryId}`,
				subject,
				id: queryId,
			},
			'QueryId',
		),
	/** Runs a query for up to 100 rows, which keep the dataset's own column names. */
	test: async (trial: QueryTrial): Promise<unknown[]> =>
		await elements({
			method: 'GET',
			path: 'ScheduledQueries/testQueryResult',
			query: given(trial),
			subject,
			...('queryId' in trial && { id: trial.queryId }),
		}),
});
