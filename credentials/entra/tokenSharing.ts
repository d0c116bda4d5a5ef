import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { isWithin } from '../../nodes/PartnerCenterInsights/insights/clock';
import type { AcquiredToken } from './acquireToken';
import { trimmedField, untrimmedField } from './environments';
import { isForUserGrant, isIssuedForAnother, readClaims } from './tokenClaims';

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
/** Earlier tokens of one credential that are remembered. */
const REMEMBERED = 20;

/** For whom a token was fetched, and when. */
interface Owner {
	account: string;
	/** Digests of the refresh tokens that led to it, and of the next: they stand for the user. */
	refreshTokens: ReadonlySet<string>;
	/** When it was fetched, in ms since the epoch. */
	at: number;
}

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
	owner: Owner;
}

/**
 * Where the node tells the hook which token was refused, when it asks for another one by an empty
 * `accessToken`. It is part of what a request is lent, never of what n8n stores.
 */
export const REFUSED_TOKEN = 'refusedAccessToken';

const pending = new Map<string, Underway>();
const recent = new Map<string, Fetched>();

const digestOf = (value: string): string => createHash('sha256').update(value).digest('hex');

/** For whom the credential's token is. Fields that are not shown may be there or not. */
function accountOf(credentials: ICredentialDataDecryptedObject): string {
	const valueOf = (name: string) => trimmedField(credentials, name).toLowerCase();
	const environment = valueOf('environment') || 'global';
	return JSON.stringify([
		environment,
		...(environment === 'custom' ? [valueOf('authorityHost'), valueOf('apiBaseUrl')] : []),
		valueOf('grantType') || 'clientcredentials',
		valueOf('tenantId'),
		valueOf('clientId'),
	]);
}

/** Whose tokens this process has fetched, by the token's digest; the oldest goes first. */
const owners = new Map<string, Owner>();

function isOf(owner: Owner, credentials: ICredentialDataDecryptedObject): boolean {
	return (
		owner.account === accountOf(credentials) &&
		(!isForUserGrant(credentials) || owner.refreshTokens.has(refreshTokenOf(credentials)))
	);
}

/**
 * Whether this process has fetched the token at that time or later. Of one that another process has
 * fetched, that is not known.
 *
 * @param time ms since the epoch
 */
export const wasFetchedSince = (token: string, time: number): boolean =>
	(owners.get(digestOf(token))?.at ?? -Infinity) >= time;

/** The ID of the tenant that an account's last token was for: a domain does not say it. */
const tenants = new Map<string, string>();

/**
 * The token that the credential holds; empty where it was fetched for another app, tenant or user. n8n
 * keeps a token when a person changes the rest of the credential, and the next sign-in may fail. Of one
 * that another process has fetched, what it says of itself is all that is known: not by which refresh
 * token it was had.
 */
export function heldToken(credentials: ICredentialDataDecryptedObject): string {
	const token = trimmedField(credentials, 'accessToken');
	const owner = owners.get(digestOf(token));
	const isHeld =
		owner === undefined
			? !isIssuedForAnother(token, credentials, tenants.get(accountOf(credentials)))
			: isOf(owner, credentials);
	return isHeld ? token : '';
}

/** The fields of the app credential that decide which token it gets. */
export const IDENTITY_FIELDS = [
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
] as const;

/** A digest of all that decides which token the credential gets, but its user; it reveals nothing of it. */
export function appOf(credentials: ICredentialDataDecryptedObject): string {
	const values = IDENTITY_FIELDS.map((name) => trimmedField(credentials, name));
	return digestOf(JSON.stringify([...values, untrimmedField(credentials, 'privateKeyPassphrase')]));
}

const refreshTokenOf = (credentials: ICredentialDataDecryptedObject): string =>
	digestOf(trimmedField(credentials, 'refreshToken'));

/** All that decides which token the credential gets with a refresh token, given by its digest. */
const fingerprint = (app: string, refreshToken: string): string => `${app} ${refreshToken}`;

/** Whether two states of a credential sign in with the same. */
export const signsInAlike = (
	a: ICredentialDataDecryptedObject,
	b: ICredentialDataDecryptedObject,
): boolean => appOf(a) === appOf(b) && refreshTokenOf(a) === refreshTokenOf(b);

/** The token that was refused, of a credential that asks for another one; empty where it has had none. */
export const refusedTokenOf = (credentials: ICredentialDataDecryptedObject): string =>
	trimmedField(credentials, 'accessToken') || trimmedField(credentials, REFUSED_TOKEN);

/**
 * The token that another process has stored in place of the refused one; undefined where there is none.
 * Each that fetches one brings a refresh token of its own along, or, by one that serves once, only the
 * first of them gets any.
 */
export function newerToken(
	stored: ICredentialDataDecryptedObject,
	refused: string,
): string | undefined {
	const token = heldToken(stored);
	return token !== '' && token !== refused ? token : undefined;
}

function rememberIn<T>(memory: Map<string, T>, key: string, value: T): void {
	memory.delete(key);
	memory.set(key, value);
	for (const oldest of memory.keys()) {
		if (memory.size <= CAPACITY) break;
		memory.delete(oldest);
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
	const app = appOf(credentials);
	const refreshToken = refreshTokenOf(credentials);
	const key = fingerprint(app, refreshToken);
	const refused = refusedTokenOf(credentials);
	const underway = pending.get(key);
	if (underway) {
		underway.replaces.add(refused);
		return await underway.token;
	}

	const last = recent.get(key);
	if (last && (refused === '' || last.replaces.has(refused))) {
		const window = refused === '' ? FIRST_TOKEN_WINDOW : RENEWAL_WINDOW;
		if (isWithin(window, last.owner.at, now())) return last.token;
	}

	// Whoever comes with a token of several renewals ago gets the newest, never one refused in between.
	const earlier = last ? [...last.replaces, last.token.accessToken].slice(-REMEMBERED) : [];
	const replaces = new Set([...earlier, refused].filter((token) => token !== ''));
	const fetching = fetch().then((token) => {
		// The rotated refresh token is the credential's content from now on.
		const next = token.refreshToken ? digestOf(token.refreshToken) : refreshToken;
		const former = [...(last?.owner.refreshTokens ?? [])].slice(-REMEMBERED);
		const refreshTokens = new Set([...former, refreshToken, next]);
		const owner = { account: accountOf(credentials), refreshTokens, at: now() };
		const fetched = { token, replaces, owner };
		rememberIn(owners, digestOf(token.accessToken), owner);
		const { tenantId } = readClaims(token.accessToken);
		if (tenantId !== undefined) rememberIn(tenants, owner.account, tenantId);
		// A late caller still holds an old one.
		for (const each of refreshTokens) rememberIn(recent, fingerprint(app, each), fetched);
		return token;
	});
	pending.set(key, { token: fetching, replaces });
	return await fetching.finally(() => pending.delete(key));
}

/** Forgets every shared token: for tests. */
export function forgetSharedTokens(): void {
	pending.clear();
	recent.clear();
	owners.clear();
	tenants.clear();
}
