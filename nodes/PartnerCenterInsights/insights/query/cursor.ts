import { type Token, Tokenizer } from './tokens';

/** Stands at a token of a query text and looks ahead as far as it is asked to. */
export class Cursor {
	private readonly tokenizer: Tokenizer;
	/** The current token and those that were looked at beyond it. */
	private readonly tokens: Token[] = [];

	constructor(readonly text: string) {
		this.tokenizer = new Tokenizer(text);
	}

	/** The token so many places ahead; 0 is the current one. */
	peek(distance = 0): Token {
		let token = this.tokens[distance];
		while (token === undefined) {
			this.tokens.push(this.tokenizer.next());
			token = this.tokens[distance];
		}
		return token;
	}

	/** The current token; the cursor moves to the next. */
	advance(): Token {
		const token = this.peek();
		this.tokens.shift();
		return token;
	}

	isWord(word: string, distance = 0): boolean {
		const { kind, source } = this.peek(distance);
		return kind === 'name' && source.toUpperCase() === word;
	}

	isSymbol(symbol: string, distance = 0): boolean {
		const { kind, source } = this.peek(distance);
		return kind === 'symbol' && source === symbol;
	}

	/** Moves on where the current token is this keyword. */
	takeWord(word: string): boolean {
		const found = this.isWord(word);
		if (found) this.advance();
		return found;
	}

	/** Moves on where the current token is this symbol. */
	takeSymbol(symbol: string): boolean {
		const found = this.isSymbol(symbol);
		if (found) this.advance();
		return found;
	}
}
