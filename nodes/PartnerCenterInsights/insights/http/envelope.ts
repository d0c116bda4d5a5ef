import { withoutTokens } from '../withoutTokens';
import {
	codesOf,
	ERROR_KEYS,
	fieldsOf,
	isObject,
	messageIn,
	messageOfList,
	messageWith,
	textIn,
} from './refusalWords';

/** What wraps every answer of the API, read without regard to the casing of its keys. */
export interface Envelope {
	/** The elements of `Value`; undefined when the answer has no such array. */
	value: unknown[] | undefined;
	message: string | undefined;
	/** The status that the body repeats; it can be an error although the HTTP status is 200. */
	statusCode: number | undefined;
	/** Address of the next page as it stands there, undefined where there is none; null in every answer seen so far. */
	nextLink: unknown;
	correlationId: string | undefined;
	/** Whether the answer names an error, whatever its status is. */
	hasError: boolean;
	/** Codes of a refusal, as other APIs of Partner Center send them, e.g. `900421`. */
	codes: string[];
	/**
	 * Whether the service itself wrote it. A gateway before it, such as Azure API Management, answers with
	 * `statusCode` and `message` too, but without the rest.
	 */
	isOwn: boolean;
	/** Whether a 404 with it is the service's "nothing there": it is its own, and names no other error. */
	isNothingFound: boolean;
}

/** A page of the service's answer. */
export interface Page {
	elements: unknown[];
	/** To the next page: a text, unless the service writes what is not documented. */
	nextLink: unknown;
}

/** Longest message that is passed on, in characters. */
const LONGEST_MESSAGE = 2_000;
/** So much of a message is looked through: with tokens taken out, it still fills what is passed on. */
const LOOKED_THROUGH = 5 * LONGEST_MESSAGE;

/** A message as it is passed on. */
function passedOn(said: string): string {
	const message = withoutTokens(said.slice(0, LOOKED_THROUGH));
	return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
}

/** The service's own words where nothing matches. */
const NOTHING_FOUND = /no item found|there are no executions/i;
/** Keys that no gateway sends. */
const OWN_KEYS = ['value', 'totalcount', 'nextlink', 'dataredacted'];

/** Whole numbers that JavaScript may round, where no text of the JSON is. */
const LONG_NUMBERS = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;
const MAY_HAVE_LONG_NUMBERS = /\d{16}/;

const inEveryDigit = (number: string): string =>
	Number.isSafeInteger(Number(number)) ? number : `"${number}"`;

/** Where a text of JSON ends that begins before `from`: behind the first quote that no backslash escapes. */
function endOfText(json: string, from: number): number {
	for (let at = json.indexOf('"', from); at >= 0; at = json.indexOf('"', at + 1)) {
		let backslashes = 0;
		while (json[at - 1 - backslashes] === '\\') backslashes++;
		if (backslashes % 2 === 0) return at + 1;
	}
	return json.length;
}

/** The parts of JSON, in their order: what lies between its texts, and each text with its quotes. */
function* partsOf(json: string): Generator<{ part: string; isText: boolean }> {
	let end = 0;
	for (let begin = json.indexOf('"'); begin >= 0; begin = json.indexOf('"', end)) {
		yield { part: json.slice(end, begin), isText: false };
		end = endOfText(json, begin + 1);
		yield { part: json.slice(begin, end), isText: true };
	}
	yield { part: json.slice(end), isText: false };
}

/** JSON whose whole numbers are texts where a number would lose digits: IDs, above all. */
function withEveryDigit(json: string): string {
	let result = '';
	for (const { part, isText } of partsOf(json)) {
		result += isText ? part : part.replace(LONG_NUMBERS, inEveryDigit);
	}
	return result;
}

/** @throws SyntaxError */
function parseJson(json: string): unknown {
	const parsed: unknown = JSON.parse(json);
	return MAY_HAVE_LONG_NUMBERS.test(json) ? (JSON.parse(withEveryDigit(json)) as unknown) : parsed;
}

const jsonIn = (json: string): unknown => {
	try {
		return parseJson(json);
	} catch {
		return undefined;
	}
};

/** JSON text as an object, or undefined. A byte order mark before it is skipped. */
export function parseJsonObject(body: unknown): object | undefined {
	if (isObject(body)) return body;
	if (typeof body !== 'string') return undefined;
	const parsed = jsonIn(body.replace(/^\uFEFF/, ''));
	return isObject(parsed) ? parsed : undefined;
}

