import type { INodePropertyOptions } from 'n8n-workflow';
import { operator } from '../../../nodes/PartnerCenterInsights/fields/operator';
import { circumstances } from './values';

const operatorChoices = operator.property.options as INodePropertyOptions[];
const readOperator = (value: unknown) => operator.parse(value, circumstances);

describe('the operators of the query builder', () => {
	it('stand in the list under their signs, with words for values', () => {
		expect(operatorChoices.map(({ name, value }) => [name, value])).toEqual([
			['=', 'equal'],
			['!=', 'notEqual'],
			['>', 'greaterThan'],
			['<', 'lessThan'],
			['>=', 'greaterThanOrEqual'],
			['<=', 'lessThanOrEqual'],
			['LIKE', 'like'],
			['NOT LIKE', 'notLike'],
			['IN', 'in'],
			['NOT IN', 'notIn'],
		]);
	});

	it.each(operatorChoices.map(({ name, value }) => [name, value]))(
		'%s is read from its word and from the sign that earlier versions stored',
		(sign, word) => {
			expect(readOperator(word)).toBe(sign);
			expect(readOperator(String(word).toUpperCase())).toBe(sign);
			expect(readOperator(` ${sign.toLowerCase()} `)).toBe(sign);
		},
	);

	it.each(['', 'is', '<>', undefined, null, 5])('nothing else is read: %j', (value) => {
		expect(() => readOperator(value)).toThrow(/^'Operator' must be one of the list, but is "/);
	});
});
