import { createHash, timingSafeEqual } from 'node:crypto';
import { type InsightsRecord, text } from '../../insights/records';

/** What a report calls when a run is completed, and how. */
export interface Callback {
	url: string | null;
	method: string | null;
}

/**
 * What stands in the Callback URL of a report while a workflow is called for it:
 *
 * ```
 * https://n8n.example.com/webhook/…/callback?insights=<owner>.<before>?token=<token>
 * ```
 *
 * It carries what the report had before, so that this can be put back whatever n8n has forgotten
 * meanwhile: n8n stores a trigger's data at few moments, and one workflow cannot read another's.
 */
export interface Address {
	/** n8n's address of the trigger, without a query. */
	base: string;
	/** Tells the trigger, wherever its n8n is reached. */
	owner: string;
	/** Who does not know it is not the service. */
	token: string;
	/** The callback that somebody else had entered. */
	before: Callback;
}

export const NO_CALLBACK: Callback = { url: null, method: null };

/** Longer ones are cut or refused by much of what stands in between. */
const LONGEST_URL = 2_048;

/** A service may have encoded the second question mark, and the sign behind it. */
const FORM = /^([^?#]+)\?insights=([\w-]{16})(?:\.([\w-]+))?(?:\?|%3F)token(?:=|%3D)([\w-]{32})$/i;

export const callbackOf = (report: InsightsRecord): Callback => ({
	url: text(report.CallbackUrl) || null,
	method: text(report.CallbackMethod) || null,
});

const digestOf = (value: string): Buffer => createHash('sha256').update(value).digest();

/** @param identity what tells the trigger from all others: n8n, workflow and node */
export const ownerOf = (...identity: string[]): string =>
	digestOf(JSON.stringify(identity)).toString('base64url').slice(0, 16);

const isNullable = (value: unknown): value is string | null =>
	value === null || typeof value === 'string';

function readBefore(encoded: string | undefined): Callback {
	if (encoded === undefined) return NO_CALLBACK;
	try {
		const [url, method] = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as unknown[];
		return isNullable(url) && isNullable(method) ? { url, method } : NO_CALLBACK;
	} catch {
		return NO_CALLBACK;
	}
}

/** The address of a trigger of this package, of whichever workflow; undefined for any other URL. */
export function readAddress(url: string | null): Address | undefined {
	const [, base, owner, before, token] = FORM.exec(url ?? '') ?? [];
	return base === undefined || owner === undefined || token === undefined
		? undefined
		: { base, owner, token, before: readBefore(before) };
}

/** What somebody else has entered in a report, also where a trigger's address has come over it. */
export function foreignCallback(callback: Callback): Callback {
	let current = callback;
	for (let depth = 0; depth < 10; depth++) {
		const address = readAddress(current.url);
		if (address === undefined) return current;
		current = address.before;
	}
	return NO_CALLBACK;
}

/** The URL to enter, or undefined where it would be too long. */
export function urlOf({ base, owner, token, before }: Address): string | undefined {
	const hasBefore = before.url !== null || before.method !== null;
	const encoded = hasBefore
		? `.${Buffer.from(JSON.stringify([before.url, before.method])).toString('base64url')}`
		: '';
	const url = `${base}?insights=${owner}${encoded}?token=${token}`;
	return url.length > LONGEST_URL ? undefined : url;
}

/** Compares in a time that tells nothing about the token. */
const isToken = (given: string, token: string): boolean =>
	timingSafeEqual(digestOf(given), digestOf(token));

/** What a request to the address says. */
export interface Call {
	isFor: (token: string) => boolean;
	/** In lower case; empty when none is named. */
	reportId: string;
}

/** Reads a request. The service may add its parameter to a query that is there in more than one way. */
export function readCall(requestUrl: string): Call {
	let url = requestUrl;
	try {
		url = decodeURIComponent(requestUrl);
	} catch {
		// Not encoded, or not well: read as it is.
	}
	const given = /[?&]token=([\w-]+)/.exec(url)?.[1] ?? '';
	return {
		isFor: (token) => isToken(given, token),
		reportId: /[?&]reportId=([^&?#]+)/i.exec(url)?.[1]?.toLowerCase() ?? '',
	};
}
