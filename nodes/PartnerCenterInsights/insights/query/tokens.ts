import { printText } from './print';
import type { Position } from './types';

/**
 * - `text`: a literal in single quotes.
 * - `quoted`: something in quotes or brackets that the language does not know.
 * - `stray`: a character that no token begins with.
 * - `broken`: text that went wrong in a known way, such as a literal without its end.
 */
export type TokenKind =
	'name' | 'number' | 'text' | 'symbol' | 'quoted' | 'stray' | 'broken' | 'end';

export interface Token {
	kind: TokenKind;
	/** As written. */
	source: string;
	/** For text and quoted: what the quotes enclose; else the source. */
	value: string;
	at: Position;
	/** No space stands between the token before and this one. */
	glued: boolean;
	/** What to tell the user, whatever the grammar expected here. */
	problem?: string;
}

const TYPOGRAPHIC_QUOTES = '\u2018-\u201f\u2032-\u2036\u00b4\u00ab\u00bb\u2039\u203a';
const TYPOGRAPHIC_QUOTE = new RegExp(`[${TYPOGRAPHIC_QUOTES}]`);

const SPACE = /\s+/y;
const NAME = /[A-Za-z_]\w*/y;
/** Everything that starts like a number, so that dates, GUIDs and the like stay in one piece. */
const NUMBER_LIKE = /-?\.?\d[\w.:/+-]*/y;
const OPERATOR = /[<>=!]+/y;
const COMMENT = /(?:--|\/\*)[^\r\n]*/y;
const TYPOGRAPHIC_TEXT = new RegExp(
	`[${TYPOGRAPHIC_QUOTES}]([^${TYPOGRAPHIC_QUOTES}'\\r\\n]*)[${TYPOGRAPHIC_QUOTES}']?`,
	'y',
);
const DOUBLE_QUOTED = /"([^"\r\n]*)"?/y;
const BRACKETED = /[`[]([^`\]\r\n]*)[`\]]?/y;
const UNQUOTED_RUN = /[^\s,()';]+/y;

/** Reads a query text token by token; never throws, and answers `end` for ever at the end. */
export class Tokenizer {
	private offset = 0;
	private line = 1;
	private lineStart = 0;

	constructor(private readonly text: string) {}

	next(): Token {
		const start = this.offset;
		this.moveBy(this.match(SPACE)?.[0].length ?? 0);
		const { text, offset } = this;
		const at = { offset, line: this.line, column: offset - this.lineStart + 1 };
		const token = this.read();
		this.moveBy(token.source.length);
		return {
			...token,
			value: token.value ?? token.source,
			at: { ...at, length: token.source.length },
			glued: offset === start && offset < text.length,
		};
	}

	/** What stands at the position up to the next space, comma, parenthesis, quote or semicolon. */
	unquotedRun(at: Position): string {
		UNQUOTED_RUN.lastIndex = at.offset;
		return UNQUOTED_RUN.exec(this.text)?.[0] ?? '';
	}

	private read(): Omit<Token, 'value' | 'at' | 'glued'> & { value?: string } {
		const codePoint = this.text.codePointAt(this.offset);
		if (codePoint === undefined) return { kind: 'end', source: '' };
		const character = String.fromCodePoint(codePoint);
		if (character === "'") return this.readText();
		if (this.text.startsWith('{{', this.offset)) {
			const problem =
				'The n8n expression that begins here was not filled in: switch the field from Fixed to Expression.';
			return { kind: 'broken', source: '{{', problem };
		}

		const name = this.match(NAME)?.[0];
		if (name !== undefined) return { kind: 'name', source: name };

		const comment = this.match(COMMENT)?.[0];
		if (comment !== undefined) {
			const problem = `Comments are not part of the query language: remove what begins with ${comment.slice(0, 2)}.`;
			return { kind: 'broken', source: comment, problem };
		}

		const numberLike = this.match(NUMBER_LIKE)?.[0];
		if (numberLike !== undefined) return readNumberLike(numberLike);

		const operator = this.match(OPERATOR)?.[0];
		if (operator !== undefined) return { kind: 'symbol', source: operator };

		const quoted = this.match(TYPOGRAPHIC_TEXT) ?? this.match(DOUBLE_QUOTED);
		if (quoted) {
			const [source, value = ''] = quoted;
			const problem = `Text stands in straight single quotes: write ${printText(value)} instead of ${source}.`;
			return { kind: 'quoted', source, value, problem };
		}

		const bracketed = this.match(BRACKETED);
		if (bracketed) {
			const [source, value] = bracketed;
			const problem = `Names stand without quotes and brackets: write ${value} instead of ${source}.`;
			return { kind: 'quoted', source, value, problem };
		}

		if ('(),.;*'.includes(character)) return { kind: 'symbol', source: character };
		return { kind: 'stray', source: character, problem: strayCharacter(character) };
	}

	private readText(): ReturnType<Tokenizer['read']> {
		const { text, offset } = this;
		let end = text.indexOf("'", offset + 1);
		while (end >= 0 && text[end + 1] === "'") end = text.indexOf("'", end + 2);
		if (end < 0) {
			const rest = text.slice(offset);
			const closing = TYPOGRAPHIC_QUOTE.exec(rest)?.[0];
			const hint = closing
				? `; the ${closing} in it is a typographic quote and does not end it`
				: '';
			const problem = `The text that begins here has no end: write ' after its last character${hint}.`;
			return { kind: 'broken', source: rest, problem };
		}
		const source = text.slice(offset, end + 1);
		return { kind: 'text', source, value: source.slice(1, -1).replaceAll("''", "'") };
	}

	private match(pattern: RegExp): RegExpExecArray | null {
		pattern.lastIndex = this.offset;
		return pattern.exec(this.text);
	}

	private moveBy(length: number): void {
		const end = this.offset + length;
		for (const lineEnd of this.text.slice(this.offset, end).matchAll(/\r\n|\r|\n/g)) {
			this.line++;
			this.lineStart = this.offset + lineEnd.index + lineEnd[0].length;
		}
		this.offset = end;
	}
}

function readNumberLike(source: string): ReturnType<Tokenizer['read']> {
	if (/^-?\d+(\.\d+)?$/.test(source)) return { kind: 'number', source };
	if (/^\w+$/.test(source)) return { kind: 'name', source };
	const problem = `${source} is not a number: write digits such as 12 or -0.5, or put text in single quotes, ${printText(source)}.`;
	return { kind: 'broken', source, problem };
}

function strayCharacter(character: string): string {
	const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
	const shown = /[\p{C}\p{Z}]/u.test(character)
		? `The invisible character U+${code}`
		: `The character ${character}`;
	return `${shown} is not part of the query language: remove it, or put text in single quotes.`;
}
