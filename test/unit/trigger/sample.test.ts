import type { InsightsClient } from '../../../nodes/PartnerCenterInsights/insights/client';
import type { FailureKind } from '../../../nodes/PartnerCenterInsights/insights/errors';
import { sampleItems } from '../../../nodes/PartnerCenterInsights/trigger/polls/sample';
import { execution, guid, report } from './reports';
import { failure, patience } from './world';

const NOW = Date.UTC(2026, 0, 1);

/** What a test run shows whose file fails for this reason. */
async function shownAfter(kind: FailureKind) {
	const client = {
		reports: { list: async () => [report(1)] },
		executions: { latest: async () => [execution(1, NOW)] },
	} as unknown as InsightsClient;
	return await sampleItems(
		{
			client,
			scope: 'mpn account',
			now: () => NOW,
			storeFile: async () => await Promise.reject(failure(kind)),
			warn: () => undefined,
		},
		{
			credentialType: 'partnerCenterInsightsApi',
			program: 'mpn',
			event: 'executionCompleted',
			reportIds: undefined,
			fileField: 'data',
			useCallback: false,
		},
		patience(),
	);
}

describe('a test run whose file cannot be had', () => {
	it.each(['fileGone', 'tooLarge'] as const)(
		'shows the run as it would be emitted: %s',
		async (kind) => {
			expect(await shownAfter(kind)).toEqual([
				{
					json: expect.objectContaining({ ExecutionId: guid(2, 1), FileError: `It is ${kind}` }),
				},
			]);
		},
	);

	it('fails where a poll would try again', async () => {
		await expect(shownAfter('unreachable')).rejects.toThrow('It is unreachable');
	});
});
