import type { ReportBody } from './reports';
import type { InsightsRecord } from '../records';

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
 * A report as it is sent to be changed in some fields: the service may forget whatever is not sent.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-update-report
 */
export const updatedBody = (report: InsightsRecord, changes: ReportBody): ReportBody => ({
	...Object.fromEntries(
		UPDATABLE.filter((key) => report[key] !== undefined).map((key) => [key, report[key]]),
	),
	...changes,
});
