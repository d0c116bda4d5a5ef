import type { Cursor } from '../cursor';

/** A clause that a query can end with. */
export type Clause = 'FROM' | 'WHERE' | 'ORDER BY' | 'LIMIT' | 'TIMESPAN';

const CLAUSES = ['SELECT', 'FROM', 'WHERE', 'ORDER', 'LIMIT', 'TIMESPAN'];

export const ALIAS =
	'Aliases are not part of the query language: leave out AS and the name after it.';
export const ONE_DATASET =
	'A query reads one dataset: run one query for each dataset and merge the rows.';
export const LIMIT_RULE =
	'LIMIT takes one whole number from 1, without an offset: write for example LIMIT 10.';

/** Words of SQL that may follow a complete clause there, and what to do here. */
export const FOREIGN_CLAUSES = new Map([
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
	['OFFSET', LIMIT_RULE],
	['FETCH', LIMIT_RULE],
]);

/** Behind a comma or a word that joins, where a clause or the end follows; undefined before other things. */
export function oneTooMany(cursor: Cursor, joining: string, distance = 0): string | undefined {
	if (cursor.peek(distance).kind === 'end')
		return `There is ${joining} too many at the end: remove it.`;
	return isClause(cursor, distance)
		? `There is ${joining} too many before ${cursor.peek(distance).source}: remove it.`
		: undefined;
}

/** Whether a clause of this language begins there. */
export function isClause(cursor: Cursor, distance = 0): boolean {
	return CLAUSES.some((word) => cursor.isWord(word, distance));
}
