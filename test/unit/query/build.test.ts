import fc from 'fast-check';
import {
	buildQuery,
	COMPARISON_OPERATORS,
	isQueryableName,
	parseQuery,
	printQuery,
} from '../../../nodes/PartnerCenterInsights/insights/query';
import type { BuilderParts, Operator } from '../../../nodes/PartnerCenterInsights/insights/query';
import { awkwardText, queryableName, withoutPositions } from './queries';

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
				distinct: true,
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
			"SELECT DISTINCT Month, CustomerName, ACR_USD FROM AzureUsage WHERE CustomerMarket = 'Germany' AND ACR_USD > 100.5 ORDER BY ACR_USD, Month ASC LIMIT 10 TIMESPAN LAST_2_YEARS",
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
	])('%s %j', (operator, value, text) => {
		expect(condition(operator, value)).toBe(text);
	});

	const missing = 'Condition 1 (SKU): the value is missing: give text or a number.';
	const neither =
		'Condition 1 (SKU): the value is neither text nor a number: convert it first, a date for example with toISODate().';
	const empty = 'Condition 1 (SKU): the list is empty: give at least one value.';
	it.each<[Operator, unknown, string]>([
		['=', undefined, missing],
		['=', null, missing],
		['=', new Date(0), neither],
		['IN', [{ a: 1 }], neither],
		['IN', [[1]], neither],
		['=', NaN, 'Condition 1 (SKU): NaN cannot be written as a number: give its digits as text.'],
		['=', 1e21, 'Condition 1 (SKU): 1e+21 cannot be written as a number: give its digits as text.'],
		['=', ['a'], 'Condition 1 (SKU): = takes one value: choose IN or NOT IN for a list.'],
		['IN', ' , ', empty],
		['IN', [], empty],
	])('refuses %s %j', (operator, value, message) => {
		expect(condition(operator, value)).toBe(message);
	});

	it('reports everything that is wrong, in the order of the fields', () => {
		const result = buildQuery({
			dataset: '',
			columns: ['Customer Name'],
			metrics: ['RevenueGenerated(USD)'],
			conditions: [{ name: 'Select', operator: 'IN', value: '' }],
			orderBy: [{ name: 'a;b' }],
			limit: 0,
			timespan: 'LAST MONTH',
		});
		const rule =
			'cannot be queried: the service accepts only letters, digits and underscores in names.';
		expect(result).toEqual({
			ok: false,
			problems: [
				{ message: 'Dataset is empty: choose a name from the list.' },
				{ message: `Column 'Customer Name' ${rule}` },
				{ message: `Metric 'RevenueGenerated(USD)' ${rule}` },
				{ message: `Condition 1: column 'Select' ${rule}` },
				{ message: 'Condition 1 (Select): the list is empty: give at least one value.' },
				{ message: `Order 1: column 'a;b' ${rule}` },
				{ message: 'Limit is a whole number from 1, for example 10, not 0.' },
				{ message: `Time span 'LAST MONTH' ${rule}` },
			],
		});
		expect(built({ columns: [] })).toBe(
			'Nothing is selected: choose at least one column or metric.',
		);
	});

	it('makes only queries that parse, with the values that were given', () => {
		const value = fc.oneof(awkwardText, fc.integer());
		const parts: fc.Arbitrary<BuilderParts> = fc.record({
			dataset: queryableName,
			columns: fc.array(queryableName, { minLength: 1, maxLength: 3 }),
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
						value: fc.oneof(
							fc.array(value, { minLength: 1, maxLength: 4 }),
							awkwardText.map((text) => `x${text}`),
						),
					}),
				),
				{ maxLength: 3 },
			),
		});
		fc.assert(
			fc.property(parts, (given) => {
				const result = buildQuery(given);
				if (!result.ok) throw new Error(result.problems[0]?.message);
				const again = parseQuery(printQuery(result.query));
				if (!again.ok) throw new Error(again.problems[0]?.message);
				expect(withoutPositions(again.query)).toEqual(withoutPositions(result.query));
				result.query.conditions.forEach((condition, index) => {
					const original = given.conditions?.[index]?.value;
					if ('values' in condition && Array.isArray(original)) {
						expect(condition.values.map(({ text }) => text)).toEqual(original.map(String));
					}
					if ('value' in condition && !/^\s*'.*'\s*$/s.test(String(original))) {
						expect(condition.value.text).toBe(String(original));
					}
				});
			}),
			{ numRuns: 500 },
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
