import type { EntraAnswer } from './network';
import { aadstsCode, explainRefusal, givesReason, isPassing, SENTENCES } from './refusals';

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
	const { status, headers } = answer;
	const retryAfter = headers['retry-after'];
	if (answer.body === undefined && status !== 429 && status !== 503) {
		const later = status >= 500 ? 'Try again in a few minutes. If it stays so, check' : 'Check';
		return new EntraTokenError(
			`The login authority answered with HTTP ${status} and no JSON. ${later} 'Environment' and any proxy in between.`,
			isBusy(status),
			retryAfter,
		);
	}
	const body = answer.body ?? {};
	const code = aadstsCode(body);
	const isKnown = code !== undefined && SENTENCES.has(code);
	if (isBusy(status) && !isKnown) {
		const reason = code === undefined ? '' : `, AADSTS${code}`;
		return new EntraTokenError(
			`Microsoft Entra is too busy to issue a token (HTTP ${status}${reason}). Try again in a few minutes.`,
			true,
			retryAfter,
		);
	}
	const refusal = explainRefusal(status, body, secrets);
	return new EntraTokenError(
		givesReason(body)
			? refusal
			: `${refusal} The answer holds neither a token nor a reason. Check 'Environment' and any proxy in between.`,
		status === 429 || isPassing(body),
		retryAfter,
	);
}
