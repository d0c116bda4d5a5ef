import { Cursor } from './cursor';
import * as foreign from './foreign';
import * as hints from './hints';
import { isKeyword, repeatedNames } from './names';
import type { Token } from './tokens';
import { COMPARISON_OPERATORS, isListOperator } from './types';
import type {
	Condition,
	Limit,
	ListOperator,
	Name,
	Operator,
	OrderTerm,
	Query,
	QueryProblem,
	QueryResult,
	Value,
} from './types';

/*
 * The grammar in EBNF. Keywords are read in any case, and any white space stands between tokens.
 *
 *   query    = select from [ where ] [ orderBy ] [ limit ] [ timespan ] { ";" }
 *   select   = "SELECT" [ "DISTINCT" ] name { "," name }
 *   from     = "FROM" name
 *   where    = "WHERE" condition { "AND" condition }
 *   condition = name ( comparison value | [ "NOT" ] "IN" list )
 *   comparison = "=" | "!=" | ">" | "<" | ">=" | "<=" | [ "NOT" ] "LIKE"
 *   list     = "(" value { "," value } ")"
 *   value    = number | text
 *   orderBy  = "ORDER" "BY" order { "," order }
 *   order    = name [ "ASC" | "DESC" ]
 *   limit    = "LIMIT" digit { digit }
 *   timespan = "TIMESPAN" name
 *   number   = [ "-" ] digit { digit } [ "." digit { digit } ]
 *   text     = "'" { character | "''" } "'"
 *   name     = word character { word character }      not digits alone, and no keyword
 *
 * Beyond it: the values of a list are of one kind, a limit is at least 1, and no name stands twice in
 * select or in orderBy. Where the service's documentation is silent: two single quotes in a text
 * stand for one, as in SQL; any name passes as a time span, because the valid ones are the dataset's
 * own (see `checkQuery`); semicolons at the end are read over, and not sent (see `normaliseQuery`).
 */

/**
 * Reads a query text by the grammar of the service.
 *
 * @returns the query, or the first thing that breaks the grammar: what follows it cannot be
 * judged. It throws for no text whatever.
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-custom-query
 */
export function parseQuery(text: string): QueryResult {
	try {
		return { ok: true, query: new Parser(text).query() };
	} catch (error) {
		return { ok: false, problems: [problemOf(error)] };
	}
}

/** @throws whatever is a fault of the parser itself */
function problemOf(error: unknown): QueryProblem {
	if (!(error instanceof BrokenGrammar)) throw error;
	return error.problem;
}

/** Ends the reading; it does not leave this file. */
class BrokenGrammar extends Error {
	constructor(readonly problem: QueryProblem) {
		super(problem.message);
	}
}

/** Recursive descent: one method for each rule, which reads it or throws {@link BrokenGrammar}. */
class Parser {
	private readonly cursor: Cursor;

	constructor(text: string) {
		this.cursor = new Cursor(text);
	}

	/** query = select from [ where ] [ orderBy ] [ limit ] [ timespan ] { ";" } */
	query(): Query {
		const encoded = foreign.encodedQuery(this.cursor.text);
		if (encoded !== undefined) this.refuseAt(encoded, this.cursor.peek());
		const query: Query = { ...this.select(), from: this.from(), conditions: [], orderBy: [] };
		let last: hints.Clause = 'FROM';
		if (this.cursor.takeWord('WHERE')) {
			last = 'WHERE';
			do query.conditions.push(this.condition(query.conditions.at(-1)));
			while (this.cursor.takeWord('AND'));
		}
		if (this.cursor.takeWord('ORDER')) {
			last = 'ORDER BY';
			query.orderBy = this.orderBy();
		}
		if (this.cursor.takeWord('LIMIT')) {
			last = 'LIMIT';
			query.limit = this.limit();
		}
		if (this.cursor.takeWord('TIMESPAN')) {
			last = 'TIMESPAN';
			query.timespan = this.timespan();
		}
		this.end(last, query);
		return query;
	}

