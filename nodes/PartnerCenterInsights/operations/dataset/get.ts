import { datasetName } from '../../parameters/locators';
import { asOutput, type Operation } from '../operation';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get dataset',
	description: 'Read what a dataset offers: columns, metrics, date ranges, shortest interval',
	parameters: [datasetName],
	run: async ({ client, parameters }) =>
		asOutput(await client.datasets.get(parameters.datasetName())),
};
