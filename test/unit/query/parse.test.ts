import { parseQuery, printQuery } from '../../../nodes/PartnerCenterInsights/insights/query';
import type { Query } from '../../../nodes/PartnerCenterInsights/insights/query';
import { anyText } from '../anyText';
import fc from '../fastCheck';
import { anyQuery, withoutPositions } from './queries';
import { tries } from '../tries';

function parsed(text: string): Query {
	const result = parseQuery(text);
	if (!result.ok) throw new Error(`${result.problems[0]?.message} in ${text}`);
	return result.query;
}

/** The first problem as "message (line:column)". */
function firstProblem(text: string): string {
	const result = parseQuery(text);
	if (result.ok) return 'no problem';
	expect(result.problems).toHaveLength(1);
	const problem = result.problems.at(0);
	return `${problem?.message} (${problem?.at?.line}:${problem?.at?.column})`;
}

const wide = Array.from({ length: 74 }, (_, index) => `HasWorkload_${index}OfCustomer`);

describe('a valid query', () => {
	// What each text reads as, in canonical form.
	const valid: Array<[text: string, canonical: string]> = [
		['SELECT A FROM X', 'SELECT A FROM X'],
		['select distinct a, B from x', 'SELECT DISTINCT a, B FROM x'],
		[
			"SELECT CustomerName,SKU,Month\nFROM CustomersAndTenants\nWHERE CustomerMarket='United States' TIMESPAN LAST_MONTH",
			"SELECT CustomerName, SKU, Month FROM CustomersAndTenants WHERE CustomerMarket = 'United States' TIMESPAN LAST_MONTH",
		],
		[
			"SELECT SKU FROM CustomersAndTenants WHERE SKU='MICROSOFT 365 BUSINESS STANDARD' AND BilledRevenueUSD>20000 TIMESPAN LAST_6_MONTHS",
			"SELECT SKU FROM CustomersAndTenants WHERE SKU = 'MICROSOFT 365 BUSINESS STANDARD' AND BilledRevenueUSD > 20000 TIMESPAN LAST_6_MONTHS",
		],
		[
			'SELECT CustomerName, AvailableSeats FROM CustomersAndTenants ORDER BY AvailableSeats DESC LIMIT 10 TIMESPAN LAST_MONTH',
			'SELECT CustomerName, AvailableSeats FROM CustomersAndTenants ORDER BY AvailableSeats DESC LIMIT 10 TIMESPAN LAST_MONTH',
		],
		[
			"SELECT OfferName FROM ISVUsage where OfferType not in ('Azure Applications','SaaS') and IsPrivateOffer='1' order by UsageDate desc, SKU asc, OfferName",
			"SELECT OfferName FROM ISVUsage WHERE OfferType NOT IN ('Azure Applications', 'SaaS') AND IsPrivateOffer = '1' ORDER BY UsageDate DESC, SKU ASC, OfferName",
		],
		[
			'SELECT A FROM X WHERE A NOT IN (1000, 1001,-1002) AND B IN(1.5)',
			'SELECT A FROM X WHERE A NOT IN (1000, 1001, -1002) AND B IN (1.5)',
		],
		[
			"SELECT A FROM X WHERE A LIKE '%Contoso%' AND B Not\tLike 'x_' AND C LIKE 5",
			"SELECT A FROM X WHERE A LIKE '%Contoso%' AND B NOT LIKE 'x_' AND C LIKE 5",
		],
		[
			'SELECT A FROM X WHERE A=1 AND B!=-2 AND C>=0.5 AND D<=3 AND E<4 AND F>5',
			'SELECT A FROM X WHERE A = 1 AND B != -2 AND C >= 0.5 AND D <= 3 AND E < 4 AND F > 5',
		],
		// Digits stay as they are: no rounding.
		[
			'SELECT A FROM X WHERE A = 12345678901234567890.10 AND B = 007',
			'SELECT A FROM X WHERE A = 12345678901234567890.10 AND B = 007',
		],
		["SELECT A FROM X WHERE A = ''", "SELECT A FROM X WHERE A = ''"],
		["SELECT A FROM X WHERE A = 'O''Brien'", "SELECT A FROM X WHERE A = 'O''Brien'"],
		[
			"SELECT A FROM X WHERE A = ' -- ‘;’ \"(AND) SELECT*' AND B = 'C:\\'",
			"SELECT A FROM X WHERE A = ' -- ‘;’ \"(AND) SELECT*' AND B = 'C:\\'",
		],
		['\uFEFF\r\n SELECT\u00a0A\r\nFROM\tX \r\n', 'SELECT A FROM X'],
		['SELECT A FROM X LIMIT 0010', 'SELECT A FROM X LIMIT 10'],
		['SELECT A FROM X TIMESPAN LIFETIME ; ;\n', 'SELECT A FROM X TIMESPAN LIFETIME'],
		['\ufeffSELECT\u2028A\u3000FROM\u0085X\u2003', 'SELECT A FROM X'],
		// Ranges come from the catalogue, so the grammar takes any word.
		['SELECT A FROM X TIMESPAN LAST_2_YEARS', 'SELECT A FROM X TIMESPAN LAST_2_YEARS'],
		['SELECT A FROM X timespan 7_DAYS', 'SELECT A FROM X TIMESPAN 7_DAYS'],
		// Words of SQL that are none of this language are names.
		['SELECT Group, As, Null FROM Or WHERE Or = 1', 'SELECT Group, As, Null FROM Or WHERE Or = 1'],
		[
			'SELECT 3PApps, PGA_MPNId, _ FROM TeamsUsage3PApps',
			'SELECT 3PApps, PGA_MPNId, _ FROM TeamsUsage3PApps',
		],
		[
			`SELECT MPNID,${wide.join(',\r\n')}\r\nFROM CLASAzurePropensity`,
			`SELECT MPNID, ${wide.join(', ')} FROM CLASAzurePropensity`,
		],
	];

	it.each(valid)('%s', (text, canonical) => {
		expect(printQuery(parsed(text))).toBe(canonical);
	});

	it('is read into its parts, each with its position', () => {
		const text =
			"SELECT DISTINCT A\r\nFROM X\nWHERE A IN ('a''b')\rORDER BY A ASC LIMIT 5 TIMESPAN LIFETIME";
		const at = (offset: number, length: number, line: number, column: number) => ({
			offset,
			length,
			line,
			column,
		});
		expect(parsed(text)).toEqual({
			distinct: true,
			names: [{ text: 'A', at: at(16, 1, 1, 17) }],
			from: { text: 'X', at: at(24, 1, 2, 6) },
			conditions: [
				{
					name: { text: 'A', at: at(32, 1, 3, 7) },
					operator: 'IN',
					values: [{ kind: 'text', text: "a'b", at: at(38, 6, 3, 13) }],
				},
			],
			orderBy: [{ name: { text: 'A', at: at(55, 1, 4, 10) }, direction: 'ASC' }],
			limit: { rows: 5, at: at(67, 1, 4, 22) },
			timespan: { text: 'LIFETIME', at: at(78, 8, 4, 33) },
		});
	});

	it('comes back from its printed text as it was', () => {
		fc.assert(
			fc.property(anyQuery, (query) => {
				expect(withoutPositions(parsed(printQuery(query)))).toEqual(withoutPositions(query));
			}),
			{ numRuns: tries(500) },
		);
	});

	it('means the same in any case of its keywords and with any white space', () => {
		const space = fc
			.array(fc.constantFrom(' ', '\n', '\r\n', '\t', '\u00a0'), { minLength: 1, maxLength: 3 })
			.map((pieces) => pieces.join(''));
		const spaced = anyQuery
			.filter((query) => query.conditions.length === 0)
			.chain((query) => {
				const words = printQuery(query).split(' ');
				return fc.tuple(
					fc.constant(query),
					fc.array(space, { minLength: words.length, maxLength: words.length }),
				);
			});
		fc.assert(
			fc.property(spaced, fc.boolean(), ([query, spaces], lower) => {
				const words = printQuery(query).split(' ');
				const keyword = /^(SELECT|DISTINCT|FROM|ORDER|BY|ASC|DESC|LIMIT|TIMESPAN)$/;
				const text = words
					.map(
						(word, index) =>
							(lower && keyword.test(word) ? word.toLowerCase() : word) + spaces[index],
					)
					.join('');
				expect(withoutPositions(parsed(text))).toEqual(withoutPositions(query));
			}),
		);
	});
});

