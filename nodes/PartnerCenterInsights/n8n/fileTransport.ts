import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { IExecuteFunctions } from 'n8n-workflow';
import { textHeaders } from '../../../credentials/entra/network';
import { ACCEPTED_ENCODINGS } from '../insights/files/decoding';
import type { FileTransport } from '../insights/files/transport';
import { type HttpResponse, outcomeOf } from './helperFailure';
import { endWhenIdle, withHead } from './responseHead';

/**
 * Fetches download links by n8n's plain request helper: without any credential, and without following
 * redirects. The link stays out of what is returned.
 *
 * @param timeout ms without any data
 */
export function createFileTransport(
	{ helpers }: { helpers: Pick<IExecuteFunctions['helpers'], 'httpRequest'> },
	timeout: number,
	abortSignal: AbortSignal | undefined,
): FileTransport {
	return async (url) => {
		const { host } = new URL(url);
		const marker = { header: 'x-ms-client-request-id', content: randomUUID() };
		try {
			let encoding: string | undefined;
			const response = await withHead(
				marker,
				async () =>
					await (helpers.httpRequest({
						method: 'GET',
						url,
						headers: {
							[marker.header]: marker.content,
							'Accept-Encoding': ACCEPTED_ENCODINGS,
						},
						encoding: 'stream',
						returnFullResponse: true,
						disableFollowRedirect: true,
						ignoreHttpStatusErrors: true,
						timeout,
						abortSignal,
					}) as Promise<HttpResponse & { body: Readable }>),
				(head) => {
					// The helper decodes gzip by itself and takes a stream that ends too early for a complete one.
					// Report files must not end like that, so the header that starts it is taken away.
					encoding = head.headers['content-encoding'];
					delete head.headers['content-encoding'];
					endWhenIdle(head, timeout);
				},
			);
			return {
				response: {
					status: response.statusCode,
					headers: {
						...textHeaders(response.headers),
						...(encoding !== undefined && { 'content-encoding': encoding }),
					},
					body: response.body,
				},
			};
		} catch (error) {
			const outcome = outcomeOf(error, host);
			if (outcome.kind === 'notSent') return { refusal: outcome.message };
			// Answers of whatever status come as answers: one that is thrown has broken off.
			return { code: outcome.kind === 'noAnswer' ? outcome.code : 'ECONNRESET', host };
		}
	};
}
