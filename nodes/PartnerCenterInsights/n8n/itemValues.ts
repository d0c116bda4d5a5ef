import type { IExecuteFunctions } from 'n8n-workflow';
import { program } from '../fields/connection';
import type { Values } from '../fields/field';
import { leavesNothing, nothingFound } from '../fields/kinds';
import { statement } from '../fields/querySource';
import { EXPRESSION, LONE_EXPRESSION, unfoundParts } from './templates';

/** Fields of n8n's SQL editor: in their fixed text too it shows what stands in `{{ }}` filled in. */
const IN_SQL_EDITOR: ReadonlySet<string> = new Set([statement.property.name]);

/** What becomes words by itself: dates too, which have such a method of their own. */
type Found = string | number | boolean | null | undefined;

/** How an object that is no text begins as one. */
const NO_WORDS = '[object ';

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
		if (leavesNothing(found)) throw nothingFound(statement.property.displayName, expression);
		const words = String(found);
		return words.startsWith(NO_WORDS) ? expression : words;
	});
	return written === value ? filled : value;
}

/**
 * Reads what the fields of an input item are read from; `Unfound` in place of a text in which an
 * expression found nothing.
 */
export function itemValues(context: IExecuteFunctions): (itemIndex: number) => Values {
	const withUnfound = unfoundParts(context);
	const parameter = (name: string, itemIndex: number, fallback: unknown): unknown => {
		const value: unknown = context.getNodeParameter(name, itemIndex, fallback);
		if (!IN_SQL_EDITOR.has(name)) return withUnfound(name, itemIndex, value);
		return typeof value === 'string' ? filledStatement(context, name, itemIndex, value) : value;
	};
	return (itemIndex) => {
		const values: Values = {
			get: (name, fallback) => parameter(name, itemIndex, fallback),
			timezone: context.getTimezone(),
			now: Date.now(),
			get program() {
				return program.read(values);
			},
		};
		return values;
	};
}
