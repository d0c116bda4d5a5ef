import type { INodeProperties } from 'n8n-workflow';
import { InputError } from '../../insights/errors';
import { folded } from '../../insights/sameText';
import { type Entry, entry } from '../field';
import { quote } from './refusals';

const TEXTS: ReadonlyMap<string, boolean> = new Map([
	['true', true],
	['false', false],
]);

/** A switch: true or false, also as text. */
export const flag = (property: INodeProperties & { type: 'boolean' }): Entry<boolean> =>
	entry(property, (value) => {
		const given = typeof value === 'boolean' ? value : TEXTS.get(folded(value));
		if (given !== undefined) return given;
		throw new InputError(
			`'${property.displayName}' must be true or false, but is ${quote(value)}`,
			'Where it is an expression, compare in it, e.g. {{ $json.count > 0 }}.',
		);
	});
