import { asQueryId, givenQueryId, GUID_LENGTH, QUERY_ID } from '../insights/ids';
import { BY_NAME, reference } from './reference';

/** A saved query: one of the user's own, or one of the system's. */
export const queryId = reference(
	{
		displayName: 'Query',
		name: 'queryId',
		type: 'resourceLocator',
		// Without `__rl` n8n shows the hint of a mode only once something is picked.
		default: { __rl: true, mode: 'list', value: '' },
		required: true,
		description: 'The saved query: your own, or one that Partner Center provides',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a query...',
				hint: 'The search finds names, IDs and whose they are, e.g. "system"',
				typeOptions: { searchListMethod: 'searchQueries', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. d1a4d75e-5ca8-4847-845f-ee0a9be6f07b',
			},
			{
				displayName: BY_NAME,
				name: 'name',
				type: 'string',
				placeholder: 'e.g. Customers in Germany',
				hint: 'The whole name, in any case',
			},
		],
	},
	{
		noun: 'a query ID',
		form: QUERY_ID,
		length: GUID_LENGTH,
		read: asQueryId,
		// The service's own are not all GUIDs, and are passed on as they stand in its records.
		hasNumbers: true,
		readListed: givenQueryId,
		advice: `An ID has the form d1a4d75e-5ca8-4847-845f-ee0a9be6f07b. A query can also be picked 'From list', or given '${BY_NAME}'.`,
	},
);
