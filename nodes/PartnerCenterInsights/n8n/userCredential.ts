import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IgnoreStatusErrorConfig,
} from 'n8n-workflow';
import { checkRenewal } from '../../../credentials/entra/userRenewal';
import { type Clock, isWithin } from '../insights/clock';
import type { Outcome } from '../insights/http/transport';
import { settle } from '../insights/settle';
import { createTurns } from '../insights/turns';
import { REFUSED_AS_NEW_WINDOW } from './appCredential';
import type { HttpResponse } from './helperFailure';
import type { SignIn } from './refusedSignIn';

/** Which statuses come as answers, with their headers; those that do not fail. */
export type IgnoredStatuses = boolean | IgnoreStatusErrorConfig;

/** n8n renews the token of a user who signed in where a 401 fails. */
const ALL_BUT_401: IgnoredStatuses = { ignore: true, except: [401] };

/** Sends a request with the credential that n8n has stored. */
export type SendAsUser = (ignored: IgnoredStatuses) => Promise<HttpResponse>;

function tokenOf({ oauthTokenData }: ICredentialDataDecryptedObject): unknown {
	return (oauthTokenData as IDataObject | undefined)?.access_token;
}

/**
 * The OAuth2 credential of one run. n8n resolves, renews and stores its tokens itself, for one request
 * after the other: those that are refused at once find the token that the first of them has brought.
 * A refused token has changed nothing, so that each request can be sent again.
 *
 * @param read reads what the credential holds now
 * @param signIn keeps from renewing what was not renewed a moment ago
 * @param outcomeOf what an error of the request helper means
 * @param clock whose waits end when the run is stopped
 * @returns sends a request; where the token is refused, again with a new one, or, where one was refused
 *     that was new itself a moment ago, with the one that is stored by then
 */
export function userCredential(
	read: () => Promise<ICredentialDataDecryptedObject>,
	signIn: SignIn,
	outcomeOf: (error: unknown) => Outcome,
	clock: Clock,
): (send: SendAsUser) => Promise<HttpResponse> {
	const inTurn = createTurns(clock.wait);
	/** The last token that was refused though it was new. */
	let refusedAsNew = { token: undefined as unknown, at: 0 };

	const renewing = async (send: SendAsUser): Promise<HttpResponse> => {
		const answer = await send(ALL_BUT_401);
		// n8n 1.123 knows no exception and has not seen the 401: it renews on an attempt that fails.
		return answer.statusCode === 401 ? await send(false) : answer;
	};

	return async (send) => {
		const first = await send(true);
		if (first.statusCode !== 401) return first;
		return await inTurn('renewal', async () => {
			const stored = await read();
			if (isWithin(REFUSED_AS_NEW_WINDOW, refusedAsNew.at, clock.now())) {
				// Each process that renews stores another one: they would do so in turn, for each item.
				return tokenOf(stored) === refusedAsNew.token ? first : await send(true);
			}
			const settled = await settle(
				signIn(stored, async () => {
					checkRenewal(stored, new Date(clock.now()));
					return await renewing(send);
				}),
			);
			if ('value' in settled) return settled.value;
			const outcome = outcomeOf(settled.error);
			if (outcome.kind === 'answer' && outcome.status === 401) {
				refusedAsNew = { token: tokenOf(await read()), at: clock.now() };
			}
			throw settled.error;
		});
	};
}
