import type { ICredentialDataDecryptedObject, ICredentialsDecrypted } from 'n8n-workflow';
import { trimmedField } from '../../../credentials/entra/environments';
import { notedFailure, readAgainBy } from '../../../credentials/entra/storedCredential';
import { heldToken, REFUSED_TOKEN } from '../../../credentials/entra/tokenSharing';
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
 *     else with a new one, unless the refused one was new itself a moment ago
 */
export function appCredential(
	type: string,
	first: ICredentialDataDecryptedObject,
	read: () => Promise<ICredentialDataDecryptedObject>,
	signIn: SignIn,
	now: () => number = Date.now,
): (send: SendWith) => Promise<HttpResponse> {
	let held = first;
	/** The last token that was refused though it was new. */
	let refusedAsNew = { token: '', at: 0 };

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
		let last = await attempt(held.accessToken ? held : await read(), send);
		if (last.response.statusCode !== 401) return last.response;

		let stored = await read();
		const token = trimmedField(stored, 'accessToken');
		if (token !== '' && token !== last.token) {
			held = stored;
			last = await attempt(stored, send);
			if (last.response.statusCode !== 401) return last.response;
			stored = await read();
		}
		if (last.token === refusedAsNew.token && now() - refusedAsNew.at < REFUSED_AS_NEW_WINDOW) {
			return last.response;
		}
		const asking = { ...stored, accessToken: '', [REFUSED_TOKEN]: last.token };
		const { response, token: fetched } = await attempt(asking, send);
		if (response.statusCode === 401) refusedAsNew = { token: fetched, at: now() };
		return response;
	};
}
