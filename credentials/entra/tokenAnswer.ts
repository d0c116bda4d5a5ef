import type { EntraAnswer } from './network';
import { explainRefusal, givesReason, isPassing } from './refusals';

/**
 * Microsoft Entra gave no token. The message is meant for the user and holds no secret.
 */
export class EntraTokenError extends Error {
	override readonly name = 'EntraTokenError';

	constructor(
		message: string,
		/** Whether the same request may succeed in a while: the authority was busy or out of reach. */
		readonly transient: boolean,
		/** The authority's `Retry-After`, as it was sent. */
		readonly retryAfter?: string,
	) {
		super(message);
	}
}

const isBusy = (status: number) => status === 429 || status >= 500;

/**
 * Why an answer of the login authority brings no token.
 *
 * @param secrets values that were sent and must not come back in the text
 */
export function whyNoToken(answer: EntraAnswer, secrets: readonly string[]): EntraTokenError {
	const retryAfter = answer.headers['retry-after'];
	if (answer.body === undefined && answer.status !== 429) {
		return new EntraTokenError(
			`The login authority answered with HTTP ${answer.status} and no JSON. Check 'Environment' and any proxy in between.`,
			isBusy(answer.status),
			retryAfter,
		);
	}
	if (isBusy(answer.status)) {
		return new EntraTokenError(
			`Microsoft Entra is too busy to issue a token (HTTP ${answer.status}). Try again in a few minutes.`,
			true,
			retryAfter,
		);
	}
	const body = answer.body ?? {};
	const refusal = explainRefusal(answer.status, body, secrets);
	return new EntraTokenError(
		givesReason(body)
			? refusal
			: `${refusal} The answer holds neither a token nor a reason. Check 'Environment' and any proxy in between.`,
		isPassing(body),
		retryAfter,
	);
}
