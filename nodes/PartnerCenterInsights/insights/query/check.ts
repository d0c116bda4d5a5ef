import { folded, sameText } from '../sameText';
import { closestName, isQueryableName } from './names';
import { short } from './short';
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

/** The dataset of that name, whatever its case. */
export const datasetNamed = (
	catalogue: readonly Dataset[],
	name: string | undefined,
): Dataset | undefined => catalogue.find(({ DatasetName }) => sameText(DatasetName, name));

/** Looking for what was meant costs time; nobody reads as many findings. */
const MOST_SUGGESTIONS = 12;

/**
 * Compares a query with the account's catalogue: dataset, columns and metrics in SELECT, WHERE and
 * ORDER BY, time span. Case does not count. A list that the catalogue leaves empty is not compared.
 *
 * @returns every finding, in order of position, the first of them with the name that was probably
 * meant; an unknown dataset hides all others. The time grows with the length of the query.
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-custom-query
 */
export function checkQuery(query: Query, catalogue: readonly Dataset[]): QueryProblem[] {
	const dataset = datasetNamed(catalogue, query.from.text);
	if (!dataset) {
		const names = catalogue.map(({ DatasetName }) => DatasetName);
		const message = `Dataset '${short(query.from.text)}' is not available to this account.`;
		return [problem(query.from, message + didYouMean(query.from.text, names))];
	}
	const used = [
		...query.names,
		...query.conditions.map(({ name }) => name),
		...query.orderBy.map(({ name }) => name),
	];
	return [
		...checkNames(used, dataset),
		...(query.timespan ? checkTimespan(query.timespan, dataset) : []),
	];
}

function checkNames(used: readonly Name[], dataset: Dataset): QueryProblem[] {
	// Every dataset has columns: none are what was lost on the way, or is written in another form.
	if (dataset.SelectableColumns.length === 0) return [];
	const known = [...dataset.SelectableColumns, ...dataset.AvailableMetrics];
	const queryable = known.filter(isQueryableName);
	const accepted = new Set(queryable.map(folded));
	// RevenueGenerated(USD) cannot stand in a query, so people try RevenueGenerated.
	const rejected = new Map(
		known
			.filter((name) => !isQueryableName(name))
			.flatMap((name) => [
				[folded(name), name] as const,
				[folded(withoutUnit(name)), name] as const,
			]),
	);
	const problems: QueryProblem[] = [];
	for (const name of used) {
		const wanted = folded(name.text);
		if (accepted.has(wanted)) continue;
		const listed = rejected.get(wanted);
		if (listed !== undefined) {
			problems.push(
				problem(
					name,
					`Column '${listed}' of ${dataset.DatasetName} cannot be queried: the service accepts only letters, digits and underscores in names. Leave it out.`,
				),
			);
			continue;
		}
		const meant = problems.length < MOST_SUGGESTIONS ? didYouMean(name.text, queryable) : '';
		problems.push(
			problem(name, `Column '${short(name.text)}' is not in ${dataset.DatasetName}.${meant}`),
		);
	}
	return problems;
}

/** The name up to its parenthesis. */
const withoutUnit = (name: string): string => name.split('(', 1)[0] ?? name;

function checkTimespan(timespan: Name, dataset: Dataset): QueryProblem[] {
	const ranges = dataset.AvailableDateRanges;
	if (ranges.length === 0 || ranges.some((range) => sameText(range, timespan.text))) return [];
	const message = `Time span '${short(timespan.text)}' is not available for ${dataset.DatasetName}. Use ${ranges.join(', ')}.`;
	return [problem(timespan, message)];
}

function didYouMean(name: string, candidates: readonly string[]): string {
	const meant = closestName(name, candidates);
	return meant === undefined ? '' : ` Did you mean '${meant}'?`;
}

function problem({ at, part }: Name, message: string): QueryProblem {
	return { message, ...(at && { at }), ...(part && { part }) };
}
