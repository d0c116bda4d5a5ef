import { flag } from './kinds';

/** Whether records come out with what a person looks for alone. */
export const simplify = (byDefault: boolean) =>
	flag({
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: byDefault,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	});
