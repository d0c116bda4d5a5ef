import { type InsightsRecord, text } from '../../../nodes/PartnerCenterInsights/insights/records';
import { folded } from '../../../nodes/PartnerCenterInsights/insights/sameText';
import type { Account } from '../account';
import { finding, open, type Word } from '../answer';
import type { Probe } from '../probe';

const QUERY_PAGE =
	'https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-query-specification';
const TEST_PAGE =
	'https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-try-report-query';

const texts = (value: unknown): string[] =>
	Array.isArray(value) ? value.map((element) => text(element)) : [];

/** The columns that a query selects and the dataset that it reads; documented texts are this simple. */
function namesOf(query: string): { columns: string[]; dataset: string } {
	const [, columns = '', dataset = ''] =
		/^\s*SELECT\s+(?:DISTINCT\s+)?(.+?)\s+FROM\s+(\w+)/is.exec(query) ?? [];
	return { columns: columns.split(',').map((name) => name.trim()), dataset };
}

/** A dataset whose first column is a plain name, and that column. */
async function plainColumn(
	account: Account,
): Promise<{ dataset: string; column: string } | undefined> {
	for (const dataset of await account.client.datasets.catalogue()) {
		const column = texts(dataset.SelectableColumns).find((name) => /^\w+$/.test(name));
		if (column) return { dataset: text(dataset.DatasetName), column };
	}
	return undefined;
}

async function statusOfTest(account: Account, exportQuery: string): Promise<number> {
	const exchanges = await account.during(
		async () => await account.client.queries.test({ exportQuery }),
	);
	return exchanges.at(-1)?.answer.status ?? 0;
}

/** What a name filter matches, told from part of a name that exists. */
async function matchOf(
	names: string[],
	find: (part: string) => Promise<InsightsRecord[]>,
): Promise<{ match: Word; anyCase: boolean } | undefined> {
	const name = names.find((candidate) => candidate.length >= 4);
	if (name === undefined) return undefined;
	const half = name.slice(0, Math.ceil(name.length / 2));
	const parts = await find(half);
	const other = await find(name.toUpperCase() === name ? name.toLowerCase() : name.toUpperCase());
	const whole = await find(name);
	const match: Word =
		whole.length === 0 ? 'nothing' : parts.length > 0 ? 'parts of names' : 'whole names';
	return { match, anyCase: other.length > 0 };
}

/** Datasets, queries and what filters by name find. */
export const queryProbes: Probe[] = [
	{
		id: 'report-name-filter',
		assumes: 'reportName matches parts of names, in any case.',
		otherwise:
			'Get Many shows only what the filter returns, and of that what has the text in its name.',
		code: 'nodes/PartnerCenterInsights/operations/scheduledReport/getAll.ts',
		source: 'Not documented; a public client filters again',
		ask: async (account) => {
			const names = (await account.reports()).map(({ ReportName: name }) => text(name));
			const found = await matchOf(
				names,
				async (reportName) => await account.client.reports.list({ reportName }),
			);
			if (!found) return open();
			return finding(found.match === 'parts of names', {
				matches: found.match,
				'in any case': found.anyCase,
			});
		},
	},
	{
		id: 'query-name-filter',
		assumes: 'queryName matches parts of names, in any case.',
		otherwise:
			'Get Many shows only what the filter returns, and of that what has the text in its name.',
		code: 'nodes/PartnerCenterInsights/operations/reportQuery/getAll.ts',
		source: 'Not documented',
		ask: async (account) => {
			const queries = await account.client.queries.list('all');
			const found = await matchOf(
				queries.map(({ Name: name }) => text(name)),
				async (name) => await account.client.queries.list('all', name),
			);
			if (!found) return open();
			return finding(found.match === 'parts of names', {
				matches: found.match,
				'in any case': found.anyCase,
			});
		},
	},
	{
		id: 'system-queries',
		assumes: 'Every system query names only columns that the account has.',
		otherwise: 'The service’s refusal is shown: compare the columns with the dataset record.',
		code: 'nodes/PartnerCenterInsights/insights/http/advice.ts',
		source: 'The documented texts against a captured catalogue',
		differsIn: ['observed'],
		ask: async (account) => {
			const datasets = await account.client.datasets.catalogue();
			const queries = await account.client.queries.list('system');
			if (queries.length === 0) return open();
			const known = new Map(
				datasets.map((dataset) => [
					folded(dataset.DatasetName),
					new Set(
						[...texts(dataset.SelectableColumns), ...texts(dataset.AvailableMetrics)].map(folded),
					),
				]),
			);
			const named = queries.map(({ Query: query }) => namesOf(text(query)));
			const without = named.filter(({ dataset }) => !known.has(folded(dataset)));
			const drifted = named.filter(({ dataset, columns }) => {
				const names = known.get(folded(dataset));
				return names && columns.some((column) => !names.has(folded(column)));
			});
			return finding(drifted.length === 0, {
				'system queries': queries.length,
				'with unknown columns': drifted.length,
				'on datasets that are not listed': without.length,
			});
		},
	},
	{
		id: 'catalogue',
		assumes: 'Each dataset tells its columns and date ranges.',
		otherwise: 'A query is checked only against what the catalogue tells.',
		code: 'nodes/PartnerCenterInsights/insights/api/catalogue.ts',
		source: 'https://learn.microsoft.com/en-us/partner-center/insights/analytics-get-dataset',
		ask: async (account) => {
			const datasets = await account.client.datasets.catalogue();
			if (datasets.length === 0) return open();
			const whole = datasets.filter(
				(dataset) =>
					texts(dataset.SelectableColumns).length > 0 &&
					texts(dataset.AvailableDateRanges).length > 0,
			);
			const odd = datasets.filter((dataset) =>
				texts(dataset.AvailableMetrics).some((metric) => !/^\w+$/.test(metric)),
			);
			return finding(whole.length === datasets.length, {
				datasets: datasets.length,
				'with a minimum interval': datasets.filter(
					({ MinimumRecurrenceInterval: hours }) => hours !== undefined,
				).length,
				'with metrics whose names a query cannot hold': odd.length,
			});
		},
	},
	{
		id: 'test-rows',
		assumes: 'A test of a query shows up to 100 rows on mpn and 10 on cmp.',
		otherwise: 'Whatever comes is put out.',
		code: 'nodes/PartnerCenterInsights/insights/api/queries.ts',
		source: TEST_PAGE,
		ask: async (account) => {
			const plain = await plainColumn(account);
			if (!plain) return open();
			const began = Date.now();
			const rows = await account.client.queries.test({
				exportQuery: `SELECT ${plain.column} FROM ${plain.dataset}`,
			});
			const most = account.program === 'mpn' ? 100 : 10;
			return finding(rows.length <= most, {
				rows: rows.length,
				'full seconds': Math.round((Date.now() - began) / 1000),
			});
		},
	},
	{
		id: 'quote-in-literal',
		assumes: 'A quote inside a literal is written twice.',
		otherwise: 'The query check takes it so and can be switched off.',
		code: 'nodes/PartnerCenterInsights/insights/query/tokens.ts',
		source: `${QUERY_PAGE} (says nothing)`,
		ask: async (account) => {
			const plain = await plainColumn(account);
			if (!plain) return open();
			const { column, dataset } = plain;
			const status = await statusOfTest(
				account,
				`SELECT ${column} FROM ${dataset} WHERE ${column} = 'it''s'`,
			);
			const accepted = status === 200 || status === 404;
			return finding(accepted, { status, accepted });
		},
	},
];
