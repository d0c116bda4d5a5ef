/**
 * A refusal by the Insights service itself: HTTP status and the text of `message`; `field` is that of
 * the request's body which did not pass.
 */
export class InsightsRefusal extends Error {
	constructor(
		readonly status: 400 | 403 | 404 | 500,
		message: string,
		readonly field?: string,
	) {
		super(message);
	}
}

export const noItemFound = 'No item found with given filters';

export const noExecutions =
	"There are no executions that have occurred for the given filter conditions. Please recheck the reportId or executionId and retry the API after the report's scheduled execution time";
