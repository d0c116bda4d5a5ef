import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { outcomeOf } from '../../../nodes/PartnerCenterInsights/n8n/helperFailure';
import { userCredential } from '../../../nodes/PartnerCenterInsights/n8n/userCredential';

/** A run against a service that takes the given tokens; n8n renews by `new 1`, `new 2` … and stores them. */
function runOf(accepted: string[], fields: ICredentialDataDecryptedObject = {}) {
	let stored = 'stored';
	const clock = { now: 1_000_000 };
	let renewed = 0;
	const withUser = userCredential(
		async () => ({
			tenantId: 'contoso.com',
			clientId: 'app',
			oauthTokenData: { access_token: stored },
			...fields,
		}),
		async (_credentials, work) => await work(),
		(error) => outcomeOf(error, 'api.example.com'),
		{ now: () => clock.now, wait: async () => {} },
	);
	const answer = () => ({
		statusCode: accepted.includes(stored) ? 200 : 401,
		headers: {},
		body: '',
	});
	const send = async () =>
		await withUser(async (ignored) => {
			if (ignored === true || answer().statusCode === 200) return answer();
			stored = `new ${++renewed}`;
			await Promise.resolve();
			if (answer().statusCode === 200) return answer();
			throw Object.assign(new Error('401'), { response: { status: 401 } });
		});
	const request = async () =>
		await send().then(
			({ statusCode }) => statusCode,
			(error: unknown) => (error as { response: { status: number } }).response.status,
		);
	const store = (token: string) => {
		stored = token;
	};
	return { request, send, clock, store, renewed: () => renewed };
}

describe('the token of a user', () => {
	it('is renewed once for all that are refused at once', async () => {
		const { request, renewed } = runOf(['new 1']);
		expect(await Promise.all([request(), request(), request()])).toEqual([200, 200, 200]);
		expect(renewed()).toBe(1);
	});

	it('is not renewed for each item where the service refuses new ones as well', async () => {
		const { request, renewed, clock } = runOf([]);
		for (let item = 0; item < 20; item++) expect(await request()).toBe(401);
		expect(renewed()).toBe(1);
		clock.now += 60_000;
		expect(await request()).toBe(401);
		expect(renewed()).toBe(2);
	});

	it('is renewed again where the clock has been set back since', async () => {
		const { request, renewed, clock } = runOf([]);
		expect(await request()).toBe(401);
		clock.now -= 3_600_000;
		expect(await request()).toBe(401);
		expect(renewed()).toBe(2);
	});

	it('is not renewed for each item where another process stores new ones that are refused, too', async () => {
		const { request, renewed, store } = runOf([]);
		for (let item = 0; item < 20; item++) {
			store(`theirs ${item}`);
			expect(await request()).toBe(401);
		}
		expect(renewed()).toBe(1);
	});

	it('that is stored after a refusal serves at once', async () => {
		const { request, renewed, store } = runOf(['of another sign-in']);
		expect(await request()).toBe(401);
		const underway = request();
		store('of another sign-in');
		expect(await underway).toBe(200);
		expect(await request()).toBe(200);
		expect(renewed()).toBe(1);
	});

	it.each([
		["'Tenant ID' must be", { tenantId: '../common' }],
		["'Client ID' is empty", { clientId: ' ' }],
		["'Private Key' is empty", { clientCredentialType: 'certificate', certificate: 'x' }],
		[
			"'Certificate' is not a PEM",
			{ clientCredentialType: 'certificate', certificate: 'x', privateKey: 'y' },
		],
	])('is not renewed where %s', async (message, fields) => {
		const { send, renewed } = runOf(['new 1'], fields);
		await expect(send()).rejects.toThrow(message);
		expect(renewed()).toBe(0);
	});
});
