import type { INodeParameters, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { PartnerCenterInsights } from '../../nodes/PartnerCenterInsights/PartnerCenterInsights.node';
import { type Bench, jsonOf, NODE, benchForEach } from './bench';

const HOUR = 3_600_000;
/** A system query that names only columns of the catalogue: not all of them do. */
const TRAININGS_QUERY = '20f5da57-3c2a-481b-b6a0-ec34d6db14e2';
const QUALITY_QUERY = 'q9df4939-073f-5795-b0cb-v2c81d11e58d';

const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
/** As the service writes it: seconds and `Z`. */
const serviceTime = (iso: string) => `${iso.slice(0, 19)}Z`;

describe('Reports, queries, datasets and executions on the n8n engine', () => {
	let bench: Bench;

	benchForEach((started) => (bench = started));

	const run = async (parameters: INodeParameters, input = [{}]) =>
		await bench.run(input, { options: {}, ...parameters });
	const succeed = async (parameters: INodeParameters) => {
		const result = await run(parameters);
		expect(result.error).toBeUndefined();
		return jsonOf(result);
	};
	const fail = async (parameters: INodeParameters) => {
		const { error } = await run(parameters);
		return error as NodeOperationError | NodeApiError;
	};
	/** A report of cmp that has an end in place of a count. */
	const createUntil = async () =>
		await succeed({
			program: 'cmp',
			resource: 'scheduledReport',
			operation: 'create',
			reportName: 'Until then',
			queryId: byId(QUALITY_QUERY),
			startTime: inHours(30),
			additionalFields: { endTime: inHours(300) },
		});
	const apiRequests = async (method?: string) =>
		await bench.sandbox.journal({ host: 'api', ...(method && { method }) });

	describe.each(['mpn', 'cmp'] as const)('in the %s program', (program) => {
		const queryId = program === 'mpn' ? TRAININGS_QUERY : QUALITY_QUERY;
		const dataset = program === 'mpn' ? 'AzureUsage' : 'ISVOrder';

		describe.each(['camel', 'pascal'] as const)('answering in %s case', (casing) => {
			beforeEach(async () => {
				await bench.sandbox.setOptions({ casing });
			});

			it('creates, updates and deletes a report', async () => {
				const start = inHours(30);
				const [created] = await succeed({
					program,
					resource: 'scheduledReport',
					operation: 'create',
					reportName: 'Quarterly look',
					queryId: byId(queryId),
					startTime: start,
					recurrenceInterval: 48,
					recurrenceCount: 12,
					additionalFields: { description: 'For the board', format: 'TSV' },
				});
				expect(created).toMatchObject({
					ReportName: 'Quarterly look',
					Description: 'For the board',
					StartTime: serviceTime(start),
					RecurrenceInterval: 48,
					RecurrenceCount: 12,
					Format: 'tsv',
					ReportStatus: 'Active',
				});
				expect((await apiRequests('POST')).map(({ body }) => body)).toEqual([
					{
						ReportName: 'Quarterly look',
						QueryId: queryId,
						StartTime: serviceTime(start),
						RecurrenceInterval: 48,
						RecurrenceCount: 12,
						Description: 'For the board',
						Format: 'TSV',
					},
				]);

				const reportId = byId(String(created?.ReportId));
				const [updated] = await succeed({
					program,
					resource: 'scheduledReport',
					operation: 'update',
					reportId,
					updateFields: { recurrenceInterval: 72 },
				});
				expect(updated).toEqual({
					...created,
					RecurrenceInterval: 72,
					ModifiedTime: updated?.ModifiedTime,
				});

				const [cleared] = await succeed({
					program,
					resource: 'scheduledReport',
					operation: 'update',
					reportId,
					updateFields: { description: '' },
				});
				expect(cleared?.Description ?? '').toBe('');
				expect(cleared).toMatchObject({ RecurrenceInterval: 72, Format: 'tsv' });

				const deleted = await succeed({
					program,
					resource: 'scheduledReport',
					operation: 'delete',
					reportId,
				});
				expect(deleted).toEqual([
					expect.objectContaining({ ReportId: created?.ReportId, deleted: true }),
				]);
				const left = await bench.sandbox.reports(program);
				expect(left.map(({ reportId: id }) => id)).not.toContain(created?.ReportId);
			});

			it('runs a query once and follows its execution', async () => {
				const [report] = await succeed({
					program,
					resource: 'scheduledReport',
					operation: 'create',
					reportName: 'One look',
					queryId: byId(queryId),
					schedule: 'once',
					queryStartTime: '2026-01-01T00:00:00Z',
					queryEndTime: '2026-03-31T00:00:00+02:00',
				});
				expect((await apiRequests('POST'))[0]?.body).toMatchObject({
					ExecuteNow: true,
					QueryStartTime: '2026-01-01T00:00:00Z',
					QueryEndTime: '2026-03-30T22:00:00Z',
				});
				const of = (operation: string, more = {}) => ({
					program,
					resource: 'reportExecution',
					operation,
					reportId: byId(String(report?.ReportId)),
					...more,
				});
				expect(await succeed(of('getLatest'))).toEqual([
					expect.objectContaining({ ExecutionStatus: 'Pending', ReportAccessSecureLink: null }),
				]);
				expect(await succeed(of('getAll', { filters: { executionStatus: 'Completed' } }))).toEqual(
					[],
				);

				await bench.sandbox.advanceClock({ hours: 1 });
				bench.useCredential();
				const [latest] = await succeed(of('getLatest'));
				expect(latest).toMatchObject({
					ReportId: report?.ReportId,
					ExecutionStatus: 'Completed',
				});
				expect(await succeed(of('getAll', { returnAll: true }))).toHaveLength(1);
			});

			it('saves, reads, lists, tries and deletes a query', async () => {
				const query =
					program === 'mpn'
						? 'SELECT CustomerName, ACR_USD FROM AzureUsage TIMESPAN LAST_3_MONTHS'
						: 'SELECT OfferName, CustomerCompanyName FROM ISVOrder TIMESPAN LAST_MONTH';
				const queries = { program, resource: 'reportQuery' };
				const [created] = await succeed({
					...queries,
					operation: 'create',
					name: 'A look at names',
					query,
					description: 'Try',
				});
				expect(created).toMatchObject({
					Name: 'A look at names',
					Query: query,
					Description: 'Try',
				});
				const id = byId(String(created?.QueryId));

				expect(await succeed({ ...queries, operation: 'get', queryId: id })).toEqual([created]);
				const own = await succeed({
					...queries,
					operation: 'getAll',
					returnAll: true,
					filters: { source: 'userDefined' },
				});
				expect(own.map(({ Type: type }) => type)).not.toContain('system');
				expect(own.map(({ QueryId: queryId }) => queryId)).toContain(created?.QueryId);
				const system = await succeed({
					...queries,
					operation: 'getAll',
					returnAll: true,
					filters: { source: 'system' },
				});
				expect(new Set(system.map(({ Type: type }) => type))).toEqual(new Set(['system']));

				const rows = await succeed({ ...queries, operation: 'test', source: 'saved', queryId: id });
				expect(rows.length).toBeGreaterThan(5);
				expect(Object.keys(rows[0] ?? {})).toEqual(
					program === 'mpn' ? ['CustomerName', 'ACR_USD'] : ['OfferName', 'CustomerCompanyName'],
				);
				expect(await succeed({ ...queries, operation: 'test', query })).toEqual(rows);

				expect(await succeed({ ...queries, operation: 'delete', queryId: id })).toEqual([
					expect.objectContaining({ QueryId: created?.QueryId, deleted: true }),
				]);
				expect(
					(await fail({ ...queries, operation: 'get', queryId: id })) as NodeApiError,
				).toMatchObject({ httpCode: '404' });
			});

			it('reads datasets', async () => {
				const all = await succeed({
					program,
					resource: 'dataset',
					operation: 'getAll',
					returnAll: true,
				});
				expect(all.map(({ DatasetName: name }) => name)).toContain(dataset);
				const one = await succeed({
					program,
					resource: 'dataset',
					operation: 'get',
					datasetName: byId(dataset),
				});
				expect(one).toEqual(all.filter(({ DatasetName: name }) => name === dataset));
				expect(one[0]).toMatchObject({ SelectableColumns: expect.any(Array) as unknown });
			});
		});
	});

	describe('create', () => {
		const create = {
			resource: 'scheduledReport',
			operation: 'create',
			reportName: 'A report',
			queryId: byId(TRAININGS_QUERY),
			recurrenceInterval: 24,
		};

		it.each([
			['a name with a semicolon', { reportName: 'a;b' }, /'Report Name' contains a semicolon/],
			[
				'a name that was not filled in',
				{ reportName: 'Sales {{ $json.month }}' },
				/'Report Name' holds an expression that was not filled in: "\{\{ \$json\.month \}\}"/,
			],
			[
				'an address that was not filled in',
				{ additionalFields: { callbackUrl: 'https://n8n.example.com/{{ $json.id }}' } },
				/'Callback URL' holds an expression that was not filled in/,
			],
			['a long name', { reportName: 'x'.repeat(257) }, /'Report Name' has 257 characters/],
			['no name', { reportName: ' ' }, /'Report Name'/],
			[
				'an interval below 4',
				{ recurrenceInterval: 3 },
				/'Recurrence Interval \(Hours\)'.* from 4 to 2160/,
			],
			['an interval above 2160', { recurrenceInterval: 2161 }, /'Recurrence Interval \(Hours\)'/],
			['a start too soon', { startTime: inHours(3.9) }, /'First Run' must be at least 4 hours/],
			['a start that is no date', { startTime: 'soon' }, /'First Run' is not a date: "soon"/],
			['cmp without a count', { program: 'cmp' }, /'Recurrence Count' must be at least 1/],
			[
				'an end before the start',
				{ startTime: inHours(30), additionalFields: { endTime: inHours(20) } },
				/'End Time' must be later than the start/,
			],
			[
				'a long description',
				{ additionalFields: { description: 'x'.repeat(257) } },
				/'Description' has 257/,
			],
			['a format', { additionalFields: { format: 'xlsx' } }, /'Format' must be CSV or TSV/],
			[
				'a callback address',
				{ additionalFields: { callbackUrl: 'ftp://x' } },
				/'Callback URL' is not a web address/,
			],
			['a query ID with a path', { queryId: byId('../x') }, /'Query' is not a query ID/],
		])('refuses %s and sends nothing', async (_case, parameters, message) => {
			const error = await fail({ ...create, ...parameters });
			expect(error.name).toBe('NodeOperationError');
			expect(error.message).toMatch(message);
			expect(error.message).toContain('(item 0)');
			expect(await bench.sandbox.journal()).toEqual([]);
		});

		it("refuses an interval below the dataset's own minimum", async () => {
			const error = await fail({ ...create, recurrenceInterval: 6 });
			expect(error.message).toMatch(
				/at least 24 hours for the dataset TrainingCompletions, but is 6/,
			);
			expect(await apiRequests('POST')).toEqual([]);
		});

		it('takes the zone of a date, and that of the workflow for one without', async () => {
			const local = `${inHours(48).slice(0, 10)}T08:00:00`;
			await succeed({ ...create, startTime: `${local}+05:30` });
			await succeed({
				...create,
				startTime: `={{ DateTime.fromISO('${local}', { zone: 'Asia/Tokyo' }) }}`,
			});
			const starts = (await apiRequests('POST')).map(
				({ body }) => (body as { StartTime: string }).StartTime,
			);
			const day = Date.parse(`${local}Z`);
			expect(starts).toEqual([
				serviceTime(new Date(day - 5.5 * HOUR).toISOString()),
				serviceTime(new Date(day - 9 * HOUR).toISOString()),
			]);
		});

		it('starts as early as the service allows where no start is given', async () => {
			await succeed(create);
			const [{ body } = { body: {} }] = await apiRequests('POST');
			const lead = Date.parse((body as { StartTime: string }).StartTime) - Date.now();
			expect(lead).toBeGreaterThan(4 * HOUR);
			expect(lead).toBeLessThan(4.2 * HOUR);
		});

		it.each([
			['429', { kind: 'rateLimit', retryAfterSeconds: 1 } as const],
			['500', { kind: 'status', status: 500 } as const],
			['503', { kind: 'status', status: 503 } as const],
			['a dropped connection', { kind: 'reset' } as const],
			['a connection dropped after the change', { kind: 'resetAfterHandling' } as const],
			['no answer', { kind: 'hang' } as const],
			['a body without Value', { kind: 'missingValue' } as const],
		])('is never sent twice: %s', async (_case, fault) => {
			await bench.sandbox.addFault({ ...fault, match: { method: 'POST' } });
			const error = await fail({ ...create, options: { timeoutSeconds: 1 } });
			expect(error.name).toBe('NodeApiError');
			expect(await apiRequests('POST')).toHaveLength(1);
		});

		it('tells a quota', async () => {
			const once = { ...create, schedule: 'once' };
			for (let round = 0; round < 5; round++) await succeed(once);
			const error = (await fail(once)) as NodeApiError;
			expect(error.httpCode).toBe('400');
			expect(error.message).toMatch(/quota of 5 reports/);
			expect(error.description).toMatch(/at most 5 one-off reports in 60 minutes/);
		});
	});

	describe('values of expressions', () => {
		const report = async () => (await bench.sandbox.reports('mpn'))[0]?.reportId ?? '';
		const update = async (updateFields: INodeParameters) => ({
			resource: 'scheduledReport',
			operation: 'update',
			reportId: byId(await report()),
			updateFields,
		});

		it.each<[string, INodeParameters, RegExp]>([
			['an address', { callbackUrl: '={{ $json.missing }}' }, /'Callback URL' has an expression/],
			['a description', { description: '={{ null }}' }, /'Description' has an expression/],
			['a format', { format: '={{ $json.missing }}' }, /'Format' must be CSV or TSV/],
			['an end', { endTime: '={{ $json.missing }}' }, /'End Time' has an expression/],
			['a start', { startTime: '={{ 1772352000 }}' }, /'First Run' is not a date: "1772352000"/],
			['a name', { reportName: '={{ "a\\nb" }}' }, /'Report Name' contains a line break/],
			[
				'two expressions in a row',
				{ description: '={{ $json.first }}{{ $json.second }}' },
				/'Description' has an expression that found nothing: "\{\{ \$json\.first \}\}"/,
			],
			[
				'one of two expressions',
				{ callbackUrl: '=https://n8n.example.com/{{ 5 }}/{{ $json.missing }}' },
				/'Callback URL' has an expression that found nothing: "\{\{ \$json\.missing \}\}"/,
			],
			[
				'words around an expression',
				{ reportName: '=Sales {{ $json.month }}' },
				/'Report Name' has an expression that found nothing/,
			],
			[
				'an address with a calculation that failed',
				{ callbackUrl: '=https://n8n.example.com/{{ $json.missing * 1 }}' },
				/'Callback URL' has an expression that found nothing: "\{\{ \$json\.missing \* 1 \}\}"/,
			],
			[
				'a date that is none among words',
				{ reportName: '=Sales {{ new Date($json.missing) }}' },
				/'Report Name' has an expression that found nothing/,
			],
			[
				'a number with a calculation that failed',
				{ recurrenceInterval: '=2{{ $json.missing * 1 }}4' },
				/'Recurrence Interval \(Hours\)' has an expression that found nothing/,
			],
		])(
			'that find nothing or cannot be meant change nothing: %s',
			async (_case, fields, message) => {
				const error = await fail(await update(fields));
				expect(error.message).toMatch(message);
				expect(error.message).toContain('(item 0)');
				expect(await apiRequests()).toEqual([]);
			},
		);

		it('are what several expressions give, also where one gives an empty text or holds braces', async () => {
			const description = '={{ 20 }}{{ 26 }}{{ $json.missing ?? "" }} {{ { a: { b: "x" } }.a.b }}';
			const [changed] = await succeed(await update({ description }));
			expect(changed?.Description).toBe('2026 x');
		});

		it.each<[string, INodeParameters, RegExp]>([
			[
				'a filter',
				{
					resource: 'scheduledReport',
					operation: 'getAll',
					filters: { reportName: '={{ $json.prefix }}{{ $json.suffix }}' },
				},
				/'Report Name' has an expression that found nothing/,
			],
			[
				'a filter with an empty list',
				{
					resource: 'scheduledReport',
					operation: 'getAll',
					filters: { reportName: '=Report {{ $json.ids ?? [null] }}' },
				},
				/'Report Name' has an expression that found nothing/,
			],
			[
				'an ID',
				{
					resource: 'scheduledReport',
					operation: 'delete',
					reportId: byId('={{ $json.a }}{{ $json.b }}'),
				},
				/'Report' has an expression that found nothing/,
			],
			[
				'a condition',
				{
					resource: 'reportQuery',
					operation: 'test',
					source: 'builder',
					datasetName: byId('AzureUsage'),
					columns: ['CustomerName'],
					conditions: {
						condition: [{ name: 'CustomerName', operator: 'like', value: '=%{{ $json.name }}%' }],
					},
				},
				/'Value' has an expression that found nothing/,
			],
		])('that find nothing within a text send nothing: %s', async (_case, parameters, message) => {
			const error = await fail(parameters);
			expect(error.message).toMatch(message);
			expect(await apiRequests()).toEqual([]);
		});

		it('are text where a text is wanted, and clear it only where they are empty', async () => {
			const [changed] = await succeed(await update({ description: '={{ 2026 }}' }));
			expect(changed?.Description).toBe('2026');
			const [kept] = await succeed(await update({ description: 'a; b' }));
			expect(kept?.Description).toBe('a; b');
			const [cleared] = await succeed(await update({ description: '={{ "" }}' }));
			expect(cleared?.Description ?? '').toBe('');
		});

		describe('where an ID belongs', () => {
			/** One for each input item. */
			const values = '={{ [5, 0, true, false, ["a"], { a: 1 }, null, undefined, ""][$itemIndex] }}';
			/** A query's may be a number. */
			const noCount = values.replace('5', '-5');
			const items = Array.from({ length: 9 }, () => ({}));
			const id = '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11';

			it.each<[string, string, string, INodeParameters, RegExp]>([
				['Report', 'scheduledReport', 'delete', { reportId: byId(values) }, /^'Report' /],
				['Report', 'scheduledReport', 'resume', { reportId: values }, /^'Report' /],
				['Query', 'reportQuery', 'delete', { queryId: byId(noCount) }, /^'Query' /],
				['Dataset', 'dataset', 'get', { datasetName: byId(values) }, /^'Dataset' /],
				[
					'Query',
					'reportData',
					'run',
					{ source: 'saved', queryId: { ...byId(noCount), mode: 'list' } },
					/^'Query' /,
				],
				[
					'Execution ID',
					'reportExecution',
					'download',
					// The empty text stands for the newest run.
					{ reportId: byId(id), executionId: values.replace('""', '" "') },
					/^'Execution ID' /,
				],
			])(
				'each is refused with its item and the field: %s of %s %s',
				async (_label, resource, operation, parameters, field) => {
					const result = await bench.run(
						items,
						{ options: {}, resource, operation, ...parameters },
						{ node: { onError: 'continueRegularOutput' } },
					);
					expect(result.error).toBeUndefined();
					const errors = jsonOf(result).map(({ error }) => String(error));
					expect(errors).toEqual(
						items.map((_item, index): unknown => expect.stringContaining(`(item ${index})`)),
					);
					for (const error of errors) expect(error).toMatch(field);
					expect(await apiRequests()).toEqual([]);
				},
			);
		});

		it.each([
			'={{ $json.market }} ',
			'={{ $json.market }}\n',
			'= {{ $json.market }}',
			'=\t{{ $json.market }}',
		])('that find nothing are no condition, whatever space is beside them: %j', async (value) => {
			const error = await fail({
				resource: 'reportQuery',
				operation: 'test',
				source: 'builder',
				datasetName: byId('CustomersAndTenants'),
				columns: ['CustomerName'],
				conditions: { condition: [{ name: 'CustomerMarket', operator: 'equal', value }] },
			});
			expect(error.message).toMatch(/^'Value'.* has an expression that found nothing/);
			expect(await apiRequests()).toEqual([]);
		});

		it('that find nothing clear no field, whatever space is beside them', async () => {
			const error = await fail(await update({ description: '={{ $json.missing }} ' }));
			expect(error.message).toMatch(/^'Description' has an expression that found nothing/);
		});

		it.each<[string, INodeParameters, RegExp]>([
			['reportName', { reportName: '={{ $json.missing }}' }, /'Report Name' has an expression/],
			['queryId', { queryId: '={{ null }}' }, /'Query' has an expression/],
			['reportStatus', { reportStatus: '={{ undefined }}' }, /'Report Status' has an expression/],
		])('that find nothing are no filter: %s', async (_case, filters, message) => {
			const error = await fail({
				resource: 'scheduledReport',
				operation: 'getAll',
				returnAll: true,
				filters,
			});
			expect(error.message).toMatch(message);
			expect(await apiRequests()).toEqual([]);
		});

		it('may write a choice and a switch in any case', async () => {
			const [created] = await succeed({
				resource: 'scheduledReport',
				operation: 'create',
				reportName: 'Once',
				queryId: byId(TRAININGS_QUERY),
				schedule: "={{ 'Once' }}",
			});
			expect(created).toMatchObject({ ExecuteNow: true });
			const all = await succeed({
				resource: 'dataset',
				operation: 'getAll',
				returnAll: "={{ 'True' }}",
			});
			expect(all.length).toBeGreaterThan(3);
		});

		it.each(['SAVED', 'Saved'])('may write %s for the source of a query', async (source) => {
			const rows = await succeed({
				resource: 'reportQuery',
				operation: 'test',
				source,
				queryId: byId(TRAININGS_QUERY),
			});
			expect(rows.length).toBeGreaterThan(0);
		});

		it.each(['False', "={{ 'false' }}"])('switch the check of a query off by %s', async (text) => {
			const query = 'SELECT CustomerNmae FROM CustomersAndTenants';
			const test = { resource: 'reportQuery', operation: 'test', query };
			const error = await fail({ ...test, options: { checkQuery: text } });
			expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '400' });
		});
	});

	it('tells a resource that is not in the list', async () => {
		const error = await fail({ resource: 'ScheduledReport', operation: 'getAll' });
		expect(error.message).toMatch(/ does not exist for 'Resource' "ScheduledReport" \(item 0\)$/);
		expect(error.description).toContain('A newer version of the package may have this one.');
	});

	it.each([
		['the regular output', 'continueRegularOutput', 0],
		['the error output', 'continueErrorOutput', 1],
	] as const)(
		'an operation of a newer version fails for each item by itself, on %s',
		async (_, onError, output) => {
			const result = await bench.run(
				[{ n: 1 }, { n: 2 }],
				{ resource: 'scheduledReport', operation: 'archive', options: {} },
				{ node: { onError } },
			);
			const told = `'Operation' "archive" does not exist for 'Resource' "scheduledReport"`;
			const failed = (item: number) => ({
				json: expect.objectContaining({ error: `${told} (item ${item})` }) as object,
				pairedItem: { item },
			});
			expect(result.items(NODE, output)).toEqual([failed(0), failed(1)]);
			expect(result.items(NODE, 1 - output)).toEqual([]);
		},
	);

	it('says of the latest run of a report that is not there that there is no such report', async () => {
		const error = await fail({
			resource: 'reportExecution',
			operation: 'getLatest',
			reportId: byId('00000000-0000-4000-8000-000000000000'),
		});
		expect(error).toMatchObject({ httpCode: '404' });
		expect(error.message).toMatch(/00000000-0000-4000-8000-000000000000/);
	});

	describe('update', () => {
		const updateOnCmp = (reportId: unknown, updateFields: INodeParameters): INodeParameters => ({
			program: 'cmp',
			resource: 'scheduledReport',
			operation: 'update',
			reportId: byId(String(reportId)),
			updateFields,
		});

		it('clears no end of a report of cmp that has no count', async () => {
			const [created] = await createUntil();
			await bench.sandbox.clearJournal();
			const error = await fail(updateOnCmp(created?.ReportId, { endTime: '' }));
			expect(error.message).toMatch(
				/'Recurrence Count' must be at least 1 for Microsoft Marketplace/,
			);
			expect(await apiRequests('PUT')).toEqual([]);
		});

		describe('of a report of cmp that has used up some of its runs', () => {
			let reportId: string;
			const update = async (updateFields: INodeParameters) => {
				const { error } = await run(updateOnCmp(reportId, updateFields));
				const [put] = await apiRequests('PUT');
				return { error, sent: put?.body as Record<string, unknown> | undefined };
			};

			beforeEach(async () => {
				const report = { reportStatus: 'Active', startTime: serviceTime(inHours(5)) } as const;
				const counts = { recurrenceInterval: 24, recurrenceCount: 180 };
				({ reportId } = await bench.sandbox.seedReport('cmp', { ...report, ...counts }));
				await bench.sandbox.advanceClock({ hours: 60 });
				// As cmp v1.1 answers.
				await bench.sandbox.setOptions({ remainingCounts: true });
				await bench.sandbox.clearJournal();
			});

			it('keeps the count of all, also where something else is changed', async () => {
				const [before] = await succeed({
					program: 'cmp',
					resource: 'scheduledReport',
					operation: 'get',
					reportId: byId(reportId),
				});
				expect(before).toMatchObject({ TotalRecurrenceCount: 180 });
				expect(before?.RecurrenceCount).toBeLessThan(180);
				const { error, sent } = await update({ description: 'New' });
				expect(error).toBeUndefined();
				expect(sent).toMatchObject({ Description: 'New', RecurrenceCount: 180 });
				expect(sent).not.toHaveProperty('EndTime');
			});

			it('takes the count with which that field begins', async () => {
				const { properties } = new PartnerCenterInsights().description;
				const changes = properties.find(({ name }) => name === 'updateFields');
				const count = changes?.options?.find(({ name }) => name === 'recurrenceCount');
				if (!count || !('default' in count)) throw new Error('There is no such field.');
				const { error, sent } = await update({ recurrenceCount: count.default });
				expect(error).toBeUndefined();
				expect(sent).toMatchObject({ RecurrenceCount: count.default });
			});

			it('sends the end that is asked for, and no count beside it', async () => {
				const { sent } = await update({ endTime: inHours(400) });
				expect(sent).toHaveProperty('EndTime');
				expect(sent).not.toHaveProperty('RecurrenceCount');
			});
		});

		it.each([
			['End Time', { endTime: inHours(10) }],
			['First Run', { startTime: inHours(400) }],
		])('refuses an end before the start that the report has: %s', async (label, updateFields) => {
			const [created] = await createUntil();
			await bench.sandbox.clearJournal();
			const error = await fail(updateOnCmp(created?.ReportId, updateFields));
			expect(error.message).toMatch(new RegExp(`^'${label}' does not go with the report`));
			expect(await apiRequests('PUT')).toEqual([]);
		});

		it('is refused for a report that runs once only, before it is sent', async () => {
			const [once] = await succeed({
				resource: 'scheduledReport',
				operation: 'create',
				reportName: 'Once',
				queryId: byId(TRAININGS_QUERY),
				schedule: 'once',
			});
			const error = await fail({
				resource: 'scheduledReport',
				operation: 'update',
				reportId: byId(String(once?.ReportId)),
				updateFields: { description: 'x' },
			});
			expect(error.name).toBe('NodeOperationError');
			expect(error.message).toMatch(/'Report' Once runs once only/);
			expect(await apiRequests('PUT')).toEqual([]);
		});

		it('of one report by several items follows their order, and none undoes another', async () => {
			const [report] = await bench.sandbox.reports('mpn');
			await bench.sandbox.clearJournal();
			await bench.sandbox.addFault({
				kind: 'slowBody',
				durationMs: 300,
				match: { method: 'GET' },
			});
			const { error } = await run(
				{
					resource: 'scheduledReport',
					operation: 'update',
					reportId: byId(report?.reportId ?? ''),
					updateFields: { description: "={{ 'change ' + $json.n }}" },
				},
				[1, 2, 3].map((n) => ({ n })),
			);
			expect(error).toBeUndefined();
			const sent = (await apiRequests()).map(({ method }) => method);
			expect(sent).toEqual(['GET', 'PUT', 'GET', 'PUT', 'GET', 'PUT']);
			const [kept] = await bench.sandbox.reports('mpn');
			expect(kept?.description).toBe('change 3');
		});

		it('takes no record but that of the report', async () => {
			const [first, second] = await bench.sandbox.reports('mpn');
			await bench.sandbox.addFault({
				kind: 'elements',
				match: { method: 'GET' },
				value: [{ reportId: second?.reportId, reportName: 'Another' }],
			});
			await fail({
				resource: 'scheduledReport',
				operation: 'update',
				reportId: byId(first?.reportId ?? ''),
				updateFields: { description: 'x' },
			});
			expect(await apiRequests('PUT')).toEqual([]);
		});
	});

	it('sends an end in place of a count for a report of cmp', async () => {
		const [created] = await createUntil();
		expect(created).toMatchObject({ ReportName: 'Until then', ReportStatus: 'Active' });
		const [{ body } = { body: {} }] = await apiRequests('POST');
		expect(body).toHaveProperty('EndTime');
		expect(body).not.toHaveProperty('RecurrenceCount');
	});

	it('refuses an update without fields, and of a report that is not there', async () => {
		const update = {
			resource: 'scheduledReport',
			operation: 'update',
			reportId: byId('00000000-0000-4000-8000-000000000000'),
		};
		expect((await fail({ ...update, updateFields: {} })).message).toMatch(
			/'Update Fields' is empty/,
		);
		expect(await fail({ ...update, updateFields: { format: 'CSV' } })).toMatchObject({
			httpCode: '404',
		});
		expect(await apiRequests('PUT')).toEqual([]);
	});

	it('takes a DELETE whose answer was lost for done', async () => {
		const [report] = await bench.sandbox.reports('mpn');
		await bench.sandbox.addFault({ kind: 'resetAfterHandling', match: { method: 'DELETE' } });
		const deleted = await succeed({
			resource: 'scheduledReport',
			operation: 'delete',
			reportId: byId(report?.reportId ?? ''),
		});
		expect(deleted).toEqual([{ ReportId: report?.reportId, deleted: true }]);
		expect((await apiRequests('DELETE')).map(({ status }) => status)).toEqual([null, 404]);
	});

	describe('the check of a query', () => {
		const test = { resource: 'reportQuery', operation: 'test' };

		it.each([
			[
				'SELECT CustomerNmae FROM CustomersAndTenants',
				"Column 'CustomerNmae' is not in CustomersAndTenants. Did you mean 'CustomerName'? (line 1, column 8)",
			],
			['SELECT * FROM AzureUsage', '*'],
			['SELECT CustomerName FROM AzureUsge', "Did you mean 'AzureUsage'?"],
			['SELECT CustomerName FROM AzureUsage TIMESPAN LIFETIME', 'LIFETIME'],
			['SELECT CustomerName FROM AzureUsage TIMESPAN LAST_MONTH LIMIT 5', 'LIMIT'],
		])('refuses %s before it is sent', async (query, part) => {
			const error = await fail({ ...test, query });
			expect(error.name).toBe('NodeOperationError');
			expect(error.message).toMatch(/^'Query': /);
			expect(error.message).toContain(part);
			expect(error.description).toContain("'Check Query'");
			expect((await apiRequests()).every(({ path }) => path.endsWith('/ScheduledDataset'))).toBe(
				true,
			);
		});

		it('can be switched off: then the service decides', async () => {
			await bench.undisturbed();
			const query = 'SELECT CustomerNmae FROM CustomersAndTenants';
			const error = await fail({ ...test, query, options: { checkQuery: false } });
			expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '400' });
			expect((await apiRequests()).map(({ path }) => path)).toEqual([
				'/insights/v1/mpn/ScheduledQueries/testQueryResult',
			]);
		});

		it('does without the catalogue when that cannot be read', async () => {
			await bench.sandbox.addFault({
				kind: 'status',
				status: 403,
				times: 0,
				match: { path: 'ScheduledDataset' },
			});
			const rows = await succeed({
				...test,
				query: 'SELECT CustomerName FROM AzureUsage TIMESPAN LAST_MONTH',
			});
			expect(rows.length).toBeGreaterThan(0);
		});

		it('reads the catalogue once for many items', async () => {
			await bench.undisturbed();
			const query = 'SELECT CustomerName FROM AzureUsage TIMESPAN LAST_MONTH';
			const result = await run({ ...test, query }, [{}, {}, {}]);
			expect(result.items(NODE).length).toBeGreaterThan(2);
			const catalogue = (await apiRequests()).filter(({ path }) => path.endsWith('Dataset'));
			expect(catalogue).toHaveLength(1);
		});

		it.each([['Sales (EMEA)'], ['a-b'], ['50%']])('refuses the name %s', async (name) => {
			const error = await fail({
				resource: 'reportQuery',
				operation: 'create',
				name,
				query: 'SELECT CustomerName FROM AzureUsage',
			});
			expect(error.message).toMatch(/'Name' may only have letters, digits and spaces/);
			expect(await apiRequests('POST')).toEqual([]);
		});
	});

	it('prints the query that the builder describes', async () => {
		const [created] = await succeed({
			resource: 'reportQuery',
			operation: 'create',
			name: 'Built',
			source: 'builder',
			datasetName: { __rl: true, mode: 'list', value: 'CustomersAndTenants' },
			columns: ['CustomerName', 'CustomerMarket'],
			metrics: ['BilledRevenueUSD'],
			conditions: {
				condition: [
					{ name: 'CustomerMarket', operator: 'in', value: "Germany, Cote d'Ivoire" },
					{ name: 'BilledRevenueUSD', operator: 'greaterThan', value: '100' },
				],
			},
			orderBy: { column: [{ name: 'BilledRevenueUSD', direction: 'DESC' }] },
			queryLimit: 10,
			timespan: 'LAST_3_MONTHS',
		});
		expect(created?.Query).toBe(
			"SELECT CustomerName, CustomerMarket, BilledRevenueUSD FROM CustomersAndTenants WHERE CustomerMarket IN ('Germany', 'Cote d''Ivoire') AND BilledRevenueUSD > '100' ORDER BY BilledRevenueUSD DESC LIMIT 10 TIMESPAN LAST_3_MONTHS",
		);
	});

	it('gives a query test more time than the service takes to stop it', async () => {
		const slow = {
			kind: 'slowBody',
			durationMs: 300,
			match: { path: 'testQueryResult' },
		} as const;
		await bench.sandbox.addFault(slow);
		const query = 'SELECT CustomerName FROM AzureUsage';
		expect(
			(await succeed({ resource: 'reportQuery', operation: 'test', query })).length,
		).toBeGreaterThan(0);
		await bench.sandbox.addFault({ kind: 'hang', times: 0, match: { path: 'testQueryResult' } });
		const error = await fail({
			resource: 'reportQuery',
			operation: 'test',
			query,
			options: { timeoutSeconds: 1, maxRetries: 0 },
		});
		expect(error.message).toMatch(/did not answer in time/);
	});
});
