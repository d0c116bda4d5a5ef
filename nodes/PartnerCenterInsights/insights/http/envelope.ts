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
}

type Fields = Map<string, unknown>;

const fieldsOf = (object: object): Fields =>
	new Map(Object.entries(object).map(([key, value]) => [key.trim().toLowerCase(), value]));

const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * The message of an error body. Partner Center's APIs use several forms: `message` (Insights and its
 * gateway), `description`, `error.message`, `error_description`, `errors[0]`.
 */
function messageOf(fields: Fields): string | undefined {
	const errors = fields.get('errors');
	const nested = [fields.get('error'), Array.isArray(errors) ? errors[0] : undefined]
		.map((error) => (isObject(error) ? messageOf(fieldsOf(error)) : text(error)))
		.find((message) => message !== undefined);
	return (
		text(fields.get('message')) ??
		text(fields.get('description')) ??
		text(fields.get('error_description')) ??
		nested ??
		text(fields.get('detail')) ??
		text(fields.get('title'))
	);
}

/** JSON text as an object, or undefined. A byte order mark before it is skipped. */
export function parseJsonObject(body: unknown): object | undefined {
	if (isObject(body)) return body;
	if (typeof body !== 'string') return undefined;
	try {
		const parsed: unknown = JSON.parse(body.replace(/^\uFEFF/, ''));
		return isObject(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
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
	const statusCode = Number(fields.get('statuscode') ?? NaN);
	return {
		value: Array.isArray(value) ? (value as unknown[]) : undefined,
		message: messageOf(fields),
		statusCode: Number.isInteger(statusCode) ? statusCode : undefined,
		nextLink: text(fields.get('nextlink')),
		correlationId: text(fields.get('correlationid')),
	};
}
