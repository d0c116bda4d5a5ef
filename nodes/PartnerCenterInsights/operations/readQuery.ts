import { program as programField } from '../fields/connection';
import { named } from '../fields/field';
import { OPTIONS } from '../fields/kinds';
import {
	builder,
	type BuilderInput,
	checkQuery as checkOption,
	type QueryChoice,
	querySource,
	statement as written,
} from '../fields/querySource';
import { asDataset } from '../insights/api/catalogue';
import type { InsightsClient } from '../insights/client';
import { InputError, InsightsError } from '../insights/errors';
import { givenQueryId, type QueryId, type ReportId } from '../insights/ids';
import {
	buildQuery,
	checkQuery,
	type Dataset,
	datasetNamed,
	describeProblems,
	normaliseQuery,
	parseQuery,
	placedQuery,
	printQuery,
	type Query,
	type QueryProblem,
} from '../insights/query';
import type { Program } from '../insights/program';
import { text } from '../insights/records';
import { readReport } from '../insights/runs/findReport';
import { trimmed } from '../insights/sameText';
import { ifTold } from './ifTold';
import type { ItemContext } from './operation';

const SWITCH_OFF = `The check can be switched off: ${named(checkOption)} under ${OPTIONS}.`;
/** Where a person finds the names that the account has. */
const WHAT_THERE_IS = 'Dataset → Get Many lists the datasets with their columns and time spans.';
/** A dataset that was picked stays picked when the program is changed. */
const OTHER_PROGRAM = `Check that ${named(programField)} is the right one.`;

interface Statement {
	sent: string;
	/** As it stands in its field, so that lines and columns are those of the editor. */
	placed: string;
	/** What the builder's fields were put together to. */
	query?: Query;
}

/** A query whose statement is here, not on the service. */
type Written = QueryChoice<'text' | 'builder'>;

/** A problem with what there is to do in n8n's editor. */
const inEditor = (problem: QueryProblem): QueryProblem =>
	problem.isUnfilled === true
		? {
				...problem,
				message: problem.message.replace(/\.$/, ': switch the field from Fixed to Expression.'),
			}
		: problem;

function refusal(
	problems: readonly QueryProblem[],
	statement?: string,
	advice?: string,
): InputError {
	const report = describeProblems(problems.map(inEditor), statement);
	const part = problems[0]?.part;
	return new InputError(
		`${named(part === undefined ? written : builder[part])}: ${report?.message ?? 'it cannot be read'}`,
		// Last the query itself: nothing tells its end from what would follow.
		[advice, statement !== undefined && SWITCH_OFF, report?.description].filter(Boolean).join(' '),
	);
}

function built({ columns, metrics, conditions, orderBy, ...parts }: BuilderInput): Statement {
	const result = buildQuery({ columns, metrics, conditions, orderBy, ...parts });
	if (!result.ok) throw refusal(result.problems);
	const { query } = result;
	const sent = printQuery(query);
	return { sent, placed: sent, query };
}

/**
 * The statement that the fields stand for: the text as it was written but for unusual spaces and a
 * semicolon at its end, or the one that the builder's fields make.
 *
 * @param isChecked whether a text that breaks the grammar is refused
 */
function statementOf(query: Written, isChecked: boolean): Statement {
	if (query.chosen === 'builder') return built(query);
	const sent = normaliseQuery(trimmed(query.statement));
	const placed = placedQuery(query.statement, sent);
	const parsed = isChecked || sent === '' ? parseQuery(placed) : undefined;
	if (parsed?.ok === false) throw refusal(parsed.problems, placed);
	return { sent, placed };
}

/** The account's datasets, or none when they cannot be read: the service is the last authority. */
const catalogueOf = async (client: InsightsClient): Promise<Dataset[]> =>
	((await ifTold(client.datasets.catalogue())) ?? []).map(asDataset);

/** Refuses a statement that names what the account does not have. */
async function checkNames(client: InsightsClient, { placed, query }: Statement): Promise<void> {
	const parsed = parseQuery(placed);
	if (!parsed.ok) throw refusal(parsed.problems, placed);
	const catalogue = await catalogueOf(client);
	const asked = query ?? parsed.query;
	const problems = catalogue.length > 0 ? checkQuery(asked, catalogue) : [];
	if (problems.length === 0) return;
	const isKnown = datasetNamed(catalogue, asked.from.text) !== undefined;
	throw refusal(problems, placed, isKnown ? WHAT_THERE_IS : `${OTHER_PROGRAM} ${WHAT_THERE_IS}`);
}

/** A query as the service gets it: its text, or the ID under which it keeps it. */
export type QueryToRun = { text: string } | { queryId: QueryId };

/** A query, and the format that its report's files have, where it is one's. */
export interface QueryAsked {
	query: QueryToRun;
	format?: string;
}

/**
 * Refuses a query that cannot be one, as far as that can be told without the service.
 *
 * @throws InputError
 */
export function refuseBroken(query: QueryChoice, isChecked: boolean): void {
	if (query.chosen === 'text' || query.chosen === 'builder') statementOf(query, isChecked);
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
	return statement.sent;
}

/** The query that a report runs, in the format of its files. @throws InsightsError */
async function queryOfReport(
	client: InsightsClient,
	program: Program,
	id: ReportId,
): Promise<QueryAsked> {
	const report = await readReport(client, program, id);
	const queryId = givenQueryId(report.QueryId);
	if (queryId === undefined) {
		throw new InsightsError('The report does not say which query it runs', {
			kind: 'unreadable',
			advice: `Its record has no QueryId. Choose another ${named(querySource('report'))} for report ${id}.`,
		});
	}
	const format = text(report.Format).toUpperCase();
	return { query: { queryId }, ...(format !== '' && { format }) };
}

/** Shows the statement that the builder has made, once for the run: items differ in their values only. */
async function showStatement(
	{ hint, share }: Pick<ItemContext, 'hint' | 'share'>,
	statement: string,
): Promise<void> {
	await share('the statement of the query builder', async () => {
		hint(`The query builder made this query: ${statement}`);
		return [];
	});
}

/** The query of an item: see {@link readStatement}, or the ID of a saved one, given or that of a report. */
export async function readQuery(
	item: Pick<ItemContext, 'client' | 'program' | 'names' | 'hint' | 'share'>,
	query: QueryChoice,
	isChecked: boolean,
): Promise<QueryAsked> {
	const { client, program, names } = item;
	switch (query.chosen) {
		case 'saved':
			return { query: { queryId: await names.queryIdOf(query.queryId) } };
		case 'report':
			return await queryOfReport(client, program, await names.reportIdOf(query.reportId));
		case 'builder': {
			const statement = await readStatement(client, query, isChecked);
			await showStatement(item, statement);
			return { query: { text: statement } };
		}
		default:
			return { query: { text: await readStatement(client, query, isChecked) } };
	}
}
