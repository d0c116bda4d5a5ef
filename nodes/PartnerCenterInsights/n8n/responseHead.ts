import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/**
 * Published by Node.js when the head of a response has arrived, before anybody reads it.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#http
 */
const RESPONSE_HEAD = 'http.client.response.finish';

/** Published when a request has been handed to its connection. */
const REQUEST_START = 'http.client.request.start';

interface ResponseHead {
	request: ClientRequest;
	response: IncomingMessage;
}

/**
 * Makes a request that is watched on its way: its response is looked at when its head has arrived. n8n's
 * request helper hands on what it has made of the response: with its body decoded, and in streams that
 * know no time limit.
 *
 * @param marker a header and its content that only this request has
 * @param onSent called when the request is sent: not before n8n has a token for it
 */
export async function withHead<T>(
	marker: { header: string; content: string },
	send: () => Promise<T>,
	look: (response: IncomingMessage) => void,
	onSent: (request: ClientRequest) => void = () => undefined,
): Promise<T> {
	const isMeant = (request: ClientRequest) => request.getHeader(marker.header) === marker.content;
	const onHead = (message: unknown): void => {
		const { request, response } = message as ResponseHead;
		if (isMeant(request)) look(response);
	};
	const onStart = (message: unknown): void => {
		const { request } = message as Pick<ResponseHead, 'request'>;
		if (isMeant(request)) onSent(request);
	};
	subscribe(RESPONSE_HEAD, onHead);
	subscribe(REQUEST_START, onStart);
	return await send().finally(() => {
		unsubscribe(RESPONSE_HEAD, onHead);
		unsubscribe(REQUEST_START, onStart);
	});
}

/** Ends a response for lack of time; its reader sees a dropped connection. */
function timeOut(response: IncomingMessage): void {
	response.destroy(Object.assign(new Error('The answer took too long'), { code: 'ETIMEDOUT' }));
}

/** Ends a response that brings no data for so many ms. */
export function endWhenIdle(response: IncomingMessage, ms: number): void {
	response.setTimeout(ms, () => {
		// What has come and is not taken yet is the reader's affair, who may store the rest meanwhile.
		if (response.readableLength > 0) response.setTimeout(ms);
		else timeOut(response);
	});
}

/**
 * Ends a response that is not complete after so many ms, however it trickles.
 *
 * @param onEnd called then: the helper tells no more than that the connection broke
 */
export function endAfter(response: IncomingMessage, ms: number, onEnd: () => void): void {
	const timer = setTimeout(() => {
		onEnd();
		timeOut(response);
	}, ms).unref();
	response.once('close', () => clearTimeout(timer));
}