describe('a query that breaks the grammar', () => {
	const noColumns =
		'SELECT has no columns: name at least one column or metric of the dataset after it.';
	const commaInSelect =
		'There is a comma too many in the SELECT list: remove it, or name another column.';
	const star = 'SELECT * is not accepted: name the columns and metrics, separated by commas.';
	const alias = 'Aliases are not part of the query language: leave out AS and the name after it.';
	const noFrom = 'FROM is missing: write FROM and the name of the dataset after the columns.';
	const noDataset = 'FROM needs the name of one dataset, for example CustomersAndTenants.';
	const oneDataset =
		'A query reads one dataset: run one query for each dataset and merge the rows.';
	const subQuery =
		'Sub-queries are not part of the query language: run the inner query first and list its values.';
	const parentheses =
		'Conditions stand without parentheses: remove them, and join conditions by AND.';
	const noCondition = "A condition is missing here: write for example CustomerMarket = 'Germany'.";
	const not =
		"NOT stands only between a column and LIKE or IN: write for example Product NOT IN ('A', 'B').";
	const limit =
		'LIMIT takes one whole number from 1, without an offset: write for example LIMIT 10.';
	const timespan =
		'TIMESPAN takes one keyword of the dataset, without quotes: write for example TIMESPAN LAST_6_MONTHS.';
	const order = 'the order of the clauses is SELECT, FROM, WHERE, ORDER BY, LIMIT, TIMESPAN.';
	const noOrder =
		'ORDER BY needs the name of a column or metric here, for example ORDER BY Month DESC.';
	const mixed = 'A list holds either numbers or text: put all of its values in single quotes.';
	const openList = 'The list has no end: write ) after its last value.';
	const quote = "A single quote inside text is written twice, as in 'O''Brien'.";
	const openText = "The text that begins here has no end: write ' after its last character";
	const oneStatement = 'A query is one statement: run what follows the semicolon by itself.';
	const number = (right: string, wrong: string) =>
		`A number is written in digits, with a point before decimals and no other separator: write ${right} instead of ${wrong}.`;
	const aggregate = (name: string) =>
		`Functions such as ${name}(...) are not part of the query language: select a metric of the dataset, it is computed for each combination of the selected columns.`;
	const call = (name: string) =>
		`${name}(...) cannot be queried: the service knows no functions and rejects names with parentheses.`;
	const unquoted = (text: string) =>
		`Text stands in single quotes: write '${text}' instead of ${text}.`;
	const missingValue = (operator: string) =>
		`A value is missing after ${operator}: write a number, or text in single quotes.`;

	const broken: Array<[text: string, message: string, position: string]> = [
		[
			'',
			'The query is empty: write for example SELECT CustomerName FROM CustomersAndTenants.',
			'1:1',
		],
		[
			'  \r\n ',
			'The query is empty: write for example SELECT CustomerName FROM CustomersAndTenants.',
			'2:2',
		],
		['SELCT A FROM X', 'A query begins with SELECT, not with SELCT.', '1:1'],
		[
			'WITH a AS (SELECT A FROM X) SELECT A FROM a',
			'A query begins with SELECT, not with WITH.',
			'1:1',
		],

		['SELECT * FROM X', star, '1:8'],
		['SELECT DISTINCT * FROM X', star, '1:17'],
		['SELECT A, * FROM X', star, '1:11'],
		['SELECT FROM X', noColumns, '1:8'],
		['SELECT', noColumns, '1:7'],
		['SELECT DISTINCT FROM X', noColumns, '1:17'],
		['SELECT A, FROM X', commaInSelect, '1:11'],
		['SELECT A,, B FROM X', commaInSelect, '1:10'],
		['SELECT , A FROM X', commaInSelect, '1:8'],
		['SELECT A AS B FROM X', alias, '1:10'],
		[
			'SELECT OfferType, TrialDeployment EstimatedRevenueUSD FROM ISVRevenue',
			'Names in SELECT are separated by commas and have no aliases: write TrialDeployment, EstimatedRevenueUSD or leave one out.',
			'1:35',
		],
		['SELECT SUM(BilledRevenueUSD) FROM X', aggregate('SUM'), '1:8'],
		['SELECT A, count(*) FROM X', aggregate('count'), '1:11'],
		['SELECT RevenueGenerated(USD) FROM ISVOfferRetention', call('RevenueGenerated'), '1:8'],
		['SELECT (A) FROM X', 'The names after SELECT stand without parentheses: remove them.', '1:8'],
		['SELECT (SELECT A FROM X) FROM X', subQuery, '1:8'],
		[
			'SELECT TOP 10 A FROM X',
			'TOP is not part of the query language: remove TOP 10, and write LIMIT 10 before TIMESPAN.',
			'1:12',
		],
		['SELECT X.A FROM X', 'Names have no prefix: write only A instead of X.A.', '1:8'],
		['SELECT "A" FROM X', 'Names stand without quotes: write A instead of "A".', '1:8'],
		["SELECT 'A' FROM X", "Names stand without quotes: write A instead of 'A'.", '1:8'],
		[
			'SELECT [A B] FROM X',
			'[A B] cannot be queried: names hold only letters, digits and underscores, and stand without quotes.',
			'1:8',
		],
		['SELECT [A] FROM X', 'Names stand without quotes: write A instead of [A].', '1:8'],
		['SELECT `A` FROM X', 'Names stand without quotes: write A instead of `A`.', '1:8'],
		['SELECT 1 FROM X', 'SELECT takes names of columns and metrics, not 1.', '1:8'],
		['SELECT SELECT A FROM X', 'SELECT takes names of columns and metrics, not SELECT.', '1:8'],
		[
			'SELECT A + B FROM X',
			'Calculations with + are not part of the query language: select the columns, and calculate with the rows.',
			'1:10',
		],
		[
			'SELECT A\u200b FROM X',
			'The invisible character U+200B is not part of the query language: remove it, or put text in single quotes.',
			'1:9',
		],

		['SELECT A', noFrom, '1:9'],
		['SELECT A WHERE A = 1', noFrom, '1:10'],
		['SELECT A GROUP BY A', noFrom, '1:10'],
		['SELECT A FORM X', 'FORM cannot stand after a column. Did you mean FROM?', '1:10'],
		['SELECT A DESC FROM X', 'After A comes a comma or FROM, not DESC.', '1:10'],
		['SELECT A FROM', noDataset, '1:14'],
		['SELECT A FROM WHERE A = 1', noDataset, '1:15'],
		["SELECT A FROM 'X'", "Names stand without quotes: write X instead of 'X'.", '1:15'],
		['SELECT A FROM dbo.X', 'Names have no prefix: write only X instead of dbo.X.', '1:15'],
		['SELECT A FROM X, Y', oneDataset, '1:16'],
		['SELECT A FROM X JOIN Y ON A = B', oneDataset, '1:17'],
		['SELECT A FROM X left join Y ON A = B', oneDataset, '1:17'],
		['SELECT A FROM X UNION SELECT A FROM Y', oneDataset, '1:17'],
		['SELECT A FROM (SELECT A FROM X)', subQuery, '1:15'],
		['SELECT A FROM X AS Y', alias, '1:17'],
		[
			'SELECT A FROM X Y',
			'Y cannot stand here: a dataset has no alias, and after it come WHERE, ORDER BY, LIMIT, TIMESPAN or the end.',
			'1:17',
		],
		[
			'SELECT A FROM X WEHRE A = 1',
			'WEHRE cannot stand here: a dataset has no alias, and after it come WHERE, ORDER BY, LIMIT, TIMESPAN or the end. Did you mean WHERE?',
			'1:17',
		],
		[
			'SELECT A FROM X AND A = 1',
			'AND joins conditions: write WHERE before the first condition, after the dataset.',
			'1:17',
		],

		['SELECT A FROM X WHERE', noCondition, '1:22'],
		['SELECT A FROM X WHERE ORDER BY A', noCondition.replace('.', ', or leave WHERE out.'), '1:23'],
		['SELECT A FROM X WHERE A = 1 AND', noCondition, '1:32'],
		['SELECT A FROM X WHERE (A = 1 AND B = 2)', parentheses, '1:23'],
		['SELECT A FROM X WHERE A = 1 AND (B = 2)', parentheses, '1:33'],
		['SELECT A FROM X WHERE (SELECT A FROM X) = 1', subQuery, '1:23'],
		[
			'SELECT A\nFROM X\nWHERE A = 1 OR B = 2',
			"OR is not part of the query language: for several values of one column write Column IN ('A', 'B'), else run two queries.",
			'3:13',
		],
		[
			'SELECT A FROM X WHERE NOT A = 1',
			'NOT stands only between a column and LIKE or IN: write A != instead of NOT A =.',
			'1:23',
		],
		['SELECT A FROM X WHERE NOT A', not, '1:23'],
		[
			'SELECT A FROM X WHERE A NOT BETWEEN 1 AND 2',
			'BETWEEN is not part of the query language: run one query for what is below and one for what is above.',
			'1:29',
		],
		[
			'SELECT A FROM X WHERE A BETWEEN 1 AND 2',
			'BETWEEN is not part of the query language: write A >= low AND A <= high.',
			'1:25',
		],
		[
			'SELECT A FROM X WHERE A IS NOT NULL',
			'IS NULL and IS NOT NULL are not part of the query language: remove the condition, or compare the column with a value.',
			'1:25',
		],
		[
			'SELECT A FROM X WHERE A = NULL',
			'NULL is not part of the query language: remove the condition, or compare the column with a value.',
			'1:27',
		],
		[
			'SELECT A FROM X WHERE A <> 1',
			'The operator <> is not part of the query language: write !=.',
			'1:25',
		],
		[
			'SELECT A FROM X WHERE A == 1',
			'The operator == is not part of the query language: write =.',
			'1:25',
		],
		[
			'SELECT A FROM X WHERE A => 1',
			'The operator => is not part of the query language: write >=.',
			'1:25',
		],
		[
			"SELECT A FROM X WHERE A MATCHES 'x'",
			'MATCHES is not an operator: use =, !=, >, <, >=, <=, LIKE, NOT LIKE, IN or NOT IN.',
			'1:25',
		],
		[
			'SELECT A FROM X WHERE A',
			"The condition on A is not complete: write for example A = 'value'.",
			'1:24',
		],
		[
			'SELECT A FROM X WHERE A LIMIT 5',
			"The condition on A is not complete: write for example A = 'value'.",
			'1:25',
		],
		['SELECT A FROM X WHERE YEAR(A) = 2024', call('YEAR'), '1:23'],
		[
			'SELECT A FROM X WHERE A = 1 B = 2',
			'B cannot stand here: after a condition come AND, ORDER BY, LIMIT, TIMESPAN or the end.',
			'1:29',
		],

		['SELECT A FROM X WHERE A =', missingValue('='), '1:26'],
		[
			'SELECT A FROM X WHERE A > = 5',
			'An operator holds no space: write >= instead of > =.',
			'1:27',
		],
		['SELECT A FROM X WHERE A = = 5', missingValue('='), '1:27'],
		['SELECT A FROM X WHERE A = - 5', number('-5', '- 5'), '1:27'],
		['SELECT A FROM X WHERE A LIKE AND B = 1', missingValue('LIKE'), '1:30'],
		['SELECT A FROM X WHERE A = Germany', unquoted('Germany'), '1:27'],
		['SELECT A FROM X WHERE A = true', unquoted('true'), '1:27'],
		['SELECT A FROM X WHERE A LIKE %Contoso%', unquoted('%Contoso%'), '1:30'],
		['SELECT A FROM X WHERE MPNId=6096xxx', unquoted('6096xxx'), '1:29'],
		[
			'SELECT A FROM X WHERE Id = a1b2c3d4-0000-4000-8000-000000000000',
			unquoted('a1b2c3d4-0000-4000-8000-000000000000'),
			'1:28',
		],
		['SELECT A FROM X WHERE A >= 2020-06-30', unquoted('2020-06-30'), '1:28'],
		['SELECT A FROM X WHERE A = .5', number('0.5', '.5'), '1:27'],
		['SELECT A FROM X WHERE A = GETDATE()', call('GETDATE'), '1:27'],
		[
			'SELECT A FROM X WHERE A = ‘Paid’',
			"Text stands in straight single quotes: write 'Paid' instead of ‘Paid’.",
			'1:27',
		],
		[
			'SELECT A FROM X WHERE A = ’Paid’',
			"Text stands in straight single quotes: write 'Paid' instead of ’Paid’.",
			'1:27',
		],
		[
			"SELECT A FROM X WHERE A IN (“a”, 'b')",
			"Text stands in straight single quotes: write 'a' instead of “a”.",
			'1:29',
		],
		[
			'SELECT A FROM X WHERE A = "O\'Brien"',
			"Text stands in straight single quotes: write 'O''Brien' instead of \"O'Brien\".",
			'1:27',
		],
		["SELECT A FROM X WHERE A = 'Paid", `${openText}.`, '1:27'],
		[
			"SELECT A FROM X WHERE A = 'Paid’ TIMESPAN LAST_MONTH",
			`${openText}; the ’ in it is another kind of quote and does not end it.`,
			'1:27',
		],
		["SELECT A FROM X WHERE A = 'x''", `${openText}.`, '1:27'],
		["SELECT A FROM X WHERE A = 'O'Brien'", quote, '1:30'],
		["SELECT A FROM X WHERE A IN ('O'Brien', 'x')", quote, '1:32'],
		[
			'SELECT A FROM X WHERE A = {{ $json.a }}',
			'The n8n expression that begins here was not filled in.',
			'1:27',
		],

		[
			"SELECT A FROM X WHERE A = ('a', 'b')",
			'A list stands only after IN and NOT IN: write A IN (...) instead of A = (...).',
			'1:27',
		],
		[
			"SELECT A FROM X WHERE A != ('a')",
			'A list stands only after IN and NOT IN: write A NOT IN (...) instead of A != (...).',
			'1:28',
		],
		[
			'SELECT A FROM X WHERE A > (1)',
			'A list stands only after IN and NOT IN: write one value after >, without parentheses.',
			'1:27',
		],
		['SELECT A FROM X WHERE A = (SELECT B FROM X)', subQuery, '1:27'],
		[
			'SELECT A FROM X WHERE A = 1, 2',
			'Only IN and NOT IN take several values: write A IN (1, 2).',
			'1:28',
		],
		['SELECT A FROM X WHERE A IN 1', 'IN needs a list in parentheses: write A IN (1).', '1:28'],
		[
			"SELECT A FROM X WHERE A NOT IN 'a'",
			"NOT IN needs a list in parentheses: write A NOT IN ('a').",
			'1:32',
		],
		[
			'SELECT A FROM X WHERE A IN',
			"IN needs a list in parentheses: write A IN ('A', 'B').",
			'1:27',
		],
		[
			'SELECT A FROM X WHERE A IN ()',
			'The list after IN is empty: name at least one value.',
			'1:29',
		],
		['SELECT A FROM X WHERE A IN (SELECT B FROM X)', subQuery, '1:29'],
		["SELECT A FROM X WHERE A IN (1, 'b')", mixed, '1:32'],
		["SELECT A FROM X WHERE A NOT IN ('a', 'b', 3)", mixed, '1:43'],
		[
			'SELECT A FROM X WHERE A IN (1,)',
			'There is a comma too many in the list: remove it, or add another value.',
			'1:31',
		],
		[
			'SELECT A FROM X WHERE A IN (1 2)',
			'Values in a list are separated by commas: write a comma before 2.',
			'1:31',
		],
		['SELECT A FROM X WHERE A IN (1, 2', openList, '1:33'],
		['SELECT A FROM X WHERE A IN (1 TIMESPAN LAST_MONTH', openList, '1:31'],
		[
			'SELECT A FROM X WHERE A IN ((1))',
			'A list holds only values: remove the inner parenthesis.',
			'1:29',
		],
		['SELECT A FROM X WHERE A IN (a, b)', unquoted('a'), '1:29'],

		['SELECT A FROM X ORDER A', 'BY is missing: write ORDER BY.', '1:23'],
		['SELECT A FROM X ORDER BY', noOrder, '1:25'],
		['SELECT A FROM X ORDER BY A,', noOrder, '1:28'],
		['SELECT A FROM X ORDER BY 1', noOrder, '1:26'],
		[
			'SELECT A FROM X ORDER BY EstimatedExtendedCharge(CC) DESC',
			call('EstimatedExtendedCharge'),
			'1:26',
		],
		[
			'SELECT A FROM X ORDER BY A DESC ASC',
			'ASC cannot stand here: after a column in ORDER BY come a comma, ASC or DESC, LIMIT, TIMESPAN or the end.',
			'1:33',
		],
		['SELECT A FROM X LIMIT 0', limit, '1:23'],
		['SELECT A FROM X LIMIT -1', limit, '1:23'],
		['SELECT A FROM X LIMIT 1.5', limit, '1:23'],
		[
			"SELECT A FROM X LIMIT '10'",
			"LIMIT takes digits only: write LIMIT 10 instead of LIMIT '10'.",
			'1:23',
		],
		["SELECT A FROM X LIMIT 'ten'", limit, '1:23'],
		[
			'SELECT A FROM X LIMIT 99999999999999999999',
			'LIMIT 99999999999999999999 is more than a report can have rows: leave LIMIT out for all of them.',
			'1:23',
		],
		['SELECT A FROM X LIMIT', limit, '1:22'],
		['SELECT A FROM X LIMIT 10, 20', limit, '1:25'],
		['SELECT A FROM X LIMIT 10 OFFSET 20', limit, '1:26'],
		[
			'SELECT A FROM X LIMIT 10 20',
			'20 cannot stand here: after LIMIT come TIMESPAN or the end.',
			'1:26',
		],
		['SELECT A FROM X TIMESPAN', timespan, '1:25'],
		[
			"SELECT A FROM X TIMESPAN 'LAST_MONTH'",
			"TIMESPAN takes one keyword of the dataset, without quotes: write LAST_MONTH instead of 'LAST_MONTH'.",
			'1:26',
		],
		["SELECT A FROM X TIMESPAN 'summer'", timespan, '1:26'],
		['SELECT A FROM X TIMESPAN 30', timespan, '1:26'],
		['SELECT A FROM X TIMESPAN LIMIT', timespan, '1:26'],
		[
			'SELECT A FROM X TIMESPAN LAST 6 MONTHS',
			'TIMESPAN takes one keyword of the dataset, without quotes: write LAST_6_MONTHS instead of LAST 6 MONTHS.',
			'1:31',
		],
		['SELECT A FROM X TIMESPAN LAST_MONTH LAST_YEAR', timespan, '1:37'],

		[
			'SELECT A FROM X TIMESPAN LAST_MONTH LIMIT 10',
			`LIMIT stands before TIMESPAN: ${order}`,
			'1:37',
		],
		['SELECT A FROM X ORDER BY A WHERE B = 1', `WHERE stands before ORDER BY: ${order}`, '1:28'],
		['SELECT A FROM X LIMIT 1 ORDER BY A', `ORDER BY stands before LIMIT: ${order}`, '1:25'],
		[
			'SELECT A FROM X WHERE A = 1 WHERE B = 2',
			'WHERE stands once: join the conditions by AND.',
			'1:29',
		],
		['SELECT A FROM X FROM Y', 'FROM stands once: remove one of the two.', '1:17'],
		['SELECT A FROM X SELECT B FROM Y', 'A query has one SELECT: run one query for each.', '1:17'],
		[
			'SELECT A FROM X WHERE A = 1 GROUP BY A',
			'GROUP BY is not part of the query language: remove it, metrics are computed for each combination of the selected columns.',
			'1:29',
		],
		[
			'SELECT A FROM X having A > 1',
			'HAVING is not part of the query language: put the condition on the metric into WHERE.',
			'1:17',
		],
		['SELECT A FROM X TIMESPAN LAST_MONTH; DROP', oneStatement, '1:36'],
		['SELECT A FROM X ;; SELECT B FROM X', oneStatement, '1:17'],
		[
			'SELECT A FROM X; WHERE A = 1',
			'A semicolon stands only at the end of a query: remove it.',
			'1:16',
		],
		['SELECT A FROM X WHERE A = 1)', 'This parenthesis was never opened: remove it.', '1:28'],
		[
			'SELECT A FROM X -- why',
			'Comments are not part of the query language: remove what begins with --.',
			'1:17',
		],
		[
			'SELECT /* why */ A FROM X',
			'Comments are not part of the query language: remove what begins with /*.',
			'1:8',
		],
	];

	it.each(broken)('%s', (text, message, position) => {
		expect(firstProblem(text)).toBe(`${message} (${position})`);
	});

	it('is refused wherever a valid one is cut off inside a literal or after a comma', () => {
		fc.assert(
			fc.property(anyQuery, fc.nat(), (query, cut) => {
				const text = printQuery(query);
				const head = text.slice(0, cut % text.length);
				const open = head.split("'").length % 2 === 0;
				const comma = /,\s*$/.test(head);
				fc.pre(open || comma);
				expect(parseQuery(head).ok).toBe(false);
			}),
		);
	});

	it('never makes the parser throw, and its position lies in the text', () => {
		const pieces = fc.array(
			fc.oneof(
				fc.constantFrom(
					'SELECT',
					'FROM',
					'WHERE',
					'AND',
					'IN',
					'NOT',
					'LIKE',
					'ORDER',
					'BY',
					'LIMIT',
					'TIMESPAN',
					'A',
					'B',
					'1',
					"'x'",
					',',
					'(',
					')',
					'=',
					'*',
					';',
					'"',
					"'",
					'‘',
					'\n',
					'-',
					'.',
				),
				anyText({ maxLength: 3 }),
			),
			{ maxLength: 25 },
		);
		fc.assert(
			fc.property(pieces, fc.constantFrom('', ' '), (words, space) => {
				const text = words.join(space);
				const result = parseQuery(text);
				if (result.ok) {
					expect(withoutPositions(parsed(printQuery(result.query)))).toEqual(
						withoutPositions(result.query),
					);
					return;
				}
				const [{ message, at } = { message: '', at: undefined }] = result.problems;
				expect(message).toMatch(/[.?]$/);
				expect(at?.offset).toBeGreaterThanOrEqual(0);
				expect((at?.offset ?? 0) + (at?.length ?? 0)).toBeLessThanOrEqual(text.length);
			}),
			{ numRuns: tries(1000) },
		);
	});
});
