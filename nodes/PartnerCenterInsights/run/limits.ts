import type { Values } from '../fields/field';
import type { Limits, Operation } from '../operations/operation';

/**
 * The limits hold for the whole run: those of the first item whose options can be used.
 *
 * @returns undefined where no item's can; each item tells what is wrong with its own
 */
export function limitsOfRun(
	operation: Pick<Operation, 'readLimits'>,
	itemCount: number,
	valuesOf: (itemIndex: number) => Values,
): Limits | undefined {
	for (let itemIndex = 0; itemIndex < itemCount; itemIndex++) {
		try {
			return operation.readLimits(valuesOf(itemIndex));
		} catch {
			// Refused when it is the item's turn, without a word to the others.
		}
	}
	return undefined;
}
