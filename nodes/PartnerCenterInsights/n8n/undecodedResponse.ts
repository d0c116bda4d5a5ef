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

/**
 * Makes a request whose response body comes as it was sent, without content decoding.
 *
 * n8n's request helper decodes gzip by itself and takes a stream that ends too early for a complete
 * one. Report files must not end like that, so the header that starts the decoding is taken away and
 * the caller decodes.
 *
 * @param marker a header and its content that only this request has
 * @returns beside the response the header that was taken away
 */
export async function withoutDecoding<T>(
	marker: { header: string; content: string },
	send: () => Promise<T>,
): Promise<{ sent: T; encoding: string | undefined }> {
	let encoding: string | undefined;
	const takeHeader = (message: unknown): void => {
		const { request, response } = message as ResponseHead;
		if (request.getHeader(marker.header) === marker.content) {
			encoding = response.headers['content-encoding'];
			delete response.headers['content-encoding'];
		}
	};
	subscribe(RESPONSE_HEAD, takeHeader);
	const sent = await send().finally(() => unsubscribe(RESPONSE_HEAD, takeHeader));
	return { sent, encoding };
}
