import type { Cursor } from '../cursor';
import type { Name, Operator } from '../types';

/** Where a value should stand behind its column and operator. */
export interface Place {
	cursor: Cursor;
	name: Name;
	operator: Operator;
}

/** What to say of a place, where it is of a certain kind. */
export type Rule<P extends Place = Place> = (place: P) => string | undefined;

/** What the first of the rules says that fits. */
export function firstOf<P extends Place>(
	rules: ReadonlyArray<Rule<P>>,
	place: P,
): string | undefined {
	for (const rule of rules) {
		const sentence = rule(place);
		if (sentence !== undefined) return sentence;
	}
	return undefined;
}

export const missingValue = (operator: Operator): string =>
	`A value is missing after ${operator}: write a number, or text in single quotes.`;
