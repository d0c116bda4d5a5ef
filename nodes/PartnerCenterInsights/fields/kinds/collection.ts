import type { INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import { InputError } from '../../insights/errors';
import {
	type Circumstances,
	type Entries,
	type Entry,
	entry,
	type Inputs,
	readFields,
	type Values,
} from '../field';
import { quote } from './refusals';

type CollectionProperty = INodeProperties & { type: 'collection' };
type GroupProperty = INodeProperties & { type: 'fixedCollection' };

/** Labels are English: `localeCompare` would load the rules of a language at the start of every n8n. */
const byLabel = (
	{ displayName: a }: INodeProperties,
	{ displayName: b }: INodeProperties,
): number => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);

const declared = (entries: Entries): INodeProperties[] =>
	Object.values(entries)
		.map(({ property }) => property)
		.sort(byLabel);

/** The entries of a collection by their names. An untouched one may come as an empty text or list. */
function contents(value: unknown, displayName: string): Record<string, unknown> {
	if (value === '' || (Array.isArray(value) && value.length === 0)) return {};
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
	throw new InputError(
		`'${displayName}' must be an object, but is ${quote(value)}`,
		'Add each entry by itself, and set it by an expression of its own.',
	);
}

const valuesIn = (held: Record<string, unknown>, circumstances: Circumstances): Values => ({
	program: circumstances.program,
	timezone: circumstances.timezone,
	now: circumstances.now,
	get: (name, fallback) => (name in held ? held[name] : fallback),
});

/** A collection of entries that are added one by one; what was not added is not there. */
export const collection = <E extends Entries>(
	property: CollectionProperty,
	entries: E,
): Entry<Partial<Inputs<E>>> =>
	entry({ ...property, options: declared(entries) }, (value, circumstances) => {
		const held = contents(value, property.displayName);
		const added = Object.entries(entries).filter(
			([
				,
				{
					property: { name },
				},
			]) => name in held,
		);
		// Of these entries and no others, which the compiler does not see through `entries`.
		return readFields(Object.fromEntries(added), valuesIn(held, circumstances)) as Partial<
			Inputs<E>
		>;
	});

/** What both nodes call their collection of options. */
export const OPTIONS = 'Options';

/**
 * The collection of options: one that was not added has its default.
 *
 * @param shown where they do not always show
 */
export const options = <E extends Entries>(
	entries: E,
	shown: Pick<INodeProperties, 'displayOptions'> = {},
): Entry<Inputs<E>> =>
	entry(
		{
			displayName: OPTIONS,
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			...shown,
			default: {},
			options: declared(entries),
		},
		(value, circumstances) =>
			readFields(entries, valuesIn(contents(value, OPTIONS), circumstances)),
	);

/** Passes a refusal on with the entry of which list its field stands in: all entries have the same labels. */
function refuseAt(place: string, refusal: unknown): never {
	if (!(refusal instanceof InputError)) throw refusal;
	throw new InputError(`${refusal.message} (${place})`, refusal.advice);
}

/**
 * A list of entries of the same form.
 *
 * @param group under which name n8n keeps the list, and what one of its members is called
 */
export const listOf = <E extends Entries>(
	property: GroupProperty,
	group: Pick<INodePropertyCollection, 'displayName' | 'name'>,
	entries: E,
): Entry<Array<Inputs<E>>> =>
	entry(
		{
			...property,
			options: [{ ...group, values: Object.values(entries).map((one) => one.property) }],
		},
		(value, circumstances) => {
			const held = contents(value, property.displayName)[group.name] ?? [];
			if (!Array.isArray(held)) {
				throw new InputError(
					`'${property.displayName}' must be a list, but is ${quote(held)}`,
					'Where it is an expression, let it give a list.',
				);
			}
			return held.map((member, index) => {
				try {
					return readFields(entries, valuesIn(contents(member, group.displayName), circumstances));
				} catch (error) {
					return refuseAt(
						`${property.displayName}, ${group.displayName.toLowerCase()} ${index + 1}`,
						error,
					);
				}
			});
		},
	);
