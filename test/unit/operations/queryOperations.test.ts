import type { Wanted } from '../../../nodes/PartnerCenterInsights/insights/api/call';
import type { InsightsClient } from '../../../nodes/PartnerCenterInsights/insights/client';
import { InsightsError } from '../../../nodes/PartnerCenterInsights/insights/errors';
import type { ReportId } from '../../../nodes/PartnerCenterInsights/insights/ids';
import type { Program } from '../../../nodes/PartnerCenterInsights/insights/program';
import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import { settle } from '../../../nodes/PartnerCenterInsights/insights/settle';
import type {
	ItemContext,
	Operation,
} from '../../../nodes/PartnerCenterInsights/operations/operation';
import { readQuery } from '../../../nodes/PartnerCenterInsights/operations/readQuery';
import { run as runQuery } from '../../../nodes/PartnerCenterInsights/operations/reportData/run';
import { create as createQuery } from '../../../nodes/PartnerCenterInsights/operations/reportQuery/create';
import { getAll as getQueries } from '../../../nodes/PartnerCenterInsights/operations/reportQuery/getAll';
import { testQuery } from '../../../nodes/PartnerCenterInsights/operations/reportQuery/testQuery';
import { getAll as getReports } from '../../../nodes/PartnerCenterInsights/operations/scheduledReport/getAll';
import { create } from '../../../nodes/PartnerCenterInsights/operations/scheduledReport/create';
import { update } from '../../../nodes/PartnerCenterInsights/operations/scheduledReport/update';
import { valuesOf } from '../fields/values';

const QUERY = 'd1a4d75e-5ca8-4847-845f-ee0a9be6f07b';

/** Does an operation with these parameters against parts of a client. */
async function run(
	operation: Operation,
	parameters: Record<string, unknown>,
	client: { [Room in keyof InsightsClient]?: Partial<InsightsClient[Room]> },
	program: Program = 'mpn',
) {
	const item: Partial<ItemContext> = {
		// The operations of this file use no more of it than what each test gives.
		client: client as InsightsClient,
		names: {
			queryIdOf: async (given) =>
				'id' in given ? given.id : await Promise.reject(new Error('named')),
			reportIdOf: async (given) =>
				'id' in given ? given.id : await Promise.reject(new Error('named')),
		},
		hint: () => undefined,
	};
	return await operation.begin(valuesOf(parameters, { program }))(item as ItemContext);
}

describe('a test of a query', () => {
	it('puts out an item for each element, whatever it is', async () => {
		const elements = [{ A: 1 }, 'text', 5, null, [1, 2]];
		const outputs = await run(
			testQuery,
			{ source: 'saved', queryId: QUERY },
			{ queries: { test: async () => elements } },
		);
		expect(outputs.map(({ json }) => json)).toEqual([
			{ A: 1 },
			{ Value: 'text' },
			{ Value: 5 },
			{ Value: null },
			{ Value: [1, 2] },
		]);
	});
});

describe('the query of a report', () => {
	const report = '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11' as ReportId;

	it.each([QUERY, 'system_query_1', 'sys 1'])('is %s as its record has it', async (queryId) => {
		const client = {
			reports: { get: async () => [{ ReportId: report, QueryId: queryId, Format: 'tsv' }] },
		} as Partial<Record<keyof InsightsClient, unknown>> as InsightsClient;
		const item: Partial<ItemContext> = {
			client,
			program: 'mpn',
			names: {
				queryIdOf: async () => await Promise.reject(new Error('not asked for')),
				reportIdOf: async () => report,
			},
		};
		const choice = { chosen: 'report', reportId: { id: report } } as const;
		expect(await readQuery(item as ItemContext, choice, true)).toEqual({
			query: { queryId },
			format: 'TSV',
		});
	});

	it.each([undefined, null, ''])(
		'is told to be missing where its record has %j',
		async (QueryId) => {
			const reading = run(
				runQuery,
				{ source: 'report', reportId: report },
				{ reports: { get: async () => [{ ReportId: report, QueryId }] } },
			);
			await expect(reading).rejects.toThrow('The report does not say which query it runs');
		},
	);
});

