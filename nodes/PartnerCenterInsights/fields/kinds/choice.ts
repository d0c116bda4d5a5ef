import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { InputError } from '../../insights/errors';
import { sameText } from '../../insights/sameText';
import {
	chosenOf,
	type Entry,
	entry,
	type Field,
	type Fields,
	type Inputs,
	type Labelled,
	propertiesOf,
	readFields,
	shownWhen,
	spelledAs,
} from '../field';
import { adviceOn, quote } from './refusals';

/** A list to choose from, whose values the compiler knows. */
export type ChoiceProperty<V extends string> = Omit<
	INodeProperties,
	'type' | 'options' | 'default'
> & {
	type: 'options';
	options: ReadonlyArray<Omit<INodePropertyOptions, 'value'> & { value: V }>;
	default: NoInfer<V>;
};

/** One of the values of a list, whatever its case. */
export function oneOf<const V extends string>(choice: ChoiceProperty<V>): Entry<V> {
	const property: INodeProperties = { ...choice, options: [...choice.options] };
	const { displayName, default: first } = choice;
	const values = [...new Set([first, ...choice.options.map(({ value }) => value)])];
	return entry(property, (value) => {
		const found = values.find((offered) => sameText(offered, value));
		if (found !== undefined) return found;
		throw new InputError(
			`'${displayName}' must be ${values.join(' or ')}, but is ${quote(value)}`,
			adviceOn(value),
		);
	});
}

type Cases<V extends string> = Readonly<Record<V, Fields>>;

/** What is chosen, with what its own fields hold. */
export type Chosen<C extends Cases<string>> = {
	[V in keyof C]: { readonly chosen: V } & Inputs<C[V]>;
}[keyof C];

/** A list of which each value brings fields of its own; only those of the chosen one are read. */
export function cases<const V extends string, C extends Cases<V>>(
	choice: ChoiceProperty<V>,
	fieldsOf: C,
): Field<Chosen<C>> & Labelled {
	const list = oneOf(choice);
	const offered = new Set<string>(choice.options.map(({ value }) => value));
	const conditionFor = (value: string) => {
		const [other, ...more] = Array.from(offered).filter((one) => one !== value);
		return other === undefined || more.length > 0 ? spelledAs(value) : chosenOf(value, other);
	};
	return {
		property: list.property,
		properties: [
			list.property,
			...Object.entries<Fields>(fieldsOf)
				.filter(([value]) => offered.has(value))
				.flatMap(([value, fields]) =>
					propertiesOf(fields).map(shownWhen({ [choice.name]: conditionFor(value) })),
				),
		],
		read: (values) => {
			const chosen = list.read(values);
			// One of the union's members, of which the compiler cannot tell that it is the right one.
			return { ...readFields(fieldsOf[chosen], values), chosen };
		},
	};
}
