import { InputError, InsightsError } from '../../../nodes/PartnerCenterInsights/insights/errors';
import type {
	Outcome,
	ServiceRequest,
} from '../../../nodes/PartnerCenterInsights/insights/http/transport';
import {
	type OneOffRun,
	runOnce,
	type RunSettings,
} from '../../../nodes/PartnerCenterInsights/insights/runs/oneOffRun';
import { answer, dropped, notSent, refusal, success } from '../insights/fakeService';
import type { QueryId } from '../../../nodes/PartnerCenterInsights/insights/ids';
import { clientOf } from './service';

type Rule = (request: ServiceRequest) => Outcome | undefined;

/** Whether the request was carried out although no answer to it can be read. */
const isLost = (outcome: Outcome): boolean =>
	outcome.kind === 'noAnswer'
		? outcome.code === 'ECONNRESET'
		: outcome.kind === 'answer' && outcome.status === 200;

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 1, 8);

/** A wait, as a signal ends it. */
const ended = async (isEnded: boolean): Promise<void> => {
	if (isEnded) throw Object.assign(new Error('The operation was aborted'), { name: 'AbortError' });
	await Promise.resolve();
};
let accounts = 0;

/** Runs a query against a service that does as asked, but for what a rule says. */
async function run(
	rule: Rule = () => undefined,
	{
		query = { text: 'SELECT A FROM B' },
		queryStartTime,
		queryEndTime,
		format,
		...settings
	}: Partial<RunSettings<string> & OneOffRun> = {},
) {
	const records: Array<{ path: string; id: string; name: string }> = [];
	const { client, service, clock } = clientOf((request) => {
		const { method, path, body } = request;
		const special = rule(request);
		const kind = path.includes('Queries') ? 'query' : 'report';
		if (method === 'POST' && (special === undefined || isLost(special))) {
			const name = String(body?.Name ?? body?.ReportName);
			records.push({ path, id: `${kind}-id`, name });
		}
		if (special !== undefined) return special;
		if (method === 'DELETE') {
			const at = records.findIndex(({ id }) => path.endsWith(`/${id}`));
			return at === -1 ? undefined : success(...records.splice(at, 1));
		}
		const found = records
			.filter((one) => one.path === path)
			.map(({ id, name }) => ({
				[`${kind}Id`]: id,
				[kind === 'query' ? 'name' : 'reportName']: name,
			}));
		return method === 'POST' ? success(...found.slice(-1)) : success(...found);
	});
	const told: string[] = [];
	const outcome = await clock
		.run(
			runOnce<string>(
				{ query, queryStartTime, queryEndTime, format },
				{
					client,
					uninterrupted: () => Promise.resolve(client),
					scope: `account ${accounts++}`,
					removeAfterwards: true,
					timeout: HOUR,
					clock,
					tell: (message) => told.push(message),
					use: () => Promise.resolve('data'),
					...settings,
				},
			),
		)
		.then(
			(result) => ({ result, error: undefined }),
			(error: unknown) => ({ result: undefined, error: error as InsightsError }),
		);
	return { ...outcome, told, records, requests: service.requests, waits: clock.waits };
}

const isPost = (kind: 'ScheduledReport' | 'ScheduledQueries') => (request: ServiceRequest) =>
	request.method === 'POST' && request.path.endsWith(kind);
const answering =
	(matches: (request: ServiceRequest) => boolean, outcome: () => Outcome): Rule =>
	(request) =>
		matches(request) ? outcome() : undefined;

