import { InputError } from '../insights/errors';
import { toServiceTime } from '../insights/serviceTime';
import { type Entry, type Field, mapped } from './field';
import { date, type DateProperty, optional, ZONE } from './kinds';

/** The time that the data of a query is of, in the service's form. */
export interface Span {
	start: string | undefined;
	end: string | undefined;
}

/**
 * Refuses an end that does not lie after the start. Both are in the service's form.
 *
 * @throws InputError
 */
export function endAfter(end: string, start: string | undefined, displayName: string): void {
	if (start === undefined || end > start) return;
	throw new InputError(
		`'${displayName}' must be later than the start, but is ${end}`,
		`The start is ${start}.`,
	);
}

type TimeField = Entry<string | undefined>;

const span = (start: TimeField, end: TimeField): Field<Span> => ({
	properties: [start.property, end.property],
	read: (values) => {
		const from = start.read(values);
		const to = end.read(values);
		if (to !== undefined) endAfter(to, from, end.property.displayName);
		return { start: from, end: to };
	},
});

const time = (property: DateProperty): TimeField => optional(mapped(date(property), toServiceTime));

/** Of a run. */
export const querySpan = span(
	time({
		displayName: 'Query Start Time',
		name: 'queryStartTime',
		type: 'dateTime',
		default: '',
		description: `Start of the data, in place of the query's TIMESPAN. ${ZONE}.`,
		hint: "Empty: the query's own time span",
	}),
	time({
		displayName: 'Query End Time',
		name: 'queryEndTime',
		type: 'dateTime',
		default: '',
		description: `End of the data, in place of the query's TIMESPAN. ${ZONE}.`,
	}),
);

/** Of a test. */
export const testSpan = span(
	time({
		displayName: 'Query Start Time',
		name: 'startTime',
		type: 'dateTime',
		default: '',
		description: `Start of the data, in place of the query's TIMESPAN. ${ZONE}.`,
		hint: "Empty: the query's own time span",
	}),
	time({
		displayName: 'Query End Time',
		name: 'endTime',
		type: 'dateTime',
		default: '',
		description: `End of the data, in place of the query's TIMESPAN. ${ZONE}.`,
	}),
);
