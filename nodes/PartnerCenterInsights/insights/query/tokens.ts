import { WHITE_SPACE } from '../sameText';
import type { Position } from './types';

/**
 * - `text`: a literal in single quotes.
 * - `quoted`: something in quotes or brackets that the language does not know.
 * - `malformed`: begins like a number and is none, such as a date.
 * - `stray`: a character that no token begins with.
 * - `unclosed`: a literal without its end.
 * - `unfilled`: an n8n expression, also inside quotes, that n8n did not replace by its value.
 * - `comment`: as other languages have them.
 */
export type TokenKind =
	| 'name'
	| 'number'
	| 'text'
	| 'symbol'
	| 'quoted'
	| 'malformed'
	| 'stray'
	| 'unclosed'
	| 'unfilled'
	| 'comment'
	| 'end';

export interface Token {
	kind: TokenKind;
	/** As written. */
	source: string;
	/** For text and quoted: what the quotes enclose; else the source. */
	value: string;
	at: Position;
	/** No space stands between the token before and this one. */
	glued: boolean;
}

type Reading = Pick<Token, 'kind' | 'source'> & { value?: string };

/** Quotes that stand in place of ' and of ", by their openings. */
const SINGLE_LIKE = "'`\u00b4\u2018-\u201b\u2032\u2035\u2039\u203a\uff07";
const DOUBLE_LIKE = '"\u201c-\u201f\u2033\u2036\u00ab\u00bb\uff02';
const ODD_QUOTE = new RegExp(`[${SINGLE_LIKE.slice(1)}${DOUBLE_LIKE}]`);
const IS_SINGLE_LIKE = new RegExp(`[${SINGLE_LIKE}]`);
const IS_DOUBLE_LIKE = new RegExp(`[${DOUBLE_LIKE}]`);
/** How far the end of such a text is looked for, so that reading stays linear. */
const LONGEST_QUOTED = 1_000;
const LETTER = /[\p{L}\p{N}]/u;
/** What may stand behind a value. */
const ENDS_VALUE = /^\s*(?:$|[,);]|(?:AND|ORDER|LIMIT|TIMESPAN)\b)/i;
const UP_TO_CLAUSE =
	/^[^,();]*?(?=\s*(?:[,();]|$)|\s(?:SELECT|FROM|WHERE|AND|OR|ORDER\s+BY|LIMIT|TIMESPAN)\b)/i;

const SPACE = new RegExp(`[${WHITE_SPACE}]+`, 'y');
const NAME = /[A-Za-z_]\w*/y;
/** Everything that starts like a number, so that dates, GUIDs and the like stay in one piece. */
const NUMBER_LIKE = /-?\.?\d[\w.:/+-]*/y;
const OPERATOR = /[<>=!]+/y;
const COMMENT = /(?:--|\/\*|\/\/|#)[^\r\n]*/y;
const BRACKETED = /\[([^\]\r\n]*)\]?/y;

/** Reads a query text token by token; never throws, and answers `end` for ever at the end. */
export class Tokenizer {
	private offset = 0;
	private line = 1;
	private lineStart = 0;
	/** The last place where an unfilled expression could end. */
	private readonly lastBraces: number;

	constructor(private readonly text: string) {
		this.lastBraces = text.lastIndexOf('}}');
	}

	next(): Token {
		const start = this.offset;
		this.moveBy(this.match(SPACE)?.[0].length ?? 0);
		const { text, offset } = this;
		const { line, lineStart } = this;
		const { kind, source, value = source } = this.read();
		const { length } = source;
		this.moveBy(length);
		return {
			kind,
			source,
			value,
			at: { offset, length, line, column: offset - lineStart + 1 },
			glued: offset === start && offset < text.length,
		};
	}

	private read(): Reading {
		const { text, offset } = this;
		const codePoint = text.codePointAt(offset);
		if (codePoint === undefined) return { kind: 'end', source: '' };
		const character = String.fromCodePoint(codePoint);
		if ('(),;*'.includes(character)) return { kind: 'symbol', source: character };
		if (character === "'") return this.readText();
		if (text.startsWith('{{', offset)) return { kind: 'unfilled', source: '{{' };

		const name = this.match(NAME)?.[0];
		if (name !== undefined) return { kind: 'name', source: name };

		const comment = this.match(COMMENT)?.[0];
		if (comment !== undefined) return { kind: 'comment', source: comment };

		const numberLike = this.match(NUMBER_LIKE)?.[0];
		if (numberLike !== undefined) return { kind: kindOfNumberLike(numberLike), source: numberLike };

		const operator = this.match(OPERATOR)?.[0];
		if (operator !== undefined) return { kind: 'symbol', source: operator };

		if (ODD_QUOTE.test(character)) return asQuoted(this.readOddQuotes());
		const bracketed = this.match(BRACKETED);
		if (bracketed) return asQuoted(bracketed);
		return { kind: character === '.' ? 'symbol' : 'stray', source: character };
	}

