import type { Program } from '../protocol';
import { type Dataset, findDataset } from './catalogue';
import { InsightsRefusal } from './refusal';

export interface Condition {
	name: string;
	operator: string;
	values: string[];
}

/** A statement of the service's query language, names as the catalogue spells them. */
export interface Statement {
	distinct: boolean;
	names: string[];
	dataset: Dataset;
	conditions: Condition[];
	orderBy: Array<{ name: string; descending: boolean }>;
	limit: number | undefined;
	timespan: string | undefined;
}

interface Token {
	kind: 'word' | 'number' | 'string' | 'symbol';
	text: string;
	position: number;
}

const tokenPattern =
	/\s*(?:(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<number>-?\d+(?:\.\d+)?)|'(?<string>(?:[^']|'')*)'|(?<symbol>>=|<=|!=|[=<>(),]))/gy;

function tokenize(text: string): Token[] {
	const tokens: Token[] = [];
	const end = text.trimEnd().length;
	let position = 0;
	while (position < end) {
		tokenPattern.lastIndex = position;
		const groups: Partial<Record<string, string>> | undefined = tokenPattern.exec(text)?.groups;
		if (!groups) throw syntaxError(text.slice(position).trim().slice(0, 20));
		for (const kind of ['word', 'number', 'string', 'symbol'] as const) {
			const found = groups[kind];
			if (found !== undefined) tokens.push({ kind, text: found, position });
		}
		position = tokenPattern.lastIndex;
	}
	return tokens;
}

function syntaxError(near: string | undefined): InsightsRefusal {
	return new InsightsRefusal(
		400,
		near === undefined
			? 'Invalid query. Unexpected end of the query'
			: `Invalid query. Syntax error near '${near}'`,
	);
}

/** Reads tokens from left to right. */
class TokenReader {
	private index = 0;

	constructor(private readonly tokens: Token[]) {}

	get done(): boolean {
		return this.index >= this.tokens.length;
	}

	/** Consumes these words, if they come next. */
	accept(...words: string[]): boolean {
		const fits = words.every((word, offset) => {
			const token = this.tokens.at(this.index + offset);
			return token && token.kind !== 'string' && token.text.toUpperCase() === word;
		});
		if (fits) this.index += words.length;
		return fits;
	}

	expect(word: string): void {
		if (!this.accept(word)) throw this.error();
	}

	take(kind: Token['kind']): string {
		const token = this.tokens.at(this.index);
		if (token?.kind !== kind) throw this.error();
		this.index += 1;
		return token.text;
	}

	/** A literal: number or quoted text. */
	takeValue(): string {
		const kind = this.tokens.at(this.index)?.kind;
		if (kind === 'number') return this.take('number');
		return this.take('string').replaceAll("''", "'");
	}

	error(): InsightsRefusal {
		return syntaxError(this.tokens.at(this.index)?.text);
	}
}

const operators = ['=', '>', '<', '>=', '<=', '!='];

/**
 * Parses a statement and checks its dataset, columns and time span against the catalogue.
 * @throws InsightsRefusal (400) in the service's words
 */
export function readStatement(program: Program, text: string): Statement {
	const reader = new TokenReader(tokenize(text));
	reader.expect('SELECT');
	const distinct = reader.accept('DISTINCT');
	const names = takeList(reader, () => reader.take('word'));
	reader.expect('FROM');
	const table = reader.take('word');
	const dataset = findDataset(program, table);
	if (!dataset) throw new InsightsRefusal(400, `Invalid table name: ${table}`);

	const conditions = reader.accept('WHERE') ? takeConditions(reader) : [];
	const orderBy = reader.accept('ORDER', 'BY') ? takeList(reader, () => takeOrder(reader)) : [];
	const limit = reader.accept('LIMIT') ? takeLimit(reader) : undefined;
	const timespan = reader.accept('TIMESPAN') ? reader.take('word').toUpperCase() : undefined;
	if (!reader.done) throw reader.error();

	const spelled = (name: string) => columnOf(dataset, name);
	if (timespan && !dataset.availableDateRanges.includes(timespan)) {
		throw new InsightsRefusal(
			400,
			`Invalid TIMESPAN ${timespan}. Available date ranges of ${dataset.datasetName}: ${dataset.availableDateRanges.join(', ')}`,
		);
	}
	return {
		distinct,
		names: names.map(spelled),
		dataset,
		conditions: conditions.map((condition) => ({ ...condition, name: spelled(condition.name) })),
		orderBy: orderBy.map((order) => ({ ...order, name: spelled(order.name) })),
		limit,
		timespan,
	};
}

function takeList<T>(reader: TokenReader, takeOne: () => T): T[] {
	const list = [takeOne()];
	while (reader.accept(',')) list.push(takeOne());
	return list;
}

function takeConditions(reader: TokenReader): Condition[] {
	const conditions = [takeCondition(reader)];
	while (reader.accept('AND')) conditions.push(takeCondition(reader));
	return conditions;
}

function takeCondition(reader: TokenReader): Condition {
	const name = reader.take('word');
	const negated = reader.accept('NOT');
	const prefix = negated ? 'NOT ' : '';
	if (reader.accept('IN')) {
		reader.expect('(');
		const values = takeList(reader, () => reader.takeValue());
		reader.expect(')');
		return { name, operator: `${prefix}IN`, values };
	}
	if (reader.accept('LIKE')) {
		return { name, operator: `${prefix}LIKE`, values: [reader.takeValue()] };
	}
	if (negated) throw reader.error();
	const operator = reader.take('symbol');
	if (!operators.includes(operator)) throw syntaxError(operator);
	return { name, operator, values: [reader.takeValue()] };
}

/** Without a direction the service sorts descending. */
function takeOrder(reader: TokenReader): { name: string; descending: boolean } {
	const name = reader.take('word');
	if (reader.accept('ASC')) return { name, descending: false };
	reader.accept('DESC');
	return { name, descending: true };
}

function takeLimit(reader: TokenReader): number {
	const text = reader.take('number');
	if (!/^\d+$/.test(text) || Number(text) === 0) {
		throw new InsightsRefusal(400, 'Invalid query. LIMIT has to be a positive integer');
	}
	return Number(text);
}

function columnOf(dataset: Dataset, name: string): string {
	const wanted = name.toLowerCase();
	const found = [...dataset.selectableColumns, ...dataset.availableMetrics].find(
		(known) => known.toLowerCase() === wanted,
	);
	if (!found) throw new InsightsRefusal(400, `Incorrect column name: ${name}`);
	return found;
}
