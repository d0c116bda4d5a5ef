import type { IHttpRequestOptions, ILoadOptionsFunctions } from 'n8n-workflow';
import {
	searchDatasets,
	searchQueries,
	searchReports,
} from '../../../nodes/PartnerCenterInsights/n8n/listSearch';
import {
	getColumns,
	getColumnsAndMetrics,
	getMetrics,
	getReports,
	getTimeSpans,
} from '../../../nodes/PartnerCenterInsights/n8n/loadOptions';
import { node } from '../node/node';

/** A node in the editor with these parameters, and a service that answers every request alike. */
function editor(parameters: Record<string, unknown>, ...value: unknown[]) {
	const paths: string[] = [];
	const context = {
		getNode: () => node,
		getTimezone: () => 'UTC',
		getNodeParameter: (name: string, fallback: unknown) =>
			name in parameters ? parameters[name] : fallback,
		getCredentials: async () => ({ environment: 'global', accessToken: 'a token' }),
		helpers: {
			httpRequestWithAuthentication: async (_type: string, { url }: IHttpRequestOptions) => {
				paths.push(url);
				return { statusCode: 200, headers: {}, body: JSON.stringify({ value }) };
			},
		},
	};
	// The lists use no more of n8n than this.
	return { context: context as unknown as ILoadOptionsFunctions, paths };
}

describe('a list in the editor', () => {
	it.each([
		[{}, '/insights/v1/mpn/ScheduledReport'],
		[{ program: 'cmp' }, '/insights/v1.1/cmp/ScheduledReport'],
		[{ program: ' CMP ' }, '/insights/v1.1/cmp/ScheduledReport'],
	])('is of the program that the node has: %j', async (parameters, path) => {
		const { context, paths } = editor(parameters);
		await searchReports.call(context);
		expect(paths).toEqual([path]);
	});

	it.each([undefined, '', 'csp'])('is refused where the program is %j', async (program) => {
		const { context, paths } = editor({ program });
		await expect(searchReports.call(context)).rejects.toThrow("'Program' must be mpn or cmp");
		expect(paths).toEqual([]);
	});

	it('says how to come to it where the program is an expression without a value yet', async () => {
		const { context, paths } = editor({ program: null });
		await expect(searchReports.call(context)).rejects.toThrow(
			"'Program' is an expression that has no value in the editor yet: execute the previous nodes",
		);
		expect(paths).toEqual([]);
	});

	it('of columns is of the dataset that is chosen, whatever else the service sends', async () => {
		const { context } = editor(
			{ datasetName: { mode: 'list', value: 'Orders' } },
			{ datasetName: 'Customers', selectableColumns: ['Market'] },
			{ datasetName: 'orders', selectableColumns: ['OrderId'] },
		);
		expect(await getColumns.call(context)).toEqual([{ name: 'OrderId', value: 'OrderId' }]);
	});

	const orders = {
		datasetName: 'Orders',
		selectableColumns: ['OrderId', 'Order (old)'],
		availableMetrics: ['Count', 'Sum(Price)'],
		availableDateRanges: ['LAST_MONTH', 'LAST_3_MONTHS'],
		minimumRecurrenceInterval: 4,
	};

	it.each([
		['columns', getColumns, ['OrderId']],
		['metrics', getMetrics, ['Count']],
		['columns and metrics', getColumnsAndMetrics, ['OrderId', 'Count']],
		['time spans', getTimeSpans, ['', 'LAST_MONTH', 'LAST_3_MONTHS']],
	])('of %s has those that a query can name', async (_what, list, values) => {
		const { context } = editor({ datasetName: 'Orders' }, orders);
		expect((await list.call(context)).map(({ value }) => value)).toEqual(values);
	});

	it.each([undefined, { mode: 'list', value: '' }])(
		'of what a dataset has is empty before one is chosen: %j',
		async (datasetName) => {
			const { context, paths } = editor({ datasetName }, orders);
			expect(await getColumnsAndMetrics.call(context)).toEqual([]);
			expect((await getTimeSpans.call(context)).map(({ value }) => value)).toEqual(['']);
			expect(paths).toEqual([]);
		},
	);

	it('names what it offers, by its ID where it has no name, and says what it is like', async () => {
		const report = { reportId: '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11', reportStatus: 'Paused' };
		expect(await getReports.call(editor({}, report).context)).toEqual([
			{ name: report.reportId, value: report.reportId, description: 'Paused' },
		]);
		const query = { queryId: 'system 1', name: 'Orders', type: 'system' };
		expect(await searchQueries.call(editor({}, query).context)).toEqual({
			results: [{ name: 'Orders', value: 'system 1', description: 'system' }],
		});
	});

	it('of datasets says what each is like, and finds it by its whole words', async () => {
		const { context } = editor({}, orders);
		const { results } = await searchDatasets.call(context, 'shortest');
		expect(results.map(({ name, value }) => [name, value])).toEqual([
			['Orders · 2 columns, interval ≥ 4 h', 'Orders'],
		]);
	});
});
