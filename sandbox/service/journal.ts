import type { IncomingHttpHeaders } from 'node:http';

import { fingerprint } from './identifiers';
import { matchesPath } from './pathMatch';
import type { JournalEntry, JournalFilter } from './protocol';

const capacity = 20_000;

/** Form fields that tests may read; every other one is replaced by its fingerprint. */
const plainFormFields = new Set([
	'grant_type',
	'scope',
	'client_id',
	'client_assertion_type',
	'redirect_uri',
	'response_type',
	'client_info',
]);

/** Headers that can carry a token. */
const secretHeaders = new Set(['authorization', 'x-aaduserticket', 'cookie']);

/** The last 20,000 requests, oldest first. */
export class Journal {
	private entries: JournalEntry[] = [];

	private nextId = 1;

	/** @param now ms since the epoch */
	constructor(private readonly now: () => number = Date.now) {}

	/** Adds an entry; its status follows when the answer is known. */
	open(entry: Omit<JournalEntry, 'id' | 'at' | 'status' | 'body'>): JournalEntry {
		const opened: JournalEntry = {
			...entry,
			id: this.nextId++,
			at: this.now(),
			body: null,
			status: null,
		};
		this.entries.push(opened);
		// cut in batches: one splice per request would move the whole list each time
		if (this.entries.length > capacity * 1.1) this.entries = this.entries.slice(-capacity);
		return opened;
	}

	select(filter: JournalFilter = {}): JournalEntry[] {
		return this.entries.slice(-capacity).filter((entry) => matches(entry, filter));
	}

	clear(): void {
		this.entries = [];
	}
}

function matches(entry: JournalEntry, filter: JournalFilter): boolean {
	return (
		(filter.host === undefined || entry.host === filter.host) &&
		(filter.method === undefined || entry.method === filter.method.toUpperCase()) &&
		(filter.path === undefined || matchesPath(entry.path, filter.path)) &&
		(filter.status === undefined || entry.status === filter.status) &&
		(filter.after === undefined || entry.id > filter.after)
	);
}

/** Headers with tokens replaced: the scheme stays, the token becomes its SHA-256. */
export function maskHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
	const masked: Record<string, string | string[]> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value === undefined) continue;
		masked[name] =
			secretHeaders.has(name) && typeof value === 'string' ? maskCredentials(value) : value;
	}
	return masked;
}

function maskCredentials(value: string): string {
	const [, scheme, token] = /^(\S+) (.+)$/s.exec(value) ?? [];
	return scheme && token ? `${scheme} ${fingerprint(token)}` : fingerprint(value);
}

/** A request body as the journal keeps it. */
export function maskBody(contentType: string | undefined, text: string): unknown {
	if (contentType?.includes('application/x-www-form-urlencoded')) {
		return Object.fromEntries(
			[...new URLSearchParams(text)].map(([name, value]) => [
				name,
				plainFormFields.has(name) ? value : fingerprint(value),
			]),
		);
	}
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