describe('a change of a report that takes its last count away', () => {
	const END = '2026-09-01T00:00:00Z';
	const changed = async (program: Program, updateFields: object) => {
		const sent: unknown[] = [];
		const put = async (_id: unknown, body: unknown) =>
			await Promise.resolve([{ sent: sent.push(body) }]);
		const outcome = await settle(
			run(
				update,
				{ reportId: QUERY, updateFields },
				{
					reports: {
						get: async () => await Promise.resolve([{ ReportId: QUERY, RecurrenceCount: 5 }]),
						inTurn: async (_id, change) => await change(),
						update: put,
					},
				},
				program,
			),
		);
		return { sent, outcome };
	};

	it.each([{ recurrenceCount: 0 }, { recurrenceCount: 0, endTime: '' }])(
		'is refused on cmp before anything is sent: %j',
		async (fields) => {
			const { sent, outcome } = await changed('cmp', fields);
			expect(outcome).toMatchObject({
				error: { message: expect.stringMatching(/^'Recurrence Count' must be at least 1 for/) },
			});
			expect(sent).toEqual([]);
		},
	);

	it('may give an end in its place', async () => {
		const { sent } = await changed('cmp', { recurrenceCount: 0, endTime: END });
		expect(sent).toEqual([{ EndTime: END }]);
	});

	it('is sent on mpn, where a report may go on for ever', async () => {
		const { sent } = await changed('mpn', { recurrenceCount: 0 });
		expect(sent).toEqual([{ RecurrenceCount: null }]);
	});
});

describe('a query text behind empty lines', () => {
	const asked = (query: string, test: (sent: unknown) => void) =>
		run(
			testQuery,
			{ source: 'text', query },
			{
				datasets: {
					catalogue: async () => [
						{
							DatasetName: 'X',
							SelectableColumns: ['A'],
							AvailableMetrics: [],
							AvailableDateRanges: [],
						},
					],
				},
				queries: {
					test: async (sent) => {
						test(sent);
						return [];
					},
				},
			},
		);

	it.each([
		['\n\n   SELECT * FROM X', /SELECT \* is not accepted.* \(line 3, column 11\)/],
		['\u200b\r\n\tSELECT B FROM X', /'B' is not in X\..* \(line 2, column 9\)/],
	])('%j is refused by the line and column of the editor', async (query, message) => {
		await expect(asked(query, () => undefined)).rejects.toThrow(message);
	});

	it('names where to find what the account has, before what switches the check off', async () => {
		const refused = asked('SELECT B FROM X', () => undefined);
		await expect(refused).rejects.toHaveProperty(
			'advice',
			expect.stringMatching(/^Dataset → Get Many lists the datasets .*'Check Query'.*→B←/),
		);
	});

	it('is sent without them', async () => {
		const sent: unknown[] = [];
		await asked('\n\u200b  SELECT A\n FROM X ;\u200b\n', (query) => sent.push(query));
		expect(sent).toMatchObject([{ exportQuery: 'SELECT A\n FROM X' }]);
	});
});

describe('an expression in a query that was not filled in', () => {
	const editor = 'not filled in: switch the field from Fixed to Expression.';

	it.each<[string, Record<string, unknown>]>([
		['the text', { source: 'text', query: "SELECT A FROM X WHERE A = '{{ $json.a }}'" }],
		[
			'a condition of the builder',
			{
				source: 'builder',
				datasetName: { __rl: true, mode: 'id', value: 'X' },
				columns: ['A'],
				conditions: { condition: [{ name: 'A', operator: 'equal', value: '{{ $json.a }}' }] },
			},
		],
	])('is told with what to do in the editor, in %s', async (_, fields) => {
		await expect(run(testQuery, fields, {})).rejects.toThrow(editor);
	});
});

describe('a new report', () => {
	it('that runs once takes no end of a schedule', async () => {
		const additionalFields = { endTime: '2026-09-01T00:00:00Z' };
		const once = { reportName: 'Sales', queryId: QUERY, schedule: 'once', additionalFields };
		await expect(run(create, once, {})).rejects.toMatchObject({
			message: "'End Time' is for recurring reports only",
			advice: expect.stringContaining("set 'Schedule' to Recurring"),
		});
	});

	it('keeps to the shortest interval of the dataset of its own query', async () => {
		const creating = run(
			create,
			{ reportName: 'Sales', queryId: QUERY, recurrenceInterval: 6 },
			{
				queries: {
					get: async () => [
						{ QueryId: 'another', Query: 'SELECT A FROM Quick' },
						{ QueryId: QUERY.toUpperCase(), Query: 'SELECT A FROM Slow' },
					],
				},
				datasets: {
					catalogue: async () => [
						{ DatasetName: 'Quick', MinimumRecurrenceInterval: 4 },
						{ DatasetName: 'Slow', MinimumRecurrenceInterval: '24' },
					],
				},
			},
		);
		await expect(creating).rejects.toThrow('must be at least 24 hours for the dataset Slow');
	});
});

