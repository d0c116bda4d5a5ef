import { type Circumstances, type Entry, mapped, named } from '../../fields/field';
import { date, filledIn, number, oneOf, quote, text, ZONE } from '../../fields/kinds';
import { HOUR } from '../../insights/clock';
import { InputError } from '../../insights/errors';
import { PROGRAM_NAMES } from '../../insights/program';
import { clockTime, LEAD_HOURS, toServiceTime } from '../../insights/serviceTime';

const LONGEST_TEXT = 256;

/** @see https://learn.microsoft.com/en-us/partner-center/insights/analytics-faq */
function shortText(given: string, displayName: string): string {
	if (given.length <= LONGEST_TEXT) return given;
	throw new InputError(
		`'${displayName}' has ${given.length} characters, and the service takes at most ${LONGEST_TEXT}`,
		`Shorten it, e.g. to ${quote(given.slice(0, 40).trim())}.`,
	);
}

/** What a file's name cannot hold, half a character among it: the name becomes part of it. */
const CONTROL_CHARACTERS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/u;

/** @see https://learn.microsoft.com/en-us/partner-center/insights/analytics-faq */
function nameOfReport(given: string, displayName: string): string {
	if (CONTROL_CHARACTERS.test(given)) {
		throw new InputError(
			`'${displayName}' contains a line break or another control character`,
			`Write e.g. ${quote(given.replace(new RegExp(CONTROL_CHARACTERS, 'gu'), ' '))}.`,
		);
	}
	if (given.includes(';')) {
		throw new InputError(
			`'${displayName}' contains a semicolon, which the service does not take`,
			`Write e.g. ${quote(given.replaceAll(';', ','))}.`,
		);
	}
	return shortText(filledIn(given, displayName), displayName);
}

const reportName = {
	displayName: 'Report Name',
	name: 'reportName',
	type: 'string',
	default: '',
	placeholder: 'e.g. CSP revenue daily',
	hint: `At most ${LONGEST_TEXT} characters, without semicolons`,
} as const;

export const nameOfNewReport = text(
	{ ...reportName, required: true, description: 'It becomes part of the file name' },
	nameOfReport,
);

export const changedName = text(reportName, nameOfReport);

export const description = text(
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		default: '',
		description: `What the report is for, at most ${LONGEST_TEXT} characters`,
	},
	shortText,
);

export const format = oneOf({
	displayName: 'Format',
	name: 'format',
	type: 'options',
	options: [
		{ name: 'CSV', value: 'CSV', description: 'Comma-separated values' },
		{ name: 'TSV', value: 'TSV', description: 'Tab-separated values' },
	],
	default: 'CSV',
	description: 'Format of the report files',
});

/** Stricter than what a browser makes an address of: no space within it, and two slashes. */
const WEB_ADDRESS = /^https?:\/\/\S+$/i;

/** An address that the service can call. */
function callbackAddress(given: string, displayName: string): string {
	const address = filledIn(given, displayName);
	if (WEB_ADDRESS.test(address) && URL.canParse(address)) return address;
	throw new InputError(
		`'${displayName}' is not a web address: ${quote(given)}`,
		'Use an address that Microsoft can reach from the internet, e.g. https://n8n.example.com/webhook/report-ready.',
	);
}

export const callbackUrl = text(
	{
		displayName: 'Callback URL',
		name: 'callbackUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://n8n.example.com/webhook/ready',
		description:
			'Address that the service calls when a run is completed. Microsoft must be able to reach it from the internet.',
	},
	callbackAddress,
);

export const callbackMethod = oneOf({
	displayName: 'Callback Method',
	name: 'callbackMethod',
	type: 'options',
	options: [
		{
			name: 'GET',
			value: 'GET',
			description:
				"The report ID comes as the query parameter reportId. For n8n's Webhook and Wait nodes.",
		},
		{
			name: 'POST',
			value: 'POST',
			description:
				"The report ID is appended to the path: n8n's nodes answer 404, but for a Webhook whose path ends in /:reportId",
		},
	],
	default: 'POST',
	description: 'How the service calls the callback URL',
});

export const endTime = mapped(
	date({
		displayName: 'End Time',
		name: 'endTime',
		type: 'dateTime',
		default: '',
		description: `When the report stops running. ${ZONE}.`,
		hint: `For recurring reports; documented for ${PROGRAM_NAMES.cmp} only`,
	}),
	toServiceTime,
);

/** Hours between two runs. */
const INTERVAL = { minValue: 4, maxValue: 2160 };

export const recurrenceInterval = number(
	{
		displayName: 'Recurrence Interval (Hours)',
		name: 'recurrenceInterval',
		type: 'number',
		typeOptions: { ...INTERVAL, numberPrecision: 0 },
		default: 24,
		description:
			'Time between two runs. What a dataset wants at least is its MinimumRecurrenceInterval, and stands beside its name where datasets are picked.',
		hint: `From ${INTERVAL.minValue} to ${INTERVAL.maxValue}. Some datasets want more than ${INTERVAL.minValue}.`,
	},
	'hours',
);

const count = {
	displayName: 'Recurrence Count',
	name: 'recurrenceCount',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description: 'How many times the report runs',
	hint: `0: no end; ${PROGRAM_NAMES.cmp} wants an ${endTime.property.displayName}`,
} as const;

/** How often a report runs; null for no such end. */
const countOf = (property: Parameters<typeof number>[0]): Entry<number | null> =>
	mapped(number(property), (runs) => (runs === 0 ? null : runs));

/** None at first: another one would be sent beside an end time, which takes its place. */
export const recurrenceCount = countOf(count);

/** Half a year of daily runs at first. Who adds it wants a count, and cmp takes no other. */
export const changedCount = countOf({ ...count, default: 180 });

/** When a schedule begins: told apart from the start of the data, which is the query's. */
const startTime = {
	displayName: 'First Run',
	name: 'startTime',
	type: 'dateTime',
	default: '',
	description: `When the first run may begin. ${ZONE}.`,
	hint: `At least ${LEAD_HOURS} hours from now`,
} as const;

/** How the same time is told in the zone that n8n's date picker writes in; empty where that is UTC. */
function inZoneOfWorkflow(ms: number, timezone: string): string {
	const told = clockTime(ms, timezone);
	return told === clockTime(ms, 'UTC') ? '' : ` (${told} in ${timezone}, the zone of the workflow)`;
}

/** The start of a schedule in the service's form: far enough from now. */
function farEnough(start: number, { now, timezone }: Circumstances): string {
	const earliest = now + LEAD_HOURS * HOUR;
	if (start >= earliest) return toServiceTime(start);
	const proposal = earliest + 5 * 60_000;
	const minute = new Date(proposal).toISOString().slice(0, 16);
	throw new InputError(
		`'${startTime.displayName}' must be at least ${LEAD_HOURS} hours from now, but is ${toServiceTime(start)}`,
		`Use e.g. ${minute}:00Z${inZoneOfWorkflow(proposal, timezone)}, or {{ $now.plus({ hours: 5 }) }}.`,
	);
}

export const firstStart = mapped(
	date({ ...startTime, hint: `${startTime.hint}. Empty: as early as possible.` }),
	farEnough,
);

export const changedStart = mapped(date(startTime), farEnough);

/** cmp wants to know when a recurring report ends. */
export function refuseEndless(): never {
	throw new InputError(
		`${named(recurrenceCount)} must be at least 1 for ${PROGRAM_NAMES.cmp}, or ${named(endTime)} be set`,
		'The cmp program wants to know when the report ends, e.g. after 180 runs: half a year of daily ones.',
	);
}