describe('a run', () => {
	it('creates by names with its time, and leaves nothing', async () => {
		const { result, requests, records, told } = await run();
		expect({ result, records, told }).toEqual({ result: 'data', records: [], told: [] });
		const bodies = requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
		expect(bodies).toMatchObject([
			{ Name: expect.stringMatching(/^n8n run 20260301T080000Z [0-9a-f]{8}$/) as unknown },
			{
				ReportName: expect.stringMatching(/^n8n-run-20260301T080000Z-[0-9a-f]{8}$/) as unknown,
				QueryId: 'query-id',
				ExecuteNow: true,
			},
		]);
	});

	it('leaves what is to be kept, by names that say so', async () => {
		const { records } = await run(undefined, { removeAfterwards: false });
		expect(records.map(({ name }) => name)).toEqual([
			expect.stringMatching(/^n8n kept 20260301T080000Z /),
			expect.stringMatching(/^n8n-kept-20260301T080000Z-/),
		]);
	});

	it('says in its names until when it waits where that is long', async () => {
		const { requests } = await run(undefined, { timeout: 72 * HOUR });
		const names = requests
			.filter(({ method }) => method === 'POST')
			.map(({ body }) => body?.ReportName ?? body?.Name);
		expect(names).toEqual([
			expect.stringMatching(/^n8n run 20260301T080000Z until 20260304T080000Z [0-9a-f]{8}$/),
			expect.stringMatching(/^n8n-run-20260301T080000Z-until-20260304T080000Z-[0-9a-f]{8}$/),
		]);
	});

	it.each(['{}', '{"queryId":null}'])(
		'creates no report for a query of which it is not told the ID, and finds it by its name: %s',
		async (record) => {
			const nameless = answering(isPost('ScheduledQueries'), () => success(JSON.parse(record)));
			const { error, records, requests } = await run(nameless);
			expect(error?.kind).toBe('unreadable');
			expect(error?.message).toBe('Partner Center did not say which query it created');
			expect(requests.some(isPost('ScheduledReport'))).toBe(false);
			expect(records).toEqual([]);
		},
	);

	describe.each([
		['ScheduledQueries', 'query', 'queryId', 'name'],
		['ScheduledReport', 'report', 'reportId', 'reportName'],
	] as const)('whose %s answers with more than what it created', (kind, noun, id, name) => {
		const bystander = { [id]: 'board', [name]: 'Board' };
		/** Runs a query; the record of what was created stands as it is, or not at all, behind that of another. */
		const amid = async (own: (name: unknown) => object[]) =>
			await run((request) =>
				isPost(kind)(request)
					? success(bystander, ...own(request.body?.Name ?? request.body?.ReportName))
					: undefined,
			);

		it('uses and removes its own', async () => {
			const { result, records, requests } = await amid((own) => [
				{ [id]: `${noun}-id`, [name]: String(own).toUpperCase() },
			]);
			expect({ result, records }).toEqual({ result: 'data', records: [] });
			expect(JSON.stringify(requests)).not.toContain('board');
		});

		it.each([
			['the other alone', []],
			['the other and one without a name', [{ [id]: 'nameless' }]],
		])('removes its own alone, by its name, and fails: %s', async (_what, own) => {
			const { error, records, requests } = await amid(() => own);
			expect(error?.message).toBe(`Partner Center did not say which ${noun} it created`);
			expect(error?.advice).toContain('which has been deleted again');
			expect(records).toEqual([]);
			expect(JSON.stringify(requests)).not.toMatch(/board|nameless/);
		});
	});

	it('removes the query whose report was refused, also where the report was to be kept', async () => {
		for (const removeAfterwards of [true, false]) {
			const refused = answering(isPost('ScheduledReport'), () => refusal(400, 'Invalid QueryId'));
			const { error, records } = await run(refused, { removeAfterwards });
			expect(error?.message).toBe('Invalid QueryId');
			expect(records).toEqual([]);
		}
	});

	it.each<[string, Outcome]>([
		['a wrong secret', notSent()],
		['no access', refusal(403, 'no')],
		['no token', refusal(401, 'no')],
		['a refused value', refusal(400, 'no')],
		['too many requests', refusal(429, 'no')],
		['no connection', dropped('ECONNREFUSED')],
		['no such host', dropped('ENOTFOUND')],
		['a certificate that is not trusted', dropped('SELF_SIGNED_CERT_IN_CHAIN')],
	])('names nothing as left behind where nothing was created: %s', async (_why, outcome) => {
		const { error, requests } = await run(() => outcome);
		expect(error).toBeInstanceOf(InsightsError);
		expect(error?.advice).not.toContain('Left behind');
		expect(requests).toHaveLength(1);
	});

	it.each(['ScheduledQueries', 'ScheduledReport'] as const)(
		'creates nothing more once its waits are ended, and looks for nothing that was not sent: %s',
		async (last) => {
			let isEnded = false;
			const { result, records, requests, told } = await run(
				(request) => {
					isEnded ||= last === 'ScheduledReport' && isPost('ScheduledQueries')(request);
					return undefined;
				},
				{
					clock: {
						now: () => START,
						wait: async () => await ended((isEnded ||= last === 'ScheduledQueries')),
					},
				},
			);
			expect({ result, records, told }).toEqual({ result: undefined, records: [], told: [] });
			expect(requests.filter(isPost(last))).toEqual([]);
			expect(requests.filter(({ method }) => method === 'GET')).toEqual([]);
		},
	);

	it('looks for nothing that was still waiting for its turn', async () => {
		const { client } = clientOf(() => undefined);
		const create = async () => await ended(true);
		const { told, requests } = await run(undefined, {
			client: { ...client, queries: { ...client.queries, create: create as never } },
		});
		expect({ told, requests }).toEqual({ told: [], requests: [] });
	});

	it.each(['ScheduledReport', 'ScheduledQueries'] as const)(
		'finds by its name what was created though the answer was lost: %s',
		async (kind) => {
			const { error, records, told } = await run(answering(isPost(kind), () => dropped()));
			expect(error?.message).toContain('ECONNRESET');
			expect(error?.advice).toMatch(
				/The service had created "n8n.run.\S+.[0-9a-f]{8}", which has been deleted again\.$/,
			);
			expect(error?.advice).not.toContain('Left behind');
			expect({ records, told }).toEqual({ records: [], told: [] });
		},
	);

	it.each(['ScheduledReport', 'ScheduledQueries'] as const)(
		'names what may have been created though no answer told and nothing is found: %s',
		async (kind) => {
			const unanswered = answering(isPost(kind), () => dropped('ETIMEDOUT'));
			const { error, told, records } = await run(unanswered);
			// A list may lag behind.
			const words =
				/did not say whether it created "n8n.run.\S+.[0-9a-f]{8}", and has nothing of that name now/;
			expect(error?.advice).toMatch(words);
			expect(told).toEqual([expect.stringMatching(words)]);
			expect(error?.advice).not.toContain('Left behind');
			expect(records).toEqual([]);
		},
	);

	it('names it also where something else could not be removed', async () => {
		const { error, told } = await run((request) => {
			if (request.method === 'DELETE') return refusal(403, 'no');
			return isPost('ScheduledReport')(request) ? dropped('ETIMEDOUT') : undefined;
		});
		const left = /query "n8n run \S+ \w+" \(query-id\)\./;
		const uncertain = /whether it created "n8n-run-\S+", and has nothing of that name/;
		expect(error?.advice).toMatch(left);
		expect(error?.advice).toMatch(uncertain);
		expect(told).toEqual([expect.stringMatching(left), expect.stringMatching(uncertain)]);
	});

	it('names it also where it was to be kept', async () => {
		const unanswered = answering(isPost('ScheduledReport'), () => dropped('ETIMEDOUT'));
		const { error, told } = await run(unanswered, { removeAfterwards: false });
		const words = /did not say whether it created "n8n-kept-\S+": look for it there\.$/;
		expect(error?.advice).toMatch(words);
		expect(told).toEqual([expect.stringMatching(words)]);
	});

	it.each(['ScheduledReport', 'ScheduledQueries'] as const)(
		'finds by its name what was created though a page came in place of the answer: %s',
		async (kind) => {
			const page = answer(200, '<html>Sign in</html>');
			const { error, records } = await run(answering(isPost(kind), () => page));
			expect(error?.kind).toBe('intercepted');
			expect(records).toEqual([]);
		},
	);

	it.each(['ScheduledReport', 'ScheduledQueries'] as const)(
		'finds it where the filter by name finds nothing: %s',
		async (kind) => {
			const lost = answering(isPost(kind), () => dropped());
			const { records, error } = await run((request) => {
				const { method, query = {} } = request;
				const isFiltered = 'reportName' in query || 'queryName' in query;
				return method === 'GET' && isFiltered
					? refusal(404, 'No item found with given filters')
					: lost(request);
			});
			expect(error?.message).toContain('ECONNRESET');
			expect(records).toEqual([]);
		},
	);

	it.each(['ScheduledReport', 'ScheduledQueries'] as const)(
		'removes nothing of another name, whatever the filter by name lets through: %s',
		async (kind) => {
			const others = [
				{ reportId: 'board', reportName: 'Board', queryId: 'board', name: 'Board' },
				{ reportId: 'nameless', queryId: 'nameless' },
			];
			const { error, requests } = await run((request) => {
				if (isPost(kind)(request)) return dropped();
				return request.method === 'GET' ? success(...others) : undefined;
			});
			expect(error?.advice).toContain('and has nothing of that name now');
			expect(JSON.stringify(requests)).not.toMatch(/board|nameless/);
		},
	);

	it('tells what is left also where a field turns out to be wrong at the end', async () => {
		const { error, told } = await run(
			({ method }) => (method === 'DELETE' ? refusal(403, 'no') : undefined),
			{ use: () => Promise.reject(new InputError("'Columns' names …", 'The file has: A.')) },
		);
		expect(error).toBeInstanceOf(InputError);
		expect(error?.advice).toMatch(/^The file has: A\. Left behind .*: report .*, query .*\.$/);
		// An item that comes out with its error has no advice.
		expect(told).toEqual([expect.stringMatching(/report .*, query /)]);
	});

	it('names what may have been created and cannot be looked for', async () => {
		const { error } = await run(() => dropped());
		expect(error?.advice).toMatch(
			/Left behind on the service, please delete: query "n8n run \S+ \w+"\.$/,
		);
	});

	it('gives the data where what it made cannot be removed, and tells that', async () => {
		const { result, told } = await run(({ method }) =>
			method === 'DELETE' ? refusal(403, 'no') : undefined,
		);
		expect(result).toBe('data');
		expect(told).toEqual([
			expect.stringMatching(
				/^Could not be deleted from the service: report "n8n-run-.*" \(report-id\), query "n8n run .*" \(query-id\)\.$/,
			),
		]);
	});

	it('gives the data where no second connection can be made, and cleans up over the first', async () => {
		const { result, records, told } = await run(undefined, {
			uninterrupted: () => Promise.reject(new Error('The credential is gone')),
		});
		expect({ result, records, told }).toEqual({ result: 'data', records: [], told: [] });
	});

	it('tells what is left also where the failure is not of the service', async () => {
		const { error, told } = await run(
			({ method }) => (method === 'DELETE' ? refusal(403, 'no') : undefined),
			{ use: () => Promise.reject(new Error('disk full')) },
		);
		expect(error?.message).toBe('disk full');
		expect(told).toEqual([expect.stringMatching(/report .*, query /)]);
	});

	it('does not fail with the tidying, nor wait for it', async () => {
		const { result, records } = await run(({ method, path, query }) =>
			method === 'GET' && path.endsWith('ScheduledReport') && query?.reportName === undefined
				? refusal(500, 'broken')
				: undefined,
		);
		expect({ result, records }).toEqual({ result: 'data', records: [] });
	});

	it.each<[string, boolean]>([
		['Number of queries exceeded', true],
		['User has exceeded its report creation quota of 50 active reports', true],
		['Invalid table name', false],
	])('removes what is left behind where it may leave no room: %s', async (words, isTidied) => {
		const id = '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a12';
		const old = { queryId: id, name: 'n8n run 20200101T000000Z 0a1b2c3d', type: 'userDefined' };
		const { error, requests } = await run((request) => {
			if (isPost('ScheduledQueries')(request)) return refusal(400, words);
			const isList = request.method === 'GET' && request.path.endsWith('ScheduledQueries');
			return isList && request.query?.queryName === undefined ? success(old) : undefined;
		});
		expect(error?.message).toBe(words);
		const removed = requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
		expect(removed.some((path) => path.endsWith(id))).toBe(isTidied);
	});

	it('asks for the time span and the format that it is given, of a saved query', async () => {
		const { requests } = await run(undefined, {
			query: { queryId: 'q' as QueryId },
			queryStartTime: '2026-01-01T00:00:00Z',
			queryEndTime: '2026-02-01T00:00:00Z',
			format: 'TSV',
		});
		const bodies = requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
		expect(bodies).toMatchObject([
			{
				QueryId: 'q',
				QueryStartTime: '2026-01-01T00:00:00Z',
				QueryEndTime: '2026-02-01T00:00:00Z',
				Format: 'TSV',
			},
		]);
	});

	it('cleans up over the connection that goes on when the execution is stopped', async () => {
		const apart = clientOf(() => success({}));
		await run(undefined, { uninterrupted: () => Promise.resolve(apart.client) });
		expect(apart.service.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
			'DELETE /insights/v1/mpn/ScheduledReport/report-id',
			'DELETE /insights/v1/mpn/ScheduledQueries/query-id',
		]);
	});

	it('looks for what it may have created where the failure is none that it knows', async () => {
		const { client } = clientOf(() => undefined);
		const create = () => Promise.reject(new TypeError('odd'));
		const { told } = await run(undefined, {
			client: { ...client, queries: { ...client.queries, create } },
		});
		expect(told).toEqual([expect.stringMatching(/did not say whether it created "n8n run/)]);
	});

	describe('beyond the hourly quota', () => {
		const MINUTE = 60_000;
		const QUOTA =
			'User has exceeded its ExecuteNow report creation quota of 5 reports in 60 minutes';

		/** Runs at these minutes; then one at minute 50, which is refused while this is the list of reports. */
		const refusedAfter = async (
			minutes: number[],
			list: () => Outcome,
			settings: Partial<RunSettings<string>> = {},
		) => {
			const account = { scope: `account ${accounts++}`, ...settings };
			const runAt = async (minute: number, rule: Rule) =>
				await run(rule, {
					query: { queryId: 'q' as QueryId },
					clock: { now: () => START + minute * MINUTE, wait: async () => await ended(false) },
					...account,
				});
			for (const minute of minutes) {
				const created = { reportId: `at-${minute}` };
				await runAt(
					minute,
					answering(isPost('ScheduledReport'), () => success(created)),
				);
			}
			const { error } = await runAt(50, ({ method }) =>
				method === 'POST' ? refusal(400, QUOTA) : list(),
			);
			return error?.advice;
		};
		const listed = (...minutes: number[]) =>
			success(
				...minutes.map((minute) => ({
					reportId: `AT-${minute}`,
					executeNow: true,
					createdTime: new Date(START + minute * MINUTE + 2_000).toISOString(),
				})),
			);
		const recurring = {
			reportId: 'r',
			recurrenceInterval: 24,
			createdTime: '2026-03-01T08:49:00Z',
		};

		it.each<[string, string, number[], () => Outcome, Partial<RunSettings<string>>]>([
			['of its own that are gone', '09:00', [0, 10, 20, 30, 40], () => listed(), {}],
			[
				'of its own that are kept',
				'09:00',
				[0, 10, 20, 30, 40],
				() => listed(0, 10, 20, 30, 40),
				{ removeAfterwards: false },
			],
			['of somebody else', '09:10', [], () => listed(40, 30, 20, 15, 10, -20), {}],
			['of both', '09:10', [10, 30], () => listed(15, 20, 45), {}],
			['of its own, where the list cannot be read', '09:00', [0, 1, 2, 3, 4], () => dropped(), {}],
			['of which only the last count', '09:02', [0, 1, 2, 3, 4, 5, 6], () => listed(), {}],
		])('it tells when the next can be made by five %s: %s', async (_which, time, ...rest) => {
			expect(await refusedAfter(...rest)).toBe(
				`The service creates at most 5 one-off reports in 60 minutes. The next one can be created at about ${time} UTC.`,
			);
		});

		it.each<[string, number[], () => Outcome]>([
			['four', [10, 20, 30], () => listed(40)],
			['none', [], () => listed()],
			['some that are an hour old', [-40, -20, -15], () => listed(-12, -10, 20)],
			[
				'one whose time is not told',
				[0, 1, 2, 3],
				() => success({ reportId: 'x', executeNow: true }),
			],
			['one that runs again', [0, 1, 2, 3], () => success(recurring)],
		])('it tells the latest time where it knows of %s', async (_what, minutes, list) => {
			expect(await refusedAfter(minutes, list)).toMatch(/at 09:50 UTC at the latest\.$/);
		});
	});

	it('keeps its report until the tidying has looked through all of them: a list without it is not whole', async () => {
		const old = { queryId: 'old', name: 'n8n run 20200101T000000Z 0a1b2c3d', type: 'userDefined' };
		const LAST_PAGE = 20;
		let isThere = true;
		const { records, requests } = await run(({ method, path, query }) => {
			if (method === 'DELETE') isThere &&= !path.endsWith('report-id');
			if (method !== 'GET' || query?.reportName !== undefined) return undefined;
			if (path.endsWith('ScheduledQueries')) return success(old);
			const [, page = '0'] = /ScheduledReport(?:\?page=(\d+))?$/.exec(path) ?? [];
			if (Number(page) === LAST_PAGE)
				return success(...(isThere ? [{ reportId: 'report-id' }] : []));
			const nextLink = `?page=${Number(page) + 1}`;
			return answer(200, JSON.stringify({ value: [], nextLink, statusCode: 200 }));
		});
		expect(records).toEqual([]);
		const removed = requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
		expect(removed.map((path) => path.split('/').at(-1))).toEqual(['old', 'report-id', 'query-id']);
	});

	it('waits a moment at most for tidying that takes long', async () => {
		let ring: (outcome: Outcome) => void = () => undefined;
		const { client, clock } = clientOf(() => undefined);
		const slow = {
			...client,
			reports: {
				...client.reports,
				create: () => Promise.resolve([{ ReportId: 'r' }]),
				remove: () => Promise.resolve([]),
				list: async () =>
					await new Promise<never>((_resolve, reject) => {
						ring = reject;
					}),
			},
		};
		const running = runOnce(
			{ query: { queryId: 'q' as QueryId } },
			{
				client: slow,
				uninterrupted: () => Promise.resolve(slow),
				scope: `account ${accounts++}`,
				removeAfterwards: true,
				timeout: HOUR,
				clock,
				tell: () => undefined,
				use: () => Promise.resolve('data'),
			},
		);
		expect(await clock.run(running)).toBe('data');
		expect(clock.waits.filter((ms) => ms > 0)).toEqual([2_000]);
		ring(dropped());
	});
});
