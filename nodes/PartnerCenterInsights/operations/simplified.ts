import type { DocumentedKey, InsightsRecord } from '../insights/records';

/** What stays of a report: ID, name, state, schedule and times. */
const OF_REPORT: readonly DocumentedKey[] = [
	'ReportId',
	'ReportName',
	'ReportStatus',
	'StartTime',
	'EndTime',
	'RecurrenceInterval',
	'RecurrenceCount',
	'NextExecutionStartTime',
	'CreatedTime',
	'ModifiedTime',
];

/** What stays of an execution: the same. Its link is a secret, and is wanted for the download alone. */
const OF_EXECUTION: readonly DocumentedKey[] = [
	'ExecutionId',
	'ReportId',
	'ReportName',
	'ExecutionStatus',
	'EndTime',
	'RecurrenceInterval',
	'RecurrenceCount',
	'NextExecutionStartTime',
	'ReportGeneratedTime',
	'ReportExpiryTime',
];

const keeping =
	(keys: readonly DocumentedKey[]) =>
	(record: InsightsRecord): InsightsRecord =>
		Object.fromEntries(keys.filter((key) => key in record).map((key) => [key, record[key]]));

/** A report in at most ten flat fields, in the same order for each. */
export const simplifiedReport = keeping(OF_REPORT);
/** An execution in at most ten flat fields, in the same order for each. */
export const simplifiedExecution = keeping(OF_EXECUTION);
