import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import type { HttpRequest } from '../../../credentials/entra/network';

/** What the fake login authority answers: a status with a body, or a connection that fails. */
export type FakeAnswer =
	| { status: number; body: unknown; headers?: Record<string, unknown> }
	| { code: string; response?: { status: number; headers: object; data: unknown } }
	| { refusedByN8n: string };

/** An error as n8n's request helper throws it: it carries the whole request, secret and all. */
function requestError(
	message: string,
	request: IHttpRequestOptions,
	fields: Record<string, unknown>,
): Error {
	return Object.assign(new Error(message), {
		config: { data: request.body, headers: request.headers, url: request.url },
		...fields,
	});
}

/** A token request's body as it goes over the line. */
function formText({ body }: IHttpRequestOptions): string {
	if (typeof body !== 'string') throw new Error('The body of a token request is not a form');
	return body;
}

/** A login authority that answers from a script and remembers what it was asked. */
export class FakeEntra {
	readonly requests: IHttpRequestOptions[] = [];

	constructor(private readonly answer: (form: URLSearchParams) => FakeAnswer) {}

	/** Stands where n8n's request helper stands: other statuses than 2xx are thrown, as it does. */
	readonly httpRequest: HttpRequest = async (request: IHttpRequestOptions) => {
		this.requests.push(request);
		const answer = this.answer(new URLSearchParams(formText(request)));
		if ('refusedByN8n' in answer) throw requestError(answer.refusedByN8n, request, {});
		if ('code' in answer) {
			throw requestError(`connect ${answer.code} sent ${formText(request)}`, request, answer);
		}
		const { status, body, headers = { 'Content-Type': 'application/json' } } = answer;
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		if (status >= 200 && status < 300) return { statusCode: status, headers, body: text };
		throw requestError(`Request failed with status code ${status}`, request, {
			code: 'ERR_BAD_REQUEST',
			response: { status, headers, data: text },
		});
	};

	/** The form of the only request so far; fails when there were none or several. */
	get form(): URLSearchParams {
		return new URLSearchParams(formText(this.request));
	}

	get request(): IHttpRequestOptions {
		const [request, ...others] = this.requests;
		if (others.length > 0 || this.requests.length === 0) {
			throw new Error(`${this.requests.length} token requests were made, not one`);
		}
		return request;
	}
}

/** A token answer of Entra's v2 endpoint. */
export const tokenAnswer = (fields: IDataObject): FakeAnswer => ({
	status: 200,
	body: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, ...fields },
});

/** An error answer as Entra writes it, with the lines that follow the description. */
export const refusalAnswer = (
	code: number | string,
	description: string,
	{ status = 400, error = 'invalid_client' }: { status?: number; error?: string } = {},
): FakeAnswer => ({
	status,
	body: {
		error,
		error_description: `AADSTS${code}: ${description} Trace ID: 4b7e1c0e-0d6f-4a31-9c1e-5f0b8a9d2c00 Correlation ID: 1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9 Timestamp: 2026-03-01 08:00:00Z`,
		error_codes: [Number(code)],
		timestamp: '2026-03-01 08:00:00Z',
		trace_id: '4b7e1c0e-0d6f-4a31-9c1e-5f0b8a9d2c00',
		correlation_id: '1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9',
	},
});
