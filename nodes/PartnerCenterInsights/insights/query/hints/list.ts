import type { Cursor } from '../cursor';
import * as foreign from '../foreign';
import { isKeyword } from '../names';
import { printText } from '../print';
import { LONGEST, short, shown } from '../short';
import type { Name, Operator, Value } from '../types';
import { oneTooMany } from './clauses';
import { gluedToText } from './glued';
import { oneOrSeveral, unclearAhead } from './numberForms';
import { isOperator, LIST_FOR } from './operators';

export const MIXED_LIST =
	'A list holds either numbers or text: put all of its values in single quotes.';
export const COMMA_TOO_MANY =
	'There is a comma too many in the list: remove it, or add another value.';

/** Where the parenthesis of a list should open. */
export function missingList(cursor: Cursor, { text }: Name, operator: Operator): string {
	const { kind, source, value } = cursor.peek();
	const left = foreign.leftAhead(cursor, operator);
	if (left !== undefined) return left;
	if (kind === 'quoted' && source.startsWith('[')) {
		if (value.trim() === '') return emptyList(operator);
		return `A list stands in parentheses: write (${short(value)}) instead of ${short(source)}.`;
	}
	const unclear = unclearAhead(cursor, cursor.peek().at.offset) ?? oneOrSeveral(cursor);
	if (unclear !== undefined) return unclear;
	const list = literalsAhead(cursor) ?? (kind === 'end' || isKeyword(source) ? "'A', 'B'" : '...');
	return `${operator} needs a list in parentheses: write ${short(text)} ${operator} (${list}).`;
}

export const emptyList = (operator: Operator): string =>
	`The list after ${operator} is empty: name at least one value.`;

/** Behind the values of a list: what separates them elsewhere. */
export function otherSeparator(cursor: Cursor, [first]: readonly Value[]): string | undefined {
	const separator = foreign.otherSeparator(cursor);
	if (separator === undefined) return undefined;
	const unclear = first?.at && unclearAhead(cursor, first.at.offset, { inList: true, separator });
	return (
		unclear ?? `Values in a list are separated by commas: write a comma in place of ${separator}.`
	);
}

/** Where a comma or the end of a list should stand. */
export function afterListValue(cursor: Cursor, last: Value): string {
	const { kind, source } = cursor.peek();
	if (kind === 'end' || isKeyword(source))
		return 'The list has no end: write ) after its last value.';
	return (
		gluedToText(cursor, last) ??
		`Values in a list are separated by commas: write a comma before ${shown(cursor)}.`
	);
}

export function listOnlyAfterIn({ text }: Name, operator: Operator): string {
	const meant = LIST_FOR[operator];
	return meant === undefined
		? `A list stands only after IN and NOT IN: write one value after ${operator}, without parentheses.`
		: `A list stands only after IN and NOT IN: write ${short(text)} ${meant} (...) instead of ${short(text)} ${operator} (...).`;
}

/** Where a whole condition stands behind what does not join it to the one before. */
export function insteadOfComma(
	cursor: Cursor,
	distance: number,
	separator = 'this comma',
): string | undefined {
	const { kind, source } = cursor.peek(distance);
	return kind === 'name' && !isKeyword(source) && isOperator(cursor, distance + 1)
		? `Conditions are joined by AND: write it in place of ${separator}.`
		: undefined;
}

export function severalValues(
	cursor: Cursor,
	{ text }: Name,
	operator: Operator,
	first: Value,
): string {
	const { source } = cursor.peek(1);
	const tooMany = oneTooMany(cursor, 'a comma', 1);
	if (tooMany !== undefined) return tooMany;
	if (cursor.isWord('AND', 1)) return `There is a comma too many before ${source}: remove it.`;
	const joined = insteadOfComma(cursor, 1);
	if (joined !== undefined) return joined;
	const meant = LIST_FOR[operator];
	if (meant === undefined) {
		return `Only IN and NOT IN take several values: write one value after ${operator}.`;
	}
	const unclear = first.at && unclearAhead(cursor, first.at.offset);
	if (unclear !== undefined) return unclear;
	const others = literalsAhead(cursor, 1);
	const start = first.kind === 'text' ? printText(first.text) : first.text;
	const list = others === undefined || start.length > LONGEST ? '...' : `${start}, ${others}`;
	return `Only IN and NOT IN take several values: write ${short(text)} ${meant} (${list}).`;
}

/** The literals that stand at the cursor, separated by commas; undefined for none or too many. */
function literalsAhead(cursor: Cursor, from = 0): string | undefined {
	const found: string[] = [];
	for (let distance = from; distance < 20; distance += 2) {
		const { kind, source } = cursor.peek(distance);
		if (kind !== 'text' && kind !== 'number') return undefined;
		found.push(source);
		if (cursor.isSymbol(';', distance + 1) && cursor.peek(distance + 2).kind !== 'end') {
			return undefined;
		}
		if (!cursor.isSymbol(',', distance + 1)) {
			const list = found.join(', ');
			return list.length > LONGEST ? undefined : list;
		}
	}
	return undefined;
}
