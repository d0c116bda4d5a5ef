import type { INodeProperties } from 'n8n-workflow';
import { InputError } from '../insights/errors';
import { COMPARISON_OPERATORS, LIST_OPERATORS, type Operator } from '../insights/query/types';
import { sameText } from '../insights/sameText';
import { entry } from './field';
import { quote } from './kinds';

/** In words, because n8n takes every value that begins with `=` for an expression. */
const WORDS: Record<Operator, string> = {
	'=': 'equal',
	'!=': 'notEqual',
	'>': 'greaterThan',
	'<': 'lessThan',
	'>=': 'greaterThanOrEqual',
	'<=': 'lessThanOrEqual',
	LIKE: 'like',
	'NOT LIKE': 'notLike',
	IN: 'in',
	'NOT IN': 'notIn',
};

const OPERATORS: readonly Operator[] = [...COMPARISON_OPERATORS, ...LIST_OPERATORS];

const first = WORDS['='];

const property: INodeProperties = {
	displayName: 'Operator',
	name: 'operator',
	type: 'options',
	options: OPERATORS.map((operator) => ({ name: operator, value: WORDS[operator] })),
	default: first,
};

/** The builder's operator, by its word in any case; also by its sign, which earlier versions stored. */
export const operator = entry(property, (value): Operator => {
	const found = OPERATORS.find((one) => sameText(value, WORDS[one]) || sameText(value, one));
	if (found !== undefined) return found;
	throw new InputError(
		`'${property.displayName}' must be one of the list, but is ${quote(value)}`,
		`Choose it from the list; an expression gives one of ${Object.values(WORDS).join(', ')}.`,
	);
});
