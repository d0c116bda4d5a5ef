import type { Cursor } from '../cursor';
import { TIME_SPAN } from '../foreign';
import { closestName } from '../names';
import { unquotedPhrase } from '../phrase';
import { printText } from '../print';
import { writeInstead } from '../short';
import type { Comparison, Value } from '../types';
import { isNumberInWords, isWithWords, notOrdered } from './ordered';
import { ESCAPED_QUOTE } from './signs';

/** What follows a text without a space shows where its quotes are wrong. */
export function gluedToText(cursor: Cursor, { kind, text }: Value): string | undefined {
	const { kind: next, glued } = cursor.peek();
	const goesOn = ['name', 'number', 'malformed', 'text'].includes(next);
	if (kind !== 'text' || !goesOn) return undefined;
	if (text.endsWith('\\')) return ESCAPED_QUOTE;
	if (!glued) return undefined;
	if (text === '') return "Text stands between one single quote on each side, as in 'Germany'.";
	// The text reaches up to where the next one was to begin.
	if (/[=<>(,]\s*$|\s(?:AND|ORDER BY|LIMIT|TIMESPAN)\s/i.test(text.slice(-200))) {
		return "The text before this has no end of its own: write ' after its last character.";
	}
	return "A single quote inside text is written twice, as in 'O''Brien'.";
}

const CLAUSES = ['WHERE', 'ORDER', 'LIMIT', 'TIMESPAN'];
const isTimeSpan = (phrase: string): boolean =>
	phrase.split(' ').some((word) => TIME_SPAN.test(word));

/** A text that begins with a number, as in 20%, or a number with its unit. */
export function gluedToNumber(
	cursor: Cursor,
	{ operator, value: { kind, at } }: Comparison,
): string | undefined {
	if (kind !== 'number' || at === undefined) return undefined;
	const { kind: next, glued, source } = cursor.peek();
	const phrase = unquotedPhrase(cursor.text, at.offset);
	// A clause that is misspelt, or lacks its name.
	const isClause =
		next === 'name' && (closestName(source, CLAUSES) !== undefined || isTimeSpan(phrase));
	if (isClause) return undefined;
	const ordered = notOrdered(phrase, operator);
	if (ordered !== undefined) return ordered;
	const isText = (next === 'stray' && glued) || isNumberInWords(phrase) || isWithWords(phrase);
	return isText
		? writeInstead('Text stands in single quotes', printText(phrase), phrase)
		: undefined;
}
