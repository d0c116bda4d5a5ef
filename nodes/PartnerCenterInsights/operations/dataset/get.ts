import { datasetName } from '../../fields/dataset';
import { asOutput, operation } from '../operation';

export const get = operation({
	value: 'get',
	name: 'Get',
	action: 'Get dataset',
	description: 'Read what a dataset offers: columns, metrics, date ranges, shortest interval',
	fields: { dataset: datasetName },
	run: async ({ client }, { dataset }) => asOutput(await client.datasets.get(dataset)),
});