	/** select = "SELECT" [ "DISTINCT" ] name { "," name }, up to FROM */
	private select(): Pick<Query, 'distinct' | 'names'> {
		if (!this.cursor.takeWord('SELECT')) this.refuse(hints.beforeSelect(this.cursor));
		const distinct = this.cursor.takeWord('DISTINCT');
		let isFirst = true;
		const names = this.many(
			() => {
				const name = this.name(hints.missingSelectName(this.cursor, isFirst));
				isFirst = false;
				return name;
			},
			() => this.cursor.takeSymbol(','),
		);
		const last = names.at(-1);
		if (last && !this.cursor.isWord('FROM')) {
			this.refuse(hints.afterSelectName(this.cursor, last));
		}
		this.refuseRepeated(names, 'SELECT');
		return { distinct, names };
	}

	/** from = "FROM" name */
	private from(): Name {
		this.cursor.takeWord('FROM');
		return this.name(hints.subQuery(this.cursor) ?? hints.NO_DATASET);
	}

	/** condition = name ( comparison value | [ "NOT" ] "IN" list ) */
	private condition(before: Condition | undefined): Condition {
		const further =
			before &&
			(hints.missingColumn(this.cursor, before) ?? hints.furtherValue(this.cursor, before));
		if (further !== undefined) this.refuse(further);
		if (this.cursor.isWord('NOT')) this.refuse(hints.notBefore(this.cursor));
		const reversed = foreign.reversedCondition(this.cursor);
		if (reversed !== undefined) this.refuse(reversed);
		const name = this.name(hints.missingCondition(this.cursor, before));
		const operator = this.operator(name);
		return isListOperator(operator)
			? { name, operator, values: this.list(name, operator) }
			: { name, operator, value: this.value(name, operator) };
	}

	/** comparison = "=" | "!=" | ">" | "<" | ">=" | "<=" | [ "NOT" ] "LIKE"; or [ "NOT" ] "IN" */
	private operator(name: Name): Operator {
		const sign = COMPARISON_OPERATORS.find((operator) => this.cursor.takeSymbol(operator));
		if (sign !== undefined) return sign;
		const negated = this.cursor.isWord('NOT') ? hints.notOfOther(this.cursor) : undefined;
		if (negated !== undefined) this.refuse(negated);
		const isNegated = this.cursor.takeWord('NOT');
		if (this.cursor.takeWord('LIKE')) return isNegated ? 'NOT LIKE' : 'LIKE';
		if (this.cursor.takeWord('IN')) return isNegated ? 'NOT IN' : 'IN';
		if (isNegated) return this.refuse(hints.afterNot(this.cursor));
		const token = this.cursor.peek();
		const other = foreign.noOperator(this.cursor, token);
		return other === undefined
			? this.refuse(hints.insteadOfOperator(this.cursor, name))
			: this.refuseAt(other, token);
	}

	/** list = "(" value { "," value } ")", all of one kind */
	private list(name: Name, operator: ListOperator): Value[] {
		const { cursor } = this;
		if (!cursor.takeSymbol('(')) {
			const braced = foreign.bracedList(cursor);
			if (braced !== undefined) this.refuseAt(braced, cursor.peek());
			this.refuse(hints.missingList(cursor, name, operator));
		}
		if (cursor.isSymbol(')')) this.refuse(hints.emptyList(operator));
		const values: Value[] = [];
		do {
			if (cursor.isSymbol(')')) this.refuse(hints.COMMA_TOO_MANY);
			if (cursor.isWord('SELECT')) this.refuse(hints.subQuery(cursor) ?? hints.NO_DATASET);
			const value = this.value(name, operator);
			const broken = hints.groupedNumber(cursor, value) ?? hints.brokenInList(cursor, value);
			if (broken !== undefined) this.refuseAt(broken, value);
			if (value.kind !== (values[0] ?? value).kind) this.refuseAt(hints.MIXED_LIST, value);
			values.push(value);
			if (!cursor.isSymbol(',') && !cursor.isSymbol(')')) {
				const separator = hints.otherSeparator(cursor, values);
				if (separator !== undefined) this.refuseAt(separator, cursor.peek());
				this.refuse(hints.afterListValue(cursor, value));
			}
		} while (cursor.takeSymbol(','));
		cursor.takeSymbol(')');
		return values;
	}

