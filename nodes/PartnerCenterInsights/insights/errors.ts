import { PROGRAM_NAMES, type Program } from './program';

/** What a request was about, as it is called in a message: "scheduled report". */
export type Subject =
	'scheduled report' | 'report execution' | 'report query' | 'dataset' | 'report file';

/** What went wrong, by what a caller can do about it. Whoever decides by an error reads its kind. */
export type FailureKind =
	/** The service answered that it will not: a value, a quota, a rule of its own. */
	| 'refused'
	/** 401, or an answer that means it: the token is not accepted. */
	| 'unauthorized'
	/** 403: the account has no access. */
	| 'forbidden'
	/** The service knows no such record, in its own words or by an empty answer. */
	| 'notFound'
	/** The service limits requests and asks to wait. */
	| 'busy'
	/** The service has a problem of its own, 5xx. */
	| 'unavailable'
	/** No answer came back, or it broke off. */
	| 'unreachable'
	/** The request did not leave: no token, or a credential that cannot be used. */
	| 'notSent'
	/** Something else than the service answered, or in a form that cannot be read. */
	| 'unreadable'
	/** There is no completed run, or not in time. */
	| 'notReady'
	/** The file came whole, but is no table that can be cut into rows. */
	| 'malformed'
	/** The file is gone, or its link does not work, also not a new one. */
	| 'fileGone';

export interface FailureDetails {
	kind: FailureKind;
	/** What to do next, in words that hold for every caller. */
	advice?: string;
	/** HTTP status that a server sent, or the one that its body repeats; never an invented one. */
	status?: number;
	/** Quote it to Microsoft support. */
	correlationId?: string;
}

/**
 * The service refused a request, gave an unusable answer or none. `message` says what happened,
 * `advice` what to do next; neither holds a token or a download link.
 */
export class InsightsError extends Error {
	override readonly name = 'InsightsError';

	readonly kind: FailureKind;

	readonly advice: string;

	readonly status: number | undefined;

	readonly correlationId: string | undefined;

	constructor(message: string, { kind, advice = '', status, correlationId }: FailureDetails) {
		super(message);
		this.kind = kind;
		this.advice = advice;
		this.status = status;
		this.correlationId = correlationId;
	}

	/** The same failure with other advice. */
	advising(advice: string): InsightsError {
		const { message, kind, status, correlationId } = this;
		return new InsightsError(message, { kind, advice, status, correlationId });
	}
}

/** The kind of a refusal with this HTTP status. */
export function kindOfStatus(status: number): FailureKind {
	switch (status) {
		case 401:
			return 'unauthorized';
		case 403:
			return 'forbidden';
		case 404:
			return 'notFound';
		case 429:
			return 'busy';
		default:
			return status >= 500 ? 'unavailable' : 'refused';
	}
}

/** Whether a failure is of one of these kinds. */
export const isFailure = (error: unknown, ...kinds: FailureKind[]): error is InsightsError =>
	error instanceof InsightsError && kinds.includes(error.kind);

/** Bad input, found before anything was sent. */
export class InputError extends Error {
	override readonly name = 'InputError';

	constructor(
		message: string,
		readonly advice?: string,
	) {
		super(message);
	}
}

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

/**
 * What to do about a refusal.
 *
 * @param retries how often the request was sent again before it was given up
 */
export function adviceFor(
	status: number,
	message: string,
	subject: Subject,
	program: Program,
	retries: number,
): string {
	const byMessage = ADVICE_BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
	if (byMessage !== undefined && status < 500) return byMessage;
	const after = retries === 0 ? '' : ` It was tried ${retries + 1} times.`;
	switch (status) {
		case 400:
			return 'The service did not accept a value of the request. Compare the parameters with its message.';
		case 401:
			return program === 'mpn'
				? "The service does not accept the token, also not a new one. For Partner Insights (mpn) sign in as app and user, with MFA; check 'Environment' and 'Tenant ID' in the credential."
				: "The service does not accept the token, also not a new one. For Microsoft Marketplace (cmp) use the app alone, and add it in Partner Center under User management > Microsoft Entra applications; check 'Environment' and 'Tenant ID' in the credential.";
		case 403:
			return program === 'mpn'
				? 'The account has no access. In Partner Center give the user the role Executive report viewer (or Report viewer), and consent to user_impersonation for the app.'
				: 'The app has no access. In Partner Center give it the role Manager under User management > Microsoft Entra applications.';
		case 404:
			return `The service knows no such ${subject} in ${PROGRAM_NAMES[program]}. Check the ID, and whether 'Program' is the right one.`;
		case 429:
			return `The service limits how many requests it takes.${after} Lower 'Max Concurrency', raise 'Max Retries', or run this at another time.`;
		default:
			return status >= 500
				? `The service has a problem of its own.${after} Try again later; if it lasts, give the correlation ID to Microsoft support.`
				: 'Compare the parameters with the message of the service.';
	}
}

/** Says what an HTTP status means when the service sent no message with it. */
export function messageForStatus(status: number): string {
	switch (status) {
		case 401:
			return 'Partner Center does not accept the token';
		case 403:
			return 'Partner Center denies access';
		case 404:
			return 'Partner Center knows no such record';
		case 429:
			return 'Partner Center is receiving too many requests';
		default:
			return status >= 500
				? `Partner Center is not available (HTTP ${status})`
				: `Partner Center refused the request (HTTP ${status})`;
	}
}
