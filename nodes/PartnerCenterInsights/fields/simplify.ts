import { flag } from './kinds';

/** Whether records come out with what a person looks for alone: for many, unless switched off. */
export const simplifyMany = flag({
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
});

/** The same for one record, which is mostly read for all that it holds. */
export const simplifyOne = flag({ ...simplifyMany.property, type: 'boolean', default: false });
