import type { Cursor } from '../cursor';
import { printText } from '../print';
import { LONGEST, short, shown, writeInstead } from '../short';
import type { Condition, Operator, Value } from '../types';
import { isClause } from './clauses';
import { FOREIGN_OPERATORS } from './operators';

const RULE = 'AND joins whole conditions';
/** The list operators that hold for each of several values where one was written for a single value. */
const LISTS: Partial<Record<Operator, string>> = {
	'=': 'IN',
	'!=': 'NOT IN',
	IN: 'IN',
	'NOT IN': 'NOT IN',
};
/** As many values as a person reads. */
const MOST = 10;

/** Behind AND: a value by itself, which is a further one of the condition before. */
export function furtherValue(cursor: Cursor, before: Condition): string | undefined {
	if (valueAt(cursor, 0) === undefined) return undefined;
	const { name, operator } = before;
	const list = LISTS[operator];
	if (list !== undefined) return asList(cursor, before, list);
	const { source } = cursor.peek();
	const condition = writeInstead(RULE, `${name.text} ${operator} ${source}`, source);
	switch (operator) {
		case 'NOT LIKE':
			return condition;
		case 'LIKE':
			return `${condition} For rows that fit only one of the patterns run two queries.`;
		default:
			return `${RULE}: write a column and an operator before ${shown(cursor)}.`;
	}
}

/** Behind AND: an operator by itself, whose column is that of the condition before. */
export function missingColumn(cursor: Cursor, { name }: Condition): string | undefined {
	const { kind, source } = cursor.peek();
	const isNegated = cursor.isWord('NOT') && isWordOperator(cursor, 1);
	if (
		!isNegated &&
		!isWordOperator(cursor, 0) &&
		!(kind === 'symbol' && /^[<>=!]+$/.test(source))
	) {
		return undefined;
	}
	const written = isNegated ? `${source} ${cursor.peek(1).source}` : source;
	const operator = FOREIGN_OPERATORS.get(written) ?? written.toUpperCase();
	return writeInstead(RULE, `${name.text} ${operator}`, written);
}

const isWordOperator = (cursor: Cursor, distance: number): boolean =>
	cursor.isWord('LIKE', distance) || cursor.isWord('IN', distance);

/** The condition before and the values behind it as one list. */
function asList(cursor: Cursor, before: Condition, list: string): string {
	const { name } = before;
	const further = valuesAhead(cursor);
	const last = cursor.peek(2 * further.length - 2);
	const behind = 2 * further.length - 1;
	const isWhole = endsValue(cursor, behind) && !cursor.isSymbol(',', behind);
	const values = ('values' in before ? before.values : [before.value]).concat(further);
	const isNumbers = values.every(({ kind }) => kind === 'number');
	const printed = values.map((value) => (isNumbers ? value.text : printText(value.text)));
	const right = `${name.text} ${list} (${printed.join(', ')})`;
	const wrong = cursor.text.slice(name.at?.offset, last.at.offset + last.source.length);
	return isWhole && name.at !== undefined && right.length + wrong.length <= 3 * LONGEST
		? writeInstead(RULE, right, wrong)
		: `${RULE}: write ${short(name.text)} ${list} (...), with all of its values in the parentheses.`;
}

/** The values that stand there, joined by AND. */
function valuesAhead(cursor: Cursor): Value[] {
	const values: Value[] = [];
	for (let distance = 0; values.length < MOST; distance += 2) {
		const value = valueAt(cursor, distance);
		if (value === undefined) break;
		values.push(value);
		if (!cursor.isWord('AND', distance + 1)) break;
	}
	return values;
}

/** A value with no operator behind it, which would make it the column of a condition. */
function valueAt(cursor: Cursor, distance: number): Value | undefined {
	const { kind, value } = cursor.peek(distance);
	if (!endsValue(cursor, distance + 1)) return undefined;
	if (kind === 'number') return { kind, text: value };
	return kind === 'text' || kind === 'quoted' ? { kind: 'text', text: value } : undefined;
}

const endsValue = (cursor: Cursor, distance: number): boolean =>
	isClause(cursor, distance) || /^(?:|[,;)]|AND|OR)$/i.test(cursor.peek(distance).source);
