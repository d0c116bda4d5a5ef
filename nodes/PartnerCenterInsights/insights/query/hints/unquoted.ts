import { trimmed } from '../../sameText';
import { decoded } from '../entities';
import { plainNumber } from '../numbers';
import { unquotedPhrase } from '../phrase';
import { printText } from '../print';
import { LONGEST, short, shown, writeInstead } from '../short';
import { beginsWithVariable } from '../tokens';
import { isListOperator } from '../types';
import type { Operator } from '../types';
import { numberAt, numberForm, unclearAhead } from './numberForms';
import { longerOperator } from './operators';
import { isWithWords, notOrdered, range } from './ordered';
import { firstOf, missingValue, type Place, type Rule } from './place';
import { strayCharacter, UNFILLED } from './signs';

/** Text, or something else, that stands without quotes where a value should. */
interface Unquoted extends Place {
	/** Up to the next clause or punctuation. */
	phrase: string;
}

const isPattern = (operator: Operator): boolean => operator === 'LIKE' || operator === 'NOT LIKE';

/** In this order: what is nothing else is text. */
const RULES: ReadonlyArray<Rule<Unquoted>> = [
	unfilled,
	parameter,
	numberInOtherForm,
	({ phrase, operator }) => (/^[*.+-]*$/.test(phrase) ? missingValue(operator) : undefined),
	unclearList,
	joinedByWord,
	beforeParenthesis,
	sign,
	calculation,
	({ cursor, name, operator }) => range(cursor.peek().source, name.text, operator),
	({ phrase, operator }) => notOrdered(phrase, operator),
];

export function insteadOfUnquoted(place: Place): string {
	const { cursor } = place;
	const unquoted = { ...place, phrase: unquotedPhrase(cursor.text, cursor.peek().at.offset) };
	return firstOf(RULES, unquoted) ?? inQuotes(unquoted);
}

function unfilled({ cursor, phrase }: Unquoted): string | undefined {
	const { offset } = cursor.peek().at;
	const ahead = cursor.text.slice(offset, offset + LONGEST);
	const isExpression = phrase.includes('{{') || beginsWithVariable(ahead);
	return isExpression ? UNFILLED : undefined;
}

function parameter({ phrase }: Unquoted): string | undefined {
	return /^[@:?][A-Za-z_]?\w*$|^\$[A-Za-z_]\w*$/.test(phrase)
		? `Parameters such as ${short(phrase)} are not filled in: write the value itself.`
		: undefined;
}

function numberInOtherForm({ cursor, operator, phrase }: Unquoted): string | undefined {
	const raw = numberAt(cursor.text, cursor.peek().at.offset) ?? phrase;
	const number = plainNumber(raw);
	return number === undefined || isPattern(operator) || isWithWords(phrase)
		? undefined
		: numberForm(number, raw);
}

function unclearList({ cursor, operator }: Unquoted): string | undefined {
	return isListOperator(operator)
		? unclearAhead(cursor, cursor.peek().at.offset, { inList: true })
		: undefined;
}

/** In a list: text that a word joins, which is part of a name or stands for a comma. */
const JOINED = /^[^,;()'"\r\n]+?(?:\s+(?:AND|OR)\s+[^,;()'"\r\n]+?)+(?=\s*[,)])/i;

function joinedByWord({ cursor, operator }: Unquoted): string | undefined {
	const { offset } = cursor.peek().at;
	const [joined = ''] = JOINED.exec(cursor.text.slice(offset, offset + LONGEST)) ?? [];
	if (!isListOperator(operator) || joined === '') return undefined;
	const values = joined
		.split(/\s+(?:AND|OR)\s+/i)
		.map(printText)
		.join(', ');
	const right = /\sOR\s/i.test(joined)
		? values
		: `${printText(joined)} for one value, or ${values} for several,`;
	return writeInstead('Text stands in single quotes', right, joined);
}

function beforeParenthesis({ cursor }: Unquoted): string | undefined {
	return cursor.peek().kind === 'name' && cursor.isSymbol('(', 1)
		? `Text stands in single quotes: write ' before and after all of the text that begins with ${shown(cursor)}.`
		: undefined;
}

function sign({ cursor, operator, phrase }: Unquoted): string | undefined {
	const { kind, source, glued } = cursor.peek();
	// A sign by itself, also one that ends the operator before the value: =: 5.
	const isAlone = /^[^\p{L}\p{N}]*$/u.test(phrase) || (glued && /^[^\p{L}\p{N}]\s/u.test(phrase));
	return kind === 'stray' && isAlone
		? (longerOperator(cursor, operator) ?? strayCharacter(source))
		: undefined;
}

/** With `*`, or where an order is asked for: as text it would be compared as nobody means it. */
const CALCULATION =
	/^[A-Za-z_]\w* ?(\*) ?\w|^[A-Za-z_]\w* ([-+/]) ?\w|^[A-Za-z_]\w*([-+/])\d+$|^\d+(?:\.\d+)?(\+)\d/;

function calculation({ operator, phrase }: Unquoted): string | undefined {
	const [, times, ...others] = CALCULATION.exec(phrase.slice(0, LONGEST)) ?? [];
	const sign = times ?? (/^[<>]/.test(operator) ? others.find((other) => other) : undefined);
	return sign === undefined || isPattern(operator) ? undefined : strayCharacter(sign);
}

function inQuotes({ cursor, operator, phrase }: Unquoted): string {
	const wrong = phrase + closingQuotes(cursor.text, cursor.peek().at.offset, phrase);
	// What other languages write for "any text" stands for itself within quotes.
	const meant = decoded(isPattern(operator) ? phrase.replace(/^\*|\*$/g, '%') : phrase);
	return writeInstead('Text stands in single quotes', printText(trimmed(meant)), wrong);
}

const CLOSING_QUOTES = /^'+(?=\s*(?:$|[,);]|(?:AND|ORDER|LIMIT|TIMESPAN)\b))/i;

/** The quotes of a text that has its closing ones and lacks the others: x'. */
const closingQuotes = (text: string, offset: number, phrase: string): string =>
	text.startsWith(phrase, offset)
		? (CLOSING_QUOTES.exec(text.slice(offset + phrase.length))?.[0] ?? '')
		: '';
