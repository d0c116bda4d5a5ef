import { type FailureDetails, kindOfStatus } from '../errors';
import type { Program } from '../program';
import {
	adviceFor,
	isLongTrial,
	isOfAddressLength,
	isTrial,
	LEADS_ELSEWHERE,
	MAY_BE_DONE,
	messageForStatus,
	NOT_SENT_AGAIN,
	SAVE_IT,
	SHORTEN_IT,
	titleOfMissing,
	triedTimes,
	USER_WANTED,
} from './advice';
import type { Envelope, Page, Said } from './envelope';
import { interceptedMessage, isIntercepted, isPage } from './interception';
import { isRepeatable, isTransientStatus } from './retry';
import type { Answer, InsightsRequest } from './transport';

/** What is known of a request when its outcome is judged. */
export interface Sent {
	request: InsightsRequest;
	program: Program;
	correlationId: string;
	/** How often it has been sent, this time included. */
	attempts: number;
	/** Whether something was sent to the service before it. */
	isFollowing: boolean;
	/** ms since the epoch */
	now: number;
}

/** How a failure is told. */
interface Told {
	message: string;
	details: FailureDetails;
}

const told = (message: string, details: FailureDetails): Told => ({ message, details });

/** Words and codes of a refusal that calls for a user, whatever its status and its form are. */
const wantsUser = ({ message = '', codes }: Said): boolean =>
	/missing user information|\b900421\b/i.test(message) || codes.includes('900421');

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** A redirect, which would take the token to whatever host it names. */
const redirected = (status: number): Told =>
	told('Partner Center answered with a redirect, which is not followed', {
		kind: 'intercepted',
		status,
		advice: LEADS_ELSEWHERE,
	});

/** An answer that is not the service's own. */
function intercepted(
	status: number,
	envelope: Envelope | undefined,
	request: InsightsRequest,
): Told {
	const advice =
		"The answer is not the service's own: roles and IDs are not the cause. Look for a firewall, a proxy or a gateway in between, and have it let requests through to the API host.";
	return told(interceptedMessage(status, envelope), {
		kind: 'intercepted',
		status,
		advice: isLongTrial(request) ? `${advice} ${SAVE_IT}` : advice,
	});
}

/** What an answer of the service with this status, 400 or more, is told as. */
function refusalOf(status: number, refusal: Said, { request, program, attempts }: Sent): Told {
	const { subject, id } = request;
	const { message: said } = refusal;
	const details = { kind: kindOfStatus(status), status, subject, program };
	if (wantsUser(refusal)) {
		return told(said ?? messageForStatus(401), {
			...details,
			kind: 'unauthorized',
			advice: USER_WANTED,
		});
	}
	const record = id === undefined ? undefined : subject;
	const advice = adviceFor(status, said ?? '', record, program, attempts);
	if (status === 404 && id !== undefined) {
		const title = titleOfMissing(subject, id);
		return told(said === undefined ? title : `${title}: ${said}`, { ...details, advice });
	}
	const isOfLength = status === 413 || (status < 500 && isOfAddressLength(said));
	if (status === 414 || status === 431 || (isOfLength && isLongTrial(request))) {
		return told(said ?? messageForStatus(status), {
			...details,
			advice: isTrial(request) ? SAVE_IT : SHORTEN_IT,
		});
	}
	return told(said ?? messageForStatus(status), {
		...details,
		// Without a word of the service: whatever stands in between may be what does not take it.
		advice: said === undefined && isLongTrial(request) ? `${advice} ${SAVE_IT}` : advice,
		...(isTransientStatus(status) && isRepeatable(request.method) && { retries: attempts - 1 }),
	});
}

/** The same, where the request may have been carried out before it failed. */
function refused(status: number, said: Said, sent: Sent): Told {
	const { message, details } = refusalOf(status, said, sent);
	const mayBeDone = status >= 500;
	const advice =
		mayBeDone && !isRepeatable(sent.request.method)
			? `${details.advice} ${NOT_SENT_AGAIN}`
			: details.advice;
	return told(message, { ...details, advice, mayBeDone });
}

/** The length of the body that the answer itself tells; NaN where it tells none. */
export const lengthOf = ({ headers }: Answer): number => Number(headers['content-length'] ?? NaN);

/** Whether an answer of success is empty that may have had a body: it tells no length, and its status wants one. */
export const mayHaveLostBody = (answer: Answer): boolean =>
	answer.body === '' &&
	answer.status < 300 &&
	![204, 205].includes(answer.status) &&
	Number.isNaN(lengthOf(answer));

function empty({ status }: Answer, changes: boolean, attempts: number): Told {
	const advice = `A proxy in between may have taken its content away.${triedTimes(attempts)} Try again later.`;
	return told(`The answer of Partner Center is empty (HTTP ${status})`, {
		kind: 'unreadable',
		mayBeDone: changes,
		advice: changes ? `${advice} ${MAY_BE_DONE}` : advice,
	});
}

const notJson = ({ body }: Answer, changes: boolean): Told =>
	told('The answer is not the JSON that Partner Center sends', {
		kind: isPage(body) ? 'intercepted' : 'unreadable',
		mayBeDone: changes,
		advice: `A proxy or sign-in page may stand in between. Check the network.${changes ? ` ${MAY_BE_DONE}` : ''}`,
	});

/** An answer of success that does not bring what an answer of success has. */
function withoutList(
	{ hasError, isOwn, message }: Envelope,
	status: number,
	changes: boolean,
): Told {
	const words = message === undefined ? '' : `: ${message}`;
	return told(
		hasError
			? `Partner Center answered with an error in an answer of success (HTTP ${status})${words}`
			: `The answer of Partner Center has no 'Value' list${words}`,
		{
			kind: 'unreadable',
			mayBeDone: changes,
			isOwnAnswer: isOwn || message !== undefined,
			advice: changes
				? MAY_BE_DONE
				: 'Nothing can be told from it. Try again later; if it lasts, give the correlation ID to Microsoft support.',
		},
	);
}

/**
 * The status that an answer means. A public client guards against an HTTP 200 whose body says `statusCode`
 * 400 or more. Whether the service sends one is not documented.
 */
const statusOf = ({ status }: Answer, envelope: Envelope | undefined): number =>
	status < 300 && (envelope?.statusCode ?? 0) >= 400 ? (envelope?.statusCode ?? status) : status;

/** The page that an answer brings, if it brings one. */
export function pageIn(answer: Answer, envelope: Envelope | undefined): Page | undefined {
	if (envelope?.value === undefined || envelope.hasError) return undefined;
	return statusOf(answer, envelope) < 300
		? { elements: envelope.value, nextLink: envelope.nextLink }
		: undefined;
}

/**
 * How an answer that brings no page is told.
 *
 * @param said in the service's words, also where it is no envelope
 */
export function failureIn(
	answer: Answer,
	envelope: Envelope | undefined,
	said: Said,
	sent: Sent,
): Told {
	const { request, attempts } = sent;
	const status = statusOf(answer, envelope);
	const changes = request.method !== 'GET';
	if (isRedirect(status)) return redirected(status);
	if (status >= 400) {
		return !wantsUser(said) && isIntercepted(answer, status, envelope)
			? intercepted(status, envelope, request)
			: refused(status, said, sent);
	}
	if (answer.body === '') return empty(answer, changes, attempts);
	if (envelope === undefined) return notJson(answer, changes);
	return wantsUser(envelope)
		? refusalOf(401, envelope, sent)
		: withoutList(envelope, status, changes);
}
