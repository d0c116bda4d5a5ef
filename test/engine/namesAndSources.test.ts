import type { INodeParameters, NodeOperationError } from 'n8n-workflow';
import { type Bench, jsonOf, NODE, benchForEach } from './bench';

const HOUR = 3_600_000;
const NAME = 'CSP revenue daily';

const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const byName = (value: string) => ({ __rl: true, mode: 'name', value });

describe('Reports and queries by name, simplified, and run now', () => {
	let bench: Bench;

	benchForEach((started) => (bench = started));
	beforeEach(async () => {
		await bench.undisturbed();
	});

	const run = async (parameters: INodeParameters, input = [{}]) =>
		await bench.run(input, { options: {}, ...parameters });
	const succeed = async (parameters: INodeParameters) => {
		const result = await run(parameters);
		expect(result.error).toBeUndefined();
		return jsonOf(result);
	};
	const fail = async (parameters: INodeParameters) => {
		const { error } = await run(parameters);
		return error as NodeOperationError;
	};
	const apiRequests = async (method?: string) =>
		await bench.sandbox.journal({ host: 'api', ...(method && { method }) });
	const stored = async (name: string) => {
		const found = (await bench.sandbox.reports('mpn')).find(
			({ reportName }) => reportName === name,
		);
		if (found === undefined) throw new Error(`There is no report ${name}`);
		return found;
	};
	const resume = { resource: 'scheduledReport', operation: 'resume' };

	describe('a report by name', () => {
		it('is resumed, whatever the case, with one list for all items', async () => {
			const items = [
				{ name: NAME },
				{ name: ` ${NAME.toUpperCase()} ` },
				{ name: 'Renewals weekly' },
			];
			const result = await run({ ...resume, reportId: byName('={{ $json.name }}') }, items);
			expect(result.error).toBeUndefined();
			expect(
				jsonOf(result).map(({ ReportName: name, ReportStatus: state }) => [name, state]),
			).toEqual([
				[NAME, 'Active'],
				[NAME, 'Active'],
				['Renewals weekly', 'Active'],
			]);
			expect(await apiRequests('GET')).toHaveLength(1);
		});

		it('that is not there is an error with the names that are', async () => {
			const error = await fail({ ...resume, reportId: byName('CSP revenue') });
			expect(error.name).toBe('NodeOperationError');
			expect(error.message).toMatch(/^'Report': no report is called "CSP revenue"\. There are: "/);
			expect(error.message).toContain(`"${NAME}"`);
			expect(error.message).toContain('(item 0)');
			expect(await apiRequests('PUT')).toEqual([]);
		});

		it('that several have is an error with their IDs', async () => {
			const { reportId, queryId } = await stored(NAME);
			const [second] = await succeed({
				resource: 'scheduledReport',
				operation: 'create',
				reportName: NAME.toLowerCase(),
				queryId: byId(queryId),
				recurrenceInterval: 24,
			});
			await bench.sandbox.clearJournal();
			const error = await fail({ ...resume, reportId: byName(NAME) });
			expect(error.message).toMatch(/2 reports are called/);
			expect(error.message).toContain(reportId);
			expect(error.message).toContain(String(second?.ReportId));
			expect(await apiRequests('PUT')).toEqual([]);
		});

		it('in the place of an ID is told that it can be given by name', async () => {
			const error = await fail({ ...resume, reportId: byId(NAME) });
			expect(error.message).toMatch(/'Report' is not a report ID/);
			expect(error.description).toContain("'By name'");
			expect(await apiRequests()).toEqual([]);
		});

		it.each([
			['scheduledReport', 'get'],
			['scheduledReport', 'pause'],
			['scheduledReport', 'update'],
			['scheduledReport', 'delete'],
			['reportExecution', 'getLatest'],
			['reportExecution', 'getAll'],
			['reportExecution', 'download'],
			['reportExecution', 'wait'],
		])('is taken by %s %s', async (resource, operation) => {
			const { reportId } = await stored(NAME);
			await run({
				resource,
				operation,
				reportId: byName(NAME),
				updateFields: { description: 'x' },
				options: operation === 'wait' ? { timeoutMinutes: 0.01, pollSeconds: 1 } : {},
			});
			const [list, ...others] = await apiRequests();
			expect(list).toMatchObject({ method: 'GET', path: '/insights/v1/mpn/ScheduledReport' });
			expect(others.length).toBeGreaterThan(0);
			expect(JSON.stringify(others)).toContain(reportId);
		});
	});

	it('takes a query by name to read, create, filter and run', async () => {
		const queries = await succeed({
			resource: 'reportQuery',
			operation: 'getAll',
			returnAll: true,
		});
		const { queryId, reportName } = await stored(NAME);
		const name = String(queries.find(({ QueryId: id }) => id === queryId)?.Name);
		const query = byName(name.toUpperCase());

		const [read] = await succeed({ resource: 'reportQuery', operation: 'get', queryId: query });
		expect(read).toMatchObject({ QueryId: queryId, Name: name });
		const filtered = await succeed({
			resource: 'scheduledReport',
			operation: 'getAll',
			returnAll: true,
			filters: { queryId: query },
		});
		expect(filtered.map(({ ReportName: found }) => found)).toContain(reportName);
		const [created] = await succeed({
			resource: 'scheduledReport',
			operation: 'create',
			reportName: 'By name',
			queryId: query,
			recurrenceInterval: 24,
		});
		expect(created).toMatchObject({ QueryId: queryId });
		const rows = await succeed({
			resource: 'reportQuery',
			operation: 'test',
			source: 'saved',
			queryId: query,
		});
		expect(rows.length).toBeGreaterThan(0);
	});

	describe('simplify', () => {
		const list = { resource: 'scheduledReport', operation: 'getAll', returnAll: true };

		it('is on for many reports, and can be switched off', async () => {
			const [simple] = await succeed(list);
			expect(Object.keys(simple ?? {}).slice(0, 3)).toEqual([
				'ReportId',
				'ReportName',
				'ReportStatus',
			]);
			expect(Object.keys(simple ?? {}).length).toBeLessThanOrEqual(10);
			expect(simple).not.toHaveProperty('Query');
			const [raw] = await succeed({ ...list, simplify: false });
			expect(raw).toMatchObject({ ...simple, Query: expect.any(String) as unknown });
		});

		it('is off for one report, and can be switched on', async () => {
			const { reportId } = await stored(NAME);
			const get = { resource: 'scheduledReport', operation: 'get', reportId: byId(reportId) };
			const [raw] = await succeed(get);
			expect(raw).toHaveProperty('Query');
			const [simple] = await succeed({ ...get, simplify: true });
			expect(simple).not.toHaveProperty('Query');
			expect(raw).toMatchObject(simple ?? {});
		});

		it('leaves the secret links of executions out, unless switched off', async () => {
			const { reportId } = await stored(NAME);
			await succeed({ ...resume, reportId: byId(reportId) });
			await bench.sandbox.advanceClock({ hours: 48 });
			bench.useCredential();
			const all = {
				resource: 'reportExecution',
				operation: 'getAll',
				reportId: byId(reportId),
				returnAll: true,
			};
			const simple = await succeed(all);
			expect(simple.length).toBeGreaterThan(0);
			expect(JSON.stringify(simple)).not.toContain('https:');
			const [raw] = await succeed({ ...all, simplify: false });
			expect(raw).toHaveProperty('ReportAccessSecureLink');
		});
	});

	describe('the query of a report', () => {
		it('runs once and now in the format of the report, which stays as it is', async () => {
			const { queryId } = await stored(NAME);
			const [report] = await succeed({
				resource: 'scheduledReport',
				operation: 'create',
				reportName: 'In tabs',
				queryId: byId(queryId),
				startTime: new Date(Date.now() + 30 * HOUR).toISOString(),
				recurrenceInterval: 24,
				additionalFields: { format: 'TSV' },
			});
			const before = await stored('In tabs');
			await bench.sandbox.setOptions({ pendingMs: 0, runningMs: 500 });
			await bench.sandbox.clearJournal();
			const parameters = {
				resource: 'reportData',
				operation: 'run',
				source: 'report',
				reportId: byName('In tabs'),
				output: 'file',
				binaryPropertyName: 'data',
				options: { pollSeconds: 1 },
			};
			const [executed] = await succeed(parameters);
			expect(executed).toMatchObject({ ExecutionStatus: 'Completed' });
			expect((await apiRequests('POST')).map(({ body }) => body)).toEqual([
				{
					ReportName: expect.stringMatching(/^n8n-run-/) as unknown,
					QueryId: queryId,
					ExecuteNow: true,
					Format: 'TSV',
				},
			]);
			const deleted = await apiRequests('DELETE');
			expect(deleted).toHaveLength(1);
			expect(JSON.stringify(deleted)).not.toContain(String(report?.ReportId));
			expect(await stored('In tabs')).toEqual(before);
		}, 60_000);

		it('of a report that is not there is an error, and nothing is created', async () => {
			const error = await fail({
				resource: 'reportData',
				operation: 'run',
				source: 'report',
				reportId: byId('00000000-0000-4000-8000-000000000000'),
			});
			expect(error).toMatchObject({ httpCode: '404' });
			expect(await apiRequests('POST')).toEqual([]);
		});
	});

	describe('the text of a query', () => {
		const test = { resource: 'reportQuery', operation: 'test', source: 'text' };
		const create = { resource: 'reportQuery', operation: 'create', source: 'text', name: 'Mine' };
		const text = (market: string) =>
			`SELECT CustomerName FROM CustomersAndTenants WHERE CustomerMarket = '${market}'`;
		const stored = async () => {
			const sent = (await apiRequests('POST')).map(({ body }) => body as { Query: string });
			return sent.map(({ Query: query }) => query);
		};

		it("has what stands in {{ }} filled in for each item, as n8n's SQL editor shows it", async () => {
			const { error } = await run({ ...create, query: text('{{ $json.market }}') }, [
				{ market: 'Germany' },
				{ market: 'France' },
			]);
			expect(error).toBeUndefined();
			expect((await stored()).sort()).toEqual([text('France'), text('Germany')]);
			await bench.sandbox.clearJournal();
			await run({ ...create, query: `=${text("{{ $json.market ?? '' }}")}` }, [{}]);
			expect(await stored()).toEqual([text('')]);
		});

		it('is refused where what stands in {{ }} finds nothing', async () => {
			const found = { market: 'Germany' };
			for (const [nothing, query] of [
				['{{ $json.missing }}', text('{{ $json.missing }}')],
				['{{ null }}', text('{{ $json.market }} {{ null }}')],
				['{{ $json.missing * 1 }}', text('{{ $json.missing * 1 }}')],
			] as const) {
				for (const written of [query, `=${query}`]) {
					const unchecked = { ...create, query: written, options: { checkQuery: false } };
					const { error } = await run(unchecked, [found]);
					expect(error?.message).toBe(
						`'Query' has an expression that found nothing: "${nothing}" (item 0)`,
					);
				}
			}
			expect(await stored()).toEqual([]);
		});

		it('is left as it is where an expression gives it: data is never run', async () => {
			const unchecked = { ...create, options: { checkQuery: false } };
			const { error } = await run({ ...unchecked, query: '={{ $json.query }}' }, [
				{ query: text('{{ 6 * 7 }}') },
			]);
			expect(error).toBeUndefined();
			expect(await stored()).toEqual([text('{{ 6 * 7 }}')]);
		});

		it('of the builder is shown with the output, once for all items, the sample told as one', async () => {
			const result = await run(
				{
					...test,
					source: 'builder',
					datasetName: byId('CustomersAndTenants'),
					columns: ['CustomerName'],
					conditions: { condition: [{ name: 'CustomerName', operator: 'lessThan', value: 'M' }] },
				},
				[{}, {}],
			);
			expect(result.error).toBeUndefined();
			const hints = result.run.data.resultData.runData[NODE]?.[0]?.hints;
			expect(hints?.map(({ message }) => message)).toEqual([
				"The query builder made this query: SELECT CustomerName FROM CustomersAndTenants WHERE CustomerName &lt; 'M'",
				'A test gives a sample: at most 100 rows on mpn, 10 on cmp.',
			]);
		});

		it.each([
			[{}, "'Column Names or IDs': Nothing is selected: choose at least one column or metric."],
			[
				{ metrics: ['Revenue (USD)'] },
				"'Metric Names or IDs': Metric 'Revenue (USD)' cannot be queried",
			],
			[
				{
					columns: ['CustomerName'],
					conditions: { condition: [{ name: 'CustomerMarket', operator: 'in', value: '' }] },
				},
				"'Conditions': Condition 1 (CustomerMarket): the list is empty: give at least one value.",
			],
			[
				{ columns: ['CustomerName'], orderBy: { column: [{ name: 'a b', direction: 'ASC' }] } },
				"'Order By': Order 1: column 'a b' cannot be queried",
			],
			[
				{ columns: ['CustomerName'], timespan: 'last month' },
				"'Time Span Name or ID': Time span 'last month' cannot be queried",
			],
			[{ columns: ['Foo'] }, "'Column Names or IDs': Column 'Foo' is not in CustomersAndTenants"],
			[{ metrics: ['Foo'] }, "'Metric Names or IDs': Column 'Foo' is not in CustomersAndTenants"],
			[
				{
					columns: ['CustomerName'],
					conditions: { condition: [{ name: 'Foo', operator: 'equal', value: '1' }] },
				},
				"'Conditions': Column 'Foo' is not in CustomersAndTenants",
			],
			[
				{ columns: ['CustomerName'], orderBy: { column: [{ name: 'Foo', direction: 'ASC' }] } },
				"'Order By': Column 'Foo' is not in CustomersAndTenants",
			],
			[
				{ columns: ['CustomerName'], timespan: 'NEVER' },
				"'Time Span Name or ID': Time span 'NEVER' is not available",
			],
			[
				{ columns: ['CustomerName'], datasetName: byId('Foo') },
				"'Dataset': Dataset 'Foo' is not available to this account.",
			],
		])(
			'of the builder is refused by the label of the field that is wrong: %j',
			async (given, message) => {
				const result = await run({
					...test,
					source: 'builder',
					datasetName: byId('CustomersAndTenants'),
					...given,
				});
				expect(result.error?.message).toContain(message);
			},
		);

		it('may be of the other program where the account lacks the dataset, not where it lacks a column', async () => {
			const adviceFor = async (query: string) => (await fail({ ...test, query })).description;
			const advice = "Check that 'Program' is the right one.";
			expect(await adviceFor('SELECT CustomerName FROM Foo')).toContain(advice);
			expect(await adviceFor('SELECT Foo FROM CustomersAndTenants')).not.toContain(advice);
		});
	});
});
