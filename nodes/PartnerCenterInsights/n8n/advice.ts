import type { InsightsError } from '../insights/errors';

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
			return program === undefined ? '' : "Check that 'Program' is the right one.";
		case 'busy':
			return hasOptions && retries !== undefined
				? "Lower 'Max Concurrency', raise 'Max Retries', or both."
				: '';
		case 'unreachable':
			if (!hasOptions) return '';
			if (timedOut) return "'Timeout (Seconds)' can be raised under Options.";
			return subject === 'report file' && retries !== undefined ? "Or raise 'Max Retries'." : '';
		case 'malformed':
			return "To get it as it is, set 'Output: File' and leave 'Rows per File' at 0.";
		case 'tooLarge':
			return hasOptions
				? "Set 'Rows per File' under Options, for example to 100000: the report then comes as several files, and the limit holds for each of them."
				: "Or let a node 'Download report file' behind the trigger fetch it, with 'Rows per File'.";
		case 'notReady':
			return hasOptions && timedOut ? "Or raise 'Wait at Most'." : '';
		default:
			return '';
	}
}
