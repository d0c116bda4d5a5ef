import type { INodeProperties } from 'n8n-workflow';
import type { Field } from './field';

/** A sentence in the editor, beside the fields; there is nothing to read. */
export const notice = (
	name: string,
	displayName: string,
	displayOptions?: INodeProperties['displayOptions'],
): Field<undefined> => ({
	properties: [
		{ displayName, name, type: 'notice', default: '', ...(displayOptions && { displayOptions }) },
	],
	read: () => undefined,
});

/** How the editor tells what is of a form. */
export interface FormInEditor {
	form: RegExp;
	/** In characters, where all of it has one as a rule. */
	length?: number;
	/** Signs of what is none, where it has no length by which the rest could pass without a pattern. */
	strange?: readonly string[];
}

/** A pattern without flags, as n8n wants it: for letters of either case where the form ignores it. */
const sourceOf = ({ source, ignoreCase }: RegExp): string =>
	ignoreCase ? source.replace(/([a-z])-([a-z])/g, (range) => range + range.toUpperCase()) : source;

/**
 * A sentence that shows below a field while what stands in it is not of this form; an expression and
 * an empty field are none of its business. n8n's own validation would mark the field too, but it refuses
 * the whole workflow, before the node can say which item is wrong or go on with the others.
 *
 * n8n tests this with each execution, too, and ends a workflow for a pattern that takes 250 ms: on a
 * busy machine every pattern may. So it comes last: what is an expression, is empty or has the length
 * of its kind is let pass without one, and a kind of any length is told by the signs that none has.
 */
export function noticeOfForm(
	{ name, type }: INodeProperties,
	{ form, length, strange }: FormInEditor,
	displayName: string,
): INodeProperties {
	const isLocator = type === 'resourceLocator';
	const fits = sourceOf(form).replace(/^\^|\$$/g, '');
	return {
		displayName,
		name: `${name}FormNotice`,
		type: 'notice',
		default: '',
		displayOptions: {
			show: {
				...(isLocator && { [`/${name}.mode`]: ['id'] }),
				...(strange && { [name]: strange.map((sign) => ({ _cnd: { includes: sign } })) }),
			},
			hide: {
				...(length !== undefined && { [`/${name}${isLocator ? '.value' : ''}.length`]: [length] }),
				[name]: [
					{ _cnd: { startsWith: '=' } },
					{ _cnd: { eq: '' } },
					// In time that grows with the text: no white space is tried for both of its places.
					...(strange ? [] : [{ _cnd: { regex: `^\\s*$|^\\s*(${fits})\\s*$` } }]),
				],
			},
		},
	};
}
