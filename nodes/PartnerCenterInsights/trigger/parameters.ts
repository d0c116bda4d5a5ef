import { isNothing, leavesNothing, Unfound } from '../fields/kinds';
import type { Values } from '../fields/field';
import { EXPRESSION, LONE_EXPRESSION } from '../n8n/templates';

/** What n8n tells of a trigger's parameters, in each of the contexts in which it calls one. */
export interface ParametersOfTrigger {
	/** As written, with its expressions. */
	written: Values['get'];
	/** Filled in. */
	filled: Values['get'];
	/** What an expression, or a text of several, gives. @throws where n8n cannot work it out */
	evaluate: (text: string) => unknown;
}

/** What an expression of a trigger cannot find, and what it can. */
const ADVICE =
	'No item comes into a trigger: $json, $input and other nodes have nothing for it. Enter a fixed value, or use what is there without them, such as $vars, $workflow or $now.';

const EXPRESSION_MARK = '=';

/** Whether an expression gives nothing, or a list with nothing in a place of it. */
const findsNothing = (value: unknown): boolean => [value].flat().some(isNothing);

/** Why a text that is an expression cannot be used; undefined where it can. */
function unfoundIn(
	written: string,
	evaluate: ParametersOfTrigger['evaluate'],
): Unfound | undefined {
	const text = written.slice(EXPRESSION_MARK.length);
	const isLone = LONE_EXPRESSION.test(written);
	const expressions = isLone ? [text] : (text.match(EXPRESSION) ?? []);
	const given = (one: string): unknown => {
		try {
			return evaluate(one);
		} catch {
			// Braces within it, by which it was cut: n8n itself reads all of it.
			return text;
		}
	};
	try {
		evaluate(text);
	} catch (error) {
		const reason = error instanceof Error ? ` n8n says: ${error.message}` : '';
		return new Unfound(text.trim(), `${ADVICE}${reason}`);
	}
	const isUnfound = isLone ? findsNothing : leavesNothing;
	const nothing = expressions.find((one) => isUnfound(given(one)));
	return nothing === undefined ? undefined : new Unfound(nothing, ADVICE);
}

/**
 * A parameter filled in part by part: n8n may not get through all.
 *
 * @param nothing takes each part of which nothing was found
 */
function filledInParts(
	written: unknown,
	evaluate: ParametersOfTrigger['evaluate'],
	nothing: Unfound[],
): unknown {
	if (typeof written === 'string') {
		if (!written.startsWith(EXPRESSION_MARK)) return written;
		const unfound = unfoundIn(written, evaluate);
		if (unfound === undefined) return evaluate(written.slice(EXPRESSION_MARK.length));
		nothing.push(unfound);
		return unfound;
	}
	if (typeof written !== 'object' || written === null) return written;
	const filled = (part: unknown) => filledInParts(part, evaluate, nothing);
	if (Array.isArray(written)) return written.map(filled);
	return Object.fromEntries(Object.entries(written).map(([key, part]) => [key, filled(part)]));
}

/**
 * Reads the parameters of a trigger: what an expression does not find is {@link Unfound}, by itself and
 * within a text, where n8n would leave an empty one. What n8n cannot work out at all is not found either:
 * its own words do not name the field.
 */
export const triggerParameters =
	({ written, filled, evaluate }: ParametersOfTrigger): Values['get'] =>
	(name, fallback) => {
		const nothing: Unfound[] = [];
		const inParts = filledInParts(written(name, fallback), evaluate, nothing);
		return nothing.length > 0 ? inParts : filled(name, fallback);
	};
