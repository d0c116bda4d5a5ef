import type { ReportBody } from './reports';
import { type InsightsRecord, type JsonValue, number } from '../records';
import { endsTooEarly, FIRST_TIME, readServiceTime, toServiceTime } from '../serviceTime';

/** What an update can change. */
const UPDATABLE = [
	'ReportName',
	'Description',
	'StartTime',
	'RecurrenceInterval',
	'RecurrenceCount',
	'Format',
	'CallbackUrl',
	'CallbackMethod',
	'EndTime',
] as const;

/**
 * How a report is kept from running for ever, as it is sent back. On cmp v1.1 a record's
 * `RecurrenceCount` is what is left of `TotalRecurrenceCount`, and its `EndTime` follows from that: sent
 * back as they are, they would shorten the report with every change.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/analytics-get-started
 */
function extentOf(report: InsightsRecord, changes: ReportBody): ReportBody {
	// No count is what a report has whose end is given in its place.
	if (changes.RecurrenceCount === null && changes.EndTime) {
		return { RecurrenceCount: undefined, EndTime: changes.EndTime };
	}
	const total = number(report.TotalRecurrenceCount);
	if (!(total > 0)) return {};
	const end = changes.EndTime ?? undefined;
	return {
		RecurrenceCount:
			changes.RecurrenceCount === undefined && end === undefined ? total : changes.RecurrenceCount,
		EndTime: end,
	};
}

const TIMES: ReadonlySet<string> = new Set(['StartTime', 'EndTime']);

/** A time of a record in the only form that the service takes; it was seen to write others, too. */
function asSent(time: JsonValue): JsonValue {
	const ms = readServiceTime(time);
	return ms === undefined ? time : toServiceTime(ms);
}

/** The year 1 is what a service of .NET writes where there is no time. */
const isNoTime = (key: string, value: JsonValue): boolean =>
	TIMES.has(key) && (readServiceTime(value) ?? Infinity) < FIRST_TIME;

const given = (body: ReportBody): ReportBody =>
	Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));

/**
 * A report as it is sent to be changed in some fields: the service may forget whatever is not sent.
 * Changes that are undefined are none.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-update-report
 */
export function updatedBody(report: InsightsRecord, changes: ReportBody): ReportBody {
	const kept = Object.fromEntries(
		UPDATABLE.filter((key) => report[key] !== undefined && !isNoTime(key, report[key])).map(
			(key) => [key, TIMES.has(key) ? asSent(report[key]) : report[key]],
		),
	);
	return given({ ...kept, ...given(changes), ...extentOf(report, changes) });
}

/** Whether a report would end before it starts; false where one of both is not known. */
export const endsBeforeStart = ({ StartTime: start, EndTime: end }: ReportBody): boolean =>
	endsTooEarly(start, end);
