import type { INodeProperties } from 'n8n-workflow';
import type { Field } from './field';

/** A sentence in the editor, beside the fields; there is nothing to read. */
export const notice = (name: string, displayName: string): Field<undefined> => ({
	properties: [{ displayName, name, type: 'notice', default: '' }],
	read: () => undefined,
});

/** A pattern without flags, as n8n wants it: for letters of either case where the form ignores it. */
const sourceOf = ({ source, ignoreCase }: RegExp): string =>
	ignoreCase ? source.replace(/([a-z])-([a-z])/g, (range) => range + range.toUpperCase()) : source;

/**
 * A sentence that shows below a field while what stands in it is not of this form; an expression and
 * an empty field are none of its business. n8n's own validation would mark the field too, but it refuses
 * the whole workflow, before the node can say which item is wrong or go on with the others.
 */
export function noticeOfForm(
	{ name, type }: INodeProperties,
	form: RegExp,
	displayName: string,
): INodeProperties {
	const fits = sourceOf(form).replace(/^\^|\$$/g, '');
	return {
		displayName,
		name: `${name}FormNotice`,
		type: 'notice',
		default: '',
		displayOptions: {
			...(type === 'resourceLocator' && { show: { [`/${name}.mode`]: ['id'] } }),
			hide: {
				[name]: [
					// n8n makes this test with each execution too, and ends a workflow for a pattern that takes
					// 250 ms, as all of them may on a machine that is too busy: most values need none.
					{ _cnd: { startsWith: '=' } },
					{ _cnd: { eq: '' } },
					{ _cnd: { regex: `^\\s*(${fits})?\\s*$` } },
				],
			},
		},
	};
}
