import type { ICredentialDataDecryptedObject, ICredentialsDecrypted } from 'n8n-workflow';
import { trimmedField } from '../../../credentials/entra/environments';
import { readAgainBy } from '../../../credentials/entra/storedCredential';
import { heldToken, REFUSED_TOKEN } from '../../../credentials/entra/tokenSharing';
import type { HttpResponse } from './helperFailure';

/**
 * Sends a request with the credential that it is lent. n8n fetches a token where that one holds none,
 * stores it and writes it into what was lent. A 401 has to come as an answer.
 */
export type SendWith = (lent: ICredentialsDecrypted) => Promise<HttpResponse>;

/**
 * The app credential of one run, whose token is shared by all requests of the run.
 *
 * n8n itself would renew a token with the credential as the run has read it, and n8n 1.123 would store
 * all of that. Here a token is fetched with what the credential holds by then: people and other
 * processes store secrets and tokens while a run lasts.
 *
 * @param first what the credential held when the run began
 * @param read reads what it holds now
 * @returns sends a request; where the token is refused, again with the one that is stored by then,
 *     else with a new one
 */
export function appCredential(
	type: string,
	first: ICredentialDataDecryptedObject,
	read: () => Promise<ICredentialDataDecryptedObject>,
): (send: SendWith) => Promise<HttpResponse> {
	let held = first;

	/** Lends a copy: the token that one request fetches must not change under another one. */
	const attempt = async (data: ICredentialDataDecryptedObject, send: SendWith) => {
		// An empty token makes n8n fetch one.
		const lent = { ...data, accessToken: heldToken(data) };
		readAgainBy(lent, read);
		try {
			const response = await send({ id: '', name: '', type, data: lent });
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
		const asking = { ...stored, accessToken: '', [REFUSED_TOKEN]: last.token };
		return (await attempt(asking, send)).response;
	};
}
