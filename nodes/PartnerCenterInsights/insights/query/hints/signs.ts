import type { Cursor } from '../cursor';
import { oddQuoteIn, type Token } from '../tokens';
import { FOREIGN_OPERATORS } from './operators';

export const UNFILLED = 'The n8n expression that begins here was not filled in.';

export const ESCAPED_QUOTE =
	"A single quote inside text is written twice, and not with a backslash: write '' instead of \\'.";

/** What a token is that no rule takes, whatever stood to be read; undefined for a token in order. */
export function ofToken({ kind, source }: Token): string | undefined {
	switch (kind) {
		case 'unfilled':
			return UNFILLED;
		case 'comment':
			return `Comments are not part of the query language: remove what begins with ${/^(?:#|..)/.exec(source)?.[0] ?? source}.`;
		case 'unclosed': {
			if (source.includes("\\'")) return ESCAPED_QUOTE;
			const quote = oddQuoteIn(source);
			const hint = quote ? `; the ${quote} in it is another kind of quote and does not end it` : '';
			return `The text that begins here has no end: write ' after its last character${hint}.`;
		}
		case 'stray':
			return strayCharacter(source);
		default:
			return undefined;
	}
}

const INVISIBLE = /[\p{C}\p{Z}]/u;

export function strayCharacter(character: string): string {
	const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
	if (INVISIBLE.test(character)) {
		return `The invisible character U+${code} is not part of the query language: remove it, or put text in single quotes.`;
	}
	const plain =
		FOREIGN_OPERATORS.get(character) ??
		(/[\u060c\u3001]/.test(character) ? ',' : character.normalize('NFKC'));
	if (plain !== character && /^[\w(),;*<>=!-]+$/.test(plain)) {
		return `The character ${character} is not part of the query language: write ${plain}.`;
	}
	if (/[-+*/%|&^~]/.test(character)) {
		return `Calculations with ${character} are not part of the query language: select the columns, and calculate with the rows.`;
	}
	// Letters of other scripts look like those of this one.
	return /(?!\p{Script=Latin})\p{L}/u.test(character)
		? `The letter ${character} (U+${code}) is not part of the query language: names hold only the letters A to Z, digits and underscores, and text stands in single quotes. Where it looks like one of them, type it anew.`
		: `The character ${character} is not part of the query language: names hold only letters, digits and underscores, and text stands in single quotes.`;
}

/** Of a word that an invisible character has cut off; undefined for any other. */
export function cutWord(cursor: Cursor): string | undefined {
	const { kind, source, glued } = cursor.peek(1);
	const isCut = cursor.peek().kind === 'name' && kind === 'stray' && glued;
	return isCut && INVISIBLE.test(source) ? strayCharacter(source) : undefined;
}