/** Whether a body that is no JSON is the beginning of a JSON object, and no more than that. */
export function isCutJson(body: unknown): boolean {
	if (typeof body !== 'string' || !/^\uFEFF?\s*\{/.test(body)) return false;
	let depth = 0;
	for (const { part, isText } of partsOf(body)) {
		if (isText) continue;
		for (const [bracket] of part.matchAll(/[[\]{}]/g)) {
			depth += bracket === '{' || bracket === '[' ? 1 : -1;
		}
	}
	return depth > 0;
}

/** A status as a number or as a text that begins with it: `400 Bad Request`. */
function statusIn(value: unknown): number | undefined {
	const said = typeof value === 'number' ? String(value) : (textIn(value) ?? '');
	const [status] = /^\d{3}(?=$|[\s:])/.exec(said) ?? [];
	return status === undefined ? undefined : Number(status);
}

/** Whether a field says something: whatever there is, but for what is empty, `false` and 0. */
const isFilled = (value: unknown): boolean => {
	if (isObject(value)) return Object.keys(value).length > 0;
	return typeof value === 'string' ? textIn(value) !== undefined : Boolean(value);
};

/** The link to the next page. One that is no text must not end the list as if there were none. */
function linkIn(fields: ReadonlyMap<string, unknown>): unknown {
	const links = ['nextlink', '@odata.nextlink'].map((key) => fields.get(key));
	const link = links.find(isFilled);
	return textIn(link) ?? link;
}

/** Longest text without any form that is taken for the words of a refusal, in characters. */
const LONGEST_PLAIN_MESSAGE = 300;

/** The words of a refusal that came as they are: as plain text, or as a text of JSON; no other JSON is words. */
export function plainMessage(body: unknown): string | undefined {
	if (typeof body !== 'string' || body.length > LONGEST_PLAIN_MESSAGE) return undefined;
	const said = textIn(body.replace(/^\uFEFF/, ''));
	if (said === undefined || /^[<{[]|[\0-\x08\x0e-\x1f]/.test(said)) return undefined;
	const json = jsonIn(said);
	return json === undefined ? said : textIn(json);
}

/** What a refusal says: its words, and its codes. */
export type Said = Pick<Envelope, 'message' | 'codes'>;

/** What a refusal says that came without an envelope: a plain text, a text of JSON, or a list of errors. */
export function readBareRefusal(body: unknown): Said {
	const list = parseJsonObject(body);
	if (!Array.isArray(list)) {
		const code = typeof body === 'string' && /^\s*(\d+)\s*$/.exec(body)?.[1];
		const message = plainMessage(body);
		return { message: message && passedOn(message), codes: code ? [code] : [] };
	}
	const message = messageOfList(list);
	return { message: message && passedOn(message), codes: codesOf({ errors: list }) };
}

/**
 * Reads an answer's body.
 *
 * @returns undefined when the body is no JSON object, e.g. a gateway's HTML page
 */
export function readEnvelope(body: unknown): Envelope | undefined {
	const parsed = parseJsonObject(body);
	if (parsed === undefined || Array.isArray(parsed)) return undefined;
	const fields = fieldsOf(parsed);
	const value = fields.get('value');
	const isBeside = ([key]: [string, unknown]) => key.trim().toLowerCase() !== 'value';
	const beside = Object.fromEntries(Object.entries(parsed).filter(isBeside));
	const statusCode = statusIn(fields.get('statuscode') ?? fields.get('status'));
	const isRefusal = statusCode !== undefined && statusCode >= 400;
	const said = messageIn(beside);
	const message = isRefusal ? messageWith(said, value) : said;
	const hasOwnKeys = OWN_KEYS.some((key) => fields.has(key));
	const saysNothingFound = NOTHING_FOUND.test(message ?? '');
	const hasError = [...ERROR_KEYS, 'errors'].some((key) => isFilled(fields.get(key)));
	return {
		value: Array.isArray(value) ? (value as unknown[]) : undefined,
		message: message === undefined ? undefined : passedOn(message),
		statusCode,
		nextLink: linkIn(fields),
		hasError,
		correlationId: textIn(fields.get('correlationid')),
		codes: codesOf(beside),
		isOwn: hasOwnKeys || saysNothingFound,
		isNothingFound: saysNothingFound || (hasOwnKeys && !hasError),
	};
}
