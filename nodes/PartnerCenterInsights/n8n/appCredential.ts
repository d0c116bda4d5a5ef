import type { ICredentialDataDecryptedObject, ICredentialsDecrypted } from 'n8n-workflow';
import { trimmedField } from '../../../credentials/entra/environments';
import { notedFailure, readAgainBy } from '../../../credentials/entra/storedCredential';
import {
	appOf,
	heldToken,
	REFUSED_TOKEN,
	wasFetchedSince,
} from '../../../credentials/entra/tokenSharing';
import { isWithin } from '../insights/clock';
import type { HttpResponse } from './helperFailure';
import type { SignIn } from './refusedSignIn';

/**
 * Sends a request with the credential that it is lent. n8n fetches a token where that one holds none,
 * stores it and writes it into what was lent. A 401 has to come as an answer.
 */
export type SendWith = (lent: ICredentialsDecrypted) => Promise<HttpResponse>;

/**
 * How long no further token is fetched after a new one was refused as well, in ms: the app lacks a role,
 * or its user signed in without MFA, and each item would cost a token.
 */
export const REFUSED_AS_NEW_WINDOW = 60_000;

/** How often at most one request is sent, each time with another token. */
const MOST_ATTEMPTS = 6;

/**
 * The app credential of one run, whose token is shared by all requests of the run.
 *
 * n8n itself would renew a token with the credential as the run has read it, and n8n 1.123 would store
 * all of that. Here a token is fetched with what the credential holds by then: people and other
 * processes store secrets and tokens while a run lasts.
 *
 * @param first what the credential held when the run began
 * @param read reads what it holds now
 * @param signIn keeps from fetching a token that was refused a moment ago
 * @param now ms since the epoch
 * @returns sends a request; where the token is refused, again with the one that is stored by then,
 *     else with a new one, unless one was refused a moment ago that was new itself
 */
export function appCredential(
	type: string,
	first: ICredentialDataDecryptedObject,
	read: () => Promise<ICredentialDataDecryptedObject>,
	signIn: SignIn,
	now: () => number = Date.now,
): (send: SendWith) => Promise<HttpResponse> {
	let held = first;
	/** When a token was refused last though it was new, and whose it was. */
	let refusedAsNew = { app: '', at: 0 };

	/** Lends a copy: the token that one request fetches must not change under another one. */
	const attempt = async (data: ICredentialDataDecryptedObject, send: SendWith) => {
		// An empty token makes n8n fetch one.
		const lent = { ...data, accessToken: heldToken(data) };
		readAgainBy(lent, read);
		try {
			const sent = async () =>
				await send({ id: '', name: '', type, data: lent }).catch((error: unknown) => {
					throw notedFailure(lent) ?? error;
				});
			const response = lent.accessToken === '' ? await signIn(data, sent) : await sent();
			return { response, token: trimmedField(lent, 'accessToken') };
		} finally {
			// A token that was not fetched may be older than what another request has brought meanwhile.
			if (lent.accessToken && lent.accessToken !== data.accessToken) held = lent;
		}
	};

	return async (send) => {
		const begun = now();
		const refused = new Set<string>();
		let last = await attempt(held.accessToken ? held : await read(), send);
		for (let attempts = 1; attempts < MOST_ATTEMPTS; attempts++) {
			if (last.response.statusCode !== 401) return last.response;
			refused.add(last.token);
			const stored = await read();
			const token = trimmedField(stored, 'accessToken');
			if (token !== '' && !refused.has(token)) {
				held = stored;
				last = await attempt(stored, send);
				continue;
			}
			const app = appOf(stored);
			const isVain =
				refusedAsNew.app === app && isWithin(REFUSED_AS_NEW_WINDOW, refusedAsNew.at, now());
			// Beside a refresh token that a person has saved, n8n keeps the token of the former user.
			if (isVain && heldToken(stored) === token) break;
			last = await attempt({ ...stored, accessToken: '', [REFUSED_TOKEN]: last.token }, send);
			// It may have been shared, and be one of a moment ago: that says nothing of a new one.
			if (last.response.statusCode === 401 && wasFetchedSince(last.token, begun)) {
				refusedAsNew = { app, at: now() };
			}
		}
		return last.response;
	};
}
