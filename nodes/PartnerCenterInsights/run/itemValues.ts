import type { IExecuteFunctions } from 'n8n-workflow';
import { program } from '../fields/connection';
import type { Values } from '../fields/field';
import { isNothing, nothingFound, Unfound } from '../fields/kinds';
import { statement } from '../fields/querySource';
import type { Limits, Operation } from '../operations/operation';

/** Fields of n8n's SQL editor: in their fixed text too it shows what stands in `{{ }}` filled in. */
const IN_SQL_EDITOR: ReadonlySet<string> = new Set([statement.property.name]);

/** What becomes words by itself: dates too, which have such a method of their own. */
type Found = string | number | boolean | null | undefined;

/** How an object that is no text begins as one. */
const NO_WORDS = '[object ';

const EXPRESSION = /\{\{[\s\S]*?\}\}/g;
/** A field that is one expression and nothing else. */
const LONE_EXPRESSION = /^=\s*\{\{(?:(?!\}\})[\s\S])*\}\}\s*$/;

/** A text of several expressions, or with words around one, and where it stands in a parameter. */
interface Template {
	path: readonly string[];
	expressions: readonly string[];
}

/** The templates in a parameter as it is written. */
function templatesIn(written: unknown, path: readonly string[] = []): Template[] {
	if (typeof written === 'string') {
		if (!written.startsWith('=') || LONE_EXPRESSION.test(written)) return [];
		const expressions = written.match(EXPRESSION) ?? [];
		return expressions.length === 0 ? [] : [{ path, expressions }];
	}
	if (typeof written !== 'object' || written === null) return [];
	return Object.entries(written).flatMap(([key, value]) => templatesIn(value, [...path, key]));
}

/** They are the same for all items: looked for once in a run. */
const known = new WeakMap<IExecuteFunctions, Map<string, Template[]>>();

function templatesOf(context: IExecuteFunctions, name: string): Template[] {
	const ofContext = known.get(context) ?? new Map<string, Template[]>();
	known.set(context, ofContext);
	const found = ofContext.get(name) ?? templatesIn(context.getNode().parameters[name]);
	ofContext.set(name, found);
	return found;
}

/** What of a template finds nothing, if anything does. */
function unfoundIn(
	context: IExecuteFunctions,
	{ expressions }: Template,
	itemIndex: number,
): Unfound | undefined {
	const expression = expressions.find((one) => {
		try {
			return isNothing(context.evaluateExpression(one, itemIndex));
		} catch {
			// Braces within it, by which it was cut: n8n itself reads all of it.
			return false;
		}
	});
	return expression === undefined ? undefined : new Unfound(expression);
}

/** A parameter with something else at a place in it; a locator is replaced as a whole. */
function withAt(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
	if (key === undefined || typeof value !== 'object' || value === null) return other;
	if ('__rl' in value) return other;
	const held = (value as Record<string, unknown>)[key];
	const changed = withAt(held, rest, other);
	return Array.isArray(value)
		? value.map((one: unknown, index) => (String(index) === key ? changed : one))
		: { ...value, [key]: changed };
}

/**
 * The text of a statement. What the SQL editor shows filled in is filled in: n8n itself does so for
 * expressions only. What a lone expression gives is data, and is left as it is.
 *
 * @throws InputError for an expression within it that finds nothing: with the empty text that n8n leaves
 *   there a query would look for something else
 */
function filledStatement(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	value: string,
): string {
	const written: unknown = context.getNodeParameter(name, itemIndex, value, {
		rawExpressions: true,
	});
	if (typeof written !== 'string' || LONE_EXPRESSION.test(written)) return value;
	const filled = written.replace(EXPRESSION, (expression) => {
		const found = context.evaluateExpression(expression, itemIndex) as Found;
		if (isNothing(found)) throw nothingFound(statement.property.displayName, expression);
		const words = String(found);
		return words.startsWith(NO_WORDS) ? expression : words;
	});
	return written === value ? filled : value;
}

/** The value of a parameter; {@link Unfound} in place of a text in which an expression found nothing. */
function parameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	fallback: unknown,
): unknown {
	const value: unknown = context.getNodeParameter(name, itemIndex, fallback);
	if (IN_SQL_EDITOR.has(name)) {
		return typeof value === 'string' ? filledStatement(context, name, itemIndex, value) : value;
	}
	return templatesOf(context, name).reduce((held, template) => {
		const unfound = unfoundIn(context, template, itemIndex);
		return unfound === undefined ? held : withAt(held, template.path, unfound);
	}, value);
}

/** What the fields of an input item are read from. */
export function itemValues(context: IExecuteFunctions, itemIndex: number): Values {
	const values: Values = {
		get: (name, fallback) => parameter(context, name, itemIndex, fallback),
		timezone: context.getTimezone(),
		now: Date.now(),
		get program() {
			return program.read(values);
		},
	};
	return values;
}

/**
 * The limits hold for the whole run: those of the first item whose options can be used.
 *
 * @returns undefined where no item's can; each item tells what is wrong with its own
 */
export function limitsOfRun(operation: Operation, items: Iterable<Values>): Limits | undefined {
	for (const values of items) {
		try {
			return operation.readLimits(values);
		} catch {
			// Refused when it is the item's turn, without a word to the others.
		}
	}
	return undefined;
}
