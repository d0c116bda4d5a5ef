import { InsightsError, kindOfStatus, type FailureDetails, NETWORK_SIGN_IN } from '../errors';
import type { Program } from '../program';
import {
	adviceFor,
	connectionFailed,
	MAY_BE_DONE,
	messageForStatus,
	titleOfMissing,
	TRUST_PROXY,
	triedTimes,
	USER_WANTED,
} from './advice';
import {
	type Envelope,
	isCutJson,
	type Page,
	readBareRefusal,
	readEnvelope,
	type Said,
} from './envelope';
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
import type { Answer, InsightsRequest, NoAnswer, NotSent, Outcome } from './transport';

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

/** What is known of a request when its outcome is judged. */
export interface Sent {
	request: InsightsRequest;
	program: Program;
	correlationId: string;
	/** How often it has been sent, this time included. */
	attempts: number;
	/** ms since the epoch */
	now: number;
}

const NOT_SENT_AGAIN =
	'It was not sent again, because the service may have created the record all the same: look for it before you try again.';

/** Characters of an address that servers and proxies take for certain. */
const SAFE_ADDRESS = 2_000;

const SAVE_IT =
	'A query that is tried travels in the address of the request, and not everything on the way takes long ones. Save the query and try it by its ID.';

/** Whether a query that is tried makes the address longer than everything on the way is sure to take. */
function isLongTrial({ query = {} }: InsightsRequest): boolean {
	return 'exportQuery' in query && new URLSearchParams(query).toString().length > SAFE_ADDRESS;
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

const judgeNotSent = ({ message }: NotSent): InsightsError =>
	new InsightsError(message, {
		kind: 'notSent',
		advice: 'Nothing was sent to Partner Center. Check the credential.',
	});

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** Whether the body is what a proxy or a firewall writes: a page, or nothing at all. */
const isPage = (body: unknown): boolean => typeof body === 'string' && /^\s*</.test(body);

/** Whether an answer is not the service's but that of something before it. */
function isIntercepted({ body }: Answer, status: number, envelope: Envelope | undefined): boolean {
	if (status === NETWORK_SIGN_IN) return true;
	// The body was lost: nothing is known of who wrote it.
	if (body === undefined || status >= 500 || status === 401 || status === 429) return false;
	if (status === 404) return envelope?.isOwn !== true;
	if (status === 403 || status === 407) return envelope === undefined;
	return isPage(body);
}

function interceptedMessage(status: number, envelope: Envelope | undefined): string {
	const said = envelope?.message === undefined ? '' : `: ${envelope.message}`;
	switch (status) {
		case 403:
			return 'A firewall or proxy denies access to Partner Center (HTTP 403)';
		case 404:
			return `A gateway or proxy knows no such address (HTTP 404)${said}`;
		case 407:
			return 'The proxy wants to know who asks (HTTP 407)';
		case NETWORK_SIGN_IN:
			return 'The network, or a proxy in it, asks for a sign-in of its own (HTTP 511)';
		default:
			return `A firewall or proxy refused the request (HTTP ${status})`;
	}
}

/** Words and codes of a refusal that calls for a user, whatever its status and its form are. */
const wantsUser = ({ message = '', codes }: Said): boolean =>
	/missing user information|\b900421\b/i.test(message) || codes.includes('900421');

/** What an answer of the service with this status, 400 or more, is told as. */
function refusalOf(
	status: number,
	refusal: Said,
	{ request, program, attempts }: Sent,
): [message: string, details: FailureDetails] {
	const { subject, id } = request;
	const { message: said } = refusal;
	const details = { kind: kindOfStatus(status), status, subject, program };
	if (wantsUser(refusal)) {
		return [
			said ?? messageForStatus(401),
			{ ...details, kind: 'unauthorized', advice: USER_WANTED },
		];
	}
	const advice = adviceFor(status, said ?? '', subject, program, attempts);
	if (status === 404 && id !== undefined) {
		const title = titleOfMissing(subject, id);
		return [said === undefined ? title : `${title}: ${said}`, { ...details, advice }];
	}
	const isTooLong = status === 414 || status === 431 || (status === 413 && isLongTrial(request));
	if (isTooLong) return [said ?? messageForStatus(status), { ...details, advice: SAVE_IT }];
	return [
		said ?? messageForStatus(status),
		{
			...details,
			// Without a word of the service: whatever stands in between may be what does not take it.
			advice: said === undefined && isLongTrial(request) ? `${advice} ${SAVE_IT}` : advice,
			...(isTransientStatus(status) && isRepeatable(request.method) && { retries: attempts - 1 }),
		},
	];
}

function judgeAnswer(answer: Answer, envelope: Envelope | undefined, sent: Sent): Verdict {
	const { request, now } = sent;
	const { subject, method } = request;
	const correlationId =
		(answer.headers['ms-correlationid']?.trim() || envelope?.correlationId) ?? sent.correlationId;
	const said = envelope ?? readBareRefusal(answer.body);
	const refuse = (message: string, details: FailureDetails, retry = false): Refusal => {
		const limited = details.status === 429;
		const retryAfter =
			readRetryAfter(answer.headers['retry-after'], now) || readWaitFromMessage(said.message);
		return {
			failure: new InsightsError(message, { subject, ...details, correlationId }),
			retry: retry && isRepeatable(method),
			retryAfter,
			limited,
			...(limited && {
				rateLimit: readRateLimit(answer.headers['x-ratelimit-limit'], retryAfter),
			}),
		};
	};

	// A public client guards against an HTTP 200 whose body says `statusCode` 400 or more. Whether the
	// service sends one is not documented.
	const status =
		answer.status < 300 && (envelope?.statusCode ?? 0) >= 400
			? (envelope?.statusCode ?? answer.status)
			: answer.status;
	if (isRedirect(status)) {
		return refuse('Partner Center answered with a redirect, which is not followed', {
			kind: 'intercepted',
			status,
			advice: 'The token goes to the API host alone. Look for a proxy in between.',
		});
	}
	if (status >= 400 && !wantsUser(said) && isIntercepted(answer, status, envelope)) {
		const advice =
			"The answer is not the service's own: roles and IDs are not the cause. Look for a firewall, a proxy or a gateway in between, and have it let n8n through to the API host.";
		return refuse(interceptedMessage(status, envelope), {
			kind: 'intercepted',
			status,
			advice: isLongTrial(request) ? `${advice} ${SAVE_IT}` : advice,
		});
	}
	if (status >= 400) {
		const [message, details] = refusalOf(status, said, sent);
		const mayBeDone = status >= 500;
		const advice =
			mayBeDone && !isRepeatable(method) ? `${details.advice} ${NOT_SENT_AGAIN}` : details.advice;
		return refuse(message, { ...details, advice, mayBeDone }, isTransientStatus(status));
	}
	const changes = method !== 'GET';
	if (envelope === undefined) {
		return refuse('The answer is not the JSON that Partner Center sends', {
			kind: isPage(answer.body) ? 'intercepted' : 'unreadable',
			mayBeDone: changes,
			advice: `A proxy or sign-in page may stand in between. Check the network.${changes ? ` ${MAY_BE_DONE}` : ''}`,
		});
	}
	if (envelope.value === undefined || envelope.hasError) {
		if (wantsUser(envelope)) return refuse(...refusalOf(401, envelope, sent));
		const words = envelope.message === undefined ? '' : `: ${envelope.message}`;
		return refuse(
			envelope.hasError
				? `Partner Center answered with an error in an answer of success (HTTP ${status})${words}`
				: `The answer of Partner Center has no 'Value' list${words}`,
			{
				kind: 'unreadable',
				mayBeDone: changes,
				isOwnAnswer: envelope.isOwn || envelope.message !== undefined,
				advice: changes
					? MAY_BE_DONE
					: 'Nothing can be told from it. Try again later; if it lasts, give the correlation ID to Microsoft support.',
			},
		);
	}
	return {
		done: { elements: envelope.value, nextLink: envelope.nextLink },
	};
}

/**
 * Whether an answer that cannot be read ended before its text did, or before it began, inside its
 * encoding. One that has its whole length is as it was meant.
 */
function isBrokenOff({ body, headers }: Answer): boolean {
	const length = Number(headers['content-length'] ?? NaN);
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
				failure: judgeNotSent(outcome),
				// Nothing reached the service: sending it again is safe whatever the method.
				retry: outcome.transient,
				retryAfter: readRetryAfter(outcome.retryAfter, sent.now),
				limited: false,
			};
	}
}
