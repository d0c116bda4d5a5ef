import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { AcquiredToken } from '../../../credentials/entra/acquireToken';
import {
	forgetSharedTokens,
	heldToken,
	REFUSED_TOKEN,
	shareToken,
} from '../../../credentials/entra/tokenSharing';
import { app, appAndUser } from './app';

let clock = 1_000_000;
const now = () => clock;

/** Issues numbered tokens and counts them; `issue` can be held back or made to fail. */
class Issuer {
	count = 0;

	constructor(private readonly issue: (n: number) => Promise<AcquiredToken>) {}

	readonly fetch = async () => await this.issue(++this.count);
}

const numbered = () => new Issuer(async (n) => ({ accessToken: `token ${n}` }));

async function take(
	issuer: Issuer,
	credentials: ICredentialDataDecryptedObject = app,
): Promise<string> {
	return (await shareToken(credentials, issuer.fetch, now)).accessToken;
}

beforeEach(() => {
	forgetSharedTokens();
	clock = 1_000_000;
});

describe('callers at the same moment', () => {
	it('share one fetch, whether they hold a refused token or none', async () => {
		const issuer = numbered();
		const callers = Array.from(
			{ length: 20 },
			async (_, i) => await take(issuer, { ...app, accessToken: i % 2 ? 'expired' : '' }),
		);
		expect(new Set(await Promise.all(callers))).toEqual(new Set(['token 1']));
		expect(issuer.count).toBe(1);
	});

	it('share the failure, and the next caller asks again', async () => {
		const issuer = new Issuer(async (n) => {
			if (n === 1) throw new Error('Entra is busy');
			return { accessToken: `token ${n}` };
		});
		const outcomes = await Promise.allSettled([take(issuer), take(issuer), take(issuer)]);
		expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
		expect(issuer.count).toBe(1);
		expect(await take(issuer)).toBe('token 2');
		expect(issuer.count).toBe(2);
	});

	it.each<[string, ICredentialDataDecryptedObject]>([
		['environment', { environment: 'china' }],
		['authority', { authorityHost: 'https://login.example.com' }],
		['API', { apiBaseUrl: 'https://api.example.com' }],
		['tenant', { tenantId: 'fabrikam.com' }],
		['client ID', { clientId: 'another app' }],
		['grant', { grantType: 'refreshToken' }],
		['kind of proof', { clientCredentialType: 'certificate' }],
		['client secret', { clientSecret: 'another' }],
		['certificate', { certificate: 'another' }],
		['private key', { privateKey: 'another' }],
		['passphrase', { privateKeyPassphrase: 'another' }],
		['refresh token', { refreshToken: 'another' }],
	])('with another %s do not share', async (_what, difference) => {
		const issuer = numbered();
		const other = { ...app, ...difference };
		await Promise.all([take(issuer), take(issuer, other)]);
		expect(issuer.count).toBe(2);
		// Nor just after.
		expect(await take(issuer)).not.toBe(await take(issuer, other));
		expect(issuer.count).toBe(2);
	});

	it('do not share when only the border between two fields differs', async () => {
		const issuer = numbered();
		await Promise.all([
			take(issuer, { ...app, tenantId: 'ab', clientId: 'c' }),
			take(issuer, { ...app, tenantId: 'a', clientId: 'bc' }),
		]);
		expect(issuer.count).toBe(2);
	});
});

describe('a caller without a token', () => {
	it('just after a fetch gets its token: n8n is still storing it', async () => {
		const issuer = numbered();
		await take(issuer);
		clock += 4_999;
		expect(await take(issuer)).toBe('token 1');
		expect(issuer.count).toBe(1);
	});

	it('later gets a new one: the user has reset the credential', async () => {
		const issuer = numbered();
		await take(issuer);
		clock += 5_000;
		expect(await take(issuer)).toBe('token 2');
	});
});

