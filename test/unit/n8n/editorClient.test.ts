import type { IHttpRequestOptions, ILoadOptionsFunctions } from 'n8n-workflow';
import { searchReports } from '../../../nodes/PartnerCenterInsights/n8n/listSearch';
import { getColumns } from '../../../nodes/PartnerCenterInsights/n8n/loadOptions';
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
});
