import { asReportId, GUID, GUID_LENGTH } from '../insights/ids';
import { BY_NAME, reference } from './reference';

/** A scheduled report, picked from the list, or given by its ID or its name. */
export const reportId = reference(
	{
		displayName: 'Report',
		name: 'reportId',
		type: 'resourceLocator',
		// Without `__rl` n8n shows the hint of a mode only once something is picked.
		default: { __rl: true, mode: 'list', value: '' },
		required: true,
		description: 'The scheduled report',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a report...',
				// n8n shows nothing of an entry but its name, and keeps that as the label.
				hint: 'The search finds names, IDs and states, e.g. "paused"',
				typeOptions: { searchListMethod: 'searchReports', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11',
			},
			{
				displayName: BY_NAME,
				name: 'name',
				type: 'string',
				placeholder: 'e.g. CSP revenue daily',
				hint: 'The whole name, in any case',
			},
		],
	},
	{
		noun: 'a report ID',
		form: GUID,
		length: GUID_LENGTH,
		read: asReportId,
		advice: `An ID has the form 6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11. A report can also be picked 'From list', or given '${BY_NAME}'.`,
	},
);
