import { InputError } from '../../insights/errors';
import { LEFT_BY_EXPRESSIONS } from '../../insights/leftByExpressions';

const LONGEST_QUOTE = 60;

function asText(value: unknown): string {
	if (typeof value === 'string') return value;
	// Numbers that are none, and dates that are none, are null in JSON.
	if (typeof value === 'number') return String(value);
	try {
		// Undefined for what JSON does not know, such as a function.
		const json: unknown = JSON.stringify(value);
		if (typeof json !== 'string' || (json === 'null' && value !== null)) return String(value);
		return json.startsWith('"') ? json.slice(1, -1) : json;
	} catch {
		// Circular, or a bigint.
		return String(value);
	}
}

/** A value as it is shown in a message: quoted and short. */
export function quote(value: unknown): string {
	const text = asText(value);
	return `"${text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text}"`;
}

/** What an expression gives that found nothing, also where something on its way made text of it. */
export const isNothing = (value: unknown): boolean =>
	value === undefined || value === null || value === 'undefined' || value === 'null';

/**
 * What an expression must not give among words or beside another one. n8n makes the empty text of nothing
 * found, of an empty list and of a calculation that failed, and what is left would mean something else.
 */
export const leavesNothing = (value: unknown): boolean =>
	Array.isArray(value)
		? value.every((one) => one === '' || leavesNothing(one))
		: isNothing(value) || LEFT_BY_EXPRESSIONS.has(asText(value));

const CHECK_EXPRESSION = 'Where it is an expression, check that the field it names exists.';

/** What to do about a value beside an example of a right one: undefined where that says enough. */
export const adviceOn = (value: unknown): string | undefined =>
	isNothing(value) ? CHECK_EXPRESSION : undefined;

/** The refusal of a field that must be filled. */
export const emptyField = (displayName: string): InputError =>
	new InputError(`'${displayName}' is empty`, `Fill it in. ${CHECK_EXPRESSION}`);

/**
 * The refusal of a field that may be empty, but whose expression found nothing.
 *
 * @param expression where the field has more than one
 */
export const nothingFound = (
	displayName: string,
	expression?: string,
	advice = 'Check that the field it names exists in the input item, and that it gives a value. Nothing found is not taken for an empty text: where that is meant, write {{ $json.name ?? "" }}.',
): InputError =>
	new InputError(
		`'${displayName}' has an expression that found nothing${expression === undefined ? '' : `: ${quote(expression)}`}`,
		advice,
	);

/**
 * What stands in place of a text with several expressions, or with words around one, where one of them
 * found nothing: n8n leaves an empty text there, which may be all that is left.
 */
export class Unfound {
	/**
	 * @param expression as it is written
	 * @param advice where another holds than for a node with an input item
	 */
	constructor(
		readonly expression: string,
		readonly advice?: string,
	) {}
}
