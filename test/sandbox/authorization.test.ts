import { type Sandbox, startSandbox } from '../../sandbox/service/client';
import { HttpsClient } from './httpsClient';

let sandbox: Sandbox;
let client: HttpsClient;

const path = 'v1/mpn/ScheduledDataset';

beforeAll(async () => {
	sandbox = await startSandbox();
	client = new HttpsClient(sandbox);
});
beforeEach(async () => await sandbox.reset());
afterAll(async () => await sandbox.stop());

async function statusWith(token: string): Promise<number> {
	client.useToken(token);
	return (await client.insights('GET', path)).status;
}

test('a token for the sandbox or for the global API opens both programs', async () => {
	expect(await statusWith(await sandbox.issueToken())).toBe(200);
	const audience = 'https://api.partnercenter.microsoft.com';
	expect(await statusWith(await sandbox.issueToken({ audience }))).toBe(200);
	expect((await client.insights('GET', 'v1.1/cmp/ScheduledDataset')).status).toBe(200);
});

test.each<[string, () => Promise<string>]>([
	['another audience', () => sandbox.issueToken({ audience: 'https://graph.microsoft.com' })],
	[
		"the audience of another cloud's API",
		() => sandbox.issueToken({ audience: 'https://partner.partnercenterapi.microsoftonline.cn' }),
	],
	['an expired token', () => sandbox.issueToken({ expiresInSeconds: -1 })],
	['a foreign signature', () => sandbox.issueToken({ badSignature: true })],
	['no JWT', async () => 'garbage'],
])('refuses %s in the words of the gateway', async (_name, issue) => {
	client.useToken(await issue());
	const { status, text, headers } = await client.insights('GET', path);
	expect(status).toBe(401);
	expect(JSON.parse(text)).toEqual({
		statusCode: 401,
		message: 'Unauthorized. Access token is missing or invalid.',
	});
	expect(headers['www-authenticate']).toContain('Bearer');
});

test.each<Record<string, string>>([{}, { authorization: 'Basic dXNlcjpwYXNz' }])(
	'refuses a request without a bearer token (%j)',
	async (headers) => {
		expect((await client.insights('GET', path, undefined, headers)).status).toBe(401);
	},
);

test('a token that was good expires by the sandbox clock', async () => {
	const token = await sandbox.issueToken();
	expect(await statusWith(token)).toBe(200);
	await sandbox.advanceClock({ hours: 1 });
	expect(await statusWith(token)).toBe(401);
	expect(await statusWith(await sandbox.issueToken())).toBe(200);
});

test('revoking makes all earlier tokens worthless, and no later one', async () => {
	const token = await sandbox.issueToken();
	expect(await statusWith(token)).toBe(200);
	await sandbox.revokeTokens();
	expect(await statusWith(token)).toBe(401);
	expect(await statusWith(await sandbox.issueToken())).toBe(200);
});

test('an app without a role gets 403', async () => {
	const { clientId } = sandbox.apps.noRole;
	expect(await statusWith(await sandbox.issueToken({ clientId }))).toBe(403);
});

test('the journal counts distinct tokens and shows none', async () => {
	const tokens = [await sandbox.issueToken(), await sandbox.issueToken()];
	for (const token of [...tokens, ...tokens]) await statusWith(token);
	const journal = await sandbox.journal({ host: 'api' });
	const seen = journal.map(({ headers }) => headers.authorization);
	expect(seen).toHaveLength(4);
	expect(new Set(seen).size).toBe(2);
	for (const token of tokens) expect(JSON.stringify(journal)).not.toContain(token);
});

test('the journal shows no secret of a token request', async () => {
	const { clientId, clientSecret } = sandbox.apps.standard;
	const { body } = await client.requestToken({
		grant_type: 'refresh_token',
		client_id: clientId,
		client_secret: clientSecret,
		refresh_token: sandbox.apps.refreshTokens.standard,
	});
	const entry = (await sandbox.journal({ host: 'login' })).at(-1);
	expect(entry?.body).toMatchObject({ grant_type: 'refresh_token', client_id: clientId });
	const text = JSON.stringify(entry);
	for (const secret of [clientSecret, sandbox.apps.refreshTokens.standard, body.access_token]) {
		expect(text).not.toContain(`"${String(secret)}"`);
	}
});

test('the caller’s correlation ID comes back', async () => {
	const id = '0b1f7a52-2f0e-4b2e-9d0b-7f6f0f1a2b3c';
	const { headers } = await client.insights('GET', path, undefined, {
		authorization: `Bearer ${await sandbox.issueToken()}`,
		'ms-correlationid': id,
	});
	expect(headers['ms-correlationid']).toBe(id);
});
