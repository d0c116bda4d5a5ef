import { asDatasetName, DATASET_NAME, givenDatasetName } from '../insights/ids';
import { locator } from './kinds';

/** A dataset, picked from the list or given by its name. */
export const datasetName = locator(
	{
		displayName: 'Dataset',
		name: 'datasetName',
		type: 'resourceLocator',
		default: { __rl: true, mode: 'list', value: '' },
		required: true,
		description: 'The dataset. Which ones there are depends on the account.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a dataset...',
				typeOptions: { searchListMethod: 'searchDatasets', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. CustomersAndTenants',
			},
		],
	},
	{
		noun: 'a dataset name',
		form: DATASET_NAME,
		strange: Array.from(' .,;:-/\\\'"()[]{}&%$#@!?*+='),
		read: asDatasetName,
		readListed: givenDatasetName,
		advice: 'A name is made of letters, digits and underscores, e.g. CustomersAndTenants.',
	},
);
