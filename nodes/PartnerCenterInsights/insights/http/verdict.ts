import { InsightsError } from '../errors';
import {
	connectionFailed,
	isLongTrial,
	NOT_SENT_AGAIN,
	SAVE_IT,
	triedTimes,
	TRUST_PROXY,
} from './advice';
import { failureIn, lengthOf, mayHaveLostBody, pageIn, type Sent } from './answer';
import { type Envelope, isCutJson, type Page, readBareRefusal, readEnvelope } from './envelope';
import { type RateLimit, readRateLimit } from './pace';
import {
	isDroppedConnection,
	isRepeatable,
	isTimeout,
	isTransientStatus,
	isUntrusted,
	mayHaveArrived,
	readRetryAfter,
	readWaitFromMessage,
} from './retry';
import type { Answer, NoAnswer, NotSent, Outcome } from './transport';

/** Longest correlation ID that is passed on, in characters: a GUID has 36. */
const LONGEST_ID = 128;

/** What an outcome means for the request. */
export type Verdict = { done: Page } | Refusal;

export interface Refusal {
	failure: InsightsError;
	/** Whether the same request may be sent again. */
	retry: boolean;
	/** ms that the answer asks to wait */
	retryAfter: number | undefined;
	/** Whether the service let nothing happen but asked for patience: 429. */
	limited: boolean;
	rateLimit?: RateLimit;
}

function judgeNoAnswer({ code, host }: NoAnswer, { request, attempts }: Sent): InsightsError {
	const { method, subject } = request;
	const happened = connectionFailed(host, code);
	if (isUntrusted(code)) {
		return new InsightsError(happened, { kind: 'unreachable', subject, advice: TRUST_PROXY });
	}
	const advice = ['Check the network and any proxy, or try again later.'];
	if (isRepeatable(method)) advice.unshift(triedTimes(attempts).trim());
	else if (mayHaveArrived(code)) advice.splice(0, 1, NOT_SENT_AGAIN);
	else advice.unshift('Nothing reached the service.');
	if (isLongTrial(request)) advice.push(SAVE_IT);
	return new InsightsError(happened, {
		kind: 'unreachable',
		advice: advice.filter(Boolean).join(' '),
		subject,
		timedOut: isTimeout(code),
		retries: attempts - 1,
		mayBeDone: mayHaveArrived(code),
	});
}

function judgeNotSent({ message }: NotSent, { isFollowing }: Sent): InsightsError {
	// A sign-in can fail in the middle of what takes several requests.
	const what = isFollowing ? 'This request was not' : 'Nothing was';
	return new InsightsError(message, {
		kind: 'notSent',
		advice: `${what} sent to Partner Center. Check the credential.`,
	});
}

function judgeAnswer(answer: Answer, envelope: Envelope | undefined, sent: Sent): Verdict {
	const page = pageIn(answer, envelope);
	if (page !== undefined) return { done: page };
	const { headers } = answer;
	const said = envelope ?? readBareRefusal(answer.body);
	const { message, details } = failureIn(answer, envelope, said, sent);
	const { kind, status } = details;
	const correlationId =
		(headers['ms-correlationid']?.trim() || envelope?.correlationId) ?? sent.correlationId;
	const limited = status === 429;
	const retryAfter =
		readRetryAfter(headers['retry-after'], sent.now) || readWaitFromMessage(said.message);
	const mayPass = status !== undefined && isTransientStatus(status) && kind !== 'intercepted';
	return {
		failure: new InsightsError(message, {
			subject: sent.request.subject,
			...details,
			correlationId: correlationId.slice(0, LONGEST_ID),
		}),
		retry: (mayPass || mayHaveLostBody(answer)) && isRepeatable(sent.request.method),
		retryAfter,
		limited,
		...(limited && { rateLimit: readRateLimit(headers['x-ratelimit-limit'], retryAfter) }),
	};
}

/**
 * Whether an answer that cannot be read ended before its text did, or before it began, inside its
 * encoding. One that has its whole length is as it was meant.
 */
function isBrokenOff(answer: Answer): boolean {
	const { body } = answer;
	const length = lengthOf(answer);
	if (body === '') return length > 0;
	return isCutJson(body) && length !== Buffer.byteLength(String(body));
}

/** Judges what became of a request that was sent. */
export function judge(outcome: Outcome, sent: Sent): Verdict {
	switch (outcome.kind) {
		case 'answer': {
			const envelope = readEnvelope(outcome.body);
			return envelope === undefined && isBrokenOff(outcome)
				? judge({ kind: 'noAnswer', code: 'ECONNRESET', host: 'Partner Center' }, sent)
				: judgeAnswer(outcome, envelope, sent);
		}
		case 'noAnswer':
			return {
				failure: judgeNoAnswer(outcome, sent),
				retry: isDroppedConnection(outcome.code) && isRepeatable(sent.request.method),
				retryAfter: undefined,
				limited: false,
			};
		case 'notSent':
			return {
				failure: judgeNotSent(outcome, sent),
				// Nothing reached the service: sending it again is safe whatever the method.
				retry: outcome.transient,
				retryAfter: readRetryAfter(outcome.retryAfter, sent.now),
				limited: false,
			};
	}
}
