import type { DatasetName } from '../ids';
import { once } from '../once';
import type { InsightsRecord } from '../records';
import type { Caller, Wanted } from './call';

const subject = 'dataset';

/** Datasets: what queries can ask for. */
export function datasetsOf({ ofId, list }: Caller) {
	const listDatasets = async (wanted?: Wanted): Promise<InsightsRecord[]> =>
		await list({ path: 'ScheduledDataset', subject }, wanted);
	return {
		list: listDatasets,
		get: async (datasetName: DatasetName): Promise<InsightsRecord[]> =>
			await ofId(
				{
					method: 'GET',
					path: 'ScheduledDataset',
					query: { datasetName },
					subject,
					id: datasetName,
				},
				'DatasetName',
			),
		/** The datasets of the account, read once for all items. */
		catalogue: once(async () => await listDatasets()),
	};
}
