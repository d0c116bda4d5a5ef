import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import {
	type ICredentialDataDecryptedObject,
	type ICredentialsDecrypted,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	NodeApiError,
} from 'n8n-workflow';
import { EntraTokenError } from '../../../credentials/entra/acquireToken';
import { CredentialFieldError } from '../../../credentials/entra/environments';
import { shareToken } from '../../../credentials/entra/tokenSharing';
import { connect, type CredentialType } from '../../../nodes/PartnerCenterInsights/n8n/connection';
import type { ServiceRequest } from '../../../nodes/PartnerCenterInsights/insights/http/transport';
import { node } from '../node/node';

const HOST = 'api.partnercenter.microsoft.com';
const REQUEST: ServiceRequest = {
	method: 'PUT',
	path: '/insights/x',
	query: { a: 'b' },
	body: { ReportName: 'n' },
	headers: { Accept: 'application/json' },
};

type Lent = { credentialsDecrypted: ICredentialsDecrypted } | undefined;
type Helper = (options: IHttpRequestOptions, lent: Lent) => unknown;

async function connected(
	helper: Helper,
	{
		type = 'partnerCenterInsightsApi',
		credentials = {
			environment: 'global',
			...(type === 'partnerCenterInsightsApi'
				? { accessToken: 'token 0' }
				: { tenantId: 'contoso.com', clientId: 'app' }),
		},
		signal = new AbortController().signal,
	}: {
		type?: CredentialType;
		credentials?: ICredentialDataDecryptedObject;
		signal?: AbortSignal;
	} = {},
) {
	/** What n8n has stored. */
	const stored = { ...credentials };
	const calls: Array<{
		type: string;
		options: IHttpRequestOptions;
		lent: Lent;
		/** n8n puts it in place of the one in the options. */
		signalOfN8n: AbortSignal | undefined;
	}> = [];
	const context = {
		getCredentials: async () => ({ ...stored }),
		helpers: {
			async httpRequestWithAuthentication(
				this: Partial<IExecuteFunctions>,
				usedType: string,
				options: IHttpRequestOptions,
				lent: Lent,
			) {
				const signalOfN8n = this.getExecutionCancelSignal?.();
				calls.push({ type: usedType, options, lent, signalOfN8n });
				return helper(options, lent);
			},
		},
	};
	// The transport uses no more of n8n than this.
	const connection = await connect(context as unknown as IExecuteFunctions, type, 5_000, signal);
	return { ...connection, calls, stored };
}

const ok = () => ({ statusCode: 200, headers: { 'Ms-CorrelationId': 'c' }, body: '{}' });

const refused = () => ({ statusCode: 401, headers: {}, body: '' });

/** An error as the request helper throws it: with the whole request in it. */
const requestError = (message: string, fields: Record<string, unknown>) =>
	Object.assign(new Error(message), {
		config: { headers: { Authorization: 'Bearer abc' } },
		...fields,
	});

/** What n8n wraps around it. */
const wrapped = (error: Error) =>
	Object.assign(new NodeApiError(node, { message: error.message }), {
		cause: error,
	});

async function outcomeOf(error: unknown) {
	const { transport } = await connected(() => {
		throw error;
	});
	const outcome = await transport(REQUEST);
	expect(JSON.stringify(outcome)).not.toContain('Bearer');
	return outcome;
}

