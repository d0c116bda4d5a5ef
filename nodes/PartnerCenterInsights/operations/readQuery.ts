import { asDataset } from '../insights/api/catalogue';
import type { InsightsClient } from '../insights/client';
import { InputError } from '../insights/errors';
import {
	buildQuery,
	checkQuery,
	type Dataset,
	describeProblems,
	normaliseQuery,
	parseQuery,
	printQuery,
	type Query,
	type QueryProblem,
} from '../insights/query';
import { text } from '../insights/records';
import type { ParameterReader } from '../parameters/reader';
import { readOperator } from '../parameters/operators';
import { entries } from '../parameters/querySource';
import { oneOf, wholeNumber } from '../parameters/values';
import type { ItemContext } from './operation';

const SWITCH_OFF = "The check can be switched off: 'Check Query' under Options.";

function refuse(problems: readonly QueryProblem[], statement?: string): void {
	const report = describeProblems(problems, statement);
	if (report === undefined) return;
	throw new InputError(
		`'Query': ${report.message}`,
		[report.description, statement !== undefined && SWITCH_OFF].filter(Boolean).join(' '),
	);
}

const nameList = (value: unknown): string[] =>
	(Array.isArray(value) ? (value as unknown[]) : text(value).split(','))
		.map(text)
		.filter((name) => name !== '');

function builtQuery(parameters: ParameterReader): Query {
	const limit = wholeNumber(parameters.get('queryLimit') ?? 0, 'Row Limit', { least: 0 });
	const result = buildQuery({
		dataset: parameters.datasetName(),
		columns: nameList(parameters.get('columns')),
		metrics: nameList(parameters.get('metrics')),
		conditions: entries(parameters.collection('conditions'), 'condition').map((condition) => ({
			name: text(condition.name),
			operator: readOperator(condition.operator),
			value: condition.value,
		})),
		orderBy: entries(parameters.collection('orderBy'), 'column').map((column) => ({
			name: text(column.name),
			direction: oneOf(column.direction, 'Direction', ['ASC', 'DESC'] as const),
		})),
		limit: limit === 0 ? undefined : limit,
		timespan: parameters.optionalText('timespan'),
	});
	if (!result.ok) refuse(result.problems);
	return (result as { query: Query }).query;
}

/** The account's datasets, or none when they cannot be read: the service is the last authority. */
const catalogueOf = async (client: InsightsClient): Promise<Dataset[]> =>
	await client.datasets.catalogue().then(
		(records) => records.map(asDataset),
		() => [],
	);

/**
 * The statement that the item's parameters stand for: the text as it was written but for unusual
 * spaces and a semicolon at its end, or the one that the builder's fields make.
 *
 * @throws InputError when it breaks the grammar or names what the account does not have; nothing but
 *   the catalogue was asked for
 */
export async function readQuery({ client, parameters }: ItemContext): Promise<string> {
	const isBuilt = parameters.get('source') === 'builder';
	const built = isBuilt ? builtQuery(parameters) : undefined;
	const statement = built ? printQuery(built) : normaliseQuery(parameters.text('query', 'Query'));
	const isChecked = parameters.collection('options').checkQuery !== false;
	if (!isChecked && statement !== '') return statement;

	const parsed = parseQuery(statement);
	if (!parsed.ok) {
		refuse(parsed.problems, statement);
		return statement;
	}
	const catalogue = await catalogueOf(client);
	if (catalogue.length > 0) refuse(checkQuery(parsed.query, catalogue), statement);
	return statement;
}