	private readText(): Reading {
		const { text, offset } = this;
		let end = text.indexOf("'", offset + 1);
		while (end >= 0 && text[end + 1] === "'") end = text.indexOf("'", end + 2);
		if (end < 0) {
			const source = text.slice(offset);
			return { kind: hasExpression(source) ? 'unfilled' : 'unclosed', source };
		}
		const source = text.slice(offset, end + 1);
		const value = source.slice(1, -1).replaceAll("''", "'");
		// As in '{{ $json['name'] }}', whose inner quotes end the text for the query language.
		const isCut =
			source.includes('{{') && end < this.lastBraces && /[\w$"]/.test(text[end + 1] ?? '');
		return isUnfilled(value) || isCut
			? { kind: 'unfilled', source }
			: { kind: 'text', source, value };
	}

	/**
	 * Text in typographic or other quotes, up to the next quote of that sort on the line, or to one of
	 * another sort where that ends it. What has no end reaches to the next clause, comma or parenthesis.
	 */
	private readOddQuotes(): [source: string, value: string] {
		const { text, offset } = this;
		const [sort, other] = IS_SINGLE_LIKE.test(text[offset] ?? '')
			? [IS_SINGLE_LIKE, IS_DOUBLE_LIKE]
			: [IS_DOUBLE_LIKE, IS_SINGLE_LIKE];
		const [line] = /^[^\r\n]*/.exec(text.slice(offset + 1, offset + LONGEST_QUOTED)) ?? [''];
		const enclosing = (length: number): [string, string] => [
			text.slice(offset, offset + length + 2),
			line.slice(0, length),
		];
		const end = closingQuote(line, sort);
		const body = end < 0 ? line : line.slice(0, end);
		// The quote that was found may be the opening one of the next text.
		if (end < 0 || /[,(=<>]\s*$/.test(body)) {
			const otherEnd = closingQuote(body, other);
			if (otherEnd >= 0 && ENDS_VALUE.test(body.slice(otherEnd + 1))) return enclosing(otherEnd);
		}
		if (end >= 0) return enclosing(end);
		const [rest = ''] = UP_TO_CLAUSE.exec(line) ?? [];
		return [text.slice(offset, offset + 1 + rest.length), rest];
	}

	private match(pattern: RegExp): RegExpExecArray | null {
		pattern.lastIndex = this.offset;
		return pattern.exec(this.text);
	}

	private moveBy(length: number): void {
		const end = this.offset + length;
		for (let index = this.offset; index < end; index++) {
			const character = this.text[index];
			const endsLine = character === '\n' || (character === '\r' && this.text[index + 1] !== '\n');
			if (endsLine) {
				this.line++;
				this.lineStart = index + 1;
			}
		}
		this.offset = end;
	}
}

/** Where a quote of the sort stands in the line; one between two letters is an apostrophe. */
function closingQuote(line: string, sort: RegExp): number {
	for (let end = 0; end < line.length; end++) {
		const isApostrophe = LETTER.test(line[end - 1] ?? '') && LETTER.test(line[end + 1] ?? '');
		if (sort.test(line[end] ?? '') && !isApostrophe) return end;
	}
	return -1;
}

function kindOfNumberLike(source: string): TokenKind {
	if (/^-?\d+(\.\d+)?$/.test(source)) return 'number';
	return /^\w+$/.test(source) ? 'name' : 'malformed';
}

function asQuoted([source = '', value = '']: readonly string[]): Reading {
	return isUnfilled(value) ? { kind: 'unfilled', source } : { kind: 'quoted', source, value };
}

/** So much of a text is looked at, so that reading stays linear. */
const LONGEST_VARIABLE = 100;
const VARIABLES = 'json|node|input|now|today|vars|env';
const BEGINS_WITH_VARIABLE = new RegExp(`^(?:\\{\\s*){0,2}\\$(?:\\(|(?:${VARIABLES})\\b)`);
const IS_VARIABLE = new RegExp(
	`^=?\\s*(?:\\{\\s*){0,2}\\$(?:\\(['"]|(?:${VARIABLES})(?:[.[]|\\s*(?:\\}\\s*){0,2}$))`,
);

/** Whether a variable of n8n begins the text, without the braces by which it would be filled in. */
export const beginsWithVariable = (text: string): boolean => BEGINS_WITH_VARIABLE.test(text);

/** Whether a text in quotes is such a variable, or what one leads to: '$json.country', '{$now}'. */
const isVariable = (text: string): boolean => IS_VARIABLE.test(text.slice(0, LONGEST_VARIABLE));

/** The first quote in the text that is not a straight single one. */
export function oddQuoteIn(text: string): string | undefined {
	return ODD_QUOTE.exec(text)?.[0];
}

/** Whether the text holds an n8n expression that was not filled in, also one that lacks braces at its end. */
function hasExpression(text: string): boolean {
	const start = text.indexOf('{{');
	return start >= 0 && (text.includes('}}', start + 2) || /\$[A-Za-z_(]/.test(text.slice(start)));
}

/** Whether a value is, or holds, what n8n was to fill in. */
export const isUnfilled = (text: string): boolean => hasExpression(text) || isVariable(text);
