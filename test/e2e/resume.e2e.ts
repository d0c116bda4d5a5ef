import { itemsOf, runOf } from '../../sandbox/n8n/execution';
import { secretsIn, secretsLeftIn } from '../../sandbox/n8n/secrets';
import { startBench, type Bench } from './bench';
import { chain, insights, items, next } from './workflows';

describe('resuming scheduled reports in n8n', () => {
	let bench: Bench;
	let credentialId: string;
	let ids: string[];

	beforeAll(async () => {
		bench = await startBench();
		credentialId = await bench.credential();
	});
	afterAll(async () => {
		await bench.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset();
		ids = await bench.sandbox.seedReports('mpn', 5);
	});

	const idItems = (list: unknown[]) => items(list.map((id) => ({ id })));

	it('resumes what an expression names, over REST and with n8n execute', async () => {
		const workflowId = await bench.host.rest.createWorkflow(
			chain('Resume', idItems(ids), insights('resume', credentialId), next()),
		);
		const { data, status, stored } = await bench.host.rest.runWorkflow(workflowId);
		expect(status).toBe('success');
		expect(
			itemsOf(data, 'Next').map(({ json, pairedItem }) => [json.ReportId, pairedItem]),
		).toEqual(ids.map((id, item) => [id, { item }]));
		expect(itemsOf(data, 'Next')[0]?.json).toMatchObject({ ReportStatus: 'Active' });
		expect(secretsIn(stored)).toEqual([]);
		const states = new Map(
			(await bench.sandbox.reports('mpn')).map((report) => [report.reportId, report.reportStatus]),
		);
		expect(ids.map((id) => states.get(id))).toEqual(ids.map(() => 'Active'));

		const printed = await bench.execute(workflowId);
		expect(itemsOf(printed, 'Next').map(({ json }) => json.ReportId)).toEqual(ids);
		expect(secretsIn(JSON.stringify(printed))).toEqual([]);
		const changes = await bench.sandbox.journal({ method: 'PUT' });
		expect(changes.map(({ path }) => path).sort()).toEqual(
			[...ids, ...ids].map((id) => `/insights/v1/mpn/ScheduledReport/resume/${id}`).sort(),
		);
	});

	it.each(['camel', 'pascal'] as const)(
		'puts out many, one or no item for the elements of Value, in %s case',
		async (casing) => {
			await bench.sandbox.setOptions({ casing });
			const [many = '', one, none, last] = ids;
			const element = (report: string, extra: object) =>
				casing === 'camel'
					? { reportId: report, reportStatus: 'Active', ...extra }
					: { ReportId: report, ReportStatus: 'Active', ...extra };
			await bench.sandbox.addFault({
				kind: 'elements',
				match: { path: many },
				value: [element(many, { part: 1 }), element(many, { part: 2 }), element(many, { part: 3 })],
			});
			await bench.sandbox.addFault({ kind: 'emptyValue', match: { path: none ?? '' } });
			const { data, status } = await bench.run(
				chain(
					'Elements',
					idItems([many, one, none, last]),
					insights('resume', credentialId),
					next(),
				),
			);
			expect(status).toBe('success');
			const put = itemsOf(data, 'Next');
			expect(put.map(({ json, pairedItem }) => [json.ReportId, pairedItem])).toEqual([
				[many, { item: 0 }],
				[many, { item: 1 }],
				[many, { item: 2 }],
				[one, { item: 3 }],
				[last, { item: 4 }],
			]);
			expect(itemsOf(data, 'Insights').map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 0, 0, 1, 3].map((item) => ({ item })),
			);
			expect(put[1]?.json).toEqual({ ReportId: many, ReportStatus: 'Active', part: 2 });
		},
	);

	it('ends without items when Value is empty, and the next node does not run', async () => {
		await bench.sandbox.addFault({ kind: 'emptyValue' });
		const { data, status } = await bench.run(
			chain('Empty', idItems(ids.slice(0, 1)), insights('resume', credentialId), next()),
		);
		expect(status).toBe('success');
		expect(itemsOf(data, 'Insights')).toEqual([]);
		expect(Object.keys(data.resultData.runData)).not.toContain('Next');
	});

	it('lets later nodes reach back through the pairing', async () => {
		const { data } = await bench.run(
			chain(
				'Pairing',
				items(ids.map((id, number) => ({ id, number }))),
				insights('resume', credentialId),
				{
					name: 'Reach back',
					type: 'n8n-nodes-base.set',
					typeVersion: 3.4,
					parameters: {
						mode: 'raw',
						jsonOutput: '={{ { id: $json.ReportId, number: $("Items").item.json.number } }}',
					},
				},
			),
		);
		expect(itemsOf(data, 'Reach back').map(({ json }) => json)).toEqual(
			ids.map((id, number) => ({ id, number })),
		);
	});

	it('goes on after a failed item when the node continues on fail', async () => {
		const unknown = '00000000-0000-4000-8000-000000000000';
		const { data, status } = await bench.run(
			chain(
				'Continue',
				idItems([ids[0], unknown, '../pause/x', ids[1]]),
				insights('resume', credentialId, {}, { onError: 'continueRegularOutput' }),
				next(),
			),
		);
		expect(status).toBe('success');
		const put = itemsOf(data, 'Insights').map(({ json, pairedItem }) => ({ json, pairedItem }));
		expect(put).toEqual([
			{ json: expect.objectContaining({ ReportId: ids[0] }), pairedItem: { item: 0 } },
			{
				json: {
					error: expect.stringMatching(
						/^Scheduled report \S+ was not found: No item found with given filters$/,
					),
				},
				pairedItem: { item: 1 },
			},
			{ json: { error: expect.stringContaining("'Report'") }, pairedItem: { item: 2 } },
			{ json: expect.objectContaining({ ReportId: ids[1] }), pairedItem: { item: 3 } },
		]);
	});

	it('separates failed items when the node has an error output', async () => {
		const { data } = await bench.run(
			chain(
				'Error output',
				idItems([ids[0], 'x']),
				insights('resume', credentialId, {}, { onError: 'continueErrorOutput' }),
			),
		);
		expect(itemsOf(data, 'Insights', 0).map(({ json }) => json.ReportId)).toEqual([ids[0]]);
		expect(itemsOf(data, 'Insights', 1)).toHaveLength(1);
	});

	it("fails with the service's own words, the code and what to do", async () => {
		const { data, status } = await bench.run(
			chain(
				'Refused',
				idItems(['00000000-0000-4000-8000-000000000000']),
				insights('resume', credentialId),
			),
		);
		expect(status).toBe('error');
		expect(runOf(data, 'Insights').error).toMatchObject({
			name: 'NodeApiError',
			message: expect.stringMatching(
				/^Scheduled report \S+ was not found: No item found with given filters$/,
			),
			httpCode: '404',
			description: expect.stringMatching(/Correlation ID: [0-9a-f-]{36}/),
		});
	});

	it.each([
		['empty', '', /'Report' is empty/],
		['missing', undefined, /'Report' is empty/],
		['not a GUID', 'abc', /'Report' is not a report ID/],
		['another path', '../pause/x', /'Report' is not a report ID/],
	])('sends nothing for a report ID that is %s', async (_case, id, message) => {
		const { data, status } = await bench.run(
			chain('Bad ID', items([{ id }]), insights('resume', credentialId)),
		);
		expect(status).toBe('error');
		expect(runOf(data, 'Insights').error).toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringMatching(message),
			context: { itemIndex: 0 },
		});
		expect(await bench.sandbox.journal()).toEqual([]);
	});

	it('pauses, gets and lists', async () => {
		const { data, status } = await bench.run(
			chain(
				'Other operations',
				idItems(ids.slice(0, 2)),
				insights('resume', credentialId, {}, { name: 'Resume' }),
				insights(
					'pause',
					credentialId,
					{ reportId: { __rl: true, mode: 'id', value: '={{ $json.ReportId }}' } },
					{ name: 'Pause' },
				),
				insights(
					'get',
					credentialId,
					{ reportId: { __rl: true, mode: 'id', value: '={{ $json.ReportId }}' } },
					{ name: 'Get' },
				),
				insights('getAll', credentialId, { returnAll: true }, { name: 'List', executeOnce: true }),
			),
		);
		expect(status).toBe('success');
		expect(itemsOf(data, 'Pause').map(({ json }) => json.ReportStatus)).toEqual([
			'Paused',
			'Paused',
		]);
		expect(itemsOf(data, 'Get').map(({ json }) => json.ReportId)).toEqual(ids.slice(0, 2));
		expect(itemsOf(data, 'List')).toHaveLength((await bench.sandbox.reports('mpn')).length);
	});

	it('stops at once when the execution is stopped', async () => {
		await bench.sandbox.addFault({ kind: 'hang', times: 0 });
		const { rest } = bench.host;
		const executionId = await rest.startWorkflow(
			await rest.createWorkflow(
				chain('Stopped', idItems(ids), insights('resume', credentialId), next()),
			),
		);
		while ((await bench.sandbox.countRequests({ method: 'PUT' })) === 0);
		const begun = Date.now();
		await rest.stopExecution(executionId);
		const { status } = await rest.executionEnd(executionId);
		expect(status).toBe('canceled');
		expect(Date.now() - begun).toBeLessThan(5_000);
		const sent = await bench.sandbox.countRequests({ method: 'PUT' });
		await new Promise((resolve) => setTimeout(resolve, 1_500));
		expect(await bench.sandbox.countRequests({ method: 'PUT' })).toBe(sent);
	});

	it('lists the reports for the editor, with their state, whatever the case of the search', async () => {
		const question = {
			nodeType: 'n8n-nodes-partner-center-insights.partnerCenterInsights',
			methodName: 'searchReports',
			path: 'reportId',
			parameters: insights('resume', credentialId).parameters,
			credentials: { partnerCenterInsightsApi: { id: credentialId, name: 'Sandbox' } },
		};
		const { results } = await bench.host.rest.list({ ...question, filter: 'csp REVENUE' });
		expect(results).toEqual([
			{ name: 'CSP revenue daily', value: expect.any(String), description: 'Paused' },
		]);
		const all = await bench.host.rest.list(question);
		expect(all.results).toHaveLength((await bench.sandbox.reports('mpn')).length);
	});

	it('leaves no secret in the log or the database', async () => {
		const [id = ''] = ids;
		await bench.run(chain('Stored', idItems([id]), insights('resume', credentialId)));
		const database = await bench.host.database();
		expect(database.includes(id)).toBe(true);
		expect(await secretsLeftIn(bench.host)).toEqual({ log: [], database: [] });
	});
});
