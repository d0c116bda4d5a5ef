import { EntraUnreachableError, N8nNetworkModule } from '../../../credentials/entra/network';
import { type FakeAnswer, FakeEntra } from './fakeEntra';

const URL_OF_TOKENS = 'https://login.example.com/contoso.com/oauth2/v2.0/token';
const SECRET = 'a-secret-that-must-not-show';
const FORM = `grant_type=client_credentials&client_secret=${SECRET}`;

async function post(answer: FakeAnswer) {
	const entra = new FakeEntra(() => answer);
	const network = new N8nNetworkModule(entra.httpRequest);
	const outcome = await network
		.sendPostRequestAsync(URL_OF_TOKENS, { headers: { 'X-Test': 'yes' }, body: FORM })
		.then(
			(response) => ({ response, error: undefined }),
			(error: unknown) => ({ response: undefined, error }),
		);
	return { ...outcome, network, entra };
}

/** The failure as an {@link EntraUnreachableError}, having checked that it holds no secret. */
async function failure(answer: FakeAnswer): Promise<EntraUnreachableError> {
	const { error, network } = await post(answer);
	if (!(error instanceof EntraUnreachableError)) throw new Error('It did not fail as expected');
	expect(error.message).not.toContain(SECRET);
	expect(JSON.stringify(error)).not.toContain(SECRET);
	expect(error.cause).toBeUndefined();
	expect(network.lastAnswer).toBeUndefined();
	return error;
}

describe('a token request over n8n', () => {
	it('is sent as it was made, follows no redirect and does not wait for ever', async () => {
		const { entra } = await post({ status: 200, body: {} });
		expect(entra.request).toMatchObject({
			method: 'POST',
			url: URL_OF_TOKENS,
			headers: { 'X-Test': 'yes' },
			body: FORM,
			disableFollowRedirect: true,
			returnFullResponse: true,
		});
		expect(entra.request.timeout).toBeGreaterThan(0);
		expect(entra.request.timeout).toBeLessThanOrEqual(60_000);
		expect(entra.request.abortSignal).toMatchObject({ aborted: false });
		expect(entra.request.skipSslCertificateValidation).toBeFalsy();
	});

	it('GET goes out as GET without a body', async () => {
		const requests: unknown[] = [];
		const network = new N8nNetworkModule(async (request) => {
			requests.push(request);
			return { statusCode: 200, headers: {}, body: '{"a":1}' };
		});
		const { body } = await network.sendGetRequestAsync('https://login.example.com/x');
		expect(body).toEqual({ a: 1 });
		expect(requests).toEqual([
			expect.objectContaining({ method: 'GET', url: 'https://login.example.com/x' }),
		]);
		expect(requests[0]).not.toHaveProperty('body');
	});

	it.each([
		['text', '{"token_type":"Bearer"}'],
		['text with a byte order mark', '\uFEFF{"token_type":"Bearer"}'],
	])('gives MSAL the parsed body of %s and headers in lower case', async (_what, body) => {
		const { response, network } = await post({
			status: 200,
			body,
			headers: { 'Content-Type': 'application/json', 'X-Ms-Request-Id': 7 },
		});
		const headers = { 'content-type': 'application/json', 'x-ms-request-id': '7' };
		expect(response).toEqual({ status: 200, headers, body: { token_type: 'Bearer' } });
		expect(network.lastAnswer).toEqual({ status: 200, headers, body: { token_type: 'Bearer' } });
	});

	it.each([400, 401, 429, 500, 503])(
		'status %d reaches MSAL as an answer although n8n throws it',
		async (status) => {
			const { response, network } = await post({
				status,
				body: { error: 'invalid_client' },
				headers: { 'Retry-After': '7' },
			});
			expect(response).toEqual({
				status,
				headers: { 'retry-after': '7' },
				body: { error: 'invalid_client' },
			});
			expect(network.lastAnswer?.status).toBe(status);
		},
	);

	it.each([
		[400, 'a token'],
		[200, ''],
		[200, 7],
	])('gives MSAL no token that is none: HTTP %d with %j', async (status, token) => {
		const { response } = await post({ status, body: { access_token: token } });
		expect(response?.body).toEqual({ access_token: undefined });
	});

	it.each(['<html><body>Sign in</body></html>', '', '"text"', 'null', '[]', '{"cut":'])(
		'remembers that %j was no JSON object',
		async (body) => {
			const { response, network } = await post({ status: 200, body });
			expect(response?.body).toEqual({});
			expect(network.lastAnswer).toEqual(expect.objectContaining({ status: 200, body: undefined }));
		},
	);

	it.each([
		['a list', '[{"error":"x"}]', { error: 'x' }],
		[
			'a page with a code',
			'<p>Sorry. AADSTS90002: No tenant.</p>',
			{ error_description: 'AADSTS90002: No tenant.' },
		],
		['a text with a code', 'AADSTS90002', { error_description: 'AADSTS90002' }],
		['a text of JSON with a code', '"AADSTS90002: a"', { error_description: 'AADSTS90002: a' }],
	])('remembers what %s says', async (_what, text, body) => {
		const { network } = await post({ status: 400, body: text });
		expect(network.lastAnswer?.body).toEqual(body);
	});

	it('forgets the last answer when the next request fails', async () => {
		const answers: FakeAnswer[] = [{ status: 200, body: { a: 1 } }, { code: 'ECONNRESET' }];
		const entra = new FakeEntra(() => answers.shift() ?? { code: 'ECONNREFUSED' });
		const network = new N8nNetworkModule(entra.httpRequest);
		await network.sendPostRequestAsync(URL_OF_TOKENS, { body: FORM });
		expect(network.lastAnswer).toBeDefined();
		await expect(network.sendPostRequestAsync(URL_OF_TOKENS, { body: FORM })).rejects.toThrow(
			'ECONNRESET',
		);
		expect(network.lastAnswer).toBeUndefined();
	});
});

