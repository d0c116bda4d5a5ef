import { DateTime, Duration } from 'luxon';
import { type Entry, spelledAs } from '../../../nodes/PartnerCenterInsights/fields/field';
import { asReportId } from '../../../nodes/PartnerCenterInsights/insights/ids';
import {
	cases,
	clearable,
	collection,
	date,
	filledIn,
	flag,
	leavesNothing,
	listOf,
	names,
	number,
	oneOf,
	optional,
	options,
	text,
	Unfound,
} from '../../../nodes/PartnerCenterInsights/fields/kinds';
import { most } from '../../../nodes/PartnerCenterInsights/fields/many';
import { emptyField } from '../../../nodes/PartnerCenterInsights/fields/kinds/refusals';
import { NOTHING, parsed, read, refusal, refusalOf, valuesOf } from './values';

const named = { displayName: 'Label', name: 'it', default: '' } as const;
const aText = text({ ...named, type: 'string' });
const aDate = date({ ...named, type: 'dateTime' });
const aFlag = flag({ ...named, type: 'boolean', default: true });
const aNumber = number(
	{
		...named,
		type: 'number',
		default: 5,
		typeOptions: { minValue: 2, maxValue: 10, numberPrecision: 0 },
	},
	'hours',
);
const aChoice = oneOf({
	...named,
	type: 'options',
	default: 'csv',
	options: [
		{ name: 'TSV', value: 'TSV' },
		{ name: 'CSV', value: 'csv' },
	],
});

const FIELDS: ReadonlyArray<Entry<unknown>> = [aText, aDate, aChoice, aNumber, aFlag];

const circular: Record<string, unknown> = {};
circular.self = circular;
const NO_VALUES: unknown[] = [{}, [], ['a'], { a: 1 }, circular, Symbol('x'), () => 1, NaN];

