import { randomUUID } from 'node:crypto';

import { formatTime, parseTime } from '../clock';
import type { Program, QueryRecord } from '../protocol';
import { type Caller, recordUser } from './authorization';
import { systemQueriesOf } from './catalogue';
import type { Fields } from './fields';
import { readFlag } from './filters';
import type { ProgramState } from './programState';
import { readStatement } from './queryLanguage';
import { InsightsRefusal, noItemFound } from './refusal';
import { type Row, sampleRows } from './sampleRows';

const queryQuota = 100;

/** How many rows a test shows. */
const testRows: Record<Program, number> = { mpn: 100, cmp: 10 };

/** A query of this program, the user's own or a system one. */
export function findQuery(state: ProgramState, queryId: string): QueryRecord | undefined {
	const wanted = queryId.toLowerCase();
	return (
		state.queries.get(wanted) ??
		systemQueries(state).find((query) => query.queryId.toLowerCase() === wanted)
	);
}

/** POST ScheduledQueries */
export function createQuery(
	state: ProgramState,
	fields: Fields,
	caller: Caller,
	now: number,
): QueryRecord {
	const name = fields.requiredText('Name');
	const query = fields.requiredText('Query');
	if (!/^[\p{L}\p{N}\s]+$/u.test(name)) {
		throw new InsightsRefusal(
			400,
			'Invalid query name. Only letters, digits and white space are allowed',
			'Name',
		);
	}
	readStatement(state.program, query);
	if (state.queries.size >= queryQuota) {
		throw new InsightsRefusal(400, 'Number of queries exceeded the limit of 100 active queries');
	}
	return storeQuery(state, {
		queryId: randomUUID(),
		name,
		description: fields.text('Description') ?? '',
		query,
		type: 'userDefined',
		user: recordUser(state.program, caller),
		createdTime: formatTime(now),
		modifiedTime: null,
	});
}

/** Puts a query into the state without any check. */
export function storeQuery(state: ProgramState, query: QueryRecord): QueryRecord {
	state.queries.set(query.queryId.toLowerCase(), query);
	return query;
}

/** GET ScheduledQueries: system queries are included unless told otherwise. */
export function findQueries(
	state: ProgramState,
	filters: Record<string, string | undefined>,
): QueryRecord[] {
	const onlySystem = readFlag(filters.includeonlysystemqueries) ?? false;
	const withSystem = onlySystem || (readFlag(filters.includesystemqueries) ?? true);
	const queryId = filters.queryid?.toLowerCase();
	const name = filters.queryname?.toLowerCase();
	const found = [
		...(onlySystem ? [] : state.queries.values()),
		...(withSystem ? systemQueries(state) : []),
	].filter(
		(query) =>
			(!queryId || query.queryId.toLowerCase() === queryId) &&
			(!name || query.name.toLowerCase().includes(name)),
	);
	if (found.length === 0) throw new InsightsRefusal(404, noItemFound);
	return found;
}

/** DELETE ScheduledQueries/{queryId}: the user's own queries only. */
export function deleteQuery(state: ProgramState, queryId: string): QueryRecord {
	const query = findQuery(state, queryId);
	if (!query) throw new InsightsRefusal(404, noItemFound);
	if (query.type === 'system') {
		throw new InsightsRefusal(400, 'Invalid QueryId: system queries cannot be deleted');
	}
	state.queries.delete(query.queryId.toLowerCase());
	return query;
}

/** GET ScheduledQueries/testQueryResult */
export function testQuery(state: ProgramState, filters: Record<string, string | undefined>): Row[] {
	const { exportquery: text, queryid: queryId } = filters;
	if (!text === !queryId) {
		throw new InsightsRefusal(
			400,
			'Null or missing value: one of exportQuery and queryId is needed',
		);
	}
	const query = text ?? findQuery(state, queryId ?? '')?.query;
	if (query === undefined) throw new InsightsRefusal(400, `Invalid QueryId: ${queryId}`);
	if (state.program === 'mpn') {
		for (const name of ['startTime', 'endTime']) {
			const time = filters[name.toLowerCase()];
			if (time && parseTime(time) === undefined) {
				throw new InsightsRefusal(400, `${name} should follow format yyyy-MM-ddTHH:mm:ssZ`);
			}
		}
	}
	return sampleRows(readStatement(state.program, query), testRows[state.program]);
}

function systemQueries({ program, settings }: ProgramState): QueryRecord[] {
	return systemQueriesOf(program).map(({ driftedQuery, ...query }) => ({
		...query,
		query: settings.driftingSystemQueries ? driftedQuery : query.query,
		description: `System query: ${query.name}`,
		type: 'system',
		user: 'system',
		createdTime: '2021-06-01T00:00:00Z',
		modifiedTime: null,
	}));
}
