import { randomUUID } from 'node:crypto';

import type { KeyCasing, Program, SandboxSettings } from '../protocol';
import { withAwkwardTimes } from './awkwardTimes';

function pascal(key: string): string {
	return key.charAt(0).toUpperCase() + key.slice(1);
}

/** The same object with its keys in the given casing; nested values stay as they are. */
export function withCasing(record: object, casing: KeyCasing): object {
	if (casing === 'camel') return record;
	return Object.fromEntries(
		Object.entries(record).map(([key, value], index) => [
			casing === 'mixed' && index % 2 === 0 ? key : pascal(key),
			value,
		]),
	);
}

export interface Answer {
	/** Elements of `value`. */
	records: object[];
	message: string | null;
	statusCode: number;
	/** The elements are rows of a dataset: their keys are its column names. */
	rows?: boolean;
	/** The field of the request's body that did not pass. */
	field?: string;
	nextLink?: string;
}

/** The text of an answer in the service's envelope. */
export function envelope(program: Program, settings: SandboxSettings, answer: Answer): string {
	const { casing, dataRedacted, emptyValue, times } = settings;
	const { records, message, statusCode, rows, nextLink = null } = answer;
	const shown = rows
		? records
		: records.map((record) =>
				withCasing(times === 'awkward' ? withAwkwardTimes(record) : record, casing),
			);
	return JSON.stringify(
		withCasing(
			{
				value: shown.length === 0 && emptyValue === 'null' ? null : shown,
				nextLink,
				totalCount: records.length,
				message,
				statusCode,
				...(program === 'mpn' || dataRedacted ? { dataRedacted } : {}),
			},
			casing === 'mixed' ? 'pascal' : casing,
		),
	);
}

/** What ASP.NET answers when a field of the body does not pass, before the service sees it. */
export function validationProblem(field: string, message: string): string {
	return JSON.stringify({
		type: 'https://tools.ietf.org/html/rfc7231#section-6.5.1',
		title: 'One or more validation errors occurred.',
		status: 400,
		traceId: `00-${randomUUID().replaceAll('-', '')}-0000000000000001-00`,
		errors: { [field]: [message] },
	});
}

/** The error shape of the gateway in front of the service. */
export function gatewayError(statusCode: number, message: string, code?: string): string {
	// errors with a code of their own come in the form of the other Partner Center APIs
	return JSON.stringify(
		code === undefined ? { statusCode, message } : { code, description: message },
	);
}
