import type { INodeProperties } from 'n8n-workflow';
import { entry, type Entry } from './field';
import {
	emptyField,
	type IdForm,
	isInMode,
	isNothing,
	locatorValue,
	markingMalformed,
	nothingFound,
	readLocated,
	readText,
} from './kinds';

/** Something of the service by its ID, or by a name for which the ID is yet to be found. */
export type Reference<Id> = { readonly id: Id } | { readonly name: string };

type LocatorProperty = INodeProperties & { type: 'resourceLocator' };

/** The third way of a locator, in n8n's own case, as beside it: 'By Name' would be cut at its end. */
export const BY_NAME = 'By name';

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
			const { displayName } = property;
			return isInMode(raw, 'name')
				? { name: nameIn(locatorValue(raw), displayName) }
				: { id: readLocated(raw, displayName, form) };
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
