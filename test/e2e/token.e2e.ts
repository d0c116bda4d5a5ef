import { itemsOf } from '../../sandbox/n8n/execution';
import { secretsIn, secretsLeftIn } from '../../sandbox/n8n/secrets';
import { startBench, type Bench } from './bench';
import { chain, insights, items, next } from './workflows';

describe('tokens of the app credential in n8n', () => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench();
	});
	afterAll(async () => {
		await bench.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset();
	});

	/** A workflow that resumes so many reports, ten at once. */
	async function resuming(count: number, credentialId: string): Promise<string> {
		const ids = await bench.sandbox.seedReports('mpn', count);
		return await bench.host.rest.createWorkflow(
			chain(
				`Resume ${count}`,
				items(ids.map((id) => ({ id }))),
				insights('resume', credentialId, { options: { maxConcurrency: 10 } }),
				next(),
			),
		);
	}

	async function resumed(workflowId: string): Promise<number> {
		const { data, status } = await bench.host.rest.runWorkflow(workflowId);
		expect(status).toBe('success');
		return itemsOf(data, 'Next').length;
	}

	it('fetches one for 20 executions, one after the other', async () => {
		const workflowId = await resuming(1, await bench.credential());
		for (let i = 0; i < 20; i++) expect(await resumed(workflowId)).toBe(1);
		expect(await bench.tokenRequests()).toBe(1);
		expect(await bench.sandbox.countRequests({ method: 'PUT' })).toBe(20);
	});

	it('fetches one for 20 executions that start at once', async () => {
		const workflowId = await resuming(2, await bench.credential());
		const counts = await Promise.all(
			Array.from({ length: 20 }, async () => await resumed(workflowId)),
		);
		expect(counts).toEqual(counts.map(() => 2));
		expect(await bench.tokenRequests()).toBe(1);
	});

	it('fetches one for a cold start with 50 items', async () => {
		expect(await resumed(await resuming(50, await bench.credential()))).toBe(50);
		expect(await bench.tokenRequests()).toBe(1);
	});

	it('takes the stored one in another process', async () => {
		const workflowId = await resuming(1, await bench.credential());
		await resumed(workflowId);
		expect(itemsOf(await bench.execute(workflowId), 'Next')).toHaveLength(1);
		expect(await bench.tokenRequests()).toBe(1);
	});

	it.each([
		['it has expired', async () => await bench.sandbox.advanceClock({ hours: 2 })],
		['it has been revoked', async () => await bench.sandbox.revokeTokens()],
	])('renews it once when %s, whatever the number of items', async (_case, spoil) => {
		const workflowId = await resuming(30, await bench.credential());
		await resumed(workflowId);
		await spoil();
		expect(await resumed(workflowId)).toBe(30);
		expect(await bench.tokenRequests()).toBe(2);
		expect(await resumed(workflowId)).toBe(30);
		expect(await bench.tokenRequests()).toBe(2);
		expect(await bench.sandbox.countRequests({ method: 'PUT', status: 200 })).toBe(90);
	});

	it('renews it once when executions that run at once find it expired', async () => {
		const workflowId = await resuming(5, await bench.credential());
		await resumed(workflowId);
		await bench.sandbox.revokeTokens();
		await Promise.all(Array.from({ length: 5 }, async () => await resumed(workflowId)));
		expect(await bench.tokenRequests()).toBe(2);
	});

	it('stores a rotated refresh token and uses it the next time', async () => {
		await bench.sandbox.setOptions({ singleUseRefreshTokens: true });
		const { standard } = bench.sandbox.apps.refreshTokens;
		const id = await bench.credential({ grantType: 'refreshToken', refreshToken: standard });
		const workflowId = await resuming(10, id);
		const stored = [standard];
		for (let renewals = 1; renewals <= 3; renewals++) {
			expect(await resumed(workflowId)).toBe(10);
			expect(await bench.tokenRequests()).toBe(renewals);
			const { refreshToken } = (await bench.storedCredential(id)).data;
			expect(stored).not.toContain(refreshToken);
			stored.push(String(refreshToken));
			await bench.sandbox.advanceClock({ hours: 2 });
		}
	});

	it('tells what Entra says when it cannot be renewed', async () => {
		const workflowId = await resuming(3, await bench.credential());
		await resumed(workflowId);
		await bench.sandbox.revokeTokens();
		await bench.sandbox.addFault({ kind: 'aadsts', code: 7000222, times: 0 });
		const { data, status } = await bench.host.rest.runWorkflow(workflowId);
		expect(status).toBe('error');
		expect(data.resultData.error?.message).toContain('AADSTS7000222');
	});

	it('is encrypted where it is stored', async () => {
		const { standard } = bench.sandbox.apps.refreshTokens;
		const id = await bench.credential({ grantType: 'refreshToken', refreshToken: standard });
		await resumed(await resuming(1, id));
		const { data } = await bench.storedCredential(id);
		expect(secretsIn(JSON.stringify(data))).toHaveLength(3);
	});

	it('leaves no secret in the log or the database', async () => {
		expect(await secretsLeftIn(bench.host)).toEqual({ log: [], database: [] });
	});
});
