import { asReportId } from '../insights/ids';
import { type IdForm, locator } from './kinds';

export const REPORT_ID_FORM: IdForm<NonNullable<ReturnType<typeof asReportId>>> = {
	noun: 'a report ID',
	read: asReportId,
	advice: 'An ID has the form 6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11.',
};

/** A scheduled report, picked from the list or given by its ID. */
export const reportId = locator(
	{
		displayName: 'Report',
		name: 'reportId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: 'The scheduled report',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a report...',
				typeOptions: { searchListMethod: 'searchReports', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11',
			},
		],
	},
	REPORT_ID_FORM,
);
