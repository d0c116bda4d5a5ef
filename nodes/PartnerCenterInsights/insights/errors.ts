import type { Program } from './program';

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
	/** Something else answered in the service's place: a proxy, a firewall, a gateway, a sign-in page. */
	| 'intercepted'
	/** The service answered in a form that cannot be read. */
	| 'unreadable'
	/** There is no completed run, or not in time. */
	| 'notReady'
	/** The file came whole, but is no table that can be cut into rows. */
	| 'malformed'
	/** The file is larger than where it is to be kept takes. */
	| 'tooLarge'
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
	/** What the request was about. */
	subject?: Subject;
	/** Where it was looked for. */
	program?: Program;
	/** How often the request was sent again, where it was given up for that. */
	retries?: number;
	/** Whether a time limit ended it: of a request, or of a wait. */
	timedOut?: boolean;
	/** Whether the service may have carried the request out all the same. */
	mayBeDone?: boolean;
	/** Whether the service itself answered, whatever its answer lacks: so the right one was asked. */
	isOwnAnswer?: boolean;
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

	readonly subject: Subject | undefined;

	readonly program: Program | undefined;

	readonly retries: number | undefined;

	readonly timedOut: boolean;

	readonly mayBeDone: boolean;

	readonly isOwnAnswer: boolean;

	constructor(message: string, details: FailureDetails) {
		super(message);
		this.kind = details.kind;
		this.advice = details.advice ?? '';
		this.status = details.status;
		this.correlationId = details.correlationId;
		this.subject = details.subject;
		this.program = details.program;
		this.retries = details.retries;
		this.timedOut = details.timedOut ?? false;
		this.mayBeDone = details.mayBeDone ?? false;
		this.isOwnAnswer = details.isOwnAnswer ?? false;
	}

	/** The same failure with other advice, and with other details where they do not hold any more. */
	advising(advice: string, changes: Partial<FailureDetails> = {}): InsightsError {
		const { kind, status, correlationId, subject, program, retries } = this;
		const { timedOut, mayBeDone, isOwnAnswer } = this;
		const known = { kind, status, correlationId, subject, program, retries };
		const flags = { timedOut, mayBeDone, isOwnAnswer };
		return new InsightsError(this.message, { ...known, ...flags, ...changes, advice });
	}
}

/** The status by which a network asks for a sign-in of its own. */
export const NETWORK_SIGN_IN = 511;

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
