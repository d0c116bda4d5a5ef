import { closestName, isQueryableName } from './names';
import type { Name, Query, QueryProblem } from './types';

/**
 * A dataset as the service's catalogue describes it.
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-analytics-api-get-dataset
 */
export interface Dataset {
	DatasetName: string;
	SelectableColumns: readonly string[];
	AvailableMetrics: readonly string[];
	/** TIMESPAN keywords. */
	AvailableDateRanges: readonly string[];
	/** Hours; only Partner Insights states it. */
	MinimumRecurrenceInterval?: number;
}

/**
 * Compares a query with the account's catalogue: dataset, columns and metrics in SELECT, WHERE and
 * ORDER BY, time span. Case does not count. A list that the catalogue leaves empty is not compared.
 *
 * @returns every finding, in order of position; an unknown dataset hides all others.
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-custom-query
 */
export function checkQuery(query: Query, catalogue: readonly Dataset[]): QueryProblem[] {
	const dataset = catalogue.find(({ DatasetName }) => isSame(DatasetName, query.from.text));
	if (!dataset) {
		const names = catalogue.map(({ DatasetName }) => DatasetName);
		const message = `Dataset '${query.from.text}' is not available to this account.`;
		return [problem(query.from, message + didYouMean(query.from.text, names))];
	}
	const used = [
		...query.names,
		...query.conditions.map(({ name }) => name),
		...query.orderBy.map(({ name }) => name),
	];
	return [
		...used.flatMap((name) => checkName(name, dataset)),
		...(query.timespan ? checkTimespan(query.timespan, dataset) : []),
	];
}

function checkName(name: Name, dataset: Dataset): QueryProblem[] {
	const known = [...dataset.SelectableColumns, ...dataset.AvailableMetrics];
	const queryable = known.filter(isQueryableName);
	if (queryable.some((candidate) => isSame(candidate, name.text))) return [];
	if (known.length === 0) return [];
	// RevenueGenerated(USD) cannot stand in a query, so people try RevenueGenerated.
	const rejected = known.find(
		(candidate) =>
			!isQueryableName(candidate) &&
			(isSame(candidate, name.text) || isSame(candidate.replace(/\(.*/s, ''), name.text)),
	);
	const message =
		rejected === undefined
			? `Column '${name.text}' is not in ${dataset.DatasetName}.${didYouMean(name.text, queryable)}`
			: `Column '${rejected}' of ${dataset.DatasetName} cannot be queried: the service accepts only letters, digits and underscores in names. Leave it out.`;
	return [problem(name, message)];
}

function checkTimespan(timespan: Name, dataset: Dataset): QueryProblem[] {
	const ranges = dataset.AvailableDateRanges;
	if (ranges.length === 0 || ranges.some((range) => isSame(range, timespan.text))) return [];
	const message = `Time span '${timespan.text}' is not available for ${dataset.DatasetName}. Use ${ranges.join(', ')}.`;
	return [problem(timespan, message)];
}

function didYouMean(name: string, candidates: readonly string[]): string {
	const meant = closestName(name, candidates);
	return meant === undefined ? '' : ` Did you mean '${meant}'?`;
}

function problem({ at }: Name, message: string): QueryProblem {
	return at ? { message, at } : { message };
}

function isSame(a: string, b: string): boolean {
	return a.toLowerCase() === b.toLowerCase();
}
