/*
 * Texts of errors as n8n's editor shows them: the message as it is above the output, and as HTML in the
 * notice in the corner; the description as HTML only. What cleans that HTML takes each `<` away, with all
 * up to the next `>` or to the end.
 */

const WORDS = new Map([
	['<', 'less-than'],
	['<=', 'less-than-or-equal'],
]);

/** What stands for a `<` that is no comparison: a sign that is none of HTML's. */
const LOOK_ALIKE = '‹';

/** In words, since whoever wrote a look-alike into a query would meet the next error. */
const inWords = (signs: string): string =>
	WORDS.get(signs) ??
	signs
		.replaceAll('<', ` ${WORDS.get('<')} `)
		.replace(/\s+/g, ' ')
		.trim();

/** A message without a `<`: comparisons in words, what begins a tag with a look-alike. */
export function noticeMessage(message: string): string {
	return message.replace(/[!<=>]+/g, (signs: string, offset: number) => {
		if (!signs.includes('<')) return signs;
		const [before, after] = [message.charAt(offset - 1), message.charAt(offset + signs.length)];
		const isTag = /[A-Za-z/?-]/.test(after) && !/[=>]$/.test(signs);
		if (isTag) return signs.replaceAll('<', LOOK_ALIKE);
		const spaceBeside = (neighbour: string) => (/\w/.test(neighbour) ? ' ' : '');
		return spaceBeside(before) + inWords(signs) + spaceBeside(after);
	});
}

/** Which signs a message does not show as they are; undefined where it shows all of them so. */
function legend(message: string): string | undefined {
	if (!message.includes('<')) return undefined;
	const shown = noticeMessage(message);
	const stand = [
		shown.includes('less-than-or-equal') && 'less-than-or-equal stands for <=',
		/less-than(?!-)/.test(shown) && 'less-than stands for <',
		shown.includes(LOOK_ALIKE) && `${LOOK_ALIKE} stands for <`,
	];
	return `In the message ${stand.filter(Boolean).join(', ')}.`;
}

/** What stands below a message: which signs it does not show as they are, and the parts that there are. */
export const noticeDescription = (message: string, ...parts: Array<string | undefined>): string =>
	[legend(message), ...parts].filter(Boolean).join(' ').replaceAll('<', '&lt;');