describe('a caller whose token was refused', () => {
	const refused = (accessToken: string) => ({ ...app, accessToken });

	it('never gets the refused one back, however fresh it is', async () => {
		const issuer = numbered();
		await take(issuer);
		expect(await take(issuer, refused('token 1'))).toBe('token 2');
	});

	it('gets the newer one that another caller has fetched', async () => {
		const issuer = numbered();
		await take(issuer, refused('token 0'));
		clock += 59_999;
		expect(await take(issuer, refused('token 0'))).toBe('token 1');
		expect(issuer.count).toBe(1);
	});

	it('gets a newer one only: with the token of another process it asks again', async () => {
		const issuer = numbered();
		await take(issuer, refused('token 0'));
		// Fetched there at the same time and stored last; then both were revoked.
		expect(await take(issuer, refused('of another process'))).toBe('token 2');
		expect(await take(issuer, refused('of another process'))).toBe('token 2');
		expect(await take(issuer, refused('token 1'))).toBe('token 2');
		expect(issuer.count).toBe(2);
	});

	it('shares what a caller with another refused token has fetched at the same time', async () => {
		const issuer = numbered();
		await Promise.all([take(issuer, refused('token 0')), take(issuer, refused('another'))]);
		expect(await take(issuer, refused('another'))).toBe('token 1');
		expect(issuer.count).toBe(1);
	});

	it('gets the newest, when it comes two renewals late', async () => {
		const issuer = numbered();
		await take(issuer, refused('token 0'));
		await take(issuer, refused('token 1'));
		await take(issuer, refused('token 2'));
		expect(await take(issuer, refused('token 0'))).toBe('token 3');
		expect(await take(issuer, refused('token 1'))).toBe('token 3');
		expect(issuer.count).toBe(3);
	});

	it('may ask by an empty token beside the refused one', async () => {
		const issuer = numbered();
		await take(issuer, refused('token 0'));
		const asking = { ...app, accessToken: '', [REFUSED_TOKEN]: 'token 1' };
		expect(await take(issuer, asking)).toBe('token 2');
	});

	it('asks again when the clock has been set back since that newer one', async () => {
		const issuer = numbered();
		await take(issuer, refused('token 0'));
		clock -= 3_600_000;
		expect(await take(issuer, refused('token 0'))).toBe('token 2');
	});

	it('asks again when that newer one is a minute old', async () => {
		const issuer = numbered();
		await take(issuer, refused('token 0'));
		clock += 60_000;
		expect(await take(issuer, refused('token 0'))).toBe('token 2');
	});
});

describe('a refresh token that Entra replaced', () => {
	const rotating = () =>
		new Issuer(async (n) => ({ accessToken: `token ${n}`, refreshToken: `user ${n}` }));

	it('is given to every caller that shares the fetch', async () => {
		const issuer = rotating();
		const tokens = await Promise.all([
			shareToken(appAndUser, issuer.fetch, now),
			shareToken(appAndUser, issuer.fetch, now),
		]);
		expect(tokens).toEqual([
			{ accessToken: 'token 1', refreshToken: 'user 1' },
			{ accessToken: 'token 1', refreshToken: 'user 1' },
		]);
	});

	it('finds the same token under the new one: n8n has stored it by now', async () => {
		const issuer = rotating();
		await take(issuer, { ...appAndUser, accessToken: 'expired' });
		expect(
			await take(issuer, { ...appAndUser, refreshToken: 'user 1', accessToken: 'expired' }),
		).toBe('token 1');
		expect(issuer.count).toBe(1);
	});

	it('gives no refused token to a caller who still holds a refresh token of two renewals ago', async () => {
		const issuer = rotating();
		const holding = (n: number) => ({
			...appAndUser,
			refreshToken: `user ${n}`,
			accessToken: `token ${n}`,
		});
		await take(issuer, holding(0));
		await take(issuer, holding(1));
		expect(await take(issuer, holding(0))).toBe('token 2');
		await take(issuer, holding(2));
		expect(await take(issuer, holding(0))).toBe('token 3');
		expect(issuer.count).toBe(3);
		expect(heldToken({ ...holding(0), accessToken: 'token 3' })).toBe('token 3');
	});

	it('does not stand in for one that a person has entered meanwhile', async () => {
		const issuer = rotating();
		await take(issuer, { ...appAndUser, accessToken: 'expired' });
		const entered = { ...appAndUser, refreshToken: 'of the person', accessToken: 'expired' };
		expect(await take(issuer, entered)).toBe('token 2');
	});

	it('leads to a new token when the one that came with it is refused', async () => {
		const issuer = rotating();
		await take(issuer, appAndUser);
		const stored = { ...appAndUser, refreshToken: 'user 1', accessToken: 'token 1' };
		expect(await take(issuer, stored)).toBe('token 2');
	});
});

describe('the memory', () => {
	it('is bounded: the oldest credential is forgotten, recent ones are not', async () => {
		const issuer = numbered();
		const tenant = (n: number) => ({ ...app, tenantId: `t${n}.example.com` });
		for (let n = 0; n <= 200; n++) await take(issuer, tenant(n));
		expect(issuer.count).toBe(201);
		await take(issuer, tenant(200));
		await take(issuer, tenant(1));
		expect(issuer.count).toBe(201);
		await take(issuer, tenant(0));
		expect(issuer.count).toBe(202);
	});
});
