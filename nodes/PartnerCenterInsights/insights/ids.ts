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

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Wider than a GUID: one of the service's own query IDs contains letters beyond f. */
const QUERY_ID = /^[a-z0-9-]{1,64}$/i;
const DATASET_NAME = /^\w{1,128}$/;

const read =
	<Id extends string>(form: RegExp, normal: (text: string) => string = (text) => text) =>
	(text: string): Id | undefined => {
		const trimmed = text.trim();
		return form.test(trimmed) ? (normal(trimmed) as Id) : undefined;
	};

const lowerCase = (text: string): string => text.toLowerCase();

/** The text as a report's ID, or undefined when it is none. */
export const asReportId = read<ReportId>(GUID, lowerCase);
/** The text as an execution's ID, or undefined when it is none. */
export const asExecutionId = read<ExecutionId>(GUID, lowerCase);
/** The text as a query's ID, or undefined when it is none. */
export const asQueryId = read<QueryId>(QUERY_ID);
/** The text as a dataset's name, or undefined when it is none. */
export const asDatasetName = read<DatasetName>(DATASET_NAME);