describe('a request through n8n', () => {
	it('goes to the API of the credential, follows no redirect and can be stopped', async () => {
		const { transport, calls, apiBaseUrl } = await connected(ok);
		expect(await transport(REQUEST)).toEqual({
			kind: 'answer',
			status: 200,
			headers: { 'ms-correlationid': 'c' },
			body: '{}',
		});
		expect(apiBaseUrl).toBe(`https://${HOST}`);
		const [{ type, options }] = calls;
		expect(type).toBe('partnerCenterInsightsApi');
		expect(options).toMatchObject({
			method: 'PUT',
			baseURL: `https://${HOST}`,
			url: '/insights/x',
			qs: { a: 'b' },
			body: { ReportName: 'n' },
			headers: { Accept: 'application/json' },
			timeout: 5_000,
			disableFollowRedirect: true,
			sendCredentialsOnCrossOriginRedirect: false,
			returnFullResponse: true,
		});
		expect(options.abortSignal).toBeInstanceOf(AbortSignal);
		expect(options.ignoreHttpStatusErrors).toBe(true);
		// Anything else would keep n8n from checking the certificate.
		expect(options.skipSslCertificateValidation).toBeFalsy();
	});

	it.each(['partnerCenterInsightsApi', 'partnerCenterInsightsOAuth2Api'] as const)(
		'of %s is not waited for once it is stopped, though its token is still fetched',
		async (type) => {
			const stop = new AbortController();
			const { transport, calls } = await connected(() => new Promise(() => undefined), {
				type,
				signal: stop.signal,
			});
			const sent = transport(REQUEST);
			await new Promise(setImmediate);
			expect(calls).toHaveLength(1);
			stop.abort();
			expect(await sent).toMatchObject({ kind: 'noAnswer' });
			expect(await transport(REQUEST)).toMatchObject({ kind: 'notSent' });
			expect(calls).toHaveLength(1);
		},
	);

	describe.each(['partnerCenterInsightsApi', 'partnerCenterInsightsOAuth2Api'] as const)(
		'of %s that creates something',
		(type) => {
			const CREATE = { ...REQUEST, method: 'POST' as const, headers: { 'ms-requestid': 'id' } };
			/** As Node.js tells of it. */
			const tellSent = (id = 'id') =>
				channel('http.client.request.start').publish({ request: { getHeader: () => id } });
			const creating = async (helper: (stop: AbortController) => unknown) => {
				const stop = new AbortController();
				const { transport, calls } = await connected(() => helper(stop), {
					type,
					signal: stop.signal,
				});
				return { calls, stop, outcome: transport(CREATE) };
			};

			it('is carried to its answer through a stop once it has been sent', async () => {
				let answer: (response: object) => void = () => undefined;
				const { calls, stop, outcome } = await creating(
					() => new Promise((resolve) => (answer = resolve)),
				);
				await new Promise(setImmediate);
				tellSent();
				stop.abort();
				await new Promise(setImmediate);
				answer(ok());
				expect(await outcome).toMatchObject({ kind: 'answer', status: 200 });
				expect(calls[0]?.options.abortSignal?.aborted).toBe(false);
			});

			it('is not sent where it is stopped before, while its token is fetched', async () => {
				const { calls, stop, outcome } = await creating(() => new Promise(() => undefined));
				await new Promise(setImmediate);
				tellSent('another one');
				stop.abort();
				expect(await outcome).toMatchObject({ kind: 'notSent' });
				expect(calls[0]?.options.abortSignal?.aborted).toBe(true);
				expect(calls[0]?.signalOfN8n).toBe(calls[0]?.options.abortSignal);
			});

			it('is not sent again with a new token where it was stopped meanwhile', async () => {
				const { calls, outcome } = await creating((stop) => {
					tellSent();
					stop.abort();
					return refused();
				});
				expect(await outcome).toMatchObject({
					kind: 'notSent',
					message: 'The execution was stopped',
				});
				expect(calls).toHaveLength(1);
			});

			it('may have arrived where its connection drops after a stop', async () => {
				const { outcome } = await creating((stop) => {
					tellSent();
					stop.abort();
					throw requestError('socket hang up', { code: 'ECONNRESET' });
				});
				expect(await outcome).toMatchObject({ kind: 'noAnswer', code: 'ECONNRESET' });
			});
		},
	);

	it('is refused where the custom address of the API is not https', async () => {
		await expect(
			connected(ok, {
				credentials: {
					environment: 'custom',
					authorityHost: 'https://login.example.com',
					apiBaseUrl: 'http://api.example.com',
				},
			}),
		).rejects.toBeInstanceOf(CredentialFieldError);
	});

	it('counts for one account, however its tenant and app are written', async () => {
		const accountOf = async (tenantId: string, clientId: string) =>
			(await connected(ok, { credentials: { environment: 'global', tenantId, clientId } })).account;
		const account = await accountOf('contoso.com', 'app-1');
		expect(await accountOf(' Contoso.com', 'APP-1\n')).toBe(account);
		expect(await accountOf('contoso.com', 'app-2')).not.toBe(account);
		expect(await accountOf('fabrikam.com', 'app-1')).not.toBe(account);
	});
});

