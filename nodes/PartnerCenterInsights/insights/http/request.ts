import { randomUUID } from 'node:crypto';
import { readEnvelope } from './envelope';
import { adviceFor, InsightsError, kindOfStatus, messageForStatus, type Subject } from '../errors';
import { createPace, type RateLimit, readRateLimit } from './pace';
import type { Program } from '../program';
import {
	isDroppedConnection,
	isRepeatable,
	isTransientStatus,
	type Method,
	readRetryAfter,
	readWaitFromMessage,
	retryDelay,
} from './retry';
import type { Answer, NoAnswer, NotSent, Outcome, ServiceRequest, Transport } from './transport';

/** What a request needs from its surroundings. */
export interface RequestSettings {
	transport: Transport;
	program: Program;
	/** How often a request that can be repeated is sent again. */
	maxRetries: number;
	/** Waits for so many ms; rejects at once when the execution is stopped. */
	wait: (ms: number) => Promise<void>;
	/** ms since the epoch */
	now?: () => number;
	/** 0 to 1 */
	random?: () => number;
}

export interface InsightsRequest {
	method: Method;
	path: string;
	query?: Record<string, string>;
	body?: ServiceRequest['body'];
	subject: Subject;
}

/** A page of the service's answer. */
export interface Page {
	elements: unknown[];
	nextLink: string | undefined;
	/** How often the request had been sent before this answer. */
	retries: number;
}

type Verdict =
	| { done: Page }
	| {
			failure: InsightsError;
			retry: boolean;
			/** ms */
			retryAfter: number | undefined;
			rateLimit?: RateLimit;
	  };

const NOT_SENT_AGAIN =
	'It was not sent again, because the service may have created the record all the same: look for it before you try again.';

const CERTIFICATE_CODE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/;

function judgeNoAnswer({ code, host }: NoAnswer, method: Method, retries: number): InsightsError {
	if (CERTIFICATE_CODE.test(code)) {
		return new InsightsError(`n8n does not trust the certificate of ${host} (${code})`, {
			kind: 'unreachable',
			advice:
				'Where a proxy inspects TLS, give its CA to n8n with NODE_EXTRA_CA_CERTS. Certificates are always verified.',
		});
	}
	const timedOut = code === 'ECONNABORTED' || code === 'ETIMEDOUT';
	const happened = timedOut
		? `${host} did not answer in time`
		: `The connection to ${host} failed (${code})`;
	const tried = retries === 0 ? '' : `It was tried ${retries + 1} times. `;
	const advice = isRepeatable(method)
		? `${tried}Check the network and any proxy, or try again later${timedOut ? "; 'Timeout' can be raised under Options" : ''}.`
		: NOT_SENT_AGAIN;
	return new InsightsError(happened, { kind: 'unreachable', advice });
}

const judgeNotSent = ({ message }: NotSent): InsightsError =>
	new InsightsError(message, {
		kind: 'notSent',
		advice: 'Nothing was sent to Partner Center. Check the credential.',
	});

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

function judgeAnswer(
	answer: Answer,
	{ subject, method }: InsightsRequest,
	program: Program,
	sentCorrelationId: string,
	retries: number,
	now: number,
): Verdict {
	const envelope = readEnvelope(answer.body);
	const correlationId =
		answer.headers['ms-correlationid'] ?? envelope?.correlationId ?? sentCorrelationId;
	const refuse = (message: string, advice: string, status?: number): Verdict => {
		const retryAfter =
			readRetryAfter(answer.headers['retry-after'], now) ?? readWaitFromMessage(envelope?.message);
		return {
			failure: new InsightsError(message, {
				kind: status === undefined || isRedirect(status) ? 'unreadable' : kindOfStatus(status),
				advice,
				status,
				correlationId,
			}),
			retry: status !== undefined && isTransientStatus(status),
			retryAfter,
			...(status === 429 && {
				rateLimit: readRateLimit(answer.headers['x-ratelimit-limit'], retryAfter),
			}),
		};
	};

	// "HTTP 200 whose body says statusCode 400 or more" was observed.
	const status =
		answer.status < 300 && (envelope?.statusCode ?? 0) >= 400
			? (envelope?.statusCode ?? answer.status)
			: answer.status;
	if (isRedirect(status)) {
		return refuse(
			'Partner Center answered with a redirect, which is not followed',
			"The token goes to the API host alone. Check 'Environment' in the credential and any proxy in between.",
			status,
		);
	}
	if (status >= 400) {
		const message = envelope?.message ?? messageForStatus(status);
		const advice = adviceFor(status, message, subject, program, retries);
		const mayBeDone = status >= 500 && !isRepeatable(method);
		return refuse(message, mayBeDone ? `${advice} ${NOT_SENT_AGAIN}` : advice, status);
	}
	if (envelope === undefined) {
		return refuse(
			'The answer is not the JSON that Partner Center sends',
			"A proxy or sign-in page may stand in between. Check 'Environment' in the credential and the network.",
		);
	}
	if (envelope.value === undefined) {
		return refuse(
			"The answer of Partner Center has no 'Value' list",
			'Nothing is known about what the service did. Look at the record before you try again.',
		);
	}
	return { done: { elements: envelope.value, nextLink: envelope.nextLink, retries } };
}

