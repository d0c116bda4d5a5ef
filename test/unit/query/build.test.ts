import {
	buildQuery,
	COMPARISON_OPERATORS,
	isQueryableName,
	parseQuery,
	printQuery,
} from '../../../nodes/PartnerCenterInsights/insights/query';
import type { BuilderParts, Operator } from '../../../nodes/PartnerCenterInsights/insights/query';
import { WITHOUT_WIDTH } from '../../../nodes/PartnerCenterInsights/insights/sameText';
import fc from '../fastCheck';
import { awkwardText, queryableName, withoutPositions } from './queries';
import { tries } from '../tries';

const base: BuilderParts = { dataset: 'AzureUsage', columns: ['Month'] };

function built(parts: Partial<BuilderParts>): string {
	const result = buildQuery({ ...base, ...parts });
	return result.ok ? printQuery(result.query) : result.problems.map((p) => p.message).join(' | ');
}

function condition(operator: Operator, value: unknown): string {
	return built({ conditions: [{ name: 'SKU', operator, value }] }).replace(/.*WHERE /s, '');
}

describe('building a query', () => {
	it('puts all parts into the order of the grammar', () => {
		expect(
			built({
				columns: ['Month', 'CustomerName'],
				metrics: ['ACR_USD'],
				conditions: [
					{ name: 'CustomerMarket', operator: '=', value: 'Germany' },
					{ name: 'ACR_USD', operator: '>', value: 100.5 },
				],
				orderBy: [{ name: 'ACR_USD' }, { name: 'Month', direction: 'ASC' }],
				limit: 10,
				timespan: 'LAST_2_YEARS',
			}),
		).toBe(
			"SELECT Month, CustomerName, ACR_USD FROM AzureUsage WHERE CustomerMarket = 'Germany' AND ACR_USD > 100.5 ORDER BY ACR_USD, Month ASC LIMIT 10 TIMESPAN LAST_2_YEARS",
		);
	});

	it('leaves out what is not given', () => {
		expect(built({})).toBe('SELECT Month FROM AzureUsage');
		expect(built({ columns: [], metrics: ['ACR_USD'], timespan: '' })).toBe(
			'SELECT ACR_USD FROM AzureUsage',
		);
	});

	it.each<[Operator, unknown, string]>([
		['=', 'Germany', "SKU = 'Germany'"],
		['=', '5', "SKU = '5'"],
		['=', 5, 'SKU = 5'],
		['>=', -0.25, 'SKU >= -0.25'],
		['=', true, "SKU = 'true'"],
		['=', '', "SKU = ''"],
		['LIKE', "%O'Brien%", "SKU LIKE '%O''Brien%'"],
		['=', "'quoted already'", "SKU = 'quoted already'"],
		['=', "'O''Brien'", "SKU = 'O''Brien'"],
		['=', "' AND Month = '", "SKU = ' AND Month = '"],
		['=', "x' AND Month = 'y", "SKU = 'x'' AND Month = ''y'"],
		['=', "'a' AND Month = 'b'", "SKU = '''a'' AND Month = ''b'''"],
		['IN', 'A, B ,C D', "SKU IN ('A', 'B', 'C D')"],
		['IN', "A,, B', 'Smith, John' ,'O''Brien',", "SKU IN ('A', 'B''', 'Smith, John', 'O''Brien')"],
		['IN', "''", "SKU IN ('')"],
		['NOT IN', '1, 2', "SKU NOT IN ('1', '2')"],
		['NOT IN', [1, 2.5], 'SKU NOT IN (1, 2.5)'],
		['IN', [1, 'x', false], "SKU IN ('1', 'x', 'false')"],
		['IN', ['a, b', "'c'"], "SKU IN ('a, b', '''c''')"],
		['IN', 7, 'SKU IN (7)'],
		// Numbers in other forms, where the order counts or where no text can be meant.
		['=', 1e21, 'SKU = 1000000000000000000000'],
		['=', -1.5e-7, 'SKU = -0.00000015'],
		['=', BigInt(20), 'SKU = 20'],
		['=', '\u22125', "SKU = '-5'"],
		['=', '\uff11\uff12', "SKU = '12'"],
		['=', '1e6', "SKU = '1e6'"],
		['=', '007', "SKU = '007'"],
		['>', '1e6', "SKU > '1000000'"],
		['>=', ' .5', "SKU >= '0.5'"],
		['<', '1,000,000', "SKU < '1000000'"],
		['<', '1 000', "SKU < '1000'"],
		['<', "20'000", "SKU < '20000'"],
		['>', '2026-01-31', "SKU > '2026-01-31'"],
		['IN', '100,200,300', "SKU IN ('100', '200', '300')"],
		// One value in quotes of any kind.
		['=', '"Germany"', "SKU = 'Germany'"],
		['=', '“Côte d’Ivoire”', "SKU = 'Côte d’Ivoire'"],
		['=', '‘O’Brien’', "SKU = 'O’Brien'"],
		['=', '24" screen', "SKU = '24\" screen'"],
		['=', '"A" and "B"', 'SKU = \'"A" and "B"\''],
		['=', '(none)', "SKU = '(none)'"],
		// Lists as people paste them.
		['IN', 'A\nB\r\nC\rD\n', "SKU IN ('A', 'B', 'C', 'D')"],
		['IN', 'A\tB\u2028C', "SKU IN ('A', 'B', 'C')"],
		['IN', 'A\u0085B,\u0085 C', "SKU IN ('A', 'B', 'C')"],
		['IN', '\u0085"A"\u0085"B"\u0085', "SKU IN ('A', 'B')"],
		['IN', "N'A'\u2028N'B'", "SKU IN ('A', 'B')"],
		['IN', '"A"\t"B"', "SKU IN ('A', 'B')"],
		['IN', '{A, B}', "SKU IN ('A', 'B')"],
		['IN', '{"A","B"}', "SKU IN ('A', 'B')"],
		['IN', '"A;B", C', "SKU IN ('A;B', 'C')"],
		['=', 'A\r\n', "SKU = 'A'"],
		['=', '\u0085A\u200b', "SKU = 'A'"],
		['>', '\u200b5', "SKU > '5'"],
		['IN', "'1 000', 2", "SKU IN ('1 000', '2')"],
		['IN', '100 200 300 A', "SKU IN ('100 200 300 A')"],
		['IN', 'Made in (Germany)', "SKU IN ('Made in (Germany)')"],
		['IN', '"A","B"', "SKU IN ('A', 'B')"],
		['IN', '"A, B"\n"C ""D"" E"', "SKU IN ('A, B', 'C \"D\" E')"],
		['IN', '["A","B"]', "SKU IN ('A', 'B')"],
		['IN', '[1, 2]', 'SKU IN (1, 2)'],
		['IN', "('A','B')", "SKU IN ('A', 'B')"],
		['IN', "['A', 'B']", "SKU IN ('A', 'B')"],
		['IN', '[A, B]', "SKU IN ('A', 'B')"],
		['IN', "('A')", "SKU IN ('A')"],
		['IN', '(5)', "SKU IN ('5')"],
		['IN', "(\n'A',\n'B'\n)", "SKU IN ('A', 'B')"],
		['IN', '(a), (b)', "SKU IN ('(a)', '(b)')"],
		['IN', "('O''Brien', 'A)')", "SKU IN ('O''Brien', 'A)')"],
		['IN', '‘A’, “B”, „C“, «D»', "SKU IN ('A', 'B', 'C', 'D')"],
		['IN', 'Contoso (UK), D’Arcy', "SKU IN ('Contoso (UK)', 'D’Arcy')"],
		['IN', "N'A', N'B''C'", "SKU IN ('A', 'B''C')"],
		['IN', "N'A'\nN'B'", "SKU IN ('A', 'B')"],
		['=', "N'A'", "SKU = 'A'"],
		['IN', "N'Djamena, L'Aquila", "SKU IN ('N''Djamena', 'L''Aquila')"],
		['=', "N'Djamena", "SKU = 'N''Djamena'"],
		['IN', '1.000, 5', "SKU IN ('1.000', '5')"],
		['=', '"A", B', 'SKU = \'"A", B\''],
		['IN', '"say \\"hi\\" to"', 'SKU IN (\'say "hi" to\')'],
		// Digits stay as they were written, also where a number of JavaScript cannot hold them.
		['IN', '[12345678901234567, 2]', 'SKU IN (12345678901234567, 2)'],
		['IN', '[ -0.12345678901234567890 ,1e3]', 'SKU IN (-0.12345678901234567890, 1000)'],
		['IN', '["a, \\"1\\"", 12345678901234567]', "SKU IN ('a, \"1\"', '12345678901234567')"],
		['=', "'O'Brien'", "SKU = 'O''Brien'"],
		['=', "'D''Arcy O'Brien'", "SKU = 'D''Arcy O''Brien'"],
		['IN', '\u200bA, \u200bB\ufeff', "SKU IN ('A', 'B')"],
		['IN', "\ufeff'A'\u200b,\u200b'B'\u200b", "SKU IN ('A', 'B')"],
		// With bullets or numbers before all of its lines.
		['IN', '• A\n• B C', "SKU IN ('A', 'B C')"],
		['IN', '- A\r\n-  B\r\n', "SKU IN ('A', 'B')"],
		['IN', '1. A\n\n2. B\n', "SKU IN ('A', 'B')"],
		['NOT IN', '1) A\n2) B', "SKU NOT IN ('A', 'B')"],
		['IN', "* 'A, B'\n* C", "SKU IN ('A, B', 'C')"],
		['IN', '- A\nB', "SKU IN ('- A', 'B')"],
		['IN', '- A', "SKU IN ('- A')"],
		['IN', '2. A\n1. B', "SKU IN ('2. A', '1. B')"],
		['IN', '- 5\n- 6', "SKU IN ('- 5', '- 6')"],
		['IN', '• 5\n• 6', "SKU IN ('5', '6')"],
		['IN', '1. 12\n2. 1500', "SKU IN ('12', '1500')"],
		['IN', '-A\n-B', "SKU IN ('-A', '-B')"],
		['IN', '5,10,100', "SKU IN ('5', '10', '100')"],
		['=', '> 5', "SKU = '> 5'"],
		['=', "''A'' and more", "SKU = '''''A'''' and more'"],
		// What the sentences about unclear lists say to write.
		['IN', "'1,5', '2,5'", "SKU IN ('1,5', '2,5')"],
		['IN', "'O''Brien', 'x'", "SKU IN ('O''Brien', 'x')"],
		['IN', "'A','B','C'", "SKU IN ('A', 'B', 'C')"],
	])('%s %j', (operator, value, text) => {
		expect(condition(operator, value)).toBe(text);
	});

	const missing = 'Condition 1 (SKU): the value is missing: give text or a number.';
	const neither =
		'Condition 1 (SKU): the value is neither text nor a number: convert it first, a date for example with toISODate().';
	const oneValue = 'Condition 1 (SKU): = takes one value: choose IN or NOT IN for a list.';
	const unfilled = 'Condition 1 (SKU): the n8n expression in it was not filled in.';
	const unclear = (given: string, number: string) =>
		`Condition 1 (SKU): ${given} is not clear as a number: write ${number} without the comma.`;
	const several = (given: string, number: string) =>
		`Condition 1 (SKU): ${given} may be one number or several: write ${number} for one, or a space after each comma for several.`;
	const another = (given: string, separator: string) =>
		`Condition 1 (SKU): ${given} is one value here: write commas in place of ${separator} for several, or put it in quotes where ${separator} belongs to it.`;
	const eachQuoted = (separator: string, example: string) =>
		`Condition 1 (SKU): both , and ${separator} stand in the list, and each of them may separate its values: put every value in single quotes, with commas between them, for example ${example}.`;
	const comma = (separator: string) =>
		`Condition 1 (SKU): the values of a list are separated by commas: write a comma in place of ${separator}.`;
	const doubled = (right: string, wrong: string) =>
		`Condition 1 (SKU): a quote inside a value is written twice: write ${right} instead of ${wrong}.`;
	const missingComma = (value: string) =>
		`Condition 1 (SKU): a comma is missing after ${value}: it separates the values of a list.`;
	const openQuote = (value: string, literal: string) =>
		`Condition 1 (SKU): the quote before ${value} has no end: write one after its last character, or ${literal} where the quote belongs to the value.`;
	const between = (quote: string, first: string, last: string) =>
		`Condition 1 (SKU): the quotes stand only between the values: write ${quote} before ${first} and after ${last} as well.`;
	const spaced = (given: string, number: string) =>
		`Condition 1 (SKU): ${given} is a number with a space in it: write ${number}, or '${given}' where it is text.`;
	const leaveOut = (operator: string) =>
		`Condition 1 (SKU): the operator stands in a field of its own: leave out ${operator}, and give only the values.`;
	const leaveOutOne = (operator: string) =>
		`Condition 1 (SKU): the operator stands in a field of its own: leave out ${operator}, and give only the value.`;
	const doubledAround = (right: string, wrong: string) =>
		`Condition 1 (SKU): a value stands between one single quote on each side: write ${right} instead of ${wrong}.`;
	const ofPage = (entity: string) =>
		`Condition 1 (SKU): ${entity} is a quote as web pages write it in their source: write ' in its place.`;
	const object = (left: string) =>
		`Condition 1 (SKU): ${left} is what is left of an expression that gave an object: check the field that it names.`;
	const nothing =
		'Condition 1 (SKU): undefined is what is left of an expression that found nothing: check the field that it names.';
	const empty = 'Condition 1 (SKU): the list is empty: give at least one value.';
	it.each<[Operator, unknown, string]>([
		['=', '"A","B"', oneValue],
		['=', "'A', 'B'", oneValue],
		['=', "N'A', N'B'", oneValue],
		['=', '“A”,“B”', oneValue],
		['IN', '1.000,5', several('1.000,5', '1000.5')],
		['IN', '7,1.234.567,89', several('1.234.567,89', '1234567.89')],
		['=', undefined, missing],
		['=', null, missing],
		['=', new Date(0), neither],
		['IN', [{ a: 1 }], neither],
		['IN', [[1]], neither],
		['=', NaN, 'Condition 1 (SKU): NaN is not a number: give its digits.'],
		['=', -Infinity, 'Condition 1 (SKU): -Infinity is not a number: give its digits.'],
		['=', ['a'], oneValue],
		['=', '["a"]', oneValue],
		['=', "('a', 'b')", oneValue],
		['=', '$json.sku', unfilled],
		['IN', '{$json.sku}, x', unfilled],
		['=', '{{ $json.sku }}', unfilled],
		['IN', 'A, {{ $json.sku }}', unfilled],
		['>', '20,000', unclear('20,000', '20000')],
		['<=', '20,5', unclear('20,5', '20.5')],
		['IN', '20,000', several('20,000', '20000')],
		['IN', '1,200, 3,400', several('1,200', '1200')],
		['IN', '1,000.50, 2,000.50', several('1,000.50', '1000.50')],
		['IN', '1000,2,000', several('2,000', '2000')],
		['IN', '1 000, 2 000', spaced('1 000', '1000')],
		['NOT IN', '5, 1\u00a0000\u00a0000', spaced('1\u00a0000\u00a0000', '1000000')],
		['IN', "IN ('a')", leaveOut('IN')],
		['IN', 'NOT IN (a, b)', leaveOut('NOT IN')],
		['NOT IN', 'in (a,b)', leaveOut('in')],
		['=', "= 'A'", leaveOutOne('=')],
		['!=', '!="A"', leaveOutOne('!=')],
		['IN', "not like '%A%'", leaveOutOne('not like')],
		['=', "''A''", doubledAround("'A'", "''A''")],
		['IN', "''A B'', ''C''", doubledAround("'A B'", "''A B''")],
		['=', '&quot;A&quot;', ofPage('&quot;')],
		['IN', '&#39;A&#39;,&#39;B&#39;', ofPage('&#39;')],
		['IN', "'A' or 'B'", comma('or')],
		['IN', '"A" AND "B"', comma('AND')],
		['IN', 'A،B', another('A،B', '،')],
		['IN', '{"a": "A"}', neither],
		['IN', '1,00,000', several('1,00,000', '100000')],
		['IN', '5, 12,05,000.50', several('12,05,000.50', '1205000.50')],
		['IN', '$1,000', several('1,000', '1000')],
		['IN', '1,000 USD, 2,000 USD', several('1,000', '1000')],
		['=', '{{ $json.a }', unfilled],
		[
			'IN',
			"'A' 'B'",
			'Condition 1 (SKU): a comma is missing after A: it separates the values of a list.',
		],
		[
			'IN',
			"A, 't Hooft",
			"Condition 1 (SKU): the quote before t Hooft has no end: write one after its last character, or '''t Hooft' where the quote belongs to the value.",
		],
		[
			'IN',
			'(none)',
			"Condition 1 (SKU): (none) is one value in brackets: leave them out, or put '(none)' in single quotes where they belong to it.",
		],
		['IN', 'A;B', another('A;B', ';')],
		['IN', 'A | B', another('A | B', '|')],
		['IN', 'A，B', another('A，B', '，')],
		['IN', '1,5; 2,5', eachQuoted(';', "'1,5', '2,5'")],
		['IN', 'Contoso, Ltd.; Fabrikam, Inc.', eachQuoted(';', "'Contoso, Ltd.', 'Fabrikam, Inc.'")],
		['IN', 'A; B, C | D', eachQuoted(';', "'A', 'B, C | D'")],
		['IN', "'A', B; C", another('B; C', ';')],
		['IN', "'A' ; 'B'", comma(';')],
		['IN', '"A"|"B"', comma('|')],
		// Quotes within values, before or after them alone, or only between them.
		['IN', "'O'Brien', 'x'", doubled("'O''Brien'", "'O'Brien'")],
		['IN', "('D'Arcy O'Brien')", doubled("'D''Arcy O''Brien'", "'D'Arcy O'Brien'")],
		['IN', '"4"K", "x"', doubled("'4\"K'", '"4"K"')],
		['IN', "'x', 'James' car', 'y'", doubled("'James'' car'", "'James' car'")],
		['IN', "'A' B 'C'", missingComma('A')],
		['IN', "'A'B, C", missingComma('A')],
		['IN', "'A, 'B'", openQuote('A', "'''A'")],
		['IN', "'x', 'A\n'B'", openQuote('A', "'''A'")],
		['IN', "A','B", between("'", 'A', 'B')],
		['IN', "A','B','C", between("'", 'A', 'C')],
		['IN', 'A", "B', between('"', 'A', 'B')],
		// Expressions of any form, before anything in them is taken for a list.
		['IN', '{{ $json.x }}', unfilled],
		['IN', '{{ $json.list.slice(0, 5) }}', unfilled],
		['NOT IN', '{{ [$json.a, $json.b] }}', unfilled],
		['IN', "{{ $json.tags.join(',') }}", unfilled],
		['IN', "('{{ $json['a'] }}', 'b')", unfilled],
		['IN', '["{{ $json.a }}"]', unfilled],
		['=', "'{{ $json.a }}', '{{ $json.b }}'", unfilled],
		// A list where one value is to stand, in all forms that IN takes.
		['=', "['A','B']", oneValue],
		['=', '("A","B")', oneValue],
		['=', "{'A','B'}", oneValue],
		['=', "'A'\n'B'", oneValue],
		['=', '"A"\r\n"B"', oneValue],
		['=', '"A"\u0085"B"', oneValue],
		['=', "'A';'B'", oneValue],
		['=', "'A',", oneValue],
		['=', "'A';", oneValue],
		[
			'IN',
			"('A','B'",
			"Condition 1 (SKU): the bracket before 'A' has no end: write one after the last value, or leave it out.",
		],
		['IN', 'A,undefined', nothing],
		['=', 'undefined', nothing],
		['LIKE', '%undefined%', nothing],
		['IN', '[object Object]', object('[object Object]')],
		['IN', '[object Object],[object Object]', object('[object Object]')],
		['IN', '[[1]]', neither],
		['IN', '[null]', missing],
		['IN', '[]', empty],
		['IN', '()', empty],
		['IN', ' , ', empty],
		['IN', [], empty],
	])('refuses %s %j', (operator, value, message) => {
		expect(condition(operator, value)).toBe(message);
	});

	it('never makes another list of one, whatever form it is pasted in', () => {
		const texts =
			"Germany|New York|O'Brien|Côte d'Ivoire|365 Business|R&D|Bosnia and Herzegovina|31.01.2026|50% off|C++|.NET|Dr. No|one (two)|007|< 10|N/A|24\" TV|'t Hooft|12|1.5".split(
				'|',
			);
		const each = (form: (text: string) => string, separator: string) => (list: string[]) =>
			list.map(form).join(separator);
		const asIs = (text: string) => text;
		const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
		const inCsv = (text: string) => `"${text.replaceAll('"', '""')}"`;
		const forms: Array<(list: string[]) => string> = [
			...[', ', ',', '\n', '\r\n', '\t', ',\n', '; ', '|'].map((separator) =>
				each(asIs, separator),
			),
			...[',', '\n', ' and '].flatMap((separator) => [
				each(literal, separator),
				each(inCsv, separator),
			]),
			...['“”', '„“', '‘’', '«»', '``'].map(([opening, closing]) =>
				each((text) => `${opening}${text}${closing}`, ', '),
			),
			...['()', '[]', '{}'].flatMap(([opening, closing]) =>
				[asIs, literal].map(
					(form) => (list: string[]) => `${opening}${each(form, ', ')(list)}${closing}`,
				),
			),
			each((text) => `N${literal(text)}`, ', '),
			each((text) => `• ${text}`, '\n'),
			(list) => list.map((text, index) => `${index + 1}. ${text}`).join('\n'),
			(list) => JSON.stringify(list),
		];
		const others = forms.flatMap((form) =>
			texts.flatMap((one, index) => {
				const list = [one, texts[(index + 7) % texts.length] ?? ''];
				const read = condition('IN', form(list));
				return read.startsWith('Condition') || read === `SKU IN (${list.map(literal).join(', ')})`
					? []
					: [{ pasted: form(list), read }];
			}),
		);
		expect(others).toEqual([]);
	});

	it('reports everything that is wrong, in the order of the fields', () => {
		const result = buildQuery({
			dataset: '',
			columns: ['Customer Name'],
			metrics: ['RevenueGenerated(USD)'],
			conditions: [{ name: 'Select', operator: 'IN', value: '' }],
			orderBy: [{ name: 'a;b' }, { name: 'A;B' }],
			limit: 0,
			timespan: 'LAST MONTH',
		});
		const rule =
			'cannot be queried: the service accepts only letters, digits and underscores in names.';
		expect(result).toEqual({
			ok: false,
			problems: [
				{ part: 'dataset', message: 'Dataset is empty: choose a name from the list.' },
				{ part: 'columns', message: `Column 'Customer Name' ${rule}` },
				{ part: 'metrics', message: `Metric 'RevenueGenerated(USD)' ${rule}` },
				{ part: 'conditions', message: `Condition 1: column 'Select' ${rule}` },
				{
					part: 'conditions',
					message: 'Condition 1 (Select): the list is empty: give at least one value.',
				},
				{ part: 'orderBy', message: `Order 1: column 'a;b' ${rule}` },
				{ part: 'orderBy', message: `Order 2: column 'A;B' ${rule}` },
				{ part: 'orderBy', message: "'A;B' stands twice in ORDER BY: leave one of the two out." },
				{ part: 'limit', message: 'Limit is a whole number from 1, for example 10, not 0.' },
				{ part: 'timespan', message: `Time span 'LAST MONTH' ${rule}` },
			],
		});
		expect(built({ columns: ['Month', 'SKU'], metrics: ['month'] })).toBe(
			"'month' is selected twice: leave one of the two out.",
		);
		expect(built({ columns: [] })).toBe(
			'Nothing is selected: choose at least one column or metric.',
		);
	});

	it('makes only queries that parse, with the values that were given', () => {
		const ends = `[\\r\\n\\u0085\\u2028\\u2029${WITHOUT_WIDTH}]+`;
		const aroundLines = new RegExp(`^${ends}|${ends}$`, 'g');
		const value = fc.oneof(awkwardText, fc.integer());
		const parts: fc.Arbitrary<BuilderParts> = fc.record({
			dataset: queryableName,
			columns: fc.uniqueArray(queryableName, {
				selector: (name) => name.toLowerCase(),
				minLength: 1,
				maxLength: 3,
			}),
			conditions: fc.array(
				fc.oneof(
					fc.record({
						name: queryableName,
						operator: fc.constantFrom(...COMPARISON_OPERATORS),
						value,
					}),
					fc.record({
						name: queryableName,
						operator: fc.constantFrom<Operator>('IN', 'NOT IN'),
						value: fc.oneof(fc.array(value, { minLength: 1, maxLength: 4 }), awkwardText),
					}),
				),
				{ maxLength: 3 },
			),
		});
		fc.assert(
			fc.property(parts, (given) => {
				const result = buildQuery(given);
				if (!result.ok) {
					// A list can be unclear; nothing else can be wrong with these parts.
					expect(result.problems.map(({ message }) => message).join()).toMatch(
						/the list is empty|may be one number|with a space in it|of its own: leave out|a comma is missing|has no end|in brackets|takes one value|is one value here|left of an expression|stand in the list|separated by commas|written twice|stand only between|one single quote on each side/,
					);
					return;
				}
				const again = parseQuery(printQuery(result.query));
				if (!again.ok) throw new Error(again.problems[0]?.message);
				expect(withoutPositions(again.query)).toEqual(withoutPositions(result.query));
				result.query.conditions.forEach((condition, index) => {
					const original = given.conditions?.[index]?.value;
					if ('values' in condition && Array.isArray(original)) {
						expect(condition.values.map(({ text }) => text)).toEqual(original.map(String));
					}
					if (
						'value' in condition &&
						!/^\s*(['"‘’]).*['"‘’]\s*$|^[\s.\p{N}-]*$/su.test(String(original))
					) {
						expect(condition.value.text).toBe(String(original).replace(aroundLines, ''));
					}
				});
			}),
			{ numRuns: tries(500) },
		);
	});
});

describe('a queryable name', () => {
	it.each([
		['CustomerName', true],
		['PGA_MPNId', true],
		['3PApps', true],
		['RevenueGenerated(USD)', false],
		['Customer Name', false],
		['A-B', false],
		['A.B', false],
		['Ä', false],
		['123', false],
		['', false],
		['A\n', false],
		['order', false],
		['TimeSpan', false],
	])('%j: %s', (name, queryable) => {
		expect(isQueryableName(name)).toBe(queryable);
	});

	it('is exactly a name that the parser takes in SELECT', () => {
		const almostName = fc.oneof(
			fc.stringMatching(/^[\w.()-]{0,5}$/),
			fc.constantFrom('in', 'By', 'Top'),
		);
		fc.assert(
			fc.property(almostName, (name) => {
				const result = parseQuery(`SELECT ${name} FROM X`);
				expect(result.ok && result.query.names[0]?.text === name).toBe(isQueryableName(name));
			}),
			{ examples: [['12'], ['_'], ['a--']] },
		);
	});
});
