import type { Field } from './field';

/** A sentence in the editor, beside the fields; there is nothing to read. */
export const notice = (name: string, displayName: string): Field<undefined> => ({
	properties: [{ displayName, name, type: 'notice', default: '' }],
	read: () => undefined,
});
