import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { noteFailure } from '../../../credentials/entra/storedCredential';
import { forgetSharedTokens, shareToken } from '../../../credentials/entra/tokenSharing';
import { appCredential } from '../../../nodes/PartnerCenterInsights/n8n/appCredential';

/** A run against a service that takes the given tokens; n8n fetches `new 1`, `new 2` … and stores them. */
function runOf(accepted: string[] = []) {
	const stored: ICredentialDataDecryptedObject = { accessToken: 'stored' };
	const used: unknown[] = [];
	const clock = { now: 1_000_000 };
	let fetched = 0;
	const withApp = appCredential(
		'partnerCenterInsightsApi',
		{ ...stored },
		async () => ({ ...stored }),
		async (_credentials, work) => await work(),
		() => clock.now,
	);
	const request = async () => {
		clock.now += 1;
		const { statusCode } = await withApp(async ({ data = {} }) => {
			if (data.accessToken === '') {
				const fetch = async () => ({ accessToken: `new ${++fetched}` });
				Object.assign(data, await shareToken(data, fetch, () => clock.now));
				stored.accessToken = data.accessToken;
			}
			const token = String(data.accessToken);
			used.push(token);
			await Promise.resolve();
			return { statusCode: accepted.includes(token) ? 200 : 401, headers: {}, body: '' };
		});
		return statusCode;
	};
	return { request, stored, used, clock, fetched: () => fetched };
}

beforeEach(forgetSharedTokens);

describe('the token of a run that is refused though it was new', () => {
	it('is tried by each request, and no other one is fetched', async () => {
		const { request, used } = runOf();
		for (let item = 0; item < 3; item++) expect(await request()).toBe(401);
		expect(used).toEqual(['stored', 'new 1', 'new 1', 'new 1']);
	});

	it('serves as soon as the service takes it', async () => {
		const accepted: string[] = [];
		const { request, fetched } = runOf(accepted);
		expect(await request()).toBe(401);
		accepted.push('new 1');
		expect(await request()).toBe(200);
		expect(fetched()).toBe(1);
	});

	it('makes way for a new one after a minute', async () => {
		const { request, clock, fetched } = runOf(['new 2']);
		expect(await request()).toBe(401);
		clock.now += 59_998;
		expect(await request()).toBe(401);
		expect(fetched()).toBe(1);
		expect(await request()).toBe(200);
		expect(fetched()).toBe(2);
	});

	it('makes way for a new one where the clock has been set back since', async () => {
		const { request, clock, fetched } = runOf(['new 2']);
		expect(await request()).toBe(401);
		clock.now -= 3_600_000;
		expect(await request()).toBe(200);
		expect(fetched()).toBe(2);
	});

	it('makes way for another one that is stored meanwhile', async () => {
		const { request, stored, fetched } = runOf(['of another process']);
		expect(await request()).toBe(401);
		stored.accessToken = 'of another process';
		expect(await request()).toBe(200);
		expect(fetched()).toBe(1);
	});

	it('is none that was shared, and fetched before the request', async () => {
		const accepted = ['new 1'];
		const { request, stored, used } = runOf(accepted);
		expect(await request()).toBe(200);
		accepted.splice(0, 1, 'new 2');
		// Another process was slow to store what it has fetched.
		stored.accessToken = 'stored';
		expect(await request()).toBe(200);
		expect(used).toEqual(['stored', 'new 1', 'new 1', 'stored', 'new 1', 'new 2']);
	});

	it('makes way for that of another app that is saved meanwhile', async () => {
		const { request, stored, fetched } = runOf(['new 2']);
		expect(await request()).toBe(401);
		stored.clientId = 'another app';
		expect(await request()).toBe(200);
		expect(fetched()).toBe(2);
	});

	it('makes way for that of another user whose refresh token is saved meanwhile', async () => {
		const { request, stored, fetched } = runOf(['new 2']);
		Object.assign(stored, { grantType: 'refreshToken', refreshToken: 'without MFA' });
		expect(await request()).toBe(401);
		expect(await request()).toBe(401);
		stored.refreshToken = 'with MFA';
		expect(await request()).toBe(200);
		expect(fetched()).toBe(2);
	});

	it('does not stand in the way of the renewal of one that has served', async () => {
		const accepted = ['new 1'];
		const { request, fetched } = runOf(accepted);
		expect(await request()).toBe(200);
		accepted.splice(0, 1, 'new 2');
		expect(await request()).toBe(200);
		expect(fetched()).toBe(2);
	});
});

it('fails with what the hook has failed with, also where n8n keeps no more of that than words', async () => {
	const refusal = new Error('The client secret is wrong');
	const withApp = appCredential(
		'partnerCenterInsightsApi',
		{ accessToken: '' },
		async () => ({ accessToken: '' }),
		async (_credentials, work) => await work(),
	);
	const sent = withApp(async ({ data = {} }) => {
		noteFailure(data, refusal);
		throw new Error('Words of n8n');
	});
	await expect(sent).rejects.toBe(refusal);
});
