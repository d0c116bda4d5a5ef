import { randomUUID } from 'node:crypto';

import { HOUR_MS, parseTime } from '../clock';
import type { Program, SandboxSettings } from '../protocol';
import type { Dataset } from './catalogue';
import { type Fields, missing } from './fields';
import { InsightsRefusal } from './refusal';

/** What a report's owner can set, checked and with the defaults filled in. */
export interface ReportDefinition {
	reportName: string;
	description: string | null;
	startTime: string | null;
	recurrenceInterval: number | null;
	recurrenceCount: number | null;
	format: string;
	callbackUrl: string | null;
	callbackMethod: string | null;
	endTime: string | null;
}

export interface RuleContext {
	program: Program;
	now: number;
	dataset: Dataset | undefined;
	settings: SandboxSettings;
	/** The report exists already: its StartTime then may be this one, although it has passed. */
	storedStartTime?: string;
}

const leadTimeMs = 4 * HOUR_MS;
const smallestInterval = 4;
const largestInterval = 2160;
const longestText = 256;

/** Reads and checks the fields of a recurring report, for creation or as a whole replacement. */
export function readRecurring(fields: Fields, context: RuleContext): ReportDefinition {
	const { program } = context;
	const isUpdate = context.storedStartTime !== undefined;
	if (isUpdate && program === 'cmp') {
		fields.requiredText('Format');
		if (!fields.has('CallbackUrl')) throw missing('CallbackUrl');
	}
	const definition = readCommon(fields, program);
	const startTime = fields.requiredText('StartTime');
	const start = checkTime('StartTime', startTime, program);
	if (startTime !== context.storedStartTime && start < context.now + leadTimeMs) {
		throw invalid(
			'StartTime',
			'Start time of report should at least be 4 hours from current UTC time',
		);
	}
	const endTime = program === 'cmp' ? fields.text('EndTime') : null;
	if (endTime !== null && checkTime('EndTime', endTime, program) <= start) {
		throw invalid('EndTime', 'EndTime should be greater than StartTime');
	}
	if (!isUpdate && fields.get('RecurrenceInterval') === null) throw missing('RecurrenceInterval');
	const recurrenceInterval = checkInterval(fields.integer('RecurrenceInterval'), context.dataset);
	// cmp v1.1 takes an end in place of a count
	const isEndless = endTime === null && fields.get('RecurrenceCount') === null;
	if (!isUpdate && program === 'cmp' && isEndless) throw missing('RecurrenceCount');
	const recurrenceCount = fields.integer('RecurrenceCount');
	if (recurrenceCount !== null && !(recurrenceCount > 0)) {
		throw invalid('RecurrenceCount', 'Recurrence count has to be a positive integer value');
	}
	if (program === 'cmp') {
		const countedHours = (recurrenceCount ?? 0) * recurrenceInterval;
		const endedHours = ((endTime === null ? undefined : parseTime(endTime)) ?? start) - start;
		checkLength(countedHours, endedHours / HOUR_MS, context.settings);
	}
	return { ...definition, startTime, endTime, recurrenceInterval, recurrenceCount };
}

/** How the real bound follows from the interval is not documented. An end of the year 9999 is none. */
function checkLength(
	countedHours: number,
	endedHours: number,
	{ longestScheduleHours: bound }: SandboxSettings,
): void {
	if (bound === null) return;
	if (countedHours > bound) {
		throw invalid('RecurrenceCount', 'Recurrence count exceeds the limit for this interval');
	}
	const endless = endedHours > 1000 * 365 * 24;
	if (endedHours > bound && !endless) {
		throw invalid('EndTime', 'EndTime exceeds the limit for this interval');
	}
}

/** Reads and checks the fields of a report that runs once, at once; the schedule is ignored. */
export function readExecuteNow(
	fields: Fields,
	program: Program,
): ReportDefinition & { queryStartTime: string | null; queryEndTime: string | null } {
	const definition = readCommon(fields, program);
	const queryStartTime = fields.text('QueryStartTime');
	const queryEndTime = fields.text('QueryEndTime');
	// the service fails over these two instead of refusing them
	for (const time of [queryStartTime, queryEndTime]) {
		if (time !== null && parseTime(time) === undefined) throw internalError();
	}
	return { ...definition, queryStartTime, queryEndTime };
}

/** An internal error in the service's words, with a fresh correlation ID. */
function internalError(): InsightsRefusal {
	return new InsightsRefusal(
		500,
		`Internal error encountered while creating report. Correlation ID ${randomUUID()}`,
	);
}

function readCommon(fields: Fields, program: Program): ReportDefinition {
	const reportName = fields.requiredText('ReportName');
	const description = fields.text('Description');
	if (reportName.includes(';')) throw invalid('ReportName', 'Invalid character (;) in ReportName');
	if (reportName.length > longestText || (description?.length ?? 0) > longestText) {
		throw invalid(
			'ReportName',
			'Limit ReportName and Description length to 256 characters or less',
		);
	}
	const callbackUrl = fields.text('CallbackUrl');
	if (callbackUrl !== null && !/^https?:\/\/[^\s/]/i.test(callbackUrl)) {
		throw invalid('CallbackUrl', 'CallbackUrl should be a valid http or https url');
	}
	return {
		reportName,
		description,
		startTime: null,
		recurrenceInterval: null,
		recurrenceCount: null,
		endTime: null,
		format:
			readChoice(fields, 'Format', ['csv', 'tsv'], program, 'Report format should be csv/tsv') ??
			'csv',
		callbackUrl,
		callbackMethod:
			readChoice(
				fields,
				'CallbackMethod',
				['GET', 'POST'],
				program,
				'CallbackMethod can only be GET or POST',
			) ?? (callbackUrl === null ? null : 'POST'),
	};
}

/** mpn knows these two as enums and says so; cmp has a message for each. */
function readChoice(
	fields: Fields,
	name: string,
	choices: string[],
	program: Program,
	refusal: string,
): string | null {
	const value = fields.text(name);
	if (value === null) return null;
	const choice = choices.find((known) => known.toLowerCase() === value.toLowerCase());
	if (choice) return choice;
	if (program === 'mpn' || value === 'string') {
		throw new InsightsRefusal(400, `Requested value '${value}' not found`, name);
	}
	throw invalid(name, refusal);
}

function checkTime(name: string, text: string, program: Program): number {
	const time = parseTime(text);
	if (time !== undefined) return time;
	if (program === 'mpn') throw internalError();
	throw invalid(name, `${name} should follow format yyyy-MM-ddTHH:mm:ssZ`);
}

/** Omitted: the shortest interval that the dataset allows. */
function checkInterval(interval: number | null, dataset: Dataset | undefined): number {
	const datasetMinimum = dataset?.minimumRecurrenceInterval ?? smallestInterval;
	if (interval === null) return Math.max(smallestInterval, datasetMinimum);
	if (!(interval >= smallestInterval && interval <= largestInterval)) {
		throw new InsightsRefusal(
			400,
			`Recurrence Interval must be between ${smallestInterval} and ${largestInterval}`,
			'RecurrenceInterval',
		);
	}
	if (interval < datasetMinimum) {
		throw new InsightsRefusal(
			400,
			`Recurrence Interval must be at least ${datasetMinimum} hours for dataset ${dataset?.datasetName}`,
			'RecurrenceInterval',
		);
	}
	return interval;
}

function invalid(field: string, reason: string): InsightsRefusal {
	return new InsightsRefusal(400, `Invalid report parameters for creation - ${reason}`, field);
}
