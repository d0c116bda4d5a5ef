import { closestName, isKeyword } from './names';
import { printText } from './print';
import { Tokenizer } from './tokens';
import type { Token } from './tokens';
import { COMPARISON_OPERATORS, isListOperator } from './types';
import type {
	Condition,
	Direction,
	ListOperator,
	Name,
	Operator,
	OrderTerm,
	Query,
	QueryProblem,
	QueryResult,
	Value,
} from './types';

const CLAUSES = ['SELECT', 'FROM', 'WHERE', 'ORDER', 'LIMIT', 'TIMESPAN'];
const CLAUSE_ORDER = 'the order of the clauses is SELECT, FROM, WHERE, ORDER BY, LIMIT, TIMESPAN';
const AGGREGATES = ['AVG', 'COUNT', 'MAX', 'MIN', 'SUM'];

const SUB_QUERY =
	'Sub-queries are not part of the query language: run the inner query first and list its values.';
const ALIAS = 'Aliases are not part of the query language: leave out AS and the name after it.';
const ONE_DATASET = 'A query reads one dataset: run one query for each dataset and merge the rows.';
const NOT_PLACE =
	"NOT stands only between a column and LIKE or IN: write for example Product NOT IN ('A', 'B').";
const LIMIT_RULE =
	'LIMIT takes one whole number from 1, without an offset: write for example LIMIT 10.';
const TIMESPAN_RULE =
	'TIMESPAN takes one keyword of the dataset, without quotes: write for example TIMESPAN LAST_6_MONTHS.';

/** Operators of other languages, and what stands for them here. */
const FOREIGN_OPERATORS = new Map([
	['<>', '!='],
	['!==', '!='],
	['==', '='],
	['===', '='],
	['=>', '>='],
	['=<', '<='],
]);

/** Words of SQL that may follow a complete clause there, and what to do here. */
const FOREIGN_CLAUSES = new Map([
	['AS', ALIAS],
	...[
		'JOIN',
		'INNER',
		'LEFT',
		'RIGHT',
		'FULL',
		'CROSS',
		'NATURAL',
		'UNION',
		'INTERSECT',
		'EXCEPT',
	].map((word) => [word, ONE_DATASET] as const),
	[
		'GROUP',
		'GROUP BY is not part of the query language: remove it, metrics are computed for each combination of the selected columns.',
	],
	[
		'HAVING',
		'HAVING is not part of the query language: put the condition on the metric into WHERE.',
	],
	[
		'OR',
		"OR is not part of the query language: for several values of one column write Column IN ('A', 'B'), else run two queries.",
	],
	['OFFSET', LIMIT_RULE],
	['FETCH', LIMIT_RULE],
]);

/**
 * Reads a query text by the grammar of the service, keywords in any case.
 *
 * Where the documentation is silent it goes as follows: two single quotes inside a literal stand
 * for one (as in SQL); any white space, also a no-break space, separates words; a semicolon at the
 * end is refused, because the grammar has none. Any word passes as TIMESPAN keyword: the valid
 * ones are the dataset's own, see `checkQuery`.
 *
 * @returns the query, or the first thing that breaks the grammar: what follows it cannot be
 * judged. Never throws.
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-custom-query
 */
export function parseQuery(text: string): QueryResult {
	return new Parser(text).parse();
}

/** Recursive descent, one method for each rule; a method that recorded a problem returns null. */
class Parser {
	private readonly tokenizer: Tokenizer;
	private token: Token;
	private ahead: Token;
	private problem: QueryProblem = { message: 'The query cannot be read.' };

	constructor(text: string) {
		this.tokenizer = new Tokenizer(text);
		this.token = this.tokenizer.next();
		this.ahead = this.tokenizer.next();
	}

	parse(): QueryResult {
		const query = this.query();
		return query ? { ok: true, query } : { ok: false, problems: [this.problem] };
	}

