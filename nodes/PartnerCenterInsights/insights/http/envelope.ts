/** What wraps every answer of the API, read without regard to the casing of its keys. */
export interface Envelope {
	/** The elements of `Value`; undefined when the answer has no such array. */
	value: unknown[] | undefined;
	message: string | undefined;
	/** The status that the body repeats; it can be an error although the HTTP status is 200. */
	statusCode: number | undefined;
	/** Address of the next page; null in every answer seen so far. */
	nextLink: string | undefined;
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
}

/** A page of the service's answer. */
export interface Page {
	elements: unknown[];
	nextLink: string | undefined;
}

type Fields = Map<string, unknown>;

const fieldsOf = (object: object): Fields =>
	new Map(Object.entries(object).map(([key, value]) => [key.trim().toLowerCase(), value]));

const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Words as they are given: as a text, as several of them, or (by the elder OData) with their language. */
function words(value: unknown): string | undefined {
	if (Array.isArray(value)) return text(value.map(text).filter(Boolean).join('; '));
	return isObject(value) ? text(fieldsOf(value).get('value')) : text(value);
}

/** Longest message that is passed on, in characters. */
const LONGEST_MESSAGE = 2_000;

const shortened = (message: string): string =>
	message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;

/** Keys under which a validation answer names the field that an entry is about. */
const FIELD_KEYS = ['field', 'propertyname', 'property', 'target', 'name'];

/** One entry of a list of errors, with its field where it names one. */
function entryText(entry: unknown): string | undefined {
	if (!isObject(entry)) return text(entry);
	const fields = fieldsOf(entry);
	const field = FIELD_KEYS.map((key) => text(fields.get(key))).find((name) => name !== undefined);
	const message = ownMessage(fields);
	return field !== undefined && message !== undefined ? `${field}: ${message}` : message;
}

/** `{ field: [text, …] }` as "field: text"; what concerns no field has an empty name. */
const fieldTexts = (errors: object): Array<string | undefined> =>
	Object.entries(errors).map(([field, texts]: [string, unknown]) => {
		const said = (Array.isArray(texts) ? texts : [texts])
			.map(entryText)
			.filter((one) => one !== undefined)
			.join(' ');
		if (said === '') return undefined;
		return field.trim() === '' ? said : `${field.trim()}: ${said}`;
	});

/**
 * What a validation answer says of each field: `errors` of ASP.NET and of RFC 9457, `modelState` of its
 * elder relative, `details` of OData.
 */
function validationText(fields: Fields): string | undefined {
	const said = ['errors', 'modelstate', 'details'].flatMap((key) => {
		const errors = fields.get(key);
		if (Array.isArray(errors)) return errors.map(entryText);
		return isObject(errors) ? fieldTexts(errors) : [];
	});
	return text(said.filter((one) => one !== undefined).join('; '));
}

/** The words of an answer about itself, without those about its fields. */
function ownMessage(fields: Fields): string | undefined {
	const error = fields.get('error') ?? fields.get('odata.error') ?? fields.get('fault');
	return (
		words(fields.get('message')) ??
		words(fields.get('description')) ??
		text(fields.get('error_description')) ??
		text(fields.get('faultstring')) ??
		(isObject(error) ? messageOf(fieldsOf(error)) : text(error)) ??
		text(fields.get('detail')) ??
		text(fields.get('reason')) ??
		text(fields.get('title'))
	);
}

/**
 * The message of an error body. Partner Center's APIs use several forms: `message` (Insights and its
 * gateway), `description`, `error.message`, `error_description`, `errors`.
 */
function messageOf(fields: Fields): string | undefined {
	const own = ownMessage(fields);
	const ofFields = validationText(fields);
	if (own === undefined || ofFields === undefined) return own ?? ofFields;
	return own.includes(ofFields) ? own : `${own.replace(/[.:]?$/, ':')} ${ofFields}`;
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

const isFilled = (value: unknown): boolean =>
	isObject(value) ? Object.keys(value).length > 0 : text(value) !== undefined;

/** Longest text without any form that is taken for the words of a refusal, in characters. */
const LONGEST_PLAIN_MESSAGE = 300;

/** The words of a refusal that came as they are: as plain text, or as a text of JSON. */
export function plainMessage(body: unknown): string | undefined {
	if (typeof body !== 'string' || body.length > LONGEST_PLAIN_MESSAGE) return undefined;
	const said = text(body.replace(/^\uFEFF/, ''));
	if (said === undefined || /^[<{[]|[\0-\x08\x0e-\x1f]/.test(said)) return undefined;
	return said.startsWith('"') ? text(jsonIn(said)) : said;
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
	const statusCode = Number(fields.get('statuscode') ?? fields.get('status') ?? NaN);
	const message = messageOf(fields);
	const error = fields.get('error');
	return {
		value: Array.isArray(value) ? (value as unknown[]) : undefined,
		message: message === undefined ? undefined : shortened(message),
		statusCode: Number.isInteger(statusCode) ? statusCode : undefined,
		nextLink: text(fields.get('nextlink')) ?? text(fields.get('@odata.nextlink')),
		hasError: isFilled(error) || isFilled(fields.get('errors')),
		correlationId: text(fields.get('correlationid')),
		codes: [fields, isObject(error) ? fieldsOf(error) : undefined]
			.map((level) => level?.get('code') ?? level?.get('errorcode'))
			.filter((code) => typeof code === 'string' || typeof code === 'number')
			.map(String),
		isOwn: OWN_KEYS.some((key) => fields.has(key)) || NOTHING_FOUND.test(message ?? ''),
	};
}