describe('a text', () => {
	it.each<[unknown, string]>([
		['a', 'a'],
		[' a b\n', 'a b'],
		['\ufeff\u200ba\u200db\u00a0\u200e', 'a\u200db'],
		[2026, '2026'],
		[0, '0'],
		[-1.5, '-1.5'],
		[true, 'true'],
		[false, 'false'],
		['a;b', 'a;b'],
	])('is read from %j', (value, expected) => {
		expect(parsed(aText, value)).toBe(expected);
	});

	it.each(['', '  ', '\n', '\u200b', '\ufeff \u2060', ...NOTHING])(
		'that must be there is empty when it is %j',
		(value) => {
			expect(refusalOf(aText, value)).toBe("'Label' is empty");
		},
	);

	it.each([
		...NO_VALUES,
		...[Infinity, 5n, '[object Object]', 'x [object Object]'],
		...['Invalid DateTime', 'Sales Invalid DateTime', 'Invalid Date', 'Invalid date', ' NaN '],
	])('is not %p', (value) => {
		expect(refusalOf(aText, value)).toMatch(/^'Label' must be a text, but is "/);
	});

	it('may be one of which an expression is no part', () => {
		const name = text({ ...named, type: 'string', default: '' }, filledIn);
		expect(parsed(name, 'a {b} {{')).toBe('a {b} {{');
		expect(refusalOf(name, 'a {{ $json.b }}')).toBe(
			'\'Label\' holds an expression that was not filled in: "{{ $json.b }}"',
		);
	});

	it('is read as its default where the node has none of that name', () => {
		expect(read(text({ ...named, type: 'string', default: 'data' }), {})).toBe('data');
	});
});

describe('what an expression gives among words', () => {
	it.each([
		...NOTHING,
		...[NaN, [], [null], ['', undefined], [[], [NaN]], 'NaN'],
		...[new Date(NaN), DateTime.invalid('for a test')],
	])('leaves nothing of %p', (value) => {
		expect(leavesNothing(value)).toBe(true);
	});

	it.each(['', ' ', 0, false, 'a', [0], [null, 1], {}, new Date(0), DateTime.now()])(
		'is something: %p',
		(value) => {
			expect(leavesNothing(value)).toBe(false);
		},
	);
});

describe.each<[string, typeof clearable | typeof optional, null | undefined]>([
	['a field that may be left empty', optional, undefined],
	['a field that is cleared by emptying it', clearable, null],
])('%s', (_what, make, empty) => {
	it.each(FIELDS)('is so by the empty text', (field) => {
		expect(parsed(make(field), '')).toBe(empty);
	});

	it.each(NOTHING)('is not so by an expression that gives %j', (value) => {
		for (const field of FIELDS) {
			expect(refusalOf(make(field), value)).toBe("'Label' has an expression that found nothing");
		}
	});

	it.each([' ', '\n'])(
		'is not so by %j, which an expression leaves that found nothing',
		(value) => {
			expect(refusalOf(make(aText), value)).toBe("'Label' is empty");
		},
	);

	it('is read as ever where there is something', () => {
		expect(parsed(make(aText), 2026)).toBe('2026');
		expect(parsed(make(aFlag), false)).toBe(false);
		expect(parsed(make(aNumber), 3)).toBe(3);
	});
});

describe('a number', () => {
	it.each<[unknown, number]>([
		[2, 2],
		[10, 10],
		['7', 7],
		[' 7 ', 7],
		['7.0', 7],
		['7.00', 7],
		['+3', 3],
	])('is read from %j', (value, expected) => {
		expect(parsed(aNumber, value)).toBe(expected);
	});

	it.each<unknown>([
		1,
		11,
		2.5,
		'2.5',
		'',
		' ',
		'many',
		'1,000',
		'5.000',
		'1e1',
		'0x5',
		'Infinity',
		Infinity,
		true,
		false,
		3n,
		new Date(5),
		...NO_VALUES,
		...NOTHING,
	])('within the bounds of its declaration is not %p', (value) => {
		expect(refusalOf(aNumber, value)).toMatch(
			/^'Label' must be a whole number from 2 to 10 hours, but is "/,
		);
	});

	it('may have decimals where its declaration has', () => {
		const minutes = number({
			...named,
			type: 'number',
			default: 1,
			typeOptions: { minValue: 0.01, numberPrecision: 2 },
		});
		expect(parsed(minutes, '0.03')).toBe(0.03);
		expect(refusalOf(minutes, 0)).toMatch(/^'Label' must be a number of at least 0.01, but is "0"/);
	});

	it('may have no least', () => {
		const upTo5 = number({ ...named, type: 'number', default: 1, typeOptions: { maxValue: 5 } });
		expect(parsed(upTo5, -100)).toBe(-100);
		expect(refusalOf(upTo5, 6)).toMatch(/^'Label' must be a number of at most 5, but is "6"/);
	});

	it.each([
		[1, 'second'],
		[2, 'seconds'],
		[0.5, 'seconds'],
	])('below %p is refused as such a number of %s', (minValue, told) => {
		const pause = number(
			{ ...named, type: 'number', default: 60, typeOptions: { minValue } },
			'seconds',
		);
		expect(refusalOf(pause, 0)).toMatch(
			new RegExp(`^'Label' must be a number of at least ${minValue} ${told}, but is "0"`),
		);
	});
});

describe('a refusal', () => {
	it.each<[unknown, string]>([
		[NaN, 'NaN'],
		[-Infinity, '-Infinity'],
		[new Date(NaN), 'Invalid Date'],
		[DateTime.invalid('for a test'), 'Invalid DateTime'],
		[new Date('2026-03-01T08:00:00Z'), '2026-03-01T08:00:00.000Z'],
		[{ a: 1 }, '{"a":1}'],
	])('names %p as a person knows it', (value, shown) => {
		expect(refusalOf(aNumber, value)).toContain(`but is "${shown}"`);
	});

	it.each(NOTHING)(
		'of %p says where to look for the value, in a number and a choice',
		(nothing) => {
			for (const field of [aNumber, aChoice]) {
				expect(() => parsed<unknown>(field, nothing)).toThrow(
					expect.objectContaining({
						advice: expect.stringMatching(/check that the field it names exists[.]$/) as string,
					}) as Error,
				);
			}
		},
	);
});

describe('a switch', () => {
	it.each([
		[true, ['true', 'True', 'TRUE']],
		['once', ['Once', 'ONCE']],
	])('and a choice show what depends on %p however it is spelled', (value, spellings) => {
		expect(spelledAs(value)).toEqual([value, ...spellings.map((eq) => ({ _cnd: { eq } }))]);
	});

	it.each<[unknown, boolean]>([
		[true, true],
		[false, false],
		['true', true],
		['false', false],
		['False', false],
		[' TRUE ', true],
	])('is read from %j', (value, expected) => {
		expect(parsed(aFlag, value)).toBe(expected);
	});

	it.each<unknown>([0, 1, '0', '1', 'yes', 'no', 'off', '', ' ', ...NO_VALUES, ...NOTHING])(
		'is not %p',
		(value) => {
			expect(refusalOf(aFlag, value)).toMatch(/^'Label' must be true or false, but is "/);
		},
	);
});

describe('a choice', () => {
	it.each<[unknown, string]>([
		['csv', 'csv'],
		['CSV', 'csv'],
		[' tsv ', 'TSV'],
	])('is read from %j', (value, expected) => {
		expect(parsed(aChoice, value)).toBe(expected);
	});

	it.each<unknown>(['', 'xlsx', 'csv,tsv', 1, true, ...NO_VALUES, ...NOTHING])(
		'is not %p',
		(value) => {
			expect(refusalOf(aChoice, value)).toMatch(/^'Label' must be csv or TSV, but is "/);
		},
	);
});

describe('a choice with fields for each case', () => {
	const schedule = cases(
		{
			displayName: 'Schedule',
			name: 'schedule',
			type: 'options',
			default: 'recurring',
			options: [
				{ name: 'Once', value: 'once' },
				{ name: 'Recurring', value: 'recurring' },
			],
		},
		{ once: { start: aText }, recurring: { hours: aNumber } },
	);

	it('reads the fields of the chosen case and no others', () => {
		expect(read(schedule, { schedule: 'Once', it: 'now' })).toEqual({
			chosen: 'once',
			start: 'now',
		});
		expect(read(schedule, { it: '6' })).toEqual({ chosen: 'recurring', hours: 6 });
	});

	it('shows them in that case only', () => {
		// Whatever is not the other one: n8n forgets what it does not show, and `Once` is read as one of the two.
		expect(schedule.properties.map(({ displayOptions }) => displayOptions?.show)).toEqual([
			undefined,
			{ schedule: ['once', { _cnd: { not: 'recurring' } }] },
			{ schedule: ['recurring', { _cnd: { not: 'once' } }] },
		]);
	});

	it('takes no case that is not offered for the default', () => {
		expect(refusal(() => read(schedule, { schedule: 'daily', it: 'x' }))).toBe(
			'\'Schedule\' must be recurring or once, but is "daily"',
		);
	});
});

describe('what cannot be seen around a value', () => {
	it.each(['\u200b', '\ufeff', '\u00a0', '\n'])('is no part of it: %j', (sign) => {
		const around = (value: string) => `${sign}${value}${sign}`;
		expect(parsed(aText, around('a'))).toBe('a');
		expect(parsed(aNumber, around('7'))).toBe(7);
		expect(parsed(aFlag, around('true'))).toBe(true);
		expect(parsed(aChoice, around('tsv'))).toBe('TSV');
		expect(parsed(aDate, around('2026-03-01T08:00:00Z'))).toBe(Date.UTC(2026, 2, 1, 8));
	});
});

describe('a date', () => {
	it.each<[unknown, string]>([
		['2026-03-01T08:00:00Z', '2026-03-01T08:00:00.000Z'],
		['2026-03-01', '2026-02-28T23:00:00.000Z'],
		['1999-12-31T00:00:00Z', '1999-12-31T00:00:00.000Z'],
		['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
		[new Date(Date.UTC(1999, 0)), '1999-01-01T00:00:00.000Z'],
		[DateTime.fromISO('2026-03-01T08:00:00+02:00'), '2026-03-01T06:00:00.000Z'],
		[Date.UTC(2000, 0), '2000-01-01T00:00:00.000Z'],
		[Date.UTC(2101, 0) - 1, '2100-12-31T23:59:59.999Z'],
	])('is read from %j', (value, expected) => {
		expect(new Date(parsed(aDate, value)).toISOString()).toBe(expected);
	});

	it.each<[string, unknown]>([
		['seconds', 1_772_352_000],
		['the day of a spreadsheet', 46_082],
		['the digits of a day', 20_240_601],
		['the digits of a day as text', '20240601'],
		['ms as text', '1772352000000'],
		['a year', 2026],
		['a year as text', '2026'],
		['microseconds', 1_772_352_000_000_000],
		['ms of 1999', Date.UTC(1999, 11, 31)],
		['ms of 2101', Date.UTC(2101, 0)],
		['zero', 0],
		['the text of a date that was made of seconds', '1970-01-21T12:19:12.000Z'],
		['the same in the zone of the workflow', '1970-01-21T13:19:12.000+01:00'],
		['the text of a date that was made of the day of a spreadsheet', '1970-01-01T00:00:46.082Z'],
		['a year of five digits', '+012026-01-01T00:00:00Z'],
		['a DateTime of the year 10000', { toMillis: () => Date.UTC(10_000, 0) }],
		['a DateTime that is none', { toMillis: () => NaN }],
		['a duration', Duration.fromObject({ hours: 5 })],
		['a Date of seconds', new Date(1_772_352_000)],
		['a DateTime of seconds', DateTime.fromMillis(1_772_352_000)],
		['a Date that is none', new Date('x')],
		['what gives its ms as text', { toMillis: () => '1772352000000' }],
		['a time of today', '12:30'],
		['a week day', 'Monday'],
		['a day that is none', '2026-02-30'],
		['a boolean', true],
		['white space', ' '],
	])('is not %s, and the refusal shows one', (_what, value) => {
		expect(refusalOf(aDate, value)).toMatch(/^'Label' is not a date: "/);
		try {
			parsed(aDate, value);
		} catch (error) {
			expect(error).toMatchObject({ advice: expect.stringContaining('2026-03-02T08:00:00Z') });
		}
	});

	it.each(['', ...NOTHING])('is empty when it is %j', (value) => {
		expect(refusalOf(aDate, value)).toBe("'Label' is empty");
	});
});

describe('names', () => {
	const someNames = names({ ...named, type: 'string' });

	it.each<[unknown, string[]]>([
		['', []],
		['a', ['a']],
		[' a , b,,c ', ['a', 'b', 'c']],
		[
			['a, b', ' c '],
			['a, b', 'c'],
		],
		[
			[1, true],
			['1', 'true'],
		],
	])('are read from %j', (value, expected) => {
		expect(parsed(someNames, value)).toEqual(expected);
	});

	it('are none where nothing is picked, and refused where an expression gives an empty list', () => {
		expect(parsed(names({ ...named, type: 'multiOptions' }), [])).toEqual([]);
		expect(refusalOf(someNames, [])).toBe("'Label' is empty");
	});

	it.each(NOTHING)('are not %j, nor is one of them', (value) => {
		expect(refusalOf(someNames, value)).toBe("'Label' has an expression that found nothing");
		expect(refusalOf(someNames, ['a', value])).toBe("'Label' has an expression that found nothing");
	});

	it('are refused with advice that fits a list', () => {
		try {
			parsed(someNames, null);
		} catch (error) {
			expect(error).toMatchObject({ advice: expect.stringContaining('that it gives a value') });
		}
		expect.assertions(1);
	});

	it('are refused where one of a list is a text of which nothing was found', () => {
		expect(refusalOf(someNames, ['a', new Unfound('{{ $json.b }}')])).toBe(
			`'Label' has an expression that found nothing: "{{ $json.b }}"`,
		);
	});

	it.each([' ', '\n', ',', ' , ,', ['', ' ']])(
		'are not none for %j, which an expression leaves that found nothing',
		(value) => {
			expect(refusalOf(someNames, value)).toBe("'Label' is empty");
		},
	);

	it.each([{}, { a: 1 }, [['a']], [{}]])('are not %j', (value) => {
		expect(refusalOf(someNames, value)).toMatch(/^'Label' must be a text, but is "/);
	});
});

describe('a collection', () => {
	const property = {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		default: {},
	} as const;
	const filters = collection(property, {
		zulu: optional(text({ ...named, name: 'zulu', displayName: 'Zulu', type: 'string' })),
		alpha: flag({ ...named, name: 'alpha', displayName: 'Alpha', type: 'boolean', default: true }),
	});

	it('holds what was added, and nothing of what was not', () => {
		expect(parsed(filters, { zulu: 'x' })).toEqual({ zulu: 'x' });
		expect(Object.keys(parsed(filters, {}))).toEqual([]);
		expect(parsed(filters, { alpha: 'false' })).toEqual({ alpha: false });
	});

	it('refuses an expression that found nothing in what was added', () => {
		expect(refusalOf(filters, { zulu: undefined })).toBe(
			"'Zulu' has an expression that found nothing",
		);
	});

	it.each(['', []])('is empty when it is %j, as n8n stores an untouched one', (value) => {
		expect(parsed(filters, value)).toEqual({});
	});

	it.each(['text', 5, true, ['a'], undefined, null])('is not %j', (value) => {
		expect(refusalOf(filters, value)).toMatch(/^'Filters' must be an object, but is "/);
	});

	it('lists its entries by their labels, however they are declared', () => {
		expect((filters.property.options ?? []).map(({ name }) => name)).toEqual(['alpha', 'zulu']);
	});

	it('of options has the defaults of those that were not added', () => {
		const chosen = options({ alpha: aFlag, hours: aNumber });
		expect(parsed(chosen, {})).toEqual({ alpha: true, hours: 5 });
		expect(refusalOf(chosen, { it: null })).toMatch(/^'Label' must be true or false/);
	});
});

it('a field that must be filled in says so, whether it is an expression or not', () => {
	expect(emptyField('Label')).toMatchObject({
		message: "'Label' is empty",
		advice: expect.stringMatching(/^Fill it in\. Where it is an expression, /) as string,
	});
});

describe('a list of entries', () => {
	const conditions = listOf(
		{ displayName: 'Conditions', name: 'conditions', type: 'fixedCollection', default: {} },
		{ displayName: 'Condition', name: 'condition' },
		{ name: aText },
	);

	it('is read entry by entry', () => {
		expect(parsed(conditions, {})).toEqual([]);
		expect(parsed(conditions, { condition: [{ it: 'a' }, { it: 2 }] })).toEqual([
			{ name: 'a' },
			{ name: '2' },
		]);
	});

	it('is not taken for empty when it is something else', () => {
		expect(refusalOf(conditions, { condition: 'x' })).toMatch(/^'Conditions' must be a list/);
		expect(refusalOf(conditions, { condition: [5] })).toMatch(/^'Condition' must be an object/);
	});

	it('tells in which entry a field is wrong, whose label all of them have', () => {
		expect(refusalOf(conditions, { condition: [{ it: 'a' }, { it: null }] })).toBe(
			"'Label' is empty (Conditions, condition 2)",
		);
	});
});

describe('how many results', () => {
	it.each<[number | undefined, Record<string, unknown>]>([
		[undefined, { returnAll: true }],
		[undefined, { returnAll: 'True', limit: 'nonsense' }],
		[7, { returnAll: false, limit: 7 }],
		[7, { returnAll: 'false', limit: '7' }],
		[50, {}],
	])('are %p for %j', (limit, parameters) => {
		expect(read(most, parameters)).toBe(limit);
	});

	it.each([0, -1, 1.5, NaN, 'many', '', null, undefined, {}, [], [7], true])(
		'may not be %p',
		(limit) => {
			expect(refusal(() => read(most, { returnAll: false, limit }))).toMatch(
				/^'Limit' must be a whole number of at least 1, but is "/,
			);
		},
	);

	it('may not be told by a switch that is none', () => {
		expect(refusal(() => most.read(valuesOf({ returnAll: null })))).toMatch(
			/^'Return All' must be true or false/,
		);
	});
});

it('an ID is one of its kind', () => {
	expect(asReportId('6B6A1E0A-4F5D-4A53-9F0E-2C1F6F1F8A11')).toBe(
		'6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11',
	);
});