	private query(): Query | null {
		if (!this.takeWord('SELECT')) {
			return this.fail(
				this.token.kind === 'end'
					? 'The query is empty: write for example SELECT CustomerName FROM CustomersAndTenants.'
					: `A query begins with SELECT, not with ${this.shown()}.`,
			);
		}
		const distinct = this.takeWord('DISTINCT');
		const names = this.selectNames();
		if (!names) return null;
		if (this.isSymbol('(') && this.isWord('SELECT', this.ahead)) return this.fail(SUB_QUERY);
		const from = this.name('FROM needs the name of one dataset, for example CustomersAndTenants.');
		if (!from) return null;
		const query: Query = { distinct, names, from, conditions: [], orderBy: [] };
		let clause = 'FROM';

		if (this.takeWord('WHERE')) {
			clause = 'WHERE';
			do {
				const condition = this.condition();
				if (!condition) return null;
				query.conditions.push(condition);
			} while (this.takeWord('AND'));
		}
		if (this.takeWord('ORDER')) {
			clause = 'ORDER BY';
			if (!this.takeWord('BY')) return this.fail('BY is missing: write ORDER BY.');
			do {
				const term = this.orderTerm();
				if (!term) return null;
				query.orderBy.push(term);
			} while (this.takeSymbol(','));
		}
		if (this.takeWord('LIMIT')) {
			clause = 'LIMIT';
			const { at, source } = this.token;
			const rows = Number(source);
			if (!/^\d+$/.test(source) || rows < 1 || !Number.isSafeInteger(rows)) {
				return this.fail(LIMIT_RULE);
			}
			this.advance();
			query.limit = { rows, at };
		}
		if (this.takeWord('TIMESPAN')) {
			clause = 'TIMESPAN';
			if (this.token.kind !== 'name') return this.report(TIMESPAN_RULE);
			const timespan = this.name(TIMESPAN_RULE);
			if (!timespan) return null;
			query.timespan = timespan;
		}
		return this.token.kind === 'end' ? query : this.fail(this.afterClause(clause, query));
	}

	/** The SELECT list and the word FROM. */
	private selectNames(): Name[] | null {
		const names: Name[] = [];
		let last: Name | null;
		do {
			last = this.name(this.missingSelectName(names.length === 0));
			if (!last) return null;
			names.push(last);
		} while (this.takeSymbol(','));
		return this.takeWord('FROM') ? names : this.fail(this.afterSelectName(last));
	}

	private missingSelectName(first: boolean): string {
		if (this.isSymbol('*')) {
			return 'SELECT * is not accepted: name the columns and metrics, separated by commas.';
		}
		if (this.isSymbol('(')) {
			return this.isWord('SELECT', this.ahead)
				? SUB_QUERY
				: 'The names after SELECT stand without parentheses: remove them.';
		}
		const nothing = this.isWord('FROM') || this.token.kind === 'end';
		if (!nothing && !this.isSymbol(',')) {
			return `SELECT takes names of columns and metrics, not ${this.shown()}.`;
		}
		return first && nothing
			? 'SELECT has no columns: name at least one column or metric of the dataset after it.'
			: 'There is a comma too many in the SELECT list: remove it, or name another column.';
	}

	private afterSelectName(last: Name): string {
		const { kind, source } = this.token;
		if (this.isWord('AS')) return ALIAS;
		if (kind === 'number' && last.text.toUpperCase() === 'TOP') {
			return `TOP is not part of the query language: write LIMIT ${source} before TIMESPAN.`;
		}
		if (kind === 'end' || this.isClause() || FOREIGN_CLAUSES.has(source.toUpperCase())) {
			return 'FROM is missing: write FROM and the name of the dataset after the columns.';
		}
		if (kind === 'name' && closestName(source, ['FROM'])) {
			return `${this.shown()} cannot stand after a column. Did you mean FROM?`;
		}
		if (kind === 'name' && !isKeyword(source)) {
			return `Names in SELECT are separated by commas and have no aliases: write ${last.text}, ${source} or leave one out.`;
		}
		return `After ${last.text} comes a comma or FROM, not ${this.shown()}.`;
	}

	private condition(): Condition | null {
		if (this.isSymbol('(')) {
			return this.fail(
				this.isWord('SELECT', this.ahead)
					? SUB_QUERY
					: 'Conditions stand without parentheses: remove them, and join conditions by AND.',
			);
		}
		if (this.isWord('NOT')) return this.fail(NOT_PLACE);
		const name = this.name(
			"A condition is missing here: write for example CustomerMarket = 'Germany'.",
		);
		if (!name) return null;
		const operator = this.operator(name);
		if (!operator) return null;
		if (isListOperator(operator)) {
			const values = this.list(name, operator);
			return values && { name, operator, values };
		}
		const value = this.value(name, operator);
		return value && { name, operator, value };
	}

	private operator(name: Name): Operator | null {
		const { kind, source } = this.token;
		const symbol = COMPARISON_OPERATORS.find((operator) => operator === source);
		if (kind === 'symbol' && symbol) {
			this.advance();
			return symbol;
		}
		if (this.takeWord('LIKE')) return 'LIKE';
		if (this.takeWord('IN')) return 'IN';
		if (this.takeWord('NOT')) {
			if (this.takeWord('LIKE')) return 'NOT LIKE';
			return this.takeWord('IN') ? 'NOT IN' : this.fail(NOT_PLACE);
		}
		const meant = FOREIGN_OPERATORS.get(source);
		if (meant) {
			return this.fail(`The operator ${source} is not part of the query language: write ${meant}.`);
		}
		if (this.isWord('BETWEEN')) {
			return this.fail(
				`BETWEEN is not part of the query language: write ${name.text} >= low AND ${name.text} <= high.`,
			);
		}
		if (this.isWord('IS')) {
			return this.fail(
				'IS NULL and IS NOT NULL are not part of the query language: remove the condition, or compare the column with a value.',
			);
		}
		if (kind === 'end' || isKeyword(source)) {
			return this.fail(
				`The condition on ${name.text} is not complete: write for example ${name.text} = 'value'.`,
			);
		}
		return this.fail(
			`${this.shown()} is not an operator: use ${COMPARISON_OPERATORS.join(', ')}, IN or NOT IN.`,
		);
	}

