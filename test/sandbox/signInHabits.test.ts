import type { Sandbox } from '../../sandbox/service/client';
import { emptySandboxForEach, type HttpsClient } from './httpsClient';

let sandbox: Sandbox;
let client: HttpsClient;

emptySandboxForEach((...started) => ([sandbox, client] = started));

const get = async (path: string, user?: 'withMfa' | 'withoutMfa') => {
	client.useToken(await sandbox.issueToken(user ? { user } : {}));
	const { status, text } = await client.insights('GET', path);
	return { status, body: JSON.parse(text) as Record<string, unknown> };
};
const mpn = 'v1/mpn/ScheduledDataset';
const cmp = 'v1.1/cmp/ScheduledDataset';

test('cmp refuses app and user, mpn goes on to take them', async () => {
	expect((await get(cmp, 'withMfa')).status).toBe(200);
	await sandbox.setOptions({ userTokensOnCmp: false });
	expect((await get(cmp, 'withMfa')).status).toBe(403);
	expect((await get(mpn, 'withMfa')).status).toBe(200);
	expect((await get(cmp)).status).toBe(200);
});

test('mpn refuses an app alone with a 400 that names the user', async () => {
	await sandbox.setOptions({ appTokensOnMpn: false });
	expect(await get(mpn)).toEqual({
		status: 400,
		body: { statusCode: 400, message: 'Authorization header token missing user information' },
	});
	expect((await get(mpn, 'withMfa')).status).toBe(200);
	expect((await get(cmp)).status).toBe(200);
});

test('a token without MFA is a 401 with code 900421', async () => {
	expect((await get(mpn, 'withoutMfa')).status).toBe(200);
	await sandbox.setOptions({ mfaRequired: true });
	const { status, body } = await get(mpn, 'withoutMfa');
	expect([status, body.code]).toEqual([401, '900421']);
	expect((await get(mpn, 'withMfa')).status).toBe(200);
	expect((await get(mpn)).status).toBe(200);
});

test('the retired resource still gets tokens, which the API refuses by code 900420', async () => {
	client.useToken(await sandbox.issueToken({ audience: 'https://graph.windows.net' }));
	const { status, text } = await client.insights('GET', cmp);
	expect([status, JSON.parse(text)]).toMatchObject([401, { code: '900420' }]);
});

test('the token is taken from X-AadUserTicket only where that is switched on', async () => {
	const ticket = { 'x-aaduserticket': await sandbox.issueToken({ user: 'withMfa' }) };
	expect((await client.insights('GET', mpn, undefined, ticket)).status).toBe(401);
	await sandbox.setOptions({ userTicketHeader: true });
	expect((await client.insights('GET', mpn, undefined, ticket)).status).toBe(200);
});

describe('refresh tokens', () => {
	const redeem = async (token: string, scope = 'user_impersonation offline_access') => {
		const { clientId, clientSecret } = sandbox.apps.standard;
		return await client.requestToken({
			grant_type: 'refresh_token',
			client_id: clientId,
			client_secret: clientSecret,
			refresh_token: token,
			scope: `${sandbox.apiUrl}/${scope}`,
		});
	};

	test('a new one comes unasked, or only with offline_access', async () => {
		const { standard } = sandbox.apps.refreshTokens;
		expect((await redeem(standard, 'user_impersonation')).body).toHaveProperty('refresh_token');
		await sandbox.setOptions({ refreshTokensUnasked: false });
		const { status, body } = await redeem(standard, 'user_impersonation');
		expect(status).toBe(200);
		expect(body).not.toHaveProperty('refresh_token');
		expect((await redeem(standard)).body).toHaveProperty('refresh_token');
	});

	test('use prolongs one, or it ends when its own 90 days are over', async () => {
		const { standard } = sandbox.apps.refreshTokens;
		await sandbox.advanceClock({ hours: 60 * 24 });
		expect((await redeem(standard)).status).toBe(200);
		await sandbox.advanceClock({ hours: 60 * 24 });
		expect((await redeem(standard)).status).toBe(200);

		await sandbox.reset('empty');
		await sandbox.setOptions({ redeemingProlongsRefreshTokens: false });
		await sandbox.advanceClock({ hours: 60 * 24 });
		const later = (await redeem(standard)).body.refresh_token;
		await sandbox.advanceClock({ hours: 60 * 24 });
		expect((await redeem(standard)).body.error_codes).toEqual([700082]);
		expect((await redeem(String(later))).status).toBe(200);
	});

	test('one of a sign-in without MFA brings tokens without MFA, and so does what follows it', async () => {
		await sandbox.setOptions({ mfaRequired: true });
		const first = (await redeem(sandbox.apps.refreshTokens.withoutMfa)).body;
		const second = (await redeem(String(first.refresh_token))).body;
		for (const { access_token: token } of [first, second]) {
			client.useToken(String(token));
			expect((await client.insights('GET', mpn)).status).toBe(401);
		}
	});
});
