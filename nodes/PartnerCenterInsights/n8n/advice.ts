import { program as programField } from '../fields/connection';
import { named, offeredAs } from '../fields/field';
import { fileOutput, outputOptions } from '../fields/fileOutput';
import { OPTIONS } from '../fields/kinds';
import { limits } from '../fields/limits';
import { waitOptions } from '../fields/waiting';
import type { InsightsError } from '../insights/errors';

const { maxConcurrency, maxRetries, requestTimeout } = limits();
const output = fileOutput('file');
const { rowsPerFile } = outputOptions;

/** The label without its unit: what is to be raised, not to which number. */
const WAIT = named(waitOptions.timeout).replace(/ \(.*\)/, '');

/**
 * What the fields of the editor can do about a failure, by its kind. Empty where they can do nothing.
 *
 * @param hasOptions whether it happened to an item of the node, which has 'Options'
 */
export function fieldAdvice(error: InsightsError, hasOptions: boolean): string {
	const { kind, program, retries, subject, timedOut, isOwnAnswer } = error;
	switch (kind) {
		case 'unauthorized':
			return "Check 'Environment' and 'Tenant ID' in the credential.";
		case 'intercepted':
		case 'unreadable':
			return subject === 'report file' || isOwnAnswer
				? ''
				: "Check 'Environment' in the credential, too.";
		case 'notFound':
			return program === undefined ? '' : `Check that ${named(programField)} is the right one.`;
		case 'busy':
			return hasOptions && retries !== undefined
				? `Lower ${named(maxConcurrency)}, raise ${named(maxRetries)}, or both.`
				: '';
		case 'unreachable':
			if (!hasOptions) return '';
			if (timedOut) return `${named(requestTimeout)} can be raised under ${OPTIONS}.`;
			return subject === 'report file' && retries !== undefined
				? `Or raise ${named(maxRetries)}.`
				: '';
		case 'malformed':
			return `To get it as it is, set '${output.property.displayName}: ${offeredAs(output, 'file')}' and leave ${named(rowsPerFile)} at 0.`;
		case 'tooLarge':
			return hasOptions
				? `Set ${named(rowsPerFile)} under ${OPTIONS}, for example to 100000: the report then comes as several files, and the limit holds for each of them.`
				: `Or let a node 'Download report file' behind the trigger fetch it, with ${named(rowsPerFile)}.`;
		case 'notReady':
			return hasOptions && timedOut ? `Or raise ${WAIT}.` : '';
		default:
			return '';
	}
}