	/** value = number | text */
	private value(name: Name, operator: Operator): Value {
		const { kind, value: text, at } = this.cursor.peek();
		if (kind !== 'number' && kind !== 'text') {
			this.refuseAt(
				foreign.otherValue(this.cursor, name) ?? hints.insteadOfValue(this.cursor, name, operator),
				{ at },
			);
		}
		const left = foreign.leftByExpression(text, operator);
		if (left !== undefined) this.refuseAt(left, { at });
		this.cursor.advance();
		return { kind, text, at };
	}

	/** orderBy = "ORDER" "BY" order { "," order } */
	private orderBy(): OrderTerm[] {
		if (!this.cursor.takeWord('BY')) this.refuse(hints.NO_BY);
		let isFirst = true;
		const terms = this.many(
			() => {
				const term = this.order(hints.missingOrderName(this.cursor, isFirst));
				isFirst = false;
				return term;
			},
			() => this.cursor.takeSymbol(','),
		);
		this.refuseRepeated(
			terms.map(({ name }) => name),
			'ORDER BY',
		);
		return terms;
	}

	/** order = name [ "ASC" | "DESC" ] */
	private order(missing: string): OrderTerm {
		const name = this.name(missing);
		if (this.cursor.takeWord('ASC')) return { name, direction: 'ASC' };
		return this.cursor.takeWord('DESC') ? { name, direction: 'DESC' } : { name };
	}

	/** limit = "LIMIT" digit { digit }, at least 1 */
	private limit(): Limit {
		const { at, source } = this.cursor.peek();
		const rows = Number(source);
		if (!/^\d+$/.test(source) || rows < 1 || !Number.isSafeInteger(rows)) {
			const glued = foreign.gluedLimit(this.cursor.peek());
			this.refuse(glued ?? hints.notALimit(this.cursor));
		}
		this.cursor.advance();
		return { rows, at };
	}

	/** timespan = "TIMESPAN" name */
	private timespan(): Name {
		const { kind, at } = this.cursor.peek();
		if (kind === 'text' || kind === 'quoted')
			this.refuseAt(hints.notATimespan(this.cursor), { at });
		return this.name(hints.notATimespan(this.cursor));
	}

	/** name = word character { word character } */
	private name(missing: string): Name {
		const { kind, source, at } = this.cursor.peek();
		if (kind !== 'name' || isKeyword(source)) {
			this.refuse(hints.insteadOfName(this.cursor, missing));
		}
		const name: Name = { text: source, at };
		this.cursor.advance();
		const problem = hints.ofNameBefore(this.cursor, name);
		return problem === undefined ? name : this.refuseAt(problem, name);
	}

	/** { ";" }, and nothing else */
	private end(clause: hints.Clause, query: Query): void {
		const semicolon = this.cursor.peek();
		const hasEnded = this.takeSemicolons();
		const { kind, at } = this.cursor.peek();
		if (kind === 'end') return;
		if (hasEnded) this.refuseAt(hints.afterSemicolon(this.cursor), semicolon);
		const sign = foreign.webSign(this.cursor, at);
		if (sign !== undefined) this.refuseAt(sign, { at });
		this.refuseAt(hints.afterClause(this.cursor, clause, query), { at });
	}

	private takeSemicolons(): boolean {
		const hasOne = this.cursor.takeSymbol(';');
		while (this.cursor.takeSymbol(';'));
		return hasOne;
	}

	/** item { separator item } */
	private many<T>(item: () => T, separator: () => boolean): T[] {
		const items: T[] = [];
		do items.push(item());
		while (separator());
		return items;
	}

	private refuseRepeated(names: readonly Name[], clause: 'SELECT' | 'ORDER BY'): void {
		const [second] = repeatedNames(names);
		if (second) this.refuseAt(hints.repeatedName(second, clause), second);
	}

	/** Refuses the current token; what is wrong with it by itself goes first. */
	private refuse(message: string): never {
		const cut = hints.cutWord(this.cursor);
		if (cut !== undefined) this.refuseAt(cut, this.cursor.peek(1));
		const token = this.cursor.peek();
		const sign = foreign.webSign(this.cursor, token.at);
		return this.refuseAt(sign ?? hints.ofToken(token) ?? message, token);
	}

	private refuseAt(message: string, { at }: Partial<Pick<Token, 'at'>>): never {
		const isUnfilled = message === hints.UNFILLED;
		throw new BrokenGrammar({ message, at, ...(isUnfilled && { isUnfilled }) });
	}
}
