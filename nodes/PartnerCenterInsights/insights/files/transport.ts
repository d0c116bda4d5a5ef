import type { Readable } from 'node:stream';

/** The blob host's answer to a request for a file. */
export interface FileResponse {
	status: number;
	/** By names in lower case; `content-encoding` is that of the body as it was sent. */
	headers: Partial<Record<string, string>>;
	/** The body as it was sent. */
	body: Readable;
}

/**
 * What became of a request for a file: the host answered; or nothing came back, where `code` is Node's; or
 * the request was not let out, for the reason that is given.
 */
export type Fetched =
	{ response: FileResponse } | { code: string; host: string } | { refusal: string };

/** Fetches a link without any credential. Never throws for what the storage or network does. */
export type FileTransport = (url: string) => Promise<Fetched>;
