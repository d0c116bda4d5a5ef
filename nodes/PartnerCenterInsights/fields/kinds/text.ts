import type { INodeProperties } from 'n8n-workflow';
import { InputError } from '../../insights/errors';
import { LEFT_BY_EXPRESSIONS, NEVER_WRITTEN } from '../../insights/leftByExpressions';
import { trimmed } from '../../insights/sameText';
import { type Entry, entry } from '../field';
import { emptyField, isNothing, nothingFound, quote } from './refusals';

/** A list counts too whose values are the account's: what it holds is not known here. */
type TextProperty = INodeProperties & { type: 'string' | 'options' };

const isLeftByExpression = (text: string): boolean =>
	LEFT_BY_EXPRESSIONS.has(text) || NEVER_WRITTEN.some((left) => text.includes(left));

/** The refusal of what is no text. */
export const noText = (value: unknown, displayName: string, advice: string): InputError =>
	new InputError(`'${displayName}' must be a text, but is ${quote(value)}`, advice);

/**
 * A value as trimmed text: of a text, a number or a boolean.
 *
 * @throws InputError when it is anything else, also what JavaScript makes of an object or of a
 *   calculation that failed
 */
export function readText(
	value: unknown,
	displayName: string,
	advice = 'Where it is an expression, let it give one value, e.g. {{ $json.name }}.',
): string {
	const text =
		typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
			? trimmed(String(value))
			: undefined;
	if (text === undefined || isLeftByExpression(text)) {
		throw noText(value, displayName, advice);
	}
	return text;
}

const EXPRESSION = /\{\{[^]*?\}\}/;

/**
 * A text as it is, for names and addresses, of which an expression is no part.
 *
 * @throws InputError where it holds one: the field stands on Fixed, or the data is a template
 */
export function filledIn(text: string, displayName: string): string {
	const [expression] = EXPRESSION.exec(text) ?? [];
	if (expression === undefined) return text;
	throw new InputError(
		`'${displayName}' holds an expression that was not filled in: ${quote(expression)}`,
		'Switch the field from Fixed to Expression.',
	);
}

/** Reads a trimmed text further. @throws InputError when it will not do */
type ReadFurther<T> = (text: string, displayName: string) => T;

/** A text that must be there, read further where that is given. */
export function text(property: TextProperty): Entry<string>;
export function text<T>(property: TextProperty, further: ReadFurther<T>): Entry<T>;
export function text(
	property: TextProperty,
	further: ReadFurther<unknown> = (given) => given,
): Entry<unknown> {
	const { displayName } = property;
	return entry(property, (value) => {
		if (isNothing(value)) throw emptyField(displayName);
		const given = readText(value, displayName);
		if (given === '') throw emptyField(displayName);
		return further(given, displayName);
	});
}

/** A text with the space around it: for one in which places are counted from its beginning. */
export const untrimmed = ({ property, parse }: Entry<string>): Entry<string> =>
	entry(property, (value, circumstances) => {
		const given = parse(value, circumstances);
		return typeof value === 'string' ? value : given;
	});

const emptied =
	<E>(empty: E) =>
	<T>({ property, parse }: Entry<T>): Entry<T | E> =>
		entry(property, (value, circumstances) => {
			if (isNothing(value)) throw nothingFound(property.displayName);
			return value === '' ? empty : parse(value, circumstances);
		});

/** A field that may be left empty: then undefined. Only the empty text leaves it so. */
export const optional = emptied(undefined);

/** A field that is cleared by emptying it: then null. Only the empty text clears. */
export const clearable = emptied(null);
