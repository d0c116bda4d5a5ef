import type { INodePropertyOptions } from 'n8n-workflow';
import { InputError } from '../insights/errors';
import { COMPARISON_OPERATORS, LIST_OPERATORS, type Operator } from '../insights/query';
import { sameText } from '../insights/sameText';
import { quote } from './values';

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

/** The choices of the builder's operator field, under their signs. */
export const operatorChoices: INodePropertyOptions[] = OPERATORS.map((operator) => ({
	name: operator,
	value: WORDS[operator],
}));

export const DEFAULT_OPERATOR = WORDS['='];

/** The operator that a word stands for, in any case; also its sign, which earlier versions stored. */
export function readOperator(value: unknown): Operator {
	const found = OPERATORS.find(
		(operator) => sameText(value, WORDS[operator]) || sameText(value, operator),
	);
	if (found === undefined) {
		const words = OPERATORS.map((operator) => WORDS[operator]).join(', ');
		throw new InputError(
			`'Operator' must be one of the list, but is ${quote(value)}`,
			`Choose it from the list; an expression gives one of ${words}.`,
		);
	}
	return found;
}
