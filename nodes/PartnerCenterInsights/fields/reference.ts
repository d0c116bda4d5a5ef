import type { INodeProperties } from 'n8n-workflow';
import { sameText } from '../insights/sameText';
import { entry, type Entry } from './field';
import {
	emptyField,
	type IdForm,
	isNothing,
	locatorValue,
	markingMalformed,
	nothingFound,
	readId,
	readText,
} from './kinds';

/** Something of the service by its ID, or by a name for which the ID is yet to be found. */
export type Reference<Id> = { readonly id: Id } | { readonly name: string };

type LocatorProperty = INodeProperties & { type: 'resourceLocator' };

/** Whether the locator's third way is chosen, beside the list and the ID. */
const isByName = (raw: unknown): boolean =>
	typeof raw === 'object' && raw !== null && 'mode' in raw && sameText(raw.mode, 'name');

function nameIn(value: unknown, displayName: string): string {
	if (isNothing(value)) throw emptyField(displayName);
	const name = readText(value, displayName);
	if (name === '') throw emptyField(displayName);
	return name;
}

/** Something of the service, picked from a list, or given by its ID or its name. */
export const reference = <Id>(property: LocatorProperty, form: IdForm<Id>): Entry<Reference<Id>> =>
	markingMalformed(
		entry(property, (raw) => {
			const value = locatorValue(raw);
			const { displayName } = property;
			return isByName(raw)
				? { name: nameIn(value, displayName) }
				: { id: readId(value, displayName, form) };
		}),
		form,
	);

/** The same as a filter, which may be left empty: then undefined. */
export const optionalReference = <Id>(
	{ property, parse }: Entry<Reference<Id>>,
	description: string,
): Entry<Reference<Id> | undefined> =>
	entry({ ...property, required: false, description }, (raw, circumstances) => {
		const value = locatorValue(raw);
		if (isNothing(value)) throw nothingFound(property.displayName);
		return value === '' ? undefined : parse(raw, circumstances);
	});
