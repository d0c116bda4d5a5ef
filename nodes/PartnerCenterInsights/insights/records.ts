/**
 * Record keys as the reference pages spell them. The service answers in camelCase, its pages print
 * PascalCase; whichever comes, this is what goes out.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-analytics-get-report
 */
const DOCUMENTED_KEYS = [
	// dataset
	'DatasetName',
	'SelectableColumns',
	'AvailableMetrics',
	'AvailableDateRanges',
	'MinimumRecurrenceInterval',
	// query
	'QueryId',
	'Name',
	'Description',
	'Query',
	'Type',
	'User',
	'CreatedTime',
	'ModifiedTime',
	// report
	'ReportId',
	'ReportName',
	'ExecuteNow',
	'QueryStartTime',
	'QueryEndTime',
	'StartTime',
	'EndTime',
	'ReportStatus',
	'RecurrenceInterval',
	'RecurrenceCount',
	'CallbackUrl',
	'CallbackMethod',
	'Format',
	'IsPublicInOrg',
	// execution
	'ExecutionId',
	'ExecutionStatus',
	'ReportLocation',
	'ReportAccessSecureLink',
	'ReportExpiryTime',
	'ReportGeneratedTime',
] as const;

export type DocumentedKey = (typeof DOCUMENTED_KEYS)[number];

const spelling = new Map<string, string>(DOCUMENTED_KEYS.map((key) => [key.toLowerCase(), key]));

/** A value as an answer carries it. */
export type JsonValue = string | number | boolean | object | null | undefined;

/** A record of the service under its documented keys; keys that are not documented keep theirs. */
export type InsightsRecord = Partial<Record<DocumentedKey, JsonValue>> & Record<string, JsonValue>;

/** A value of a record as trimmed text; empty when it is none. */
export const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/**
 * Puts a record's own keys into their documented spelling. Values, and keys that the reference does
 * not name, stay as they are. An element that is no object becomes `{ Value: element }`, because an
 * n8n item is always one.
 */
export function spellRecord(element: unknown): InsightsRecord {
	if (typeof element !== 'object' || element === null || Array.isArray(element)) {
		return { Value: element as JsonValue };
	}
	return Object.fromEntries(
		Object.entries(element).map(([key, value]) => [
			spelling.get(key.trim().toLowerCase()) ?? key,
			value as JsonValue,
		]),
	);
}
