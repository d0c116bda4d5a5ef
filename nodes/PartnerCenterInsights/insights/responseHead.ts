import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/**
 * Published by Node.js when the head of a response has arrived, before anybody reads it.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#http
 */
const RESPONSE_HEAD = 'http.client.response.finish';

interface ResponseHead {
	request: ClientRequest;
	response: IncomingMessage;
}

/** A header and its content that only one request has. */
export interface Marker {
	header: string;
	content: string;
}

/**
 * Makes a request and shows its response as soon as its head is there. n8n's request helper, which
 * sends it, hands out neither the connection nor a body as it came.
 */
export async function seeResponse<T>(
	marker: Marker,
	see: (response: IncomingMessage) => void,
	send: () => Promise<T>,
): Promise<T> {
	const onHead = (message: unknown): void => {
		const { request, response } = message as ResponseHead;
		if (request.getHeader(marker.header) === marker.content) see(response);
	};
	subscribe(RESPONSE_HEAD, onHead);
	return await send().finally(() => unsubscribe(RESPONSE_HEAD, onHead));
}
