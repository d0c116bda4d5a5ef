import { HOUR } from '../clock';
import type { InsightsError } from '../errors';

/** HTTP methods that the API uses. POST creates something each time it is sent. */
export type Method = 'GET' | 'PUT' | 'DELETE' | 'POST';

/** Statuses of a service that is busy or out of order for a moment. */
const TRANSIENT_STATUSES = new Set([429, 500, 502, 503, 504]);

/** Node's and axios's codes of a connection that was dropped, refused or timed out. */
const DROPPED_CONNECTION_CODES = new Set([
	'ECONNABORTED',
	'ECONNREFUSED',
	'ECONNRESET',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETDOWN',
	'ENETUNREACH',
	'EPIPE',
	'ERR_BAD_RESPONSE',
	'ERR_STREAM_PREMATURE_CLOSE',
	'ETIMEDOUT',
	'UND_ERR_SOCKET',
	// A compressed body that ended too early.
	'Z_BUF_ERROR',
]);

/** Those of a connection that never came about: nothing was carried out. */
const NOT_CONNECTED_CODES = new Set([
	'EAI_AGAIN',
	'ECONNREFUSED',
	'EHOSTUNREACH',
	'ENETDOWN',
	'ENETUNREACH',
	'ENOTFOUND',
]);

export const isTransientStatus = (status: number): boolean => TRANSIENT_STATUSES.has(status);

/** Whether a time limit ended the connection. */
export const isTimeout = (code: string): boolean => code === 'ECONNABORTED' || code === 'ETIMEDOUT';

/** OpenSSL's and Node's codes for a certificate that is not trusted. */
const CERTIFICATE_CODE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/;

/** Whether there is no connection for want of a certificate that is trusted. */
export const isUntrusted = (code: string): boolean => CERTIFICATE_CODE.test(code);

/** Node's codes of an answer that is no HTTP, or not to its end. */
const BROKEN_HTTP = /^HPE_/;

export const isDroppedConnection = (code: string): boolean =>
	DROPPED_CONNECTION_CODES.has(code) || BROKEN_HTTP.test(code);

/** Whether a connection of this code may have brought the request to the service. */
export const mayHaveArrived = (code: string): boolean => !NOT_CONNECTED_CODES.has(code);

/** Whether sending the request twice leaves the service as sending it once does. */
export const isRepeatable = (method: Method): boolean => method !== 'POST';

/** Longest wait that a `Retry-After` may ask for, in ms; beyond it the failure is reported instead. */
export const LONGEST_WAIT = 10 * 60_000;

const FIRST_BACK_OFF = 1_000;
const LONGEST_BACK_OFF = 30_000;

/** Nothing that is told of a longer wait is of use to anybody, in ms. */
const YEAR = 365 * 24 * HOUR;

/**
 * Reads a `Retry-After` header: a number of seconds or an HTTP date.
 *
 * @param now ms since the epoch
 * @returns the wait in ms, 0 for a date that is past, undefined when the header says nothing usable
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
	const value = header?.trim();
	if (value === undefined || value === '') return undefined;
	if (/^\d+(\.\d+)?$/.test(value)) return Math.min(YEAR, Number(value) * 1_000);
	// A date has a time of day; without that check "soon 5" would be one.
	const date = /\d:\d\d/.test(value) ? Date.parse(value) : NaN;
	return Number.isNaN(date) ? undefined : Math.min(YEAR, Math.max(0, date - now));
}

/**
 * The gateway's own wording of the wait, for an answer without the header:
 * "Rate limit is exceeded. Try again in 57 seconds."
 *
 * @returns the wait in ms
 * @see https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance
 */
export function readWaitFromMessage(message: string | undefined): number | undefined {
	const [, count, unit = ''] = /try again in (\d+) (second|minute)s?/i.exec(message ?? '') ?? [];
	if (count === undefined) return undefined;
	return Math.min(YEAR, Number(count) * (/^m/i.test(unit) ? 60_000 : 1_000));
}

/**
 * Exponential back-off with full jitter in its upper half.
 *
 * @param attempt 0 for the wait before the first retry
 * @param random a number from 0 to 1
 * @returns ms
 */
export function backOff(attempt: number, random: number): number {
	const ceiling = Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** attempt);
	return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

/**
 * A failure that is not tried again, whatever tries are left.
 *
 * @param wait ms that the service asks for, more than this node waits by itself
 */
export const longWait = (failure: InsightsError, wait: number): InsightsError =>
	failure.advising(
		`The service asks to wait ${Math.ceil(wait / 60_000)} minutes, which is longer than the ${LONGEST_WAIT / 60_000} minutes this node waits. Try again then.`,
		{ retries: undefined },
	);

/** What has been tried, and what the answer asks for. */
export interface Tried {
	/** How often the request has been sent again already. */
	retries: number;
	maxRetries: number;
	/** ms that the answer asks to wait; a time that is past is no wish to be asked again at once. */
	retryAfter: number | undefined;
	/** 0 to 1 */
	random: number;
}

/**
 * The wait before a request, or a file, is asked for again: what the answer asks for, else a back-off.
 *
 * @returns ms, never more than {@link LONGEST_WAIT}
 * @throws the failure, when no try is left or the answer asks for a longer wait
 */
export function retryDelay(
	failure: InsightsError,
	{ retries, maxRetries, retryAfter, random }: Tried,
): number {
	if (retryAfter !== undefined && retryAfter > LONGEST_WAIT) throw longWait(failure, retryAfter);
	if (retries >= maxRetries) throw failure;
	if (retryAfter === undefined || retryAfter <= 0) return backOff(retries, random);
	return retryAfter;
}
