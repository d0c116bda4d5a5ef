import { request as httpsRequest } from 'node:https';
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { fetchToken } from '../../credentials/entra/acquireToken';
import { readEnvironment } from '../../credentials/entra/environments';
import type { HttpRequest } from '../../credentials/entra/network';
import type {
	FileResponse,
	FileTransport,
} from '../../nodes/PartnerCenterInsights/insights/files/transport';
import { ACCEPTED_ENCODINGS } from '../../nodes/PartnerCenterInsights/insights/files/decoding';
import type { Outcome, Transport } from '../../nodes/PartnerCenterInsights/insights/http/transport';
import { settle } from '../../nodes/PartnerCenterInsights/insights/settle';
import type { Credential } from './credential';

/** A test of a query may take 100 seconds. */
const TIMEOUT = 120_000;

const codeOf = (error: unknown): string => {
	const { code, cause, name } = error as { code?: string; cause?: unknown; name?: string };
	if (name === 'TimeoutError') return 'ETIMEDOUT';
	if (code !== undefined) return code;
	return typeof cause === 'object' && cause !== null && 'code' in cause
		? String(cause.code)
		: 'EUNKNOWN';
};

const headersOf = (headers: Headers): Record<string, string> => Object.fromEntries(headers);

/** The request helper that the token code wants, over `fetch`. Certificates are verified. */
const httpRequest: HttpRequest = async ({ url, method, headers, body }: IHttpRequestOptions) => {
	const sent = await settle(
		fetch(url, {
			method: method ?? 'GET',
			headers: headers as Record<string, string>,
			body: typeof body === 'string' ? body : undefined,
			redirect: 'manual',
			signal: AbortSignal.timeout(TIMEOUT),
		}),
	);
	if ('error' in sent) throw Object.assign(new Error('No answer'), { code: codeOf(sent.error) });
	const { status, headers: received } = sent.value;
	const full: IDataObject = {
		statusCode: status,
		headers: headersOf(received),
		body: await sent.value.text(),
	};
	return full;
};

/** Sends requests with a token of the credential, which is fetched once and again after a 401. */
export function fetchTransport(credential: Credential): Transport {
	const { apiBaseUrl } = readEnvironment(credential);
	let token: Promise<string> | undefined;
	const freshToken = async () => (await fetchToken(credential, httpRequest)).accessToken;

	const send = async (
		{ method, path, query, body, headers }: Parameters<Transport>[0],
		accessToken: string,
	): Promise<Outcome> => {
		const url = new URL(path, apiBaseUrl);
		for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
		const sent = await settle(
			fetch(url, {
				method,
				headers: { ...headers, Authorization: `Bearer ${accessToken}` },
				body: body === undefined ? undefined : JSON.stringify(body),
				redirect: 'manual',
				signal: AbortSignal.timeout(TIMEOUT),
			}).then(async (response) => ({ response, text: await response.text() })),
		);
		if ('error' in sent) return { kind: 'noAnswer', code: codeOf(sent.error), host: url.host };
		const { response, text } = sent.value;
		return {
			kind: 'answer',
			status: response.status,
			headers: headersOf(response.headers),
			body: text,
		};
	};

	return async (request) => {
		for (let renewed = false; ; renewed = true) {
			const given = await settle((token ??= freshToken()));
			if ('error' in given) {
				token = undefined;
				const message = given.error instanceof Error ? given.error.message : 'No token';
				return { kind: 'notSent', message, transient: false };
			}
			const outcome = await send(request, given.value);
			if (renewed || outcome.kind !== 'answer' || outcome.status !== 401) return outcome;
			token = undefined;
		}
	};
}

/** Fetches a file by its link alone: no token, no redirect of its own, nothing decoded. */
export const fetchFile: FileTransport = async (url) =>
	await new Promise((resolve) => {
		const { host } = new URL(url);
		const sent = httpsRequest(
			url,
			{ headers: { 'accept-encoding': ACCEPTED_ENCODINGS }, timeout: TIMEOUT },
			(response) => {
				const headers: FileResponse['headers'] = {};
				for (const [name, value] of Object.entries(response.headers)) {
					if (value !== undefined) headers[name] = String(value);
				}
				resolve({ response: { status: response.statusCode ?? 0, headers, body: response } });
			},
		);
		sent.on('timeout', () => sent.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
		sent.on('error', (error) => resolve({ code: codeOf(error), host }));
		sent.end();
	});
