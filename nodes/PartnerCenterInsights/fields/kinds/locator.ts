import type { INodeProperties } from 'n8n-workflow';
import { InputError } from '../../insights/errors';
import { trimmed } from '../../insights/sameText';
import { type Entry, entry } from '../field';
import { type FormInEditor, noticeOfForm } from '../notice';
import { emptyField, isNothing, quote } from './refusals';

type LocatorProperty = INodeProperties & { type: 'resourceLocator' };

/** The value of a resource locator, however it is given: as a locator, or plain by an expression. */
export const locatorValue = (raw: unknown): unknown =>
	typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : raw;

/** What an ID is like, and what a text that is none is told. */
export interface IdForm<Id> extends FormInEditor {
	/** E.g. "a report ID". */
	noun: string;
	read: (text: string) => Id | undefined;
	advice: string;
}

/** Reads an ID from a text. @throws InputError when it is none */
export function readId<Id>(value: unknown, displayName: string, form: IdForm<Id>): Id {
	if (isNothing(value) || value === '') throw emptyField(displayName);
	if (typeof value !== 'string' || trimmed(value) === '') {
		throw new InputError(`'${displayName}' must be a text, but is ${quote(value)}`, form.advice);
	}
	const id = form.read(value);
	if (id !== undefined) return id;
	throw new InputError(
		`'${displayName}' is not ${form.noun}: ${quote(trimmed(value))}`,
		form.advice,
	);
}

/** The field, followed by a sentence while what is given as its ID is none. */
export const markingMalformed = <T, Id>(field: Entry<T>, form: IdForm<Id>): Entry<T> => ({
	...field,
	properties: [
		field.property,
		noticeOfForm(field.property, form, `This is not ${form.noun}. ${form.advice}`),
	],
});

/** Something of the service, picked from a list or given by its ID. */
export const locator = <Id>(property: LocatorProperty, form: IdForm<Id>): Entry<Id> =>
	markingMalformed(
		entry(property, (value) => readId(locatorValue(value), property.displayName, form)),
		form,
	);
