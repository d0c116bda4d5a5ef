import type { Subject } from '../errors';
import type { Method } from './retry';

/** What a request to the API says, whoever carries it. */
interface RequestContent {
	method: Method;
	/** Absolute path on the API host, or a page link that was checked to be on that host. */
	path: string;
	query?: Record<string, string>;
	body?: Record<string, unknown>;
}

/** A request to the API, with what it is about. */
export interface InsightsRequest extends RequestContent {
	subject: Subject;
	/** The ID of the one record that it is about, if it is about one. */
	id?: string;
}

/** A request to the API as it is sent. */
export interface ServiceRequest extends RequestContent {
	headers: Record<string, string>;
}

/** The service answered, with any status. Header names are in lower case. */
export interface Answer {
	kind: 'answer';
	status: number;
	headers: Partial<Record<string, string>>;
	/** Empty text where the answer has none; undefined where it was lost on the way to here. */
	body: unknown;
}

/** Nothing came back, or not to its end: `code` is Node's, e.g. `ECONNRESET`. */
export interface NoAnswer {
	kind: 'noAnswer';
	code: string;
	/** Host that was asked. */
	host: string;
}

/** The request did not leave: no token, or n8n's own rules forbid it. The text holds no secret. */
export interface NotSent {
	kind: 'notSent';
	message: string;
	/** Whether the same may succeed in a while. */
	transient: boolean;
	retryAfter?: string;
}

export type Outcome = Answer | NoAnswer | NotSent;

/** Sends one request with the credential's token. Never throws for what the service or network does. */
export type Transport = (request: ServiceRequest) => Promise<Outcome>;
