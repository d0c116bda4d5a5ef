import type { IDataObject } from 'n8n-workflow';
import type { ReportBody } from '../../insights/client';
import { InputError, InsightsError } from '../../insights/errors';
import { updatedBody } from '../../insights/api/reportUpdate';
import { reportId } from '../../parameters/locators';
import type { ParameterReader } from '../../parameters/reader';
import { endOfSpan, isEmpty } from '../../parameters/values';
import { asOutput, type Operation } from '../operation';
import * as field from './reportFields';

/** The fields that the user named, in the service's form. */
function changes(parameters: ParameterReader, fields: IDataObject): ReportBody {
	const now = Date.now();
	const named = <T>(name: string, read: (value: unknown) => T): T | undefined =>
		name in fields ? read(fields[name]) : undefined;
	const start = named('startTime', (value) =>
		field.startTime(parameters.asDate(value, 'Start Time'), now),
	);
	const changed: ReportBody = {
		ReportName: named('reportName', field.reportName),
		Description: named('description', field.description),
		StartTime: start,
		RecurrenceInterval: named('recurrenceInterval', field.recurrenceInterval),
		RecurrenceCount: named(
			'recurrenceCount',
			(value) => field.recurrenceCount(value, parameters.program()) ?? null,
		),
		Format: named('format', field.format),
		// An address is cleared by emptying the field.
		CallbackUrl: named('callbackUrl', (value) =>
			isEmpty(value) ? null : field.callbackUrl(value),
		),
		CallbackMethod: named('callbackMethod', field.callbackMethod),
		EndTime: named('endTime', (value) =>
			endOfSpan(parameters.asDate(value, 'End Time'), start, 'End Time'),
		),
	};
	return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
}

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update scheduled report',
	description: 'Change a report; fields that are not named keep their value',
	parameters: [
		reportId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [
				field.callbackMethodField,
				field.callbackUrlField,
				field.descriptionField,
				field.endTimeField,
				field.formatField,
				field.recurrenceCountField,
				field.recurrenceIntervalField,
				{
					displayName: 'Report Name',
					name: 'reportName',
					type: 'string',
					default: '',
					placeholder: 'e.g. CSP revenue daily',
					description: 'At most 256 characters, without semicolons',
				},
				{
					displayName: 'Start Time',
					name: 'startTime',
					type: 'dateTime',
					default: '',
					description: field.START_DESCRIPTION,
				},
			],
		},
	],
	run: async ({ client, parameters }) => {
		const id = parameters.reportId();
		const fields = parameters.collection('updateFields');
		if (Object.keys(fields).length === 0) {
			throw new InputError(
				"'Update Fields' is empty",
				'Add the fields that are to change; all others keep their value.',
			);
		}
		const changed = changes(parameters, fields);
		const [report] = await client.reports.get(id);
		if (report === undefined) {
			throw new InsightsError('No item found with given filters', {
				kind: 'notFound',
				advice: `There is no report with the ID ${id}. Check it, and whether 'Program' is the right one.`,
			});
		}
		return asOutput(await client.reports.update(id, updatedBody(report, changed)));
	},
};
