import type { IDataObject } from 'n8n-workflow';
import type { Method } from './retry';

/** A request to the API, relative to the program's base path. */
export interface ServiceRequest {
	method: Method;
	/** Absolute path on the API host, or a page link that was checked to be on that host. */
	path: string;
	query?: Record<string, string>;
	body?: IDataObject;
	headers: Record<string, string>;
}

/** The service answered, with any status. Header names are in lower case. */
export interface Answer {
	kind: 'answer';
	status: number;
	headers: Partial<Record<string, string>>;
	body: unknown;
}

/** Nothing came back: `code` is Node's, e.g. `ECONNRESET`. */
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
