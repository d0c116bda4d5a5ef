import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import type { HttpRequest } from '../../../credentials/entra/network';
import { app, appAndUser } from '../credentials/app';
import { FakeEntra, tokenAnswer } from '../credentials/fakeEntra';
import fc from '../fastCheck';

type Hook = typeof import('../../../credentials/PartnerCenterInsightsApi.credentials');
type Memory = typeof import('../../../credentials/entra/tokenSharing');
type Runs = typeof import('../../../nodes/PartnerCenterInsights/n8n/appCredential');
type Loaded = Hook & Memory & Runs;

const ADDRESS = 'https://api.partnercenter.microsoft.com/x';

/** What a process loads for itself: the tokens that it has fetched are its own memory. */
function loadedApart(): Loaded {
	let loaded: Loaded | undefined;
	jest.isolateModules(() => {
		loaded = {
			...jest.requireActual<Hook>('../../../credentials/PartnerCenterInsightsApi.credentials'),
			...jest.requireActual<Memory>('../../../credentials/entra/tokenSharing'),
			...jest.requireActual<Runs>('../../../nodes/PartnerCenterInsights/n8n/appCredential'),
		};
	});
	if (!loaded) throw new Error('Nothing was loaded');
	return loaded;
}

const PROCESSES = [loadedApart(), loadedApart(), loadedApart()];
const RUNS = 4;
const ITEMS = 8;
const AT_ONCE = 2;

/** How long each thing takes, in turns of the event loop: the order in which they come. */
const durations = fc.infiniteStream(fc.nat({ max: 11 }));

/** ms since the epoch: each turn takes one. */
let now = 0;
beforeEach(() => {
	now = Date.parse('2026-03-01T08:00:00Z');
	jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

/**
 * Processes of n8n with one credential in one database. n8n reads what is stored, adds what the hook
 * returns and stores that: two processes can do so at once.
 */
function processesOf(turns: fc.Stream<number>, fields: ICredentialDataDecryptedObject) {
	const someTime = async () => {
		for (let left = Number(turns.next().value); left > 0; left--) {
			now += 1;
			await new Promise(setImmediate);
		}
	};
	let stored = { ...fields };
	const read = async () => {
		await someTime();
		return { ...stored };
	};
	const store = async (output: IDataObject) => {
		const before = await read();
		await someTime();
		stored = { ...before, ...output } as ICredentialDataDecryptedObject;
	};

	/** The tokens that the service takes. */
	const accepted = new Set<string>();
	let fetched = 0;
	const entra = new FakeEntra((form) => {
		const token = `token ${++fetched}`;
		accepted.add(token);
		return tokenAnswer({
			access_token: token,
			...(form.has('refresh_token') && { refresh_token: `after ${token}` }),
		});
	});
	const httpRequest: HttpRequest = async (request) => {
		await someTime();
		const answer: unknown = await entra.httpRequest(request);
		await someTime();
		return answer;
	};

	const processes = PROCESSES.map(({ appCredential, forgetSharedTokens, ...loaded }) => {
		forgetSharedTokens();
		const hooks = new loaded.PartnerCenterInsightsApi();
		/** An execution of the node: a status for each of its items. */
		return async (isRefused: boolean) => {
			const withApp = appCredential(
				'partnerCenterInsightsApi',
				await read(),
				read,
				async (_credentials, work) => await work(),
			);
			const item = async () => {
				await someTime();
				const { statusCode } = await withApp(async ({ data = {} }) => {
					if (data.accessToken === '') {
						const output = await hooks.preAuthentication.call({ helpers: { httpRequest } }, data);
						await store(output);
						Object.assign(data, output);
					}
					if (typeof hooks.authenticate !== 'function') throw new Error('No function signs');
					const { headers } = await hooks.authenticate(data, { url: ADDRESS });
					const token = String(headers?.Authorization).replace('Bearer ', '');
					expect(token).not.toBe('');
					await someTime();
					const isTaken = !isRefused && accepted.has(token);
					return { statusCode: isTaken ? 200 : 401, headers: {}, body: '' };
				});
				return statusCode;
			};
			const statuses: number[] = [];
			while (statuses.length < ITEMS) {
				const some = Array.from({ length: AT_ONCE }, item);
				statuses.push(...(await Promise.all(some)));
			}
			return statuses;
		};
	});

	return {
		accepted,
		fetched: () => fetched,
		/** Executions in all processes at once. */
		runAll: async (isRefused = false) => {
			const runs = processes.flatMap((run) =>
				Array.from({ length: RUNS }, async () => await run(isRefused)),
			);
			return (await Promise.all(runs)).flat();
		},
	};
}

const all = (status: number): number[] =>
	Array(PROCESSES.length * RUNS * ITEMS).fill(status) as number[];

describe('processes that share a credential', () => {
	it.each([
		['an app', app],
		['a user, each with a refresh token of its own', appAndUser],
	])('get a token that serves, whoever stores theirs last: of %s', async (_name, fields) => {
		await fc.assert(
			fc.asyncProperty(durations, async (turns) => {
				const { accepted, runAll } = processesOf(turns, fields);
				for (let round = 0; round < 4; round++) {
					accepted.clear();
					expect(await runAll()).toEqual(all(200));
				}
			}),
			{ numRuns: 15 },
		);
	});

	it('fetch no token per item, where the service refuses every one', async () => {
		await fc.assert(
			fc.asyncProperty(durations, async (turns) => {
				const { fetched, runAll } = processesOf(turns, appAndUser);
				expect(await runAll(true)).toEqual(all(401));
				// Fourteen on average, 27 in the worst of some hundred orders, and no more where there are more items.
				expect(fetched()).toBeLessThanOrEqual((PROCESSES.length * RUNS * ITEMS) / 2);
			}),
			{ numRuns: 15 },
		);
	});
});
