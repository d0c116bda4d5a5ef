import { NodeApiError } from 'n8n-workflow';
import { outcomeOf } from '../../../nodes/PartnerCenterInsights/n8n/helperFailure';
import { node } from '../node/node';

const HOST = 'api.partnercenter.microsoft.com';
const reset = { kind: 'noAnswer', code: 'ECONNRESET', host: HOST };

/** What axios throws: the response that began, and a code that may be one of its own. */
const axiosError = (message: string, status: number, code?: string) =>
	Object.assign(new Error(message), {
		code,
		response: { status, headers: { 'Retry-After': '7' }, data: '{"message":"no"}' },
	});

/** What n8n wraps around it. */
const wrapped = (error: Error) =>
	Object.assign(new NodeApiError(node, { message: error.message }), { cause: error });

/** What n8n 1.123 makes of it: no cause, but its status and the earlier messages. */
const withoutCause = (httpCode: string | null, ...messages: string[]) =>
	Object.assign(new NodeApiError(node, { message: 'words of n8n' }), { httpCode, messages });

describe('an answer that broke off inside its body', () => {
	it.each([
		['a reset', axiosError('read ECONNRESET', 200, 'ECONNRESET')],
		["axios's own code", axiosError('stream has been aborted', 200, 'ERR_BAD_RESPONSE')],
		['no code', axiosError('aborted', 200)],
		['a code that is none of a connection', axiosError('maxContentLength', 200, 'ERR_FR_TOO_MANY')],
		['an error status, and a reset', axiosError('read ECONNRESET', 503, 'ECONNRESET')],
		['an error status, and words', axiosError('stream has been aborted', 400, 'ERR_BAD_REQUEST')],
	])('is no answer: %s', (_kind, error) => {
		expect(outcomeOf(error, HOST)).toEqual(reset);
		expect(outcomeOf(wrapped(error), HOST)).toEqual(reset);
	});

	it('keeps the code of a connection that says more', () => {
		const error = axiosError('write EPIPE', 200, 'EPIPE');
		expect(outcomeOf(wrapped(error), HOST)).toEqual({ ...reset, code: 'EPIPE' });
	});

	it.each([
		['its status', withoutCause('200', 'whatever was said')],
		['its status and words', withoutCause('502', 'stream has been aborted')],
		['words alone', withoutCause(null, 'aborted')],
	])('is no answer where n8n keeps no cause, but %s', (_what, error) => {
		expect(outcomeOf(error, HOST)).toEqual(reset);
	});
});

describe('a refusal whose body is whole', () => {
	it.each([
		[400, 'ERR_BAD_REQUEST'],
		[503, 'ERR_BAD_RESPONSE'],
	])('is an answer: %i %s', (status, code) => {
		const error = axiosError(`Request failed with status code ${status}`, status, code);
		const answer = {
			kind: 'answer',
			status,
			headers: { 'retry-after': '7' },
			body: '{"message":"no"}',
		};
		expect(outcomeOf(error, HOST)).toEqual(answer);
		expect(outcomeOf(wrapped(error), HOST)).toEqual(answer);
	});

	it('is an answer without a body where n8n keeps no cause', () => {
		const error = withoutCause('503', 'Request failed with status code 503');
		expect(outcomeOf(error, HOST)).toEqual({
			kind: 'answer',
			status: 503,
			headers: {},
			body: undefined,
		});
	});
});

describe('a sign-in that has ended, of which n8n keeps no more than words', () => {
	const words = 'The credential "User" needs to be reconnected.';

	it.each([
		['thrown as they are', new Error(words)],
		['as a cause', wrapped(new Error(words))],
		[
			'in the midst of causes',
			wrapped(Object.assign(new Error(words), { cause: new Error('400') })),
		],
	])('means that nothing was sent, and is not tried again: %s', (_what, error) => {
		expect(outcomeOf(error, HOST)).toEqual({ kind: 'notSent', message: words, transient: false });
	});
});
