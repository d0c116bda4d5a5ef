import { isKeyword } from './names';
import { LONGEST } from './short';

/**
 * What of a line can belong to a text without quotes: no punctuation but an apostrophe, an entity, or the
 * comma of a date such as January 31, 2026.
 */
const LINE =
	/^(?:[^,()';\r\n]|(?<=\p{L})'(?=\p{L})|(?<=&#?\w{2,6});|(?<=\p{L}{3}\.? \d{1,2}),(?= \d{4}(?!\d)))*/u;

/** Words behind AND that no operator follows, and so are no condition: Bosnia and Herzegovina. */
const NO_CONDITION =
	/^(?:\s+(?!(?:AND|OR|NOT|IN|IS|LIKE|LIMIT|ORDER|TIMESPAN|BETWEEN|EQUALS?|GREATER|LESS|MORE|CONTAINS?)\b)\p{L}[\p{L}\p{N}.’'-]*){1,3}(?=\s*(?:$|[,);]|\s(?:AND|ORDER\s+BY|LIMIT|TIMESPAN)\b))/iu;

/** Words of text, too, in other places than these: Volkswagen Group, European Union, Made in Germany. */
const BEGINS_CLAUSE = new Map([
	['AND', new RegExp(`^(?!${NO_CONDITION.source.slice(1)})`, 'iu')],
	['GROUP', /^\s+BY\b/i],
	['BY', /^(?!)/],
	['HAVING', /^\s+\w+\s*[(<>=!]/],
	['UNION', /^\s+(?:ALL|DISTINCT|SELECT)\b|^\s*\(/i],
	['INTERSECT', /^\s+SELECT\b|^\s*\(/i],
	['EXCEPT', /^\s+SELECT\b|^\s*\(/i],
	['OFFSET', /^\s+\d/],
	['FETCH', /^\s+(?:FIRST|NEXT)\b/i],
	['IN', /^\s*[([]/],
	['LIKE', /^\s*['"%‘’“„]/],
	['NOT', /^\s+(?:IN|LIKE|BETWEEN)\b/i],
	...['INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS', 'NATURAL'].map(
		(word) => [word, /^(?:\s+(?:INNER|LEFT|RIGHT|FULL|OUTER))*\s+JOIN\b/i] as const,
	),
]);
const ALWAYS_BEGIN_CLAUSE = ['JOIN', 'OR'];

function beginsClause(word: string, following: string): boolean {
	const rule = BEGINS_CLAUSE.get(word.toUpperCase());
	if (rule !== undefined) return rule.test(following);
	return isKeyword(word) || ALWAYS_BEGIN_CLAUSE.includes(word.toUpperCase());
}

/**
 * The text that stands there without quotes: all words of the line up to a clause or punctuation, or the
 * first word alone where another condition follows.
 */
export function unquotedPhrase(text: string, offset: number): string {
	const ahead = text.slice(offset, offset + 10 * LONGEST);
	const [line = ''] = LINE.exec(ahead) ?? [];
	const words = [...line.matchAll(/\S+/g)];
	const phrase = (end: number) => words.slice(0, end).map(([word]) => word);
	const end = words.findIndex(
		({ 0: word, index }, place) =>
			place > 0 && (/[<>=!]/.test(word) || beginsClause(word, ahead.slice(index + word.length))),
	);
	if (end < 0) return phrase(words.length).join(' ');
	const last = words[end]?.[0] ?? '';
	const isNextCondition = /^(?:IN|LIKE|NOT)$/i.test(last) || /[<>=!]/.test(last);
	return phrase(isNextCondition ? 1 : end).join(' ');
}
