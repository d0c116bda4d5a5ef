import type { INodeProperties } from 'n8n-workflow';
import { InputError } from '../../insights/errors';
import { sameText } from '../../insights/sameText';
import { type Entry, entry } from '../field';
import { type FormInEditor, noticeOfForm } from '../notice';
import { emptyField, isNothing, quote } from './refusals';
import { noText, readText } from './text';

type LocatorProperty = INodeProperties & { type: 'resourceLocator' };

/** The value of a resource locator, however it is given: as a locator, or plain by an expression. */
export const locatorValue = (raw: unknown): unknown =>
	typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : raw;

/** Whether a locator is in this mode. */
export const isInMode = (raw: unknown, mode: string): boolean =>
	typeof raw === 'object' && raw !== null && 'mode' in raw && sameText(raw.mode, mode);

/** What an ID is like, and what a text that is none is told. */
export interface IdForm<Id> extends FormInEditor {
	/** E.g. "a report ID". */
	noun: string;
	read: (text: string) => Id | undefined;
	/** Whether a number can be one: as its text. */
	hasNumbers?: boolean;
	/** Where the service has others than people know by sight: reads what was picked from its list. */
	readListed?: (text: string) => Id | undefined;
	advice: string;
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0;

/** Reads an ID that is given as one. @throws InputError when it is none */
export function readId<Id>(
	value: unknown,
	displayName: string,
	form: Pick<IdForm<Id>, 'noun' | 'read' | 'hasNumbers' | 'advice'>,
): Id {
	if (isNothing(value)) throw emptyField(displayName);
	const isId = typeof value === 'string' || (form.hasNumbers === true && isCount(value));
	// No switch is the ID of anything, and few numbers are: an expression has picked the wrong one.
	if (!isId) throw noText(value, displayName, form.advice);
	const text = readText(value, displayName, form.advice);
	if (text === '') throw emptyField(displayName);
	const id = form.read(text);
	if (id !== undefined) return id;
	throw new InputError(`'${displayName}' is not ${form.noun}: ${quote(text)}`, form.advice);
}

/** Reads the ID of a locator that is not in the mode for names. @throws InputError when it holds none */
export const readLocated = <Id>(raw: unknown, displayName: string, form: IdForm<Id>): Id => {
	const { read, readListed = read } = form;
	const reading = { ...form, read: isInMode(raw, 'list') ? readListed : read };
	return readId(locatorValue(raw), displayName, reading);
};

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
		entry(property, (raw) => readLocated(raw, property.displayName, form)),
		form,
	);
