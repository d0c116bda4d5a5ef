import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { REFUSED_TOKEN } from '../../../credentials/entra/tokenSharing';
import { isWithin } from '../insights/clock';
import { backOff, readRetryAfter } from '../insights/http/retry';
import type { NotSent } from '../insights/http/transport';
import { settle } from '../insights/settle';

/** The longest time for which Microsoft Entra is not asked again what it has refused, in ms. */
const LONGEST_WINDOW = 60_000;

/** A try that waits no less than the client does must reach Entra, whatever the timers do. */
const SHORTER_THAN_A_WAIT = 0.9;

/** Does work that signs in with a credential, unless that has just failed with the same content. */
export type SignIn = <T>(
	credentials: ICredentialDataDecryptedObject,
	work: () => Promise<T>,
) => Promise<T>;

/** All that a sign-in depends on. The token of an app is what it is for. */
function digestOf(credentials: ICredentialDataDecryptedObject): string {
	const content = { ...credentials, accessToken: undefined, [REFUSED_TOKEN]: undefined };
	return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** @param times how often in a row it has failed by now */
function windowAfter({ transient, retryAfter }: NotSent, times: number, now: number): number {
	if (!transient) return LONGEST_WINDOW;
	const wait = Math.max(backOff(times - 1, 0), readRetryAfter(retryAfter, now) ?? 0);
	return Math.min(LONGEST_WINDOW, wait * SHORTER_THAN_A_WAIT);
}

/**
 * Keeps a run from asking Microsoft Entra for each of its items what it has just refused: for a minute
 * the refusal holds for all of them, and of a fault that passes the longer, the more often it was met.
 * A credential that is saved meanwhile is tried at once.
 *
 * @param failureOf why there was no token; undefined of an error about something else
 * @param now ms since the epoch
 */
export function refusedSignIn(
	failureOf: (error: unknown) => NotSent | undefined,
	now: () => number = Date.now,
): SignIn {
	const none = { digest: '', at: 0, window: 0, times: 0, error: undefined as unknown };
	let last = none;

	return async (credentials, work) => {
		const digest = digestOf(credentials);
		if (last.digest === digest && isWithin(last.window, last.at, now())) throw last.error;
		const before = last;
		const settled = await settle(work());
		if ('value' in settled) {
			last = none;
			return settled.value;
		}
		const { error } = settled;
		const failure = failureOf(error);
		// Items that sign in at the same moment share one answer: it counts once, not for each of them.
		const isShared = last !== before && last.digest === digest;
		if (failure && !isShared) {
			const times = last.digest === digest ? last.times + 1 : 1;
			last = { digest, at: now(), window: windowAfter(failure, times, now()), times, error };
		}
		throw error;
	};
}
