import type { INodeProperties } from 'n8n-workflow';
import { trimmed } from '../../insights/sameText';
import { type Entry, entry } from '../field';
import { emptyField, isNothing, nothingFound } from './refusals';
import { readText } from './text';

type NamesProperty = INodeProperties & { type: 'string' | 'multiOptions' };

/**
 * Names as a list, or as a text that has something between them; none where it is empty. What holds
 * nothing but spaces or separators is what an expression leaves that found nothing.
 *
 * @param separators a comma, where nothing else is between them
 */
export const names = (property: NamesProperty, separators: RegExp = /,/): Entry<string[]> =>
	entry(property, (value) => {
		const { displayName } = property;
		const given: unknown[] = Array.isArray(value) ? value : [value];
		if (given.some(isNothing)) throw nothingFound(displayName);
		const texts = given.map((one) => readText(one, displayName));
		const separated = Array.isArray(value)
			? texts
			: texts.flatMap((text) => text.split(separators));
		const found = separated.map(trimmed).filter((name) => name !== '');
		const isUntouched = value === '' || (property.type === 'multiOptions' && given.length === 0);
		if (found.length === 0 && !isUntouched) throw emptyField(displayName);
		return found;
	});
