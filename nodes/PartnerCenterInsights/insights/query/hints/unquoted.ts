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
import { notOrdered, range } from './ordered';
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
	beforeParenthesis,
	sign,
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
	return number === undefined || isPattern(operator) ? undefined : numberForm(number, raw);
}

function unclearList({ cursor, operator }: Unquoted): string | undefined {
	return isListOperator(operator)
		? unclearAhead(cursor, cursor.peek().at.offset, { inList: true })
		: undefined;
}

function beforeParenthesis({ cursor }: Unquoted): string | undefined {
	return cursor.peek().kind === 'name' && cursor.isSymbol('(', 1)
		? `Text stands in single quotes: write ' before and after all of the text that begins with ${shown(cursor)}.`
		: undefined;
}

function sign({ cursor, operator, phrase }: Unquoted): string | undefined {
	const { kind, source } = cursor.peek();
	return kind === 'stray' && /^[^\p{L}\p{N}]*$/u.test(phrase)
		? (longerOperator(cursor, operator) ?? strayCharacter(source))
		: undefined;
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
