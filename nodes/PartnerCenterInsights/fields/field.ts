import type { INodeProperties } from 'n8n-workflow';
import type { Program } from '../insights/program';
import { nothingFound, Unfound } from './kinds/refusals';

/** What a field may go by beside its own value. */
export interface Circumstances {
	/** The program that the item is for. */
	readonly program: Program;
	/** Of the workflow, an IANA name; taken for dates that name no zone. */
	readonly timezone: string;
	/** ms since the epoch */
	readonly now: number;
}

/** What fields are read from: the parameters of one input item, or the entries of a collection. */
export interface Values extends Circumstances {
	/** A value as n8n gives it, or the fallback where there is none of that name. */
	readonly get: (name: string, fallback: unknown) => unknown;
}

/** A field of a node: how it is shown, how it is read, and (by its type) what it is read as. */
export interface Field<T> {
	/** One, or several that belong together, in the order in which the editor shows them. */
	readonly properties: readonly INodeProperties[];
	/** @throws InputError that names the field and says what would do */
	readonly read: (values: Values) => T;
}

/** A field of one property, which can also stand in a collection. */
export interface Entry<T> extends Field<T>, Labelled {
	/** Reads a value that is there; an expression may have made anything of it. */
	readonly parse: (value: unknown, circumstances: Circumstances) => T;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type Entries = Readonly<Record<string, Entry<unknown>>>;

/** Those of an operation that has none. */
export interface NoEntries {
	readonly [key: string]: never;
}

/** What a field is read as. */
export type InputOf<F> = F extends Field<infer T> ? T : never;

/** What fields are read as, each under its key. */
export type Inputs<F extends Fields> = { -readonly [K in keyof F]: InputOf<F[K]> };

/** A field of one property. Where the node has no value for it, it is read as its default. */
export function entry<T>(property: INodeProperties, parseFound: Entry<T>['parse']): Entry<T> {
	const parse: Entry<T>['parse'] = (value, circumstances) => {
		// A list of names may have one among them.
		const unfound = [value].flat().find((one) => one instanceof Unfound);
		if (unfound !== undefined) {
			throw nothingFound(property.displayName, unfound.expression, unfound.advice);
		}
		return parseFound(value, circumstances);
	};
	return {
		property,
		properties: [property],
		parse,
		read: (values) => parse(values.get(property.name, property.default), values),
	};
}

/** What messages can name by its label. */
export interface Labelled {
	readonly property: INodeProperties;
}

/** A field as messages name it: by its label. */
export const named = ({ property }: Labelled): string => `'${property.displayName}'`;

/** A value of a list as messages name it: by what the list shows. */
export function offeredAs({ property }: Labelled, value: string): string {
	const offered = property.options?.find((option) => 'value' in option && option.value === value);
	return offered?.name ?? value;
}

/** Reads fields in the order in which they are declared. */
export const readFields = <F extends Fields>(fields: F, values: Values): Inputs<F> =>
	Object.fromEntries(
		Object.entries(fields).map(([key, field]) => [key, field.read(values)]),
		// The keys are those of the fields, which the compiler does not see through `entries`.
	) as Inputs<F>;

/** The declarations of fields, in their order. */
export const propertiesOf = (fields: Fields): INodeProperties[] =>
	Object.values(fields).flatMap(({ properties }) => properties);

type Show = NonNullable<NonNullable<INodeProperties['displayOptions']>['show']>;

/**
 * The condition that one of two values is chosen: whatever is not the other one. n8n compares exactly, and
 * forgets what a field holds that it does not show; but `Once` and `"false"` are read here as what they say.
 */
export const chosenOf = <V extends string | boolean>(value: V, other: V) => [
	value,
	{ _cnd: { not: other } },
];

/**
 * The same where what is not the other one may be a third, or nothing at all: the value as text, in the ways
 * in which it is written.
 */
export const spelledAs = (value: string | boolean) => {
	const text = String(value);
	const capitalised = text.charAt(0).toUpperCase() + text.slice(1);
	return [
		value,
		...[text, capitalised, text.toUpperCase()]
			.filter((spelling) => spelling !== value)
			.map((spelling) => ({ _cnd: { eq: spelling } })),
	];
};

/** A declaration that is shown under further conditions. */
export const shownWhen =
	(show: Show) =>
	(property: INodeProperties): INodeProperties => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { ...show, ...property.displayOptions?.show },
		},
	});

/** The same entry, read as something else. */
export const mapped = <T, U>(
	{ property, parse }: Entry<T>,
	map: (value: T, circumstances: Circumstances) => U,
): Entry<U> =>
	entry(property, (value, circumstances) => map(parse(value, circumstances), circumstances));

/** A field that only one program has; for the other one it is undefined. */
export const onlyFor = <T>(wanted: Program, field: Field<T>): Field<T | undefined> => ({
	properties: field.properties.map(
		shownWhen({ program: chosenOf(wanted, wanted === 'mpn' ? 'cmp' : 'mpn') }),
	),
	read: (values) => (values.program === wanted ? field.read(values) : undefined),
});