	private list(name: Name, operator: ListOperator): Value[] | null {
		if (!this.takeSymbol('(')) {
			const { kind, source } = this.token;
			const example = kind === 'text' || kind === 'number' ? source : "'A', 'B'";
			return this.fail(
				`${operator} needs a list in parentheses: write ${name.text} ${operator} (${example}).`,
			);
		}
		if (this.isSymbol(')')) {
			return this.fail(`The list after ${operator} is empty: name at least one value.`);
		}
		if (this.isWord('SELECT')) return this.fail(SUB_QUERY);
		const values: Value[] = [];
		let last: Value | null;
		do {
			if (values.length > 0 && this.isSymbol(')')) {
				return this.fail('There is a comma too many in the list: remove it, or add another value.');
			}
			const { at } = this.token;
			last = this.value(name, operator);
			if (!last) return null;
			values.push(last);
			if (last.kind !== values[0]?.kind) {
				this.problem = {
					message: 'A list holds either numbers or text: put all of its values in single quotes.',
					at,
				};
				return null;
			}
		} while (this.takeSymbol(','));
		return this.takeSymbol(')') ? values : this.fail(this.afterListValue(last));
	}

	private afterListValue(last: Value): string {
		if (this.token.kind === 'end' || isKeyword(this.token.source)) {
			return 'The list has no end: write ) after its last value.';
		}
		return (
			this.quoteInside(last) ??
			`Values in a list are separated by commas: write a comma before ${this.shown()}.`
		);
	}

	private value(name: Name, operator: Operator): Value | null {
		const { kind, at, source, value: text } = this.token;
		if (kind === 'number' || kind === 'text') {
			this.advance();
			return { kind, text, at };
		}
		const missing = `A value is missing after ${operator}: write a number, or text in single quotes.`;
		if (kind === 'quoted' || kind === 'broken') return this.fail(missing);
		if (this.isSymbol('(')) return this.fail(this.listInPlaceOfValue(name, operator));
		if (kind === 'name' && this.isSymbol('(', this.ahead)) return this.fail(functionCall(source));
		if (this.isWord('NULL')) {
			return this.fail(
				'NULL is not part of the query language: remove the condition, or compare the column with a value.',
			);
		}
		const run = this.tokenizer.unquotedRun(at);
		if (/^[<>=!*.+-]*$/.test(run) || isKeyword(source)) return this.report(missing);
		return this.report(`Text stands in single quotes: write ${printText(run)} instead of ${run}.`);
	}

	private listInPlaceOfValue(name: Name, operator: Operator): string {
		if (this.isWord('SELECT', this.ahead)) return SUB_QUERY;
		if (isListOperator(operator)) return 'A list holds only values: remove the inner parenthesis.';
		if (operator === '=' || operator === '!=') {
			const meant = operator === '=' ? 'IN' : 'NOT IN';
			return `A list stands only after IN and NOT IN: write ${name.text} ${meant} (...) instead of ${name.text} ${operator} (...).`;
		}
		return `A list stands only after IN and NOT IN: write one value after ${operator}, without parentheses.`;
	}

	private orderTerm(): OrderTerm | null {
		const name = this.name(
			'ORDER BY needs the name of a column or metric here, for example ORDER BY Month DESC.',
		);
		if (!name) return null;
		const direction = this.direction();
		return direction ? { name, direction } : { name };
	}

	private direction(): Direction | undefined {
		if (this.takeWord('ASC')) return 'ASC';
		return this.takeWord('DESC') ? 'DESC' : undefined;
	}

	private name(missing: string): Name | null {
		const { kind, at, source, value } = this.token;
		if (kind === 'text' || kind === 'quoted') {
			return this.report(`Names stand without quotes: write ${value} instead of ${source}.`);
		}
		if (kind !== 'name' || isKeyword(source)) return this.fail(missing);
		this.advance();
		if (this.isSymbol('(')) {
			this.problem = { message: functionCall(source), at };
			return null;
		}
		if (this.isSymbol('.')) {
			const last = this.ahead.kind === 'name' ? this.ahead.source : 'the last part';
			this.problem = {
				message: `Names have no prefix: write only ${last} instead of ${source}.${last}.`,
				at,
			};
			return null;
		}
		return { text: source, at };
	}

