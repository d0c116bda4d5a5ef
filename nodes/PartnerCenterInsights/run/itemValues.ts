import type { IExecuteFunctions } from 'n8n-workflow';
import { program } from '../fields/connection';
import type { Values } from '../fields/field';
import { statement } from '../fields/querySource';
import type { Limits, Operation } from '../operations/operation';

/** Fields of n8n's SQL editor: in their fixed text too it shows what stands in `{{ }}` filled in. */
const IN_SQL_EDITOR: ReadonlySet<string> = new Set([statement.property.name]);

/** What becomes words by itself: dates too, which have such a method of their own. */
type Found = string | number | boolean | null | undefined;

/** How an object that is no text begins as one. */
const NO_WORDS = '[object ';

const EXPRESSION = /\{\{[\s\S]*?\}\}/g;

/**
 * The value of a parameter. What the SQL editor shows filled in is filled in: n8n itself does so for
 * expressions only. What an expression gives is data, and is left as it is; so is one that finds nothing,
 * which the check of the query tells.
 */
function parameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	fallback: unknown,
): unknown {
	const value: unknown = context.getNodeParameter(name, itemIndex, fallback);
	if (!IN_SQL_EDITOR.has(name) || typeof value !== 'string' || !value.includes('{{')) return value;
	const written: unknown = context.getNodeParameter(name, itemIndex, fallback, {
		rawExpressions: true,
	});
	if (written !== value) return value;
	return value.replace(EXPRESSION, (expression) => {
		const found = context.evaluateExpression(expression, itemIndex) as Found;
		const words = String(found ?? NO_WORDS);
		return words.startsWith(NO_WORDS) ? expression : words;
	});
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