/**
 * Makes a function that sends requests and retries those that can be repeated.
 *
 * A wait that the service asks for holds back every request made through the same function, so that
 * parallel items do not run into the limit one after the other. A limit per second that it tells is kept
 * to from then on.
 *
 * The returned function throws {@link InsightsError} when the request is refused for good.
 */
export function createRequester(settings: RequestSettings) {
	const { transport, program, maxRetries, wait, now = Date.now, random = Math.random } = settings;
	const pace = createPace({ wait, now });
	let notBefore = 0;

	const send = async (request: InsightsRequest, correlationId: string): Promise<Outcome> => {
		// Another request may raise the mark meanwhile; each mark is waited for once.
		for (let awaited = 0; notBefore > awaited && notBefore > now();) {
			awaited = notBefore;
			await wait(notBefore - now());
		}
		return await transport({
			method: request.method,
			path: request.path,
			query: request.query,
			body: request.body,
			headers: {
				Accept: 'application/json',
				'Content-Type': 'application/json',
				'ms-correlationid': correlationId,
				'ms-requestid': randomUUID(),
			},
		});
	};

	const judge = (
		outcome: Outcome,
		request: InsightsRequest,
		correlationId: string,
		retries: number,
	): Verdict => {
		switch (outcome.kind) {
			case 'answer': {
				const verdict = judgeAnswer(outcome, request, program, correlationId, retries, now());
				return 'done' in verdict
					? verdict
					: { ...verdict, retry: verdict.retry && isRepeatable(request.method) };
			}
			case 'noAnswer':
				return {
					failure: judgeNoAnswer(outcome, request.method, retries),
					retry: isDroppedConnection(outcome.code) && isRepeatable(request.method),
					retryAfter: undefined,
				};
			case 'notSent':
				return {
					failure: judgeNotSent(outcome),
					// Nothing reached the service: sending it again is safe whatever the method.
					retry: outcome.transient,
					retryAfter: readRetryAfter(outcome.retryAfter, now()),
				};
		}
	};

	return async (request: InsightsRequest): Promise<Page> => {
		const correlationId = randomUUID();
		let hasBeenSent = false;
		for (let retries = 0; ; retries++) {
			const outcome = await pace.take(async () => await send(request, correlationId));
			const verdict = judge(outcome, request, correlationId, retries);
			if ('done' in verdict) return verdict.done;

			const { failure, retry, retryAfter, rateLimit } = verdict;
			if (rateLimit) pace.keepTo(rateLimit);
			if (request.method === 'DELETE' && hasBeenSent && failure.status === 404) {
				// An earlier attempt was carried out; only its answer was lost.
				return { elements: [], nextLink: undefined, retries };
			}
			hasBeenSent ||= outcome.kind !== 'notSent';
			if (!retry) throw failure;
			const delay = retryDelay(failure, { retries, maxRetries, retryAfter, random: random() });
			// A wait that the service asks for holds for everybody.
			if (delay === retryAfter) notBefore = Math.max(notBefore, now() + delay);
			else await wait(delay);
		}
	};
}

export type Requester = ReturnType<typeof createRequester>;
