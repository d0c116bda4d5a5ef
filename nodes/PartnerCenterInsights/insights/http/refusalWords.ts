import { rekeyed } from '../rekeyed';

/** Fields of an object by their names, whatever their casing. */
export type Fields = ReadonlyMap<string, unknown>;

export const fieldsOf = (object: object): Fields =>
	rekeyed({ ...object }, (key) => key.trim().toLowerCase());

/** A text that says something, trimmed; undefined for anything else. */
export const textIn = (value: unknown): string | undefined =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

export const isObject = (value: unknown): value is object =>
	typeof value === 'object' && value !== null;

/** No refusal says a thing deeper than that; what lies there would be looked through again for each level. */
const MOST_LEVELS = 8;

/** A refusal as far down as it is read. */
function upperLevels<T>(value: T, levels?: number): T;
function upperLevels(value: unknown, levels = MOST_LEVELS): unknown {
	if (!isObject(value)) return value;
	if (levels === 0) return undefined;
	return Array.isArray(value)
		? value.map((entry: unknown) => upperLevels(entry, levels - 1))
		: Object.fromEntries(
				Object.entries(value).map(([key, entry]) => [key, upperLevels(entry, levels - 1)]),
			);
}

const joined = (texts: ReadonlyArray<string | undefined>, separator: string): string | undefined =>
	textIn(texts.filter((one) => one !== undefined).join(separator));

/** Words as they are given: as a text, as several of them, or (by the elder OData) with their language. */
function words(value: unknown): string | undefined {
	if (Array.isArray(value)) return joined(value.map(textIn), '; ');
	return isObject(value) ? textIn(fieldsOf(value).get('value')) : textIn(value);
}

/**
 * Keys under which an entry of a validation answer names the field that it is about: of ASP.NET,
 * FluentValidation, OData, RFC 9457 and JSON:API.
 */
const FIELD_KEYS = [
	'field',
	'fieldname',
	'propertyname',
	'property',
	'target',
	'membernames',
	'parameter',
	'parametername',
	'param',
	'key',
	'pointer',
	'path',
	'source',
	'name',
];

/** The field that an entry names; JSON:API has it one level below. */
function fieldNameIn(fields: Fields): string | undefined {
	const names = FIELD_KEYS.map((key) => {
		const value = fields.get(key);
		if (Array.isArray(value)) return joined(value.map(textIn), ', ');
		return isObject(value) ? fieldNameIn(fieldsOf(value)) : textIn(value);
	});
	return names.find((name) => name !== undefined);
}

/** One entry of a list of errors, with its field where it names one. */
function entryText(entry: unknown): string | undefined {
	if (!isObject(entry)) return textIn(entry);
	const fields = fieldsOf(entry);
	const message = messageOf(fields);
	if (message === undefined) return joined(fieldTexts(entry), '; ');
	const field = fieldNameIn(fields);
	return field === undefined ? message : `${field}: ${message}`;
}

/**
 * `{ field: [text, …] }` as "field: text"; what concerns no field has an empty name.
 *
 * @param above the names of the fields that it stands in
 */
function fieldTexts(errors: object, above: readonly string[] = []): Array<string | undefined> {
	return Object.entries(errors).flatMap(([key, told]: [string, unknown]) => {
		const names = [...above, key.trim()].filter(Boolean);
		if (isObject(told) && !Array.isArray(told) && messageOf(fieldsOf(told)) === undefined) {
			return fieldTexts(told, names);
		}
		const said = joined((Array.isArray(told) ? told : [told]).map(entryText), ' ');
		return said === undefined || names.length === 0 ? said : `${names.join('.')}: ${said}`;
	});
}

/** Keys of what a refusal says of each field: of ASP.NET, RFC 9457, OData and their relatives. */
const LIST_KEYS = [
	'errors',
	'modelstate',
	'details',
	'validationerrors',
	'validation_errors',
	'fielderrors',
	'invalid-params',
	'invalid_params',
	'invalidparams',
	'violations',
];

/** What a list of errors, or an object of them, says. */
function textsIn(errors: unknown): Array<string | undefined> {
	if (Array.isArray(errors)) return errors.map(entryText);
	return isObject(errors) ? fieldTexts(errors) : [textIn(errors)];
}

/** What a validation answer says of each field; other APIs of Partner Center list it as `data`. */
function validationText(fields: Fields): string | undefined {
	const data = fields.get('data');
	return joined(
		[...LIST_KEYS.map((key) => fields.get(key)), Array.isArray(data) && data].flatMap(textsIn),
		'; ',
	);
}

/** Keys under which an answer has its one error: a gateway's and OData's among them. */
export const ERROR_KEYS = ['error', 'odata.error', 'fault'];

/** The words of an answer about itself, without those about its fields. */
function ownMessage(fields: Fields): string | undefined {
	const error = ERROR_KEYS.map((key) => fields.get(key)).find((value) => (value ?? null) !== null);
	return (
		words(fields.get('message')) ??
		words(fields.get('errormessage')) ??
		words(fields.get('description')) ??
		textIn(fields.get('error_description')) ??
		textIn(fields.get('faultstring')) ??
		(isObject(error) ? messageInside(error) : textIn(error)) ??
		textIn(fields.get('detail')) ??
		textIn(fields.get('reason')) ??
		textIn(fields.get('title'))
	);
}

/** What is said of the whole, and then of its fields. */
function followedBy(own: string | undefined, ofFields: string | undefined): string | undefined {
	if (own === undefined || ofFields === undefined) return own ?? ofFields;
	return own.includes(ofFields) ? own : `${own.replace(/[.:]?$/, ':')} ${ofFields}`;
}

const messageOf = (fields: Fields): string | undefined =>
	followedBy(ownMessage(fields), validationText(fields));

const areTexts = (value: unknown): boolean =>
	Array.isArray(value) && value.length > 0 && value.every((one) => textIn(one) !== undefined);

/**
 * The message of an error body. Partner Center's APIs use several forms: `message` (Insights and its
 * gateway), `description`, `error.message`, `error_description`, `errors`. Some of ASP.NET are nothing but
 * fields with their texts.
 */
const messageInside = (body: object): string | undefined =>
	messageOf(fieldsOf(body)) ??
	(Object.values(body).every(areTexts) ? joined(fieldTexts(body), '; ') : undefined);

/** The message of an error body as a whole. */
export const messageIn = (body: object): string | undefined => messageInside(upperLevels(body));

/** What a list of errors says that stands by itself. */
export const messageOfList = (errors: readonly unknown[]): string | undefined =>
	joined(upperLevels(errors).map(entryText), '; ');

const isError = (entry: unknown): boolean =>
	isObject(entry) && ['message', 'errormessage'].some((key) => fieldsOf(entry).has(key));

/** The message of a refusal whose `value` may list what is wrong; records that stand there say nothing of it. */
export const messageWith = (message: string | undefined, value: unknown): string | undefined =>
	Array.isArray(value) ? followedBy(message, messageOfList(value.filter(isError))) : message;

/** The codes of a refusal, those of whatever it holds among them. */
export function codesOf(body: object, levels = MOST_LEVELS): string[] {
	const fields = fieldsOf(body);
	const code = fields.get('code') ?? fields.get('errorcode');
	const errors = levels > 0 ? [...fields.values()].flat().filter(isObject) : [];
	return [
		...(typeof code === 'string' || typeof code === 'number' ? [String(code).trim()] : []),
		...errors.flatMap((error) => codesOf(error, levels - 1)),
	];
}
