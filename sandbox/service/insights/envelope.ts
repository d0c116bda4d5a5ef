import type { KeyCasing, Program } from '../protocol';

/** Keys that are not simply capitalised. */
function pascal(key: string): string {
	return key.charAt(0).toUpperCase() + key.slice(1);
}

/** The same object with its keys in the given casing; nested values stay as they are. */
export function withCasing(record: object, casing: KeyCasing): object {
	if (casing === 'camel') return record;
	return Object.fromEntries(Object.entries(record).map(([key, value]) => [pascal(key), value]));
}

export interface Answer {
	/** Elements of `value`. */
	records: object[];
	message: string | null;
	statusCode: number;
	/** The elements are rows of a dataset: their keys are its column names. */
	rows?: boolean;
}

/** The text of an answer in the service's envelope. */
export function envelope(program: Program, casing: KeyCasing, answer: Answer): string {
	const { records, message, statusCode, rows } = answer;
	return JSON.stringify(
		withCasing(
			{
				value: rows ? records : records.map((record) => withCasing(record, casing)),
				nextLink: null,
				totalCount: records.length,
				message,
				statusCode,
				...(program === 'mpn' ? { dataRedacted: false } : {}),
			},
			casing,
		),
	);
}

/** The error shape of the gateway in front of the service. */
export function gatewayError(statusCode: number, message: string): string {
	return JSON.stringify({ statusCode, message });
}
