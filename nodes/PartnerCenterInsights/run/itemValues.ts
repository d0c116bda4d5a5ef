import type { IExecuteFunctions } from 'n8n-workflow';
import { program } from '../fields/connection';
import type { Values } from '../fields/field';
import type { Limits, Operation } from '../operations/operation';

/** What the fields of an input item are read from. */
export function itemValues(context: IExecuteFunctions, itemIndex: number): Values {
	const values: Values = {
		get: (name, fallback) => context.getNodeParameter(name, itemIndex, fallback),
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
