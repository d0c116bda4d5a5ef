import { InputError } from '../insights/errors';
import { OPERATION, RESOURCE } from '../operations/description';
import type { ItemWork } from './runOperation';

/**
 * In place of an operation that a newer version has, or that was written by hand. Each item is refused:
 * where n8n is to go on after a failure, it takes the input of a node that throws for its output.
 */
export function unknownOperation(resource: string, operation: string): ItemWork {
	const refuse = (): never => {
		throw new InputError(
			`'${OPERATION}' "${operation}" does not exist for '${RESOURCE}' "${resource}"`,
			'Choose one that the list has. A newer version of the package may have this one.',
		);
	};
	return { readLimits: refuse, begin: refuse };
}
