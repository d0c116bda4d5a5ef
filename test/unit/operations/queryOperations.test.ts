import type { InsightsClient } from '../../../nodes/PartnerCenterInsights/insights/client';
import type {
	ItemContext,
	Operation,
} from '../../../nodes/PartnerCenterInsights/operations/operation';
import { testQuery } from '../../../nodes/PartnerCenterInsights/operations/reportQuery/testQuery';
import { create } from '../../../nodes/PartnerCenterInsights/operations/scheduledReport/create';
import { valuesOf } from '../fields/values';

const QUERY = 'd1a4d75e-5ca8-4847-845f-ee0a9be6f07b';

/** Does an operation with these parameters against parts of a client. */
async function run(
	operation: Operation,
	parameters: Record<string, unknown>,
	client: { [Room in keyof InsightsClient]?: Partial<InsightsClient[Room]> },
) {
	const item: Partial<ItemContext> = {
		// The operations of this file use no more of it than what each test gives.
		client: client as InsightsClient,
		names: {
			queryIdOf: async (given) =>
				'id' in given ? given.id : await Promise.reject(new Error('named')),
			reportIdOf: async () => await Promise.reject(new Error('no report')),
		},
		hint: () => undefined,
	};
	return await operation.begin(valuesOf(parameters))(item as ItemContext);
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

describe('a new report', () => {
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