describe('what comes back', () => {
	const response = { status: 429, headers: { 'Retry-After': 7 }, data: '{"message":"busy"}' };
	const expected = {
		kind: 'answer',
		status: 429,
		headers: { 'retry-after': '7' },
		body: '{"message":"busy"}',
	};

	describe.each(['partnerCenterInsightsApi', 'partnerCenterInsightsOAuth2Api'] as const)(
		'with %s',
		(type) => {
			const token = 'eyJ0.of-a.run';
			const data = `{"message":"who is ${token}?"}`;
			/** As Node.js tells of a request that n8n has put the token into. */
			const tellSent = () => {
				const headers: Record<string, string> = {
					'ms-requestid': 'id',
					authorization: `Bearer ${token}`,
				};
				const getHeader = (name: string) => headers[name];
				channel('http.client.request.start').publish({ request: { getHeader } });
			};
			const ask = async (helper: () => unknown) => {
				const { transport } = await connected(
					() => {
						tellSent();
						return helper();
					},
					{ type },
				);
				return await transport({ ...REQUEST, headers: { 'ms-requestid': 'id' } });
			};

			it.each([400, 200])('is no token, which a gateway repeats with %i', async (status) => {
				expect(await ask(() => ({ statusCode: status, headers: {}, body: data }))).toEqual({
					kind: 'answer',
					status,
					headers: {},
					body: '{"message":"who is …?"}',
				});
			});

			it('is no token either where the helper throws the status', async () => {
				const thrown = requestError('failed', { response: { status: 403, headers: {}, data } });
				const outcome = await ask(() => {
					throw thrown;
				});
				expect(outcome).toMatchObject({ status: 403, body: '{"message":"who is …?"}' });
			});
		},
	);

	it('is an answer where the helper throws a status, wrapped or not', async () => {
		const error = requestError('Request failed', { code: 'ERR_BAD_REQUEST', response });
		expect(await outcomeOf(error)).toEqual(expected);
		expect(await outcomeOf(wrapped(error))).toEqual(expected);
	});

	it.each(['ECONNRESET', 'SELF_SIGNED_CERT_IN_CHAIN'])(
		'is none where the connection failed with %s, wrapped or not',
		async (code) => {
			const error = requestError('failed', { code });
			expect(await outcomeOf(error)).toEqual({ kind: 'noAnswer', code, host: HOST });
			expect(await outcomeOf(wrapped(error))).toEqual({ kind: 'noAnswer', code, host: HOST });
		},
	);

	it('is none where the socket hung up without a code', async () => {
		expect(await outcomeOf(wrapped(requestError('socket hang up', {})))).toEqual({
			kind: 'noAnswer',
			code: 'ECONNRESET',
			host: HOST,
		});
	});

	// n8n 1.123 keeps no cause: only its own message, the earlier ones, and a code.
	const bare = (fields: Partial<NodeApiError>) =>
		Object.assign(new NodeApiError(node, { message: 'words of n8n' }), fields);

	it.each([
		['a code in place of the HTTP code', { httpCode: 'ECONNRESET' }, 'ECONNRESET'],
		['an earlier message', { messages: ['connect ECONNREFUSED 127.0.0.1:1'] }, 'ECONNREFUSED'],
		['a time-out', { messages: ['timeout of 1000ms exceeded'] }, 'ECONNABORTED'],
		['a socket that hung up', { messages: ['socket hang up'] }, 'ECONNRESET'],
		['a certificate', { httpCode: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'SELF_SIGNED_CERT_IN_CHAIN'],
	])('is read from %s where n8n keeps no cause', async (_case, fields, code) => {
		expect(await outcomeOf(bare(fields))).toEqual({ kind: 'noAnswer', code, host: HOST });
	});

	it('has at least its status where n8n keeps no cause', async () => {
		expect(await outcomeOf(bare({ httpCode: '401' }))).toMatchObject({
			kind: 'answer',
			status: 401,
		});
	});

	it('is asked for again, so that it fails, where n8n does not know the exception for 401', async () => {
		const { transport, calls } = await connected(
			({ ignoreHttpStatusErrors }) => (ignoreHttpStatusErrors ? refused() : ok()),
			{ type: 'partnerCenterInsightsOAuth2Api' },
		);
		expect(await transport(REQUEST)).toMatchObject({ status: 200 });
		expect(calls.map(({ options }) => options.ignoreHttpStatusErrors)).toEqual([
			true,
			{ ignore: true, except: [401] },
			false,
		]);
	});

	it('is asked for with one new token there, where a user signed in and many are refused', async () => {
		let stored = 'old';
		let renewals = 0;
		const { transport } = await connected(
			async ({ ignoreHttpStatusErrors }) => {
				const token = stored;
				await new Promise(setImmediate);
				if (token === 'new') return ok();
				if (ignoreHttpStatusErrors) return refused();
				renewals += 1;
				await new Promise(setImmediate);
				stored = 'new';
				return ok();
			},
			{ type: 'partnerCenterInsightsOAuth2Api' },
		);
		const outcomes = await Promise.all([1, 2, 3, 4].map(async () => await transport(REQUEST)));
		for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 200 });
		expect(renewals).toBe(1);
	});

	it('is a failure for each request there that fails after the renewal, and for no other', async () => {
		const { transport } = await connected(
			({ ignoreHttpStatusErrors, url }) => {
				if (ignoreHttpStatusErrors) return refused();
				if (url === '/dropped') throw requestError('failed', { code: 'ECONNRESET' });
				return ok();
			},
			{ type: 'partnerCenterInsightsOAuth2Api' },
		);
		const sent = ['/dropped', '/a', '/dropped', '/b'].map(
			async (path) => await transport({ ...REQUEST, path }),
		);
		expect((await Promise.all(sent)).map(({ kind }) => kind)).toEqual([
			'noAnswer',
			'answer',
			'noAnswer',
			'answer',
		]);
	});

	it('is that of the login authority where the service was heard last, and refused the token', async () => {
		const getHeader = () => 'id';
		const told = (statusCode: number, complete: boolean) => {
			const response = Object.assign(new EventEmitter(), { statusCode, complete });
			const event = { request: { getHeader }, response };
			channel('http.client.response.finish').publish(event);
			response.emit('close');
		};
		const sentAgain = () => {
			channel('http.client.request.start').publish({ request: { getHeader } });
		};
		const outcomeAfter = async (heard: () => void) => {
			const { transport } = await connected(
				({ ignoreHttpStatusErrors }) => {
					if (ignoreHttpStatusErrors) return refused();
					heard();
					throw bare({ httpCode: 'ECONNREFUSED' });
				},
				{ type: 'partnerCenterInsightsOAuth2Api' },
			);
			return await transport({ ...REQUEST, headers: { 'ms-requestid': 'id' } });
		};
		expect(await outcomeAfter(() => told(401, true))).toEqual({
			kind: 'notSent',
			message: expect.stringMatching(
				/^The login authority login[.]microsoftonline[.]com cannot be reached [(]ECONNREFUSED[)]/,
			),
			transient: true,
			retryAfter: undefined,
		});
		const ofService = { kind: 'noAnswer', code: 'ECONNREFUSED', host: HOST };
		for (const heard of [
			() => undefined,
			() => told(401, false),
			() => told(503, true),
			() => {
				told(401, true);
				sentAgain();
			},
		]) {
			expect(await outcomeAfter(heard)).toEqual(ofService);
		}
	});

	it.each(['OAuth credentials not connected', 'Unable to sign without access token.'])(
		'says where to press Connect: %s',
		async (message) => {
			expect(await outcomeOf(wrapped(new Error(message)))).toMatchObject({
				kind: 'notSent',
				message: 'The OAuth2 credential is not connected: open it and press Connect',
			});
		},
	);

	it('is not that of Entra: a token that was not given means that nothing was sent', async () => {
		const error = new EntraTokenError('Entra is busy', true, '7');
		expect(await outcomeOf(wrapped(error))).toEqual({
			kind: 'notSent',
			message: 'Entra is busy',
			transient: true,
			retryAfter: '7',
		});
	});

	it('does not pass where a field of the credential cannot be used', async () => {
		expect(await outcomeOf(wrapped(new CredentialFieldError("'Tenant ID' is empty")))).toEqual({
			kind: 'notSent',
			message: "'Tenant ID' is empty",
			transient: false,
			retryAfter: undefined,
		});
	});

	it('says why n8n did not let the request out', async () => {
		expect(await outcomeOf(new Error('Domain not allowed'))).toEqual({
			kind: 'notSent',
			message: 'Domain not allowed',
			transient: false,
		});
	});

	it.each([undefined, null, 'text'])('is told even where %p was thrown', async (thrown) => {
		expect(await outcomeOf(thrown)).toMatchObject({ kind: 'notSent', transient: false });
	});

	it('does not run round in errors that cause each other', async () => {
		const error = new Error('round');
		error.cause = error;
		expect(await outcomeOf(error)).toMatchObject({ kind: 'notSent', message: 'round' });
	});
});

