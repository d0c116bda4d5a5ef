import { rekeyed } from './rekeyed';
import { folded, sameText } from './sameText';

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
	'TotalRecurrenceCount',
	'NextExecutionStartTime',
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

/** What a person looks for, in the order in which a record begins with it: ID, name, state. */
const LEADING_KEYS: readonly DocumentedKey[] = [
	'ExecutionId',
	'ReportId',
	'ReportName',
	'ReportStatus',
	'ExecutionStatus',
];
/** A query's own; a report names its query too, but that is not what it is known by. */
const LEADING_KEYS_OF_QUERY: readonly DocumentedKey[] = ['QueryId', 'Name', 'Type'];
const LEADING_KEYS_OF_DATASET: readonly DocumentedKey[] = ['DatasetName'];

/** A record of the service under its documented keys; keys that are not documented keep theirs. */
export type InsightsRecord = Partial<Record<DocumentedKey, JsonValue>> & Record<string, JsonValue>;

/** A value of a record as trimmed text; empty when it is none. */
export const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** A value of a record as a number, also where it is written as text; NaN when it is none. */
export const number = (value: unknown): number =>
	typeof value === 'number' ? value : text(value) === '' ? NaN : Number(value);

/** Whether a value of a record says yes, also where it is written as text. */
export const isTrue = (value: unknown): boolean => value === true || sameText(value, 'true');

const leadingKeys = (record: InsightsRecord): readonly DocumentedKey[] => {
	if ('ReportId' in record) return LEADING_KEYS;
	return 'QueryId' in record ? LEADING_KEYS_OF_QUERY : LEADING_KEYS_OF_DATASET;
};

/** A record that begins with what it is known by; the rest follows in its order. */
export const leadingFirst = (record: InsightsRecord): InsightsRecord => ({
	...Object.fromEntries(
		leadingKeys(record)
			.filter((key) => key in record)
			.map((key) => [key, record[key]]),
	),
	...record,
});

/** Whether an element of an answer is a record at all. */
export const isRecord = (element: unknown): element is object =>
	typeof element === 'object' && element !== null && !Array.isArray(element);

/** An element of an answer as it is; one that is no object becomes `{ Value: element }`, because an n8n item is always one. */
export const asRecord = (element: unknown): InsightsRecord =>
	isRecord(element) ? { ...element } : { Value: element as JsonValue };

/**
 * Puts a record's own keys into their documented spelling and what it is known by to the front.
 * Values, and keys that the reference does not name, stay as they are.
 */
export function spellRecord(element: unknown): InsightsRecord {
	const spelled = rekeyed(
		asRecord(element),
		(key) => spelling.get(key.trim().toLowerCase()) ?? key,
	);
	return leadingFirst(Object.fromEntries(spelled));
}

const isMissing = (value: JsonValue): boolean =>
	(value ?? '') === '' || (typeof value === 'string' && folded(value) === '');

/**
 * Whether a record is of what has this ID, as far as it says: one without an ID is taken as it came. An ID
 * of whatever other form than that is another one.
 */
export const isOf =
	(key: DocumentedKey, id: string) =>
	({ [key]: own }: InsightsRecord): boolean =>
		isMissing(own) || sameText(own, id);
