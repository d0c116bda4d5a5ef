/** Where a token stands in the query text. */
export interface Position {
	/** UTF-16 code units from the start of the text, from 0. */
	offset: number;
	/** Length of the token in UTF-16 code units; 0 at the end of the text. */
	length: number;
	/** From 1; CR LF, LF and CR each end a line. */
	line: number;
	/** From 1, in UTF-16 code units, as the n8n editor counts. */
	column: number;
}

/**
 * The parts of a query know their position when they were read from text. A query that was built has no
 * positions: its names know the part that they were given in.
 */
export interface Name {
	text: string;
	at?: Position;
	part?: QueryPart;
}

/** `text` keeps the digits as written, so that no precision is lost. */
export interface NumberValue {
	kind: 'number';
	text: string;
	at?: Position;
}

/** `text` is the text itself: without the quotes around it, doubled quotes made single. */
export interface TextValue {
	kind: 'text';
	text: string;
	at?: Position;
}

export type Value = NumberValue | TextValue;

export const COMPARISON_OPERATORS = ['=', '!=', '>', '<', '>=', '<=', 'LIKE', 'NOT LIKE'] as const;
export const LIST_OPERATORS = ['IN', 'NOT IN'] as const;

export type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number];
export type ListOperator = (typeof LIST_OPERATORS)[number];
export type Operator = ComparisonOperator | ListOperator;

export function isListOperator(operator: Operator): operator is ListOperator {
	return LIST_OPERATORS.some((listOperator) => listOperator === operator);
}

export interface Comparison {
	name: Name;
	operator: ComparisonOperator;
	value: Value;
}

/** All values of a list are of one kind. */
export interface ListCondition {
	name: Name;
	operator: ListOperator;
	values: Value[];
}

export type Condition = Comparison | ListCondition;

export type Direction = 'ASC' | 'DESC';

export interface OrderTerm {
	name: Name;
	/** Absent: the service sorts descending. */
	direction?: Direction;
}

export interface Limit {
	rows: number;
	at?: Position;
}

/**
 * One statement of the Insights query language.
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-custom-query
 */
export interface Query {
	distinct: boolean;
	/** Columns and metrics of the SELECT list. */
	names: Name[];
	from: Name;
	/** Joined by AND. */
	conditions: Condition[];
	orderBy: OrderTerm[];
	limit?: Limit;
	/** Absent: the service takes six months. */
	timespan?: Name;
}

/** One sentence or two: the rule, and what to write instead. */
export interface QueryProblem {
	message: string;
	/** Absent for a query that was built and has no text yet. */
	at?: Position;
	/** An expression stands there that was not filled in: who knows its field can say how. */
	isUnfilled?: true;
	/** The part that is wrong, where a query was put together of parts. */
	part?: QueryPart;
}

/** What the builder puts a query together of. */
export type QueryPart =
	'dataset' | 'columns' | 'metrics' | 'conditions' | 'orderBy' | 'limit' | 'timespan';

export type QueryResult = { ok: true; query: Query } | { ok: false; problems: QueryProblem[] };