describe('the token of a run', () => {
	const renew = (lent: Lent, fields: ICredentialDataDecryptedObject) => {
		Object.assign(lent?.credentialsDecrypted.data ?? {}, fields);
	};

	it('is lent to each request, and a renewed one to the next', async () => {
		const seen: unknown[] = [];
		const { transport } = await connected((_options, lent) => {
			seen.push({ ...lent?.credentialsDecrypted.data });
			renew(lent, { accessToken: `token ${seen.length}`, refreshToken: `user ${seen.length}` });
			return ok();
		});
		await transport(REQUEST);
		await transport(REQUEST);
		expect(seen).toEqual([
			{ environment: 'global', accessToken: 'token 0' },
			{ environment: 'global', accessToken: 'token 1', refreshToken: 'user 1' },
		]);
	});

	it('is taken back from a request that failed after all', async () => {
		let accessToken: unknown;
		const { transport } = await connected((_options, lent) => {
			accessToken = lent?.credentialsDecrypted.data?.accessToken;
			renew(lent, { accessToken: 'token 1' });
			throw requestError('failed', { response: { status: 500, headers: {}, data: '' } });
		});
		await transport(REQUEST);
		await transport(REQUEST);
		expect(accessToken).toBe('token 1');
	});

	it('that one request renews does not change under another that is under way', async () => {
		const data: Array<ICredentialDataDecryptedObject | undefined> = [];
		const { transport } = await connected((_options, lent) => {
			data.push(lent?.credentialsDecrypted.data);
			if (data.length === 1) return ok();
			renew(lent, { accessToken: 'token 1' });
			return ok();
		});
		await Promise.all([transport(REQUEST), transport(REQUEST)]);
		expect(data.map((lent) => lent?.accessToken)).toEqual(['token 0', 'token 1']);
	});

	it('is not put back by a slow request that still held the old one', async () => {
		const seen: unknown[] = [];
		const { transport } = await connected(async (_options, lent) => {
			const nth = seen.push(lent?.credentialsDecrypted.data?.accessToken);
			if (nth === 1) await new Promise(setImmediate);
			if (nth === 2) renew(lent, { accessToken: 'token 1' });
			return ok();
		});
		await Promise.all([transport(REQUEST), transport(REQUEST)]);
		await transport(REQUEST);
		expect(seen).toEqual(['token 0', 'token 0', 'token 1']);
	});

	/** What each request was lent, at the time it was sent. */
	async function lentTo(helper: Helper, credentials?: ICredentialDataDecryptedObject) {
		const seen: unknown[] = [];
		const connection = await connected((options, lent) => {
			seen.push({ ...lent?.credentialsDecrypted.data });
			return helper(options, lent);
		}, credentials && { credentials });
		return { ...connection, seen };
	}

	/** Answers as the service that takes this token alone, and as n8n that fetches it where there is none. */
	const taking =
		(right: string): Helper =>
		(_options, lent) => {
			if (lent?.credentialsDecrypted.data?.accessToken === '') renew(lent, { accessToken: right });
			return lent?.credentialsDecrypted.data?.accessToken === right ? ok() : refused();
		};

	it('is fetched with what the credential holds by the time that the old one is refused', async () => {
		const { transport, stored, seen } = await lentTo(taking('token 1'));
		Object.assign(stored, { clientSecret: 'saved meanwhile' });
		expect(await transport(REQUEST)).toMatchObject({ status: 200 });
		expect(seen).toEqual([
			{ environment: 'global', accessToken: 'token 0' },
			{
				environment: 'global',
				accessToken: '',
				clientSecret: 'saved meanwhile',
				refusedAccessToken: 'token 0',
			},
		]);
	});

	it('is the one that another process has stored meanwhile, also for the next request', async () => {
		const { transport, stored, seen } = await lentTo(taking('token 1'));
		Object.assign(stored, { accessToken: 'token 1' });
		await transport(REQUEST);
		await transport(REQUEST);
		expect(seen).toEqual(
			['token 0', 'token 1', 'token 1'].map((accessToken) => ({
				environment: 'global',
				accessToken,
			})),
		);
	});

	it('is fetched where the one that was stored meanwhile is refused too', async () => {
		const { transport, stored, seen } = await lentTo(taking('token 2'));
		Object.assign(stored, { accessToken: 'token 1' });
		expect(await transport(REQUEST)).toMatchObject({ status: 200 });
		expect(seen).toEqual([
			expect.objectContaining({ accessToken: 'token 0' }),
			expect.objectContaining({ accessToken: 'token 1' }),
			expect.objectContaining({ accessToken: '', refusedAccessToken: 'token 1' }),
		]);
	});

	it('is fetched once for a request: a new one that is refused is an answer', async () => {
		let fetched = 0;
		const { transport } = await lentTo(async (_options, lent) => {
			const credentials = lent?.credentialsDecrypted.data ?? {};
			if (credentials.accessToken === '') {
				const fetch = async () => ({ accessToken: `new ${++fetched}` });
				renew(lent, { ...(await shareToken(credentials, fetch)) });
			}
			return refused();
		});
		expect(await transport(REQUEST)).toMatchObject({ kind: 'answer', status: 401 });
		expect(fetched).toBe(1);
	});

	it('is fetched for each request with what the credential holds now, as long as there is none', async () => {
		const { transport, stored, seen } = await lentTo(
			() => {
				throw new EntraTokenError('wrong secret', false);
			},
			{ environment: 'global', accessToken: '', clientSecret: 'wrong' },
		);
		expect(await transport(REQUEST)).toMatchObject({ kind: 'notSent', message: 'wrong secret' });
		Object.assign(stored, { clientSecret: 'right' });
		await transport(REQUEST);
		expect(seen).toEqual([
			expect.objectContaining({ clientSecret: 'wrong' }),
			expect.objectContaining({ clientSecret: 'right' }),
		]);
	});

	it('of the OAuth2 credential is left to n8n', async () => {
		const { transport, calls } = await connected(ok, { type: 'partnerCenterInsightsOAuth2Api' });
		await transport(REQUEST);
		expect(calls).toHaveLength(1);
		expect(calls[0].type).toBe('partnerCenterInsightsOAuth2Api');
		expect(calls[0].lent).toBeUndefined();
	});
});
