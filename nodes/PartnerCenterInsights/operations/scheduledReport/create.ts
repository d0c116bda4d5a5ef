import { DateTime } from 'luxon';
import { asDataset } from '../../insights/api/catalogue';
import type { InsightsClient, ReportBody } from '../../insights/client';
import { InputError } from '../../insights/errors';
import { parseQuery } from '../../insights/query';
import { text } from '../../insights/records';
import { DEFAULT_LEAD_MINUTES, toServiceTime } from '../../insights/serviceTime';
import { queryId } from '../../parameters/locators';
import type { ParameterReader } from '../../parameters/reader';
import { endOfSpan, isEmpty } from '../../parameters/values';
import { asOutput, type Operation } from '../operation';
import * as field from './reportFields';

/** At this interval and above no dataset's own minimum was ever seen to forbid it, in hours. */
const HARMLESS_INTERVAL = 24;

/**
 * Refuses an interval below the minimum of the query's dataset. What cannot be found out is left to
 * the service.
 */
async function checkDatasetInterval(
	client: InsightsClient,
	query: string,
	interval: number,
): Promise<void> {
	if (interval >= HARMLESS_INTERVAL) return;
	const dataset = await Promise.all([client.queries.get(query), client.datasets.catalogue()]).then(
		([[record], catalogue]) => {
			const parsed = parseQuery(text(record?.Query));
			const name = parsed.ok ? parsed.query.from.text.toLowerCase() : undefined;
			return catalogue.map(asDataset).find(({ DatasetName }) => DatasetName.toLowerCase() === name);
		},
		() => undefined,
	);
	const least = dataset?.MinimumRecurrenceInterval;
	if (dataset !== undefined && least !== undefined && interval < least) {
		throw new InputError(
			`'Recurrence Interval' must be at least ${least} hours for the dataset ${dataset.DatasetName}, but is ${interval}`,
			`Use ${least} or more.`,
		);
	}
}

function schedule(parameters: ParameterReader, now: number): ReportBody {
	if (parameters.get('schedule') === 'once') {
		const start = parameters.date('queryStartTime', 'Query Start Time');
		const end = parameters.date('queryEndTime', 'Query End Time');
		const queryStart = start && toServiceTime(start);
		return {
			ExecuteNow: true,
			QueryStartTime: queryStart,
			QueryEndTime: end && endOfSpan(end, queryStart, 'Query End Time'),
		};
	}
	const start =
		parameters.date('startTime', 'Start Time') ??
		DateTime.fromMillis(now).plus({ minutes: DEFAULT_LEAD_MINUTES });
	return {
		StartTime: field.startTime(start, now),
		RecurrenceInterval: field.recurrenceInterval(parameters.get('recurrenceInterval')),
		RecurrenceCount: field.recurrenceCount(parameters.get('recurrenceCount'), parameters.program()),
	};
}

function additions(parameters: ParameterReader, start: string | undefined): ReportBody {
	const fields = parameters.collection('additionalFields');
	const given = <T>(name: string, read: (value: unknown) => T): T | undefined =>
		isEmpty(fields[name]) ? undefined : read(fields[name]);
	return {
		Description: given('description', field.description),
		Format: given('format', field.format),
		CallbackUrl: given('callbackUrl', field.callbackUrl),
		CallbackMethod: given('callbackMethod', field.callbackMethod),
		EndTime: given('endTime', (value) =>
			endOfSpan(parameters.asDate(value, 'End Time'), start, 'End Time'),
		),
	};
}

const recurring = { show: { schedule: ['recurring'] } };
const once = { show: { schedule: ['once'] } };

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create scheduled report',
	description: 'Run a query on a schedule, or once and at once',
	parameters: [
		{
			displayName: 'Report Name',
			name: 'reportName',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. CSP revenue daily',
			description: 'At most 256 characters, without semicolons. It becomes part of the file name.',
		},
		queryId,
		{
			displayName: 'Schedule',
			name: 'schedule',
			type: 'options',
			options: [
				{ name: 'Once', value: 'once', description: 'One run, queued at once' },
				{ name: 'Recurring', value: 'recurring', description: 'A run every so many hours' },
			],
			default: 'recurring',
		},
		{
			displayName: 'Start Time',
			name: 'startTime',
			type: 'dateTime',
			displayOptions: recurring,
			default: '',
			description: field.START_DESCRIPTION_OPTIONAL,
		},
		{ ...field.recurrenceIntervalField, displayOptions: recurring },
		{ ...field.recurrenceCountField, displayOptions: recurring },
		{
			displayName: 'Query Start Time',
			name: 'queryStartTime',
			type: 'dateTime',
			displayOptions: once,
			default: '',
			description: "Start of the data, in place of the query's TIMESPAN",
		},
		{
			displayName: 'Query End Time',
			name: 'queryEndTime',
			type: 'dateTime',
			displayOptions: once,
			default: '',
			description: "End of the data, in place of the query's TIMESPAN",
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [
				field.callbackMethodField,
				field.callbackUrlField,
				field.descriptionField,
				field.endTimeField,
				field.formatField,
			],
		},
	],
	run: async ({ client, parameters }) => {
		const timing = schedule(parameters, Date.now());
		const body: ReportBody = {
			ReportName: field.reportName(parameters.get('reportName')),
			QueryId: parameters.queryId(),
			...timing,
			...additions(parameters, timing.StartTime),
		};
		if (timing.RecurrenceInterval !== undefined) {
			await checkDatasetInterval(client, parameters.queryId(), timing.RecurrenceInterval);
		}
		return asOutput(await client.reports.create(body));
	},
};
