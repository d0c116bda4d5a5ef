/** Quotes of every kind as web pages write them in their source. */
const QUOTES =
	'quot|apos|[lr][sd]quo|[sb]dquo|sbquo|[lr]s?aquo|#0?3[49]|#82(?:1[6-9]|2[0-2])|#x2[27]|#x201[89a-e]';
const ENTITY = new RegExp(`&(gt|lt|amp;&amp|amp|nbsp|${QUOTES});`, 'iy');
/** A text between two of them. The semicolon of the last one is the end of the query, where it has been dropped. */
const QUOTED = new RegExp(`^(&(?:${QUOTES});)(.*?)&(?:${QUOTES})(?:;(?!\\p{L})|$)`, 'iu');

/** What an entity stands for between conditions. */
const SIGNS = new Map([
	['gt', '>'],
	['lt', '<'],
	['amp', 'AND'],
	['amp;&amp', 'AND'],
	['nbsp', 'a space'],
]);

/** The entity that stands there, and what to write for it between conditions. */
export const entityAt = (
	text: string,
	offset: number,
): [source: string, sign: string] | undefined => {
	ENTITY.lastIndex = offset;
	const [source, name = ''] = ENTITY.exec(text) ?? [];
	// All others are quotes, and text stands in single ones.
	return source === undefined ? undefined : [source, SIGNS.get(name.toLowerCase()) ?? "'"];
};

/** Text between two quotes as web pages write them: with its quotes, and what they enclose. */
export function quotedByEntities(text: string): string[] {
	const [source, , inner = ''] = QUOTED.exec(text) ?? [];
	return source === undefined ? [] : [source, decoded(inner)];
}

const CHARACTERS = new Map([
	['gt', '>'],
	['lt', '<'],
	['amp', '&'],
	['nbsp', ' '],
	['quot', '"'],
	['#34', '"'],
	['#034', '"'],
	['#x22', '"'],
]);

/** A text with the signs that its entities stand for; quotes within a text are apostrophes mostly. */
export const decoded = (text: string): string =>
	text.replace(
		new RegExp(`&(gt|lt|amp|nbsp|${QUOTES});`, 'gi'),
		(_, name: string) => CHARACTERS.get(name.toLowerCase()) ?? "'",
	);
