import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { EntraTokenError } from '../../../credentials/entra/acquireToken';
import { REFUSED_TOKEN } from '../../../credentials/entra/tokenSharing';
import { signInFailure } from '../../../nodes/PartnerCenterInsights/n8n/helperFailure';
import { refusedSignIn } from '../../../nodes/PartnerCenterInsights/n8n/refusedSignIn';

const credential: ICredentialDataDecryptedObject = { clientSecret: 'wrong', accessToken: '' };

/** A run against an Entra that answers as it is told: with an error, or with a token. */
function runOf(fails: () => Error | undefined) {
	const clock = { now: 1_000_000 };
	let asked = 0;
	const signIn = refusedSignIn(
		(error) => signInFailure(error, 'api.example.com'),
		() => clock.now,
	);
	const request = async (content = credential) =>
		await signIn(content, async () => {
			asked++;
			const error = fails();
			if (error) throw error;
			return 'sent';
		}).catch((error: unknown) => (error as Error).message);
	return { request, clock, asked: () => asked };
}

const refusal = () => new EntraTokenError('wrong secret', false);
const busy = (retryAfter?: string) => new EntraTokenError('busy', true, retryAfter);

describe('a sign-in that was refused', () => {
	it('is not tried again for a minute', async () => {
		const { request, clock, asked } = runOf(refusal);
		for (let item = 0; item < 30; item++) expect(await request()).toBe('wrong secret');
		clock.now += 59_999;
		expect(await request()).toBe('wrong secret');
		expect(asked()).toBe(1);
		clock.now += 1;
		await request();
		expect(asked()).toBe(2);
	});

	it('is tried again where the clock has been set back since', async () => {
		const { request, clock, asked } = runOf(refusal);
		await request();
		clock.now -= 3_600_000;
		await request();
		expect(asked()).toBe(2);
	});

	it('is tried at once with what has been saved meanwhile', async () => {
		let error: Error | undefined = refusal();
		const { request } = runOf(() => error);
		expect(await request()).toBe('wrong secret');
		error = undefined;
		expect(await request({ ...credential, clientSecret: 'right' })).toBe('sent');
		expect(await request()).toBe('sent');
	});

	it('is the same whichever token was to be replaced', async () => {
		const { request, asked } = runOf(refusal);
		await request({ ...credential, accessToken: 'old', [REFUSED_TOKEN]: 'one' });
		await request({ ...credential, accessToken: 'another', [REFUSED_TOKEN]: 'another' });
		expect(asked()).toBe(1);
	});

	it('is no other failure of a request', async () => {
		const error = Object.assign(new Error('dropped'), { code: 'ECONNRESET' });
		const { request, asked } = runOf(() => error);
		await request();
		await request();
		expect(asked()).toBe(2);
	});
});

describe('a fault of Entra that passes', () => {
	it('is met the less often the longer it lasts, and never by fewer tries of one item', async () => {
		const { request, clock, asked } = runOf(busy);
		// The shortest waits of one item that tries again.
		for (const wait of [500, 1_000, 2_000, 4_000, 8_000, 15_000]) {
			const before = asked();
			expect(await request()).toBe('busy');
			expect(asked()).toBe(before + 1);
			// Its neighbours in the meantime.
			clock.now += wait / 2;
			expect(await request()).toBe('busy');
			expect(asked()).toBe(before + 1);
			clock.now += wait / 2;
		}
	});

	it('counts once, however many items have met it at the same moment', async () => {
		const { request, clock, asked } = runOf(busy);
		await Promise.all(Array.from({ length: 10 }, async () => await request()));
		expect(asked()).toBe(10);
		// The shortest wait of an item before it tries again for the first time, and for the second.
		for (const wait of [500, 1_000]) {
			clock.now += wait;
			const before = asked();
			await Promise.all([request(), request()]);
			expect(asked()).toBe(before + 2);
		}
	});

	it('is not asked about before the time that Entra names', async () => {
		const { request, clock, asked } = runOf(() => busy('20'));
		await request();
		clock.now += 15_000;
		await request();
		expect(asked()).toBe(1);
		clock.now += 5_000;
		await request();
		expect(asked()).toBe(2);
	});

	it('is forgotten with the first token', async () => {
		const errors = [busy(), busy(), undefined, busy()];
		const { request, clock, asked } = runOf(() => errors.shift());
		for (let item = 0; item < 4; item++) {
			await request();
			clock.now += 1_000;
		}
		expect(asked()).toBe(4);
		await request();
		expect(asked()).toBe(5);
	});
});
