import { InputError } from '../insights/errors';
import { endsTooEarly, toServiceTime } from '../insights/serviceTime';
import { type Entry, type Field, mapped, named } from './field';
import { date, type DateProperty, optional, ZONE } from './kinds';

/** The time that the data of a query is of, in the service's form. */
export interface Span {
	start: string | undefined;
	end: string | undefined;
}

/**
 * Refuses an end that does not lie after the start. Both are in the service's form, where they are given.
 *
 * @param field of the end
 *
 * @throws InputError
 */
export function endAfter(
	end: string | undefined,
	start: string | undefined,
	field: Entry<unknown>,
): void {
	if (end === undefined || start === undefined || !endsTooEarly(start, end)) return;
	throw new InputError(
		`${named(field)} must be later than the start, but is ${end}`,
		`The start is ${start}.`,
	);
}

type TimeField = Entry<string | undefined>;

/** A span, with the field of its end for messages that name it. */
interface SpanField extends Field<Span> {
	readonly end: TimeField;
}

const span = (start: TimeField, end: TimeField): SpanField => ({
	end,
	properties: [start.property, end.property],
	read: (values) => {
		const from = start.read(values);
		const to = end.read(values);
		endAfter(to, from, end);
		return { start: from, end: to };
	},
});

const time = (property: DateProperty): TimeField => optional(mapped(date(property), toServiceTime));

const startTime = (name: string): TimeField =>
	time({
		displayName: 'Query Start Time',
		name,
		type: 'dateTime',
		default: '',
		description: `Start of the data, in place of the query's TIMESPAN. ${ZONE}.`,
		hint: "Empty: the query's own time span",
	});

const endTime = (name: string): TimeField =>
	time({
		displayName: 'Query End Time',
		name,
		type: 'dateTime',
		default: '',
		description: `End of the data, in place of the query's TIMESPAN. ${ZONE}.`,
	});

/** Of a run. */
export const querySpan = span(startTime('queryStartTime'), endTime('queryEndTime'));

/** Of a test. */
export const testSpan = span(startTime('startTime'), endTime('endTime'));
