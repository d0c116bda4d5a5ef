import {
	COMPARISON_OPERATORS,
	isQueryableName,
	LIST_OPERATORS,
} from '../../../nodes/PartnerCenterInsights/insights/query';
import type {
	Condition,
	Direction,
	Name,
	OrderTerm,
	Query,
	Value,
} from '../../../nodes/PartnerCenterInsights/insights/query';
import { anyText } from '../anyText';
import fc from '../fastCheck';

/** The query without the positions and origins of its parts, for comparing what it means. */
export function withoutPositions(query: Query): unknown {
	return JSON.parse(
		JSON.stringify(query, (key, value: unknown) =>
			key === 'at' || key === 'part' ? undefined : value,
		),
	);
}

/** Names that a catalogue could hold and the grammar accepts. */
export const queryableName: fc.Arbitrary<string> = fc
	.oneof(
		fc.stringMatching(/^\w{1,30}$/),
		fc.constantFrom('Month', '3PApps', '_', 'Order1', 'Inn', 'FROM_', 'Group', 'Null', 'x'),
	)
	.filter(isQueryableName);

/** Text that a careless printer or tokenizer would trip over. */
export const awkwardText: fc.Arbitrary<string> = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 20 }),
	anyText({ maxLength: 20 }),
	fc
		.array(
			fc.constantFrom(
				"'",
				"''",
				'"',
				'‘',
				'’',
				'\\',
				'--',
				'/*',
				';',
				',',
				'(',
				')',
				'%',
				' ',
				'\r\n',
				'\0',
				'\ud83d',
				'{{',
				' AND ',
				'SELECT',
			),
			{ maxLength: 6 },
		)
		.map((pieces) => pieces.join('')),
);

const name: fc.Arbitrary<Name> = queryableName.map((text) => ({ text }));

/** A list in which no name stands twice, in any case. */
const distinctNames = (size: { minLength: number; maxLength: number }): fc.Arbitrary<Name[]> =>
	fc.uniqueArray(name, { selector: ({ text }) => text.toLowerCase(), ...size });

const digits = fc.stringMatching(/^-?[0-9]{1,25}(\.[0-9]{1,10})?$/);
const numberValue = digits.map((text): Value => ({ kind: 'number', text }));
const textValue = awkwardText.map((text): Value => ({ kind: 'text', text }));

const condition: fc.Arbitrary<Condition> = fc.oneof(
	fc.record({
		name,
		operator: fc.constantFrom(...COMPARISON_OPERATORS),
		value: fc.oneof(numberValue, textValue),
	}),
	fc.record({
		name,
		operator: fc.constantFrom(...LIST_OPERATORS),
		values: fc.oneof(
			fc.array(numberValue, { minLength: 1, maxLength: 5 }),
			fc.array(textValue, { minLength: 1, maxLength: 5 }),
		),
	}),
);

const orderTerm: fc.Arbitrary<OrderTerm> = fc.record(
	{ name, direction: fc.constantFrom<Direction>('ASC', 'DESC') },
	{ requiredKeys: ['name'] },
);

/** Every query that the grammar knows. */
export const anyQuery: fc.Arbitrary<Query> = fc.record(
	{
		distinct: fc.boolean(),
		names: distinctNames({ minLength: 1, maxLength: 8 }),
		from: name,
		conditions: fc.array(condition, { maxLength: 4 }),
		orderBy: fc.uniqueArray(orderTerm, {
			selector: (term) => term.name.text.toLowerCase(),
			maxLength: 3,
		}),
		limit: fc.record({ rows: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }) }),
		timespan: name,
	},
	{ requiredKeys: ['distinct', 'names', 'from', 'conditions', 'orderBy'] },
);