	/** What to say about a token that cannot follow the complete clause. */
	private afterClause(clause: string, query: Query): string {
		const word = this.token.source.toUpperCase();
		if (this.isSymbol(';')) return 'A query ends without a semicolon: remove it.';
		if (this.isSymbol(')')) return 'This parenthesis was never opened: remove it.';
		const foreign = this.token.kind === 'name' ? FOREIGN_CLAUSES.get(word) : undefined;
		if (foreign !== undefined) return foreign;
		if (this.isClause()) return misplacedClause(word, clause, query);
		if (this.isWord('AND') && clause !== 'WHERE') {
			return 'AND joins conditions: write WHERE before the first condition, after the dataset.';
		}
		switch (clause) {
			case 'FROM':
				if (this.isSymbol(',')) return ONE_DATASET;
				break;
			case 'WHERE': {
				const last = query.conditions.at(-1);
				if (!last || 'values' in last) break;
				const quote = this.quoteInside(last.value);
				if (quote !== undefined) return quote;
				if (this.isSymbol(',')) {
					return `Only IN and NOT IN take several values: write ${last.name.text} IN (...).`;
				}
				break;
			}
			case 'LIMIT':
				if (this.isSymbol(',')) return LIMIT_RULE;
				break;
			case 'TIMESPAN':
				return TIMESPAN_RULE;
		}
		const meant =
			this.token.kind === 'name'
				? closestName(word, ['WHERE', 'ORDER BY', 'AND', 'LIMIT', 'TIMESPAN', 'DESC'])
				: undefined;
		const suggestion = meant ? ` Did you mean ${meant}?` : '';
		return `${this.shown()} cannot stand here: ${FOLLOWERS[clause] ?? CLAUSE_ORDER}.${suggestion}`;
	}

	/** `'O'Brien'` reads as the text `O` and something glued to it. */
	private quoteInside(last: Value): string | undefined {
		return last.kind === 'text' && this.token.kind === 'name' && this.token.glued
			? "A single quote inside text is written twice, as in 'O''Brien'."
			: undefined;
	}

	private takeWord(word: string): boolean {
		const found = this.isWord(word);
		if (found) this.advance();
		return found;
	}

	private takeSymbol(symbol: string): boolean {
		const found = this.isSymbol(symbol);
		if (found) this.advance();
		return found;
	}

	private isWord(word: string, token = this.token): boolean {
		return token.kind === 'name' && token.source.toUpperCase() === word;
	}

	private isSymbol(symbol: string, token = this.token): boolean {
		return token.kind === 'symbol' && token.source === symbol;
	}

	private isClause(): boolean {
		return this.token.kind === 'name' && CLAUSES.includes(this.token.source.toUpperCase());
	}

	private advance(): void {
		this.token = this.ahead;
		this.ahead = this.tokenizer.next();
	}

	/** Records the problem at the current token; what the token itself has to say goes first. */
	private fail(message: string): null {
		return this.report(this.token.problem ?? message);
	}

	private report(message: string): null {
		this.problem = { message, at: this.token.at };
		return null;
	}

	private shown(): string {
		const { kind, source } = this.token;
		if (kind === 'end') return 'the end of the query';
		return source.length > 40 ? `${source.slice(0, 40)}...` : source;
	}
}

const FOLLOWERS: Record<string, string | undefined> = {
	FROM: 'a dataset has no alias, and after it come WHERE, ORDER BY, LIMIT, TIMESPAN or the end',
	WHERE: 'after a condition come AND, ORDER BY, LIMIT, TIMESPAN or the end',
	'ORDER BY': 'after a column in ORDER BY come a comma, ASC or DESC, LIMIT, TIMESPAN or the end',
	LIMIT: 'after LIMIT come TIMESPAN or the end',
};

function misplacedClause(word: string, last: string, query: Query): string {
	if (word === 'SELECT') return 'A query has one SELECT: run one query for each.';
	const clause = word === 'ORDER' ? 'ORDER BY' : word;
	const twice =
		word === 'FROM' ||
		(word === 'WHERE' && query.conditions.length > 0) ||
		(word === 'ORDER' && query.orderBy.length > 0) ||
		(word === 'LIMIT' && query.limit !== undefined) ||
		(word === 'TIMESPAN' && query.timespan !== undefined);
	if (!twice) return `${clause} stands before ${last}: ${CLAUSE_ORDER}.`;
	return word === 'WHERE'
		? 'WHERE stands once: join the conditions by AND.'
		: `${clause} stands once: remove one of the two.`;
}

function functionCall(name: string): string {
	return AGGREGATES.includes(name.toUpperCase())
		? `Functions such as ${name}(...) are not part of the query language: select a metric of the dataset, it is computed for each combination of the selected columns.`
		: `${name}(...) cannot be queried: the service knows no functions and rejects names with parentheses.`;
}
