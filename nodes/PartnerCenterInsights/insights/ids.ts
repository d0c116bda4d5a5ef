import { text } from './records';
import { trimmed } from './sameText';

declare const kind: unique symbol;

/** A text that has been seen to be an identifier of one kind; one of another kind does not fit. */
type Identifier<Kind extends string> = string & { readonly [kind]: Kind };

/** A scheduled report's ID: a GUID, in lower case. */
export type ReportId = Identifier<'report'>;
/** The ID of one run of a report: a GUID, in lower case. */
export type ExecutionId = Identifier<'execution'>;
/** A saved query's ID: a GUID, but for some of the service's own. */
export type QueryId = Identifier<'query'>;
/** A dataset's name, by which it goes. */
export type DatasetName = Identifier<'dataset'>;

/** What the ID of a report, an execution, a tenant or an app looks like. */
export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const GUID_LENGTH = 36;
/**
 * Wider than a GUID: one of the service's own query IDs contains letters beyond f. Still without spaces,
 * slashes and the like, by which a name is told that stands in the place of an ID.
 */
export const QUERY_ID = /^\w[\w.:~-]{0,127}$/;
export const DATASET_NAME = /^\w{1,128}$/;

type Reader<Id> = (text: string) => Id | undefined;

const read =
	(form: RegExp, normal: (text: string) => string = (text) => text): Reader<string> =>
	(text) => {
		const id = trimmed(text);
		return form.test(id) ? normal(id) : undefined;
	};

const lowerCase = (text: string): string => text.toLowerCase();

/** The text as a report's ID, or undefined when it is none. */
export const asReportId = read(GUID, lowerCase) as Reader<ReportId>;
/** The text as an execution's ID, or undefined when it is none. */
export const asExecutionId = read(GUID, lowerCase) as Reader<ExecutionId>;
/** The text as a query's ID, or undefined when it is none. */
export const asQueryId = read(QUERY_ID) as Reader<QueryId>;
/** The text as a dataset's name, or undefined when it is none. */
export const asDatasetName = read(DATASET_NAME) as Reader<DatasetName>;

type GivenReader<Id> = (value: unknown) => Id | undefined;

/** The ID that stands in a record, whatever its form: that is the service's own affair. */
export function givenId(value: unknown): string | undefined {
	const id = typeof value === 'number' ? String(value) : text(value);
	return id === '' ? undefined : id;
}

/** The report's ID that stands in a record; undefined where none does. */
export const givenReportId = givenId as GivenReader<ReportId>;
/** The execution's ID that stands in a record; undefined where none does. */
export const givenExecutionId = givenId as GivenReader<ExecutionId>;
/** The query's ID that stands in a record; undefined where none does. */
export const givenQueryId = givenId as GivenReader<QueryId>;
/** The dataset's name that stands in a record; undefined where none does. */
export const givenDatasetName = givenId as GivenReader<DatasetName>;
