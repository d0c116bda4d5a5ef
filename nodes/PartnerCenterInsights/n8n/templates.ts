import type { IExecuteFunctions } from 'n8n-workflow';
import { leavesNothing, Unfound } from '../fields/kinds';

/** An expression within a text. */
export const EXPRESSION = /\{\{[\s\S]*?\}\}/g;
/** A field that is one expression and nothing else: with as much as a space beside it n8n makes a text. */
export const LONE_EXPRESSION = /^=\{\{(?:(?!\}\})[\s\S])*\}\}$/;

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
 * Puts {@link Unfound} in place of each text in a parameter of which an expression found nothing: n8n
 * leaves an empty text there. What is written is the same for all items, and looked at once.
 */
export function unfoundParts(
	context: IExecuteFunctions,
): (name: string, itemIndex: number, value: unknown) => unknown {
	const { parameters } = context.getNode();
	const known = new Map<string, Template[]>();

	const isUnfound = (expression: string, itemIndex: number): boolean => {
		try {
			return leavesNothing(context.evaluateExpression(expression, itemIndex));
		} catch {
			// Braces within it, by which it was cut: n8n itself reads all of it.
			return false;
		}
	};

	return (name, itemIndex, value) => {
		const templates = known.get(name) ?? templatesIn(parameters[name]);
		known.set(name, templates);
		return templates.reduce((held, { path, expressions }) => {
			const expression = expressions.find((one) => isUnfound(one, itemIndex));
			return expression === undefined ? held : withAt(held, path, new Unfound(expression));
		}, value);
	};
}
