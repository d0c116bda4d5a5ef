import type { INodeProperties } from 'n8n-workflow';

const locator = (
	name: string,
	displayName: string,
	searchListMethod: string,
	example: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: `Select a ${displayName.toLowerCase()}...`,
			typeOptions: { searchListMethod, searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: `e.g. ${example}` },
	],
});

/** A scheduled report, picked from the list or given by its ID. */
export const reportId = locator(
	'reportId',
	'Report',
	'searchReports',
	'6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11',
	'The scheduled report',
);

/** A saved query: one of the user's own, or one of the system's. */
export const queryId = locator(
	'queryId',
	'Query',
	'searchQueries',
	'd1a4d75e-5ca8-4847-845f-ee0a9be6f07b',
	'The saved query: your own, or one that Partner Center provides',
);

/** A dataset, picked from the list or given by its name. */
export const datasetName = locator(
	'datasetName',
	'Dataset',
	'searchDatasets',
	'CustomersAndTenants',
	'The dataset. Which ones there are depends on the account.',
);
