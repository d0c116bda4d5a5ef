import type { BuilderInput, QueryChoice } from '../fields/querySource';
import { asDataset } from '../insights/api/catalogue';
import type { InsightsClient } from '../insights/client';
import { InputError } from '../insights/errors';
import type { QueryId } from '../insights/ids';
import {
	buildQuery,
	checkQuery,
	type Dataset,
	describeProblems,
	normaliseQuery,
	parseQuery,
	printQuery,
	type QueryProblem,
} from '../insights/query';

const SWITCH_OFF = "The check can be switched off: 'Check Query' under Options.";

/** A query whose statement is here, not on the service. */
type Written = QueryChoice<'text' | 'builder'>;

function refusal(problems: readonly QueryProblem[], statement?: string): InputError {
	const report = describeProblems(problems, statement);
	return new InputError(
		`'Query': ${report?.message ?? 'it cannot be read'}`,
		[report?.description, statement !== undefined && SWITCH_OFF].filter(Boolean).join(' '),
	);
}

function built({ columns, metrics, conditions, orderBy, ...parts }: BuilderInput): string {
	const result = buildQuery({ columns, metrics, conditions, orderBy, ...parts });
	if (!result.ok) throw refusal(result.problems);
	return printQuery(result.query);
}

/**
 * The statement that the fields stand for: the text as it was written but for unusual spaces and a
 * semicolon at its end, or the one that the builder's fields make.
 *
 * @param isChecked whether a text that breaks the grammar is refused
 */
function statementOf(query: Written, isChecked: boolean): string {
	if (query.chosen === 'builder') return built(query);
	const statement = normaliseQuery(query.statement);
	const parsed = isChecked || statement === '' ? parseQuery(statement) : undefined;
	if (parsed?.ok === false) throw refusal(parsed.problems, statement);
	return statement;
}

/** The account's datasets, or none when they cannot be read: the service is the last authority. */
const catalogueOf = async (client: InsightsClient): Promise<Dataset[]> =>
	await client.datasets.catalogue().then(
		(records) => records.map(asDataset),
		() => [],
	);

/** Refuses a statement that names what the account does not have. */
async function checkNames(client: InsightsClient, statement: string): Promise<void> {
	const parsed = parseQuery(statement);
	if (!parsed.ok) throw refusal(parsed.problems, statement);
	const catalogue = await catalogueOf(client);
	const problems = catalogue.length > 0 ? checkQuery(parsed.query, catalogue) : [];
	if (problems.length > 0) throw refusal(problems, statement);
}

/** A query as the service gets it: its text, or the ID under which it keeps it. */
export type QueryToRun = { text: string } | { queryId: QueryId };

/**
 * Refuses a query that cannot be one, as far as that can be told without the service.
 *
 * @throws InputError
 */
export function refuseBroken(query: QueryChoice, isChecked: boolean): void {
	if (query.chosen !== 'saved') statementOf(query, isChecked);
}

/**
 * The statement that an item's fields stand for.
 *
 * @param isChecked whether it is compared with the grammar and with the account's catalogue
 * @throws InputError when it breaks the grammar or names what the account does not have; nothing but
 *   the catalogue was asked for
 */
export async function readStatement(
	client: InsightsClient,
	query: Written,
	isChecked: boolean,
): Promise<string> {
	const statement = statementOf(query, isChecked);
	if (isChecked) await checkNames(client, statement);
	return statement;
}

/** The query of an item: see {@link readStatement}, or the ID of a saved one. */
export const readQuery = async (
	client: InsightsClient,
	query: QueryChoice,
	isChecked: boolean,
): Promise<QueryToRun> =>
	query.chosen === 'saved'
		? { queryId: query.queryId }
		: { text: await readStatement(client, query, isChecked) };
