import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { AcquiredToken } from './acquireToken';
import { trimmedField } from './environments';

/**
 * n8n asks for a token once per request in flight: it has no lock. Within a process, requests that
 * need one at the same moment share one fetch, and those that come just after it share its result.
 */

/** How long a caller that holds no token yet is served from the last fetch, in ms: the time n8n takes to store it. */
const FIRST_TOKEN_WINDOW = 5_000;
/** How long a caller whose token was refused is served a newer one that another caller fetched, in ms. */
const RENEWAL_WINDOW = 60_000;
/** Credentials remembered at once; the oldest goes first. */
const CAPACITY = 200;

interface Fetch {
	/**
	 * Access tokens that it was made in place of. Any other one that is refused may be newer: n8n's other
	 * processes (queue mode) fetch tokens, too, and the credential keeps the one that was stored last.
	 */
	replaces: Set<string>;
}

interface Underway extends Fetch {
	token: Promise<AcquiredToken>;
}

interface Fetched extends Fetch {
	token: AcquiredToken;
	/** ms since the epoch */
	at: number;
}

const pending = new Map<string, Underway>();
const recent = new Map<string, Fetched>();

const IDENTITY = [
	'environment',
	'authorityHost',
	'apiBaseUrl',
	'tenantId',
	'clientId',
	'grantType',
	'clientCredentialType',
	'clientSecret',
	'certificate',
	'privateKey',
	'privateKeyPassphrase',
] as const;

/** A digest of all that decides which token the credential gets; it reveals nothing of it. */
function fingerprint(credentials: ICredentialDataDecryptedObject, refreshToken: string): string {
	const values = IDENTITY.map((name) => trimmedField(credentials, name));
	return createHash('sha256')
		.update(JSON.stringify([...values, refreshToken]))
		.digest('hex');
}

function remember(key: string, fetched: Fetched): void {
	recent.delete(key);
	recent.set(key, fetched);
	for (const oldest of recent.keys()) {
		if (recent.size <= CAPACITY) break;
		recent.delete(oldest);
	}
}

/**
 * Gives the credential a token: a shared one when another caller is fetching or has just fetched it,
 * else a new one.
 *
 * @param credentials as n8n hands them to the hook; `accessToken` holds the token that was refused
 * @param fetch makes the request
 * @param now ms since the epoch
 */
export async function shareToken(
	credentials: ICredentialDataDecryptedObject,
	fetch: () => Promise<AcquiredToken>,
	now: () => number = Date.now,
): Promise<AcquiredToken> {
	const refreshToken = trimmedField(credentials, 'refreshToken');
	const key = fingerprint(credentials, refreshToken);
	const refused = trimmedField(credentials, 'accessToken');
	const underway = pending.get(key);
	if (underway) {
		underway.replaces.add(refused);
		return await underway.token;
	}

	const last = recent.get(key);
	if (last && (refused === '' || last.replaces.has(refused))) {
		const window = refused === '' ? FIRST_TOKEN_WINDOW : RENEWAL_WINDOW;
		if (now() - last.at < window) return last.token;
	}

	const replaces = new Set([refused, ...(last ? [last.token.accessToken] : [])]);
	const fetching = fetch().then((token) => {
		const fetched = { token, replaces, at: now() };
		remember(key, fetched);
		// The rotated refresh token is the credential's content from now on.
		if (token.refreshToken) remember(fingerprint(credentials, token.refreshToken), fetched);
		return token;
	});
	pending.set(key, { token: fetching, replaces });
	return await fetching.finally(() => pending.delete(key));
}

/** Forgets every shared token: for tests. */
export function forgetSharedTokens(): void {
	pending.clear();
	recent.clear();
}