describe('a check that the service does not answer', () => {
	/** What is sent where the catalogue cannot be read for this reason. */
	const sentAfter = async (reason: Error, operation: Operation, parameters: object) => {
		const sent: unknown[] = [];
		const post = async (body: unknown) => {
			sent.push(body);
			return await Promise.resolve([]);
		};
		const outcome = await settle(
			run(
				operation,
				{ ...parameters },
				{
					datasets: { catalogue: async () => await Promise.reject(reason) },
					queries: { get: async () => await Promise.resolve([]), create: post },
					reports: { create: post },
				},
			),
		);
		return { sent, outcome };
	};
	const operations: Array<[string, Operation, object]> = [
		['a query', createQuery, { name: 'Sales', query: 'SELECT A FROM X' }],
		['a report', create, { reportName: 'Sales', queryId: QUERY, recurrenceInterval: 6 }],
	];

	it.each(operations)('leaves %s to it', async (_what, operation, parameters) => {
		const reason = new InsightsError('out of order', { kind: 'unavailable' });
		const { sent, outcome } = await sentAfter(reason, operation, parameters);
		expect(outcome).toEqual({ value: [] });
		expect(sent).toHaveLength(1);
	});

	it.each(operations)(
		'does not send %s once its wait was ended',
		async (_what, operation, parameters) => {
			const reason = new DOMException('The operation was aborted', 'AbortError');
			const { sent, outcome } = await sentAfter(reason, operation, parameters);
			expect(outcome).toEqual({ error: reason });
			expect(sent).toEqual([]);
		},
	);
});

describe('a report whose start is past', () => {
	const updated = async (updateFields: object, message: string) =>
		await settle(
			run(
				update,
				{ reportId: QUERY, updateFields },
				{
					reports: {
						get: async () => await Promise.resolve([{ ReportId: QUERY, StartTime: '2026-01-01' }]),
						inTurn: async (_id, change) => await change(),
						update: async () =>
							await Promise.reject(new InsightsError(message, { kind: 'refused', advice: 'No.' })),
					},
				},
			),
		);
	const TOO_EARLY = 'Start time of report should at least be 4 hours from current UTC time';
	const ADD_IT = "add 'First Run' to 'Update Fields'";

	it.each([TOO_EARLY, 'StartTime: is past'])(
		'is to be given a new one where the service says: %s',
		async (message) => {
			expect(await updated({ description: 'x' }, message)).toMatchObject({
				error: { message, advice: expect.stringMatching(`^No\\. .*${ADD_IT}`) },
			});
		},
	);

	it.each([
		['it was given one', { startTime: '2026-03-02T08:00:00Z' }, TOO_EARLY],
		['the service says something else', { description: 'x' }, 'Too long'],
	])('is not where %s', async (_case, fields, message) => {
		expect(await updated(fields, message)).toMatchObject({ error: { message, advice: 'No.' } });
	});
});

describe('a list of a service that does not keep to its filters', () => {
	/** Lists whatever it is asked for. */
	const all =
		(...records: InsightsRecord[]) =>
		({ where = () => true }: Wanted = {}) =>
			Promise.resolve(records.filter(where));
	const idsOf = async (outputs: ReturnType<typeof run>) =>
		(await outputs).map(({ json }) => json.ReportId ?? json.QueryId);

	it('has the reports that can be meant, also those that say nothing of it', async () => {
		const list = all(
			{ ReportId: '1', ReportName: 'Sales EMEA', QueryId: QUERY },
			{ ReportId: '2', ReportName: 'Costs', QueryId: QUERY },
			{ ReportId: '3', ReportName: 'SALES', QueryId: 'another' },
			{ ReportId: '4' },
		);
		const reports = { list: async (_filters: unknown, wanted?: Wanted) => await list(wanted) };
		const of = async (filters: object) =>
			await idsOf(run(getReports, { returnAll: true, filters }, { reports }));
		expect(await of({ reportName: 'sales' })).toEqual(['1', '3', '4']);
		expect(await of({ queryId: QUERY.toUpperCase() })).toEqual(['1', '2', '4']);
		// An ID is no part of another one.
		expect(await of({ queryId: QUERY.slice(0, 8) })).toEqual(['4']);
		expect(await of({})).toEqual(['1', '2', '3', '4']);
	});

	it('has the queries that can be meant', async () => {
		const list = all({ QueryId: '1', Name: 'My customers' }, { QueryId: '2', Name: 'Orders' });
		const queries = {
			list: async (_source: unknown, _name: unknown, wanted?: Wanted) => await list(wanted),
		};
		const filters = { queryName: 'Customers' };
		expect(await idsOf(run(getQueries, { returnAll: true, filters }, { queries }))).toEqual(['1']);
	});
});
