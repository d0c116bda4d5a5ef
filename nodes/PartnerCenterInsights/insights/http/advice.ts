import type { Subject } from '../errors';
import { PROGRAM_NAMES, type Program } from '../program';
import { isTimeout, isUntrusted } from './retry';
import type { InsightsRequest } from './transport';

/** Words of the service's own messages, and what they call for. */
export const ADVICE_BY_MESSAGE: ReadonlyArray<[pattern: RegExp, advice: string]> = [
	[
		/quota of 50 active reports/i,
		'Delete or pause reports that are no longer needed, then try again.',
	],
	[
		/ExecuteNow report creation quota/i,
		'The service creates at most 5 one-off reports in 60 minutes. Try again when the oldest of them is an hour old.',
	],
	[
		/number of queries exceeded/i,
		'The service keeps at most 100 queries. Delete queries that are no longer needed.',
	],
	[
		// Azure API Management, as a gateway before the service, says so with status 403.
		/out of call volume quota/i,
		'A gateway before the service lets no more requests through for now: their quota is used up. Try again when its message says.',
	],
	[
		/start time of report should at least be 4 hours/i,
		'The service wants a start at least 4 hours from now, in UTC.',
	],
	[/invalid table name/i, 'The dataset after FROM does not exist for this account.'],
	[/incorrect column name/i, 'A column is not in the dataset. Compare it with the dataset record.'],
	[/invalid queryid/i, 'Check the query ID, and that it belongs to this program.'],
	[
		/there are no executions/i,
		'The report has not completed a run yet, or the ID is of another report.',
	],
];

/** What to do where the service wants a user who has signed in, with MFA. */
export const USER_WANTED =
	'The service wants the token of an app and a user who has signed in with MFA. Sign in as app and user, with MFA.';

/** What to do where the answer to a change tells nothing of it. */
export const MAY_BE_DONE =
	'Nothing is known about what the service did. Look at the record before you try again.';

/** What to do where the answer to a request was lost that is never repeated. */
export const NOT_SENT_AGAIN =
	'It was not sent again, because the service may have created the record all the same: look for it before you try again.';

/** What to do where the address of a request may be too long. */
export const SAVE_IT =
	'A query that is tried travels in the address of the request, and not everything on the way takes long ones. Save the query and try it by its ID.';

/** What to do where a request is too long that is none of those. */
export const SHORTEN_IT = 'Shorten the query or the texts of the request.';

/** What to do where an answer leads elsewhere: to a redirect, or to a further page. */
export const LEADS_ELSEWHERE = 'The token goes to the API host alone. Look for a proxy in between.';

/** What to do where the certificate of a server is not trusted. */
export const TRUST_PROXY =
	'Where a proxy inspects TLS, give its CA to n8n with NODE_EXTRA_CA_CERTS. Certificates are always verified.';

/**
 * What happened where no answer came.
 *
 * @param server what the host is, where its name does not tell
 */
export function connectionFailed(host: string, code: string, server?: string): string {
	const named = (article: string) => (server === undefined ? host : `${article} ${server} ${host}`);
	if (isUntrusted(code)) return `n8n does not trust the certificate of ${named('the')} (${code})`;
	return isTimeout(code)
		? `${named('The')} did not answer in time`
		: `The connection to ${named('the')} failed (${code})`;
}

/** How often a request was sent, where that is more than once. */
export const triedTimes = (attempts: number): string =>
	attempts > 1 ? ` It was tried ${attempts} times.` : '';

/**
 * What to do about a refusal of the service.
 *
 * @param record which kind of record was asked for by its ID, where one was
 * @param attempts how often the request was sent before it was given up
 */
export function adviceFor(
	status: number,
	message: string,
	record: Subject | undefined,
	program: Program,
	attempts: number,
): string {
	const byMessage = ADVICE_BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
	if (byMessage !== undefined && status < 500) return byMessage;
	switch (status) {
		case 400:
			return message === ''
				? 'The service did not accept a value of the request, and does not say which. Check what the fields hold.'
				: 'The service did not accept a value of the request. Compare the parameters with its message.';
		case 401:
			return program === 'mpn'
				? `The service does not accept the token, also not a new one. For ${PROGRAM_NAMES.mpn} sign in as app and user, with MFA.`
				: `The service does not accept the token, also not a new one. For ${PROGRAM_NAMES.cmp} use the app alone, and add it in Partner Center under User management > Microsoft Entra applications.`;
		case 403:
			return program === 'mpn'
				? 'The account has no access. In Partner Center give the user the role Executive report viewer (or Report viewer), and consent to user_impersonation for the app.'
				: 'The app has no access. In Partner Center give it the role Manager under User management > Microsoft Entra applications.';
		case 404:
			return record === undefined
				? `The service does not find in ${PROGRAM_NAMES[program]} what the request names. Check the ID of the query, or the names in it.`
				: adviceForMissing(record, program);
		case 408:
			return 'The request did not arrive as a whole in time. Check the network and any proxy, or try again later.';
		case 413:
			return SHORTEN_IT;
		case 429:
			return `The service limits how many requests it takes.${triedTimes(attempts)} Send fewer at once, or run this at another time.`;
		default:
			if (status >= 500) {
				return `The service has a problem of its own.${triedTimes(attempts)} Try again later; if it lasts, give the correlation ID to Microsoft support.`;
			}
			return message === ''
				? 'The answer does not say why. Compare the parameters with what the service has, or try again later; if it lasts, give the correlation ID to Microsoft support.'
				: 'Compare the parameters with the message of the service.';
	}
}

/** What was not found, as the beginning of what the service says of it. */
export const titleOfMissing = (subject: Subject, id: string): string =>
	`${subject.charAt(0).toUpperCase()}${subject.slice(1)} ${id} was not found`;

/** What to do about a record that the service does not know. */
export const adviceForMissing = (subject: Subject, program: Program): string =>
	`The service knows no such ${subject} in ${PROGRAM_NAMES[program]}. Check the ${subject === 'dataset' ? 'name' : 'ID'}.`;

/** Says what an HTTP status means when the service sent no message with it. */
export function messageForStatus(status: number): string {
	switch (status) {
		case 401:
			return 'Partner Center does not accept the token';
		case 403:
			return 'Partner Center denies access';
		case 404:
			return 'Partner Center knows no such record';
		case 413:
			return 'The request is too large for Partner Center (HTTP 413)';
		case 414:
		case 431:
			return `The address of the request is too long (HTTP ${status})`;
		case 429:
			return 'Partner Center is receiving too many requests';
		default:
			return status >= 500
				? `Partner Center is not available (HTTP ${status})`
				: `Partner Center refused the request (HTTP ${status})`;
	}
}

const OF_THE_ADDRESS = /\b(?:ur[il]|query ?string|address|request line|headers?)\b/i;
const TOO_LONG = /too (?:long|large)|length|exceed/i;

/** Whether the words of a refusal are about the length of the request's address. */
export const isOfAddressLength = (message = ''): boolean =>
	OF_THE_ADDRESS.test(message) && TOO_LONG.test(message);

/** Whether the request tries a query, whose text is in its address. */
export const isTrial = ({ query = {} }: InsightsRequest): boolean => 'exportQuery' in query;

/** Characters of an address that servers and proxies take for certain. */
const SAFE_ADDRESS = 2_000;

/** Whether a query that is tried makes the address longer than everything on the way is sure to take. */
export const isLongTrial = (request: InsightsRequest): boolean =>
	isTrial(request) && new URLSearchParams(request.query).toString().length > SAFE_ADDRESS;
