import type { DateTime } from 'luxon';
import type { INodeProperties } from 'n8n-workflow';
import { InputError } from '../../insights/errors';
import type { Program } from '../../insights/program';
import { LEAD_HOURS, toServiceTime } from '../../insights/serviceTime';
import {
	callbackAddress,
	oneOf,
	reportText,
	requiredText,
	wholeNumber,
} from '../../parameters/values';

/** Shortest and longest time between two runs, in hours. */
export const SHORTEST_INTERVAL = 4;
export const LONGEST_INTERVAL = 2160;

export const START_DESCRIPTION = `When the first run may begin, at least ${LEAD_HOURS} hours from now. Without a time zone it is taken in the zone of the workflow.`;
export const START_DESCRIPTION_OPTIONAL = `${START_DESCRIPTION} Empty: as early as possible.`;

/** The fields that `create` and `update` share in their collections. */
export const descriptionField: INodeProperties = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	default: '',
	description: 'What the report is for, at most 256 characters',
};

export const formatField: INodeProperties = {
	displayName: 'Format',
	name: 'format',
	type: 'options',
	options: [
		{ name: 'CSV', value: 'CSV', description: 'Comma-separated values' },
		{ name: 'TSV', value: 'TSV', description: 'Tab-separated values' },
	],
	default: 'CSV',
	description: 'Format of the report files',
};

export const callbackUrlField: INodeProperties = {
	displayName: 'Callback URL',
	name: 'callbackUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://n8n.example.com/webhook/report-ready',
	description:
		'Address that the service calls when a run is completed. Microsoft must be able to reach it from the internet.',
};

export const callbackMethodField: INodeProperties = {
	displayName: 'Callback Method',
	name: 'callbackMethod',
	type: 'options',
	options: [
		{
			name: 'GET',
			value: 'GET',
			description: 'The report ID comes as the query parameter reportId',
		},
		{ name: 'POST', value: 'POST', description: 'The report ID is appended to the path' },
	],
	default: 'POST',
	description: 'How the service calls the callback URL',
};

export const endTimeField: INodeProperties = {
	displayName: 'End Time',
	name: 'endTime',
	type: 'dateTime',
	default: '',
	description: 'When the report stops running. Documented for Microsoft Marketplace (cmp) only.',
};

export const recurrenceIntervalField: INodeProperties = {
	displayName: 'Recurrence Interval',
	name: 'recurrenceInterval',
	type: 'number',
	typeOptions: { minValue: 4, maxValue: 2160, numberPrecision: 0 },
	default: 24,
	description:
		'Hours between two runs, from 4 to 2160. A dataset may want more: see its MinimumRecurrenceInterval.',
};

export const recurrenceCountField: INodeProperties = {
	displayName: 'Recurrence Count',
	name: 'recurrenceCount',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description:
		'How many times the report runs. 0 stands for no end, which Microsoft Marketplace (cmp) does not take.',
};

export const reportName = (value: unknown): string =>
	reportText(requiredText(value, 'Report Name'), 'Report Name');

/** Empty text is allowed: it clears the description. */
export const description = (value: unknown): string =>
	reportText(typeof value === 'string' ? value.trim() : '', 'Description');

export const format = (value: unknown): string => oneOf(value, 'Format', ['CSV', 'TSV']);

export const callbackUrl = (value: unknown): string => callbackAddress(value, 'Callback URL');

export const callbackMethod = (value: unknown): string =>
	oneOf(value, 'Callback Method', ['GET', 'POST']);

export const recurrenceInterval = (value: unknown): number =>
	wholeNumber(value, 'Recurrence Interval', {
		least: SHORTEST_INTERVAL,
		most: LONGEST_INTERVAL,
		unit: ' hours',
	});

/** Undefined for no end. */
export function recurrenceCount(value: unknown, program: Program): number | undefined {
	const count = wholeNumber(value ?? 0, 'Recurrence Count', { least: 0 });
	if (count === 0 && program === 'cmp') {
		throw new InputError(
			"'Recurrence Count' must be at least 1 for Microsoft Marketplace (cmp)",
			'The cmp program wants to know how often the report runs, e.g. 180 for half a year of daily runs.',
		);
	}
	return count === 0 ? undefined : count;
}

/**
 * The start of a schedule in the service's form.
 *
 * @param now ms since the epoch
 */
export function startTime(date: DateTime, now: number): string {
	const earliest = now + LEAD_HOURS * 3_600_000;
	if (date.toMillis() < earliest) {
		const proposal = new Date(earliest + 5 * 60_000).toISOString().slice(0, 16);
		throw new InputError(
			`'Start Time' must be at least ${LEAD_HOURS} hours from now, but is ${toServiceTime(date)}`,
			`Use e.g. ${proposal}:00Z, or {{ $now.plus({ hours: 5 }) }}.`,
		);
	}
	return toServiceTime(date);
}