describe('a login authority that cannot be asked', () => {
	it.each([301, 302, 307, 308])('says that redirect %d was not followed', async (status) => {
		const error = await failure({
			status,
			body: '',
			headers: { Location: `https://evil.example/?${FORM}` },
		});
		expect(error.message).toMatch(
			/^The login authority login\.example\.com answered with a redirect, which is not followed/,
		);
		expect(error.message).not.toContain('evil.example');
		expect(error.transient).toBe(false);
	});

	it('sends nothing to the address of the redirect', async () => {
		const { entra } = await post({
			status: 307,
			body: '',
			headers: { Location: 'https://evil.example/' },
		});
		expect(entra.requests.map(({ url }) => url)).toEqual([URL_OF_TOKENS]);
	});

	it('because the answer trickles beyond the time of the request: may pass', async () => {
		const error = await failure({ code: 'ERR_CANCELED' });
		expect(error.message).toContain('(ETIMEDOUT)');
		expect(error.transient).toBe(true);
	});

	it.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNABORTED', 'EAI_AGAIN'])(
		'says that the connection failed (%s), which may pass',
		async (code) => {
			const error = await failure({ code });
			expect(error.message).toBe(
				`The login authority login.example.com cannot be reached (${code}). Check the network, the proxy and 'Environment'.`,
			);
			expect(error.transient).toBe(true);
		},
	);

	it.each([
		[200, undefined, 'ERR_BAD_RESPONSE', 'ECONNRESET'],
		[200, '{"access_token":"a"}', 'ERR_BAD_RESPONSE', 'ECONNRESET'],
		[400, undefined, 'ERR_BAD_RESPONSE', 'ECONNRESET'],
		[400, null, 'ERR_BAD_RESPONSE', 'ECONNRESET'],
		[503, undefined, 'ERR_BAD_RESPONSE', 'ECONNRESET'],
		[200, undefined, 'Z_BUF_ERROR', 'Z_BUF_ERROR'],
	])('an answer of HTTP %d that broke off (%j, %s) may pass', async (status, data, code, told) => {
		const error = await failure({ code, response: { status, headers: {}, data } });
		expect(error.message).toContain(`cannot be reached (${told})`);
		expect(error.transient).toBe(true);
	});

	it.each([
		'SELF_SIGNED_CERT_IN_CHAIN',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
		'CERT_HAS_EXPIRED',
		'ERR_TLS_CERT_ALTNAME_INVALID',
	])('says that the certificate is not trusted (%s), which does not pass', async (code) => {
		const error = await failure({ code });
		expect(error.message).toMatch(
			/^n8n does not trust the certificate of the login authority login\.example\.com/,
		);
		expect(error.message).toContain(`(${code})`);
		expect(error.message).toContain('NODE_EXTRA_CA_CERTS');
		expect(error.transient).toBe(false);
	});

	it("gives n8n's own words where n8n did not let the request out", async () => {
		const error = await failure({
			refusedByN8n: 'Domain not allowed: This credential is restricted',
		});
		expect(error.message).toBe(
			'n8n did not send the token request to login.example.com: Domain not allowed: This credential is restricted',
		);
		expect(error.transient).toBe(false);
	});
});
