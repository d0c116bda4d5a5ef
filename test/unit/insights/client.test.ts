import { createCaller } from '../../../nodes/PartnerCenterInsights/insights/api/call';
import {
	createInsightsClient,
	type InsightsClient,
} from '../../../nodes/PartnerCenterInsights/insights/client';
import { spellRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import type { Program } from '../../../nodes/PartnerCenterInsights/insights/program';
import { FakeClock } from './fakeClock';
import { answer, FakeService, refusal, success } from './fakeService';
import type {
	QueryId,
	ReportId,
	DatasetName,
} from '../../../nodes/PartnerCenterInsights/insights/ids';

const API = 'https://api.partnercenter.microsoft.com';
const ID = '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11' as ReportId;

function clientOf(script: ConstructorParameters<typeof FakeService>[0], program: Program = 'mpn') {
	const clock = new FakeClock();
	const service = new FakeService(script, clock);
	const client = createInsightsClient({
		transport: service.transport,
		apiBaseUrl: API,
		program,
		maxRetries: 0,
		wait: clock.wait,
		now: clock.now,
	});
	return { service, client };
}

describe.each<[Program, string]>([
	['mpn', '/insights/v1/mpn'],
	['cmp', '/insights/v1.1/cmp'],
])('a call of the program %s', (program, base) => {
	it.each<[string, (client: InsightsClient) => Promise<unknown>, object]>([
		[
			'lists reports',
			async ({ reports }) =>
				await reports.list({ reportName: 'a b', queryId: '' as QueryId, reportId: ID }),
			{ method: 'GET', path: '/ScheduledReport', query: { reportName: 'a b', reportId: ID } },
		],
		[
			'lists all reports',
			async ({ reports }) => await reports.list(),
			{ method: 'GET', path: '/ScheduledReport', query: {} },
		],
		[
			'gets a report',
			async ({ reports }) => await reports.get(ID),
			{ method: 'GET', path: '/ScheduledReport', query: { reportId: ID } },
		],
		[
			'resumes a report',
			async ({ reports }) => await reports.resume(ID),
			{ method: 'PUT', path: `/ScheduledReport/resume/${ID}` },
		],
		[
			'pauses a report',
			async ({ reports }) => await reports.pause(ID),
			{ method: 'PUT', path: `/ScheduledReport/pause/${ID}` },
		],
		[
			'creates a report',
			async ({ reports }) => await reports.create({ ReportName: 'n', QueryId: 'q' as QueryId }),
			{ method: 'POST', path: '/ScheduledReport', body: { ReportName: 'n', QueryId: 'q' } },
		],
		[
			'updates a report',
			async ({ reports }) => await reports.update(ID, { ReportName: 'n' }),
			{
				method: 'PUT',
				path: `/ScheduledReport/${ID}`,
				// cmp wants both of them each time.
				body: { ReportName: 'n', ...(program === 'cmp' && { Format: 'CSV', CallbackUrl: null }) },
			},
		],
		[
			'updates a report in its format, with its callback',
			async ({ reports }) => await reports.update(ID, { Format: 'tsv', CallbackUrl: 'https://x' }),
			{
				method: 'PUT',
				path: `/ScheduledReport/${ID}`,
				body: { Format: 'tsv', CallbackUrl: 'https://x' },
			},
		],
		[
			'deletes a report',
			async ({ reports }) => await reports.remove(ID),
			{ method: 'DELETE', path: `/ScheduledReport/${ID}` },
		],
		[
			'lists executions of any status',
			async ({ executions }) => await executions.all(ID),
			{
				method: 'GET',
				path: `/ScheduledReport/execution/${ID}`,
				query: { getLatestExecution: 'false' },
			},
		],
		[
			'lists executions of the last 90 days',
			async ({ executions }) => await executions.list(ID, 'Pending'),
			{
				method: 'GET',
				path: `/ScheduledReport/execution/${ID}`,
				query: { executionStatus: 'Pending', getLatestExecution: 'false' },
			},
		],
		[
			'gets the latest execution',
			async ({ executions }) => await executions.latest(ID, 'Completed'),
			{
				method: 'GET',
				path: `/ScheduledReport/execution/${ID}`,
				query: { executionStatus: 'Completed', getLatestExecution: 'true' },
			},
		],
		[
			'lists all queries',
			async ({ queries }) => await queries.list('all'),
			{ method: 'GET', path: '/ScheduledQueries', query: {} },
		],
		[
			'lists own queries',
			async ({ queries }) => await queries.list('userDefined', 'n'),
			{
				method: 'GET',
				path: '/ScheduledQueries',
				query: { queryName: 'n', includeSystemQueries: 'false' },
			},
		],
		[
			'lists system queries',
			async ({ queries }) => await queries.list('system'),
			{ method: 'GET', path: '/ScheduledQueries', query: { includeOnlySystemQueries: 'true' } },
		],
		[
			'gets a query',
			async ({ queries }) => await queries.get('q' as QueryId),
			{ method: 'GET', path: '/ScheduledQueries', query: { queryId: 'q' as QueryId } },
		],
		[
			'creates a query',
			async ({ queries }) => await queries.create({ Name: 'n', Query: 'SELECT A FROM B' }),
			{
				method: 'POST',
				path: '/ScheduledQueries',
				body: { Name: 'n', Query: 'SELECT A FROM B' },
			},
		],
		[
			'deletes a query',
			async ({ queries }) => await queries.remove('q' as QueryId),
			{ method: 'DELETE', path: '/ScheduledQueries/q' },
		],
		[
			'tries a query',
			async ({ queries }) => await queries.test({ exportQuery: 'SELECT A FROM B', startTime: '' }),
			{
				method: 'GET',
				path: '/ScheduledQueries/testQueryResult',
				query: { exportQuery: 'SELECT A FROM B' },
			},
		],
		[
			'lists datasets',
			async ({ datasets }) => await datasets.list(),
			{ method: 'GET', path: '/ScheduledDataset' },
		],
		[
			'gets a dataset',
			async ({ datasets }) => await datasets.get('CustomersAndTenants' as DatasetName),
			{
				method: 'GET',
				path: '/ScheduledDataset',
				query: { datasetName: 'CustomersAndTenants' },
			},
		],
	])('%s at its documented address', async (_what, call, expected) => {
		const { service, client } = clientOf([success()], program);
		await call(client);
		expect(service.requests).toHaveLength(1);
		const [{ method, path, query, body }] = service.requests;
		const { path: documented, ...rest } = expected as { path: string };
		expect(path).toBe(base + documented);
		expect(JSON.parse(JSON.stringify({ method, query, body }))).toEqual(rest);
	});
});

describe('an ID in a path', () => {
	it.each<[string, (client: InsightsClient, id: string) => Promise<unknown>]>([
		['resume', async ({ reports }, id) => await reports.resume(id as ReportId)],
		['pause', async ({ reports }, id) => await reports.pause(id as ReportId)],
		['remove', async ({ reports }, id) => await reports.remove(id as ReportId)],
		['update', async ({ reports }, id) => await reports.update(id as ReportId, {})],
		['executions', async ({ executions }, id) => await executions.list(id as ReportId, 'Running')],
		['delete a query', async ({ queries }, id) => await queries.remove(id as QueryId)],
	])('stays one segment whatever it holds (%s)', async (_what, call) => {
		const { service, client } = clientOf([success()]);
		await call(client, '../pause/x?y#z;');
		expect(service.requests[0].path).toMatch(/\/\.\.%2Fpause%2Fx%3Fy%23z%3B$/);
	});

	it('is encoded though a half of a character stands in it', async () => {
		const { service, client } = clientOf([success()]);
		await client.reports.remove('a\ud800b' as ReportId);
		expect(service.requests[0].path).toMatch(/\/a%EF%BF%BDb$/);
	});
});

describe('the records', () => {
	it('come out under their documented keys', async () => {
		const { client } = clientOf([success({ reportId: ID, reportStatus: 'Active', extra: 1 })]);
		expect(await client.reports.resume(ID)).toEqual([
			{ ReportId: ID, ReportStatus: 'Active', extra: 1 },
		]);
	});

	it('of a tried query keep the names of their columns', async () => {
		const rows = [{ reportId: 1, customerName: 'x' }];
		const { client } = clientOf([success(...rows)]);
		expect(await client.queries.test({ queryId: 'q' as QueryId })).toEqual(rows);
	});
});

describe('a record that is asked for by its ID', () => {
	const OTHER = ID.replace('6b6a', '7c7b');

	it.each<[string, (client: InsightsClient) => Promise<unknown>, object, object]>([
		[
			'report',
			async ({ reports }) => await reports.get(ID),
			{ reportId: ID.toUpperCase(), reportName: 'this one' },
			{ reportId: OTHER, reportName: 'another one' },
		],
		[
			'query',
			async ({ queries }) => await queries.get('q' as QueryId),
			{ queryId: 'Q', name: 'this one' },
			{ queryId: 'q2', name: 'another one' },
		],
		[
			'dataset',
			async ({ datasets }) => await datasets.get('AzureUsage' as DatasetName),
			{ datasetName: 'azureUsage' },
			{ datasetName: 'AzureUsage2' },
		],
	])('is no other %s, though the service may ignore the filter', async (_, get, wanted, other) => {
		const { client } = clientOf([success(other, wanted), success(other), success({ a: 1 }, other)]);
		expect(await get(client)).toEqual([expect.objectContaining(spellRecord(wanted))]);
		await expect(get(client)).rejects.toMatchObject({
			kind: 'notFound',
			message: expect.stringMatching(
				/^[A-Z][a-z ]+ \S+ was not found: the service answered with others$/,
			),
		});
		// Without an ID it is taken for the one that was asked for.
		expect(await get(client)).toEqual([{ a: 1 }]);
	});

	it.each([12345, 0, true, {}, [], [ID]])(
		'is none whose ID is %j, which the service may have written for another one',
		async (reportId) => {
			const { client } = clientOf([success({ reportId }), success({ reportId }, { reportId: ID })]);
			await expect(client.reports.get(ID)).rejects.toMatchObject({ kind: 'notFound' });
			expect(await client.reports.get(ID)).toEqual([{ ReportId: ID }]);
		},
	);

	it('is the one whose ID is written as a number', async () => {
		const { client } = clientOf([success({ queryId: 8 }, { queryId: 7 })]);
		expect(await client.queries.get('7' as QueryId)).toEqual([{ QueryId: 7 }]);
	});

	it.each([null, 'text', 5, [{ reportId: ID }]])(
		'is nothing that is no record: %j',
		async (element) => {
			const { client } = clientOf([success(element)]);
			await expect(client.reports.get(ID)).rejects.toMatchObject({ kind: 'notFound' });
		},
	);

	it('is found on a later page, where the first ones hold none or others', async () => {
		const other = '0f6a9d1e-8c3b-4b57-9a42-5d1c7e3f2b60';
		const { client, service } = clientOf([
			answer(200, { value: [], nextLink: '?page=2' }),
			answer(200, { value: [{ reportId: other }], nextLink: '?page=3' }),
			answer(200, { value: [{ reportId: ID }, { reportId: other }], nextLink: '?page=4' }),
		]);
		expect(await client.reports.get(ID)).toEqual([{ ReportId: ID }]);
		expect(service.requests).toHaveLength(3);
	});
});

describe('a record that is changed', () => {
	const OTHER = ID.replace('6b6a', '7c7b');
	const other = { reportId: OTHER, reportName: 'another one' };

	it.each<[string, (client: InsightsClient) => Promise<unknown>]>([
		['resumed', async ({ reports }) => await reports.resume(ID)],
		['paused', async ({ reports }) => await reports.pause(ID)],
		['updated', async ({ reports }) => await reports.update(ID, {})],
	])('is no other than the one that was %s', async (_how, change) => {
		const own = { reportId: ID.toUpperCase(), reportName: 'this one' };
		const { client } = clientOf([
			success(other, own),
			success({ a: 1 }, other),
			success(),
			success(other),
		]);
		expect(await change(client)).toEqual([spellRecord(own)]);
		// Without an ID it is taken for the one that was changed.
		expect(await change(client)).toEqual([{ a: 1 }]);
		expect(await change(client)).toEqual([]);
		await expect(change(client)).rejects.toMatchObject({
			kind: 'unreadable',
			message: `Partner Center answered with another scheduled report than ${ID}`,
			mayBeDone: true,
			advice: expect.stringContaining('Look at the record') as unknown,
		});
	});

	it.each([null, 'text', { reportId: 12345 }, { reportId: {} }])(
		'is not told by what is no record of it: %j',
		async (element) => {
			const { client } = clientOf([success(element)]);
			await expect(client.reports.resume(ID)).rejects.toMatchObject({
				kind: 'unreadable',
				mayBeDone: true,
			});
		},
	);

	it('is no other than the one that was deleted, and may be missing', async () => {
		const { client } = clientOf([
			success(other, { reportId: ID }),
			success(other),
			success({ queryId: 'Q' }, { queryId: 'q2' }),
			success({ queryId: 'q2' }),
		]);
		expect(await client.reports.remove(ID)).toEqual([{ ReportId: ID }]);
		expect(await client.reports.remove(ID)).toEqual([]);
		expect(await client.queries.remove('q' as QueryId)).toEqual([{ QueryId: 'Q' }]);
		expect(await client.queries.remove('q' as QueryId)).toEqual([]);
	});
});

describe('a record that is created', () => {
	const creations: Array<[string, (client: InsightsClient) => Promise<unknown>]> = [
		['scheduled report', async ({ reports }) => await reports.create({})],
		['report query', async ({ queries }) => await queries.create({ Name: 'N', Query: 'Q' })],
	];

	it.each(creations)('is not told by what is no record: %s', async (noun, create) => {
		const { client } = clientOf([success(null), success([{ a: 1 }])]);
		for (let time = 0; time < 2; time++) {
			await expect(create(client)).rejects.toMatchObject({
				kind: 'unreadable',
				message: `Partner Center did not answer with the ${noun} that it created`,
				mayBeDone: true,
				advice: expect.stringContaining('Look at the record') as unknown,
			});
		}
	});

	it.each(creations)('comes out as it is, or not at all: %s', async (_noun, create) => {
		const { client } = clientOf([success({ user: 'U' }), success()]);
		expect(await create(client)).toEqual([{ User: 'U' }]);
		expect(await create(client)).toEqual([]);
	});
});

describe('nothing found', () => {
	const none = () => refusal(404, 'No item found with given filters');

	it.each<[string, (client: InsightsClient) => Promise<unknown[]>]>([
		['reports', async ({ reports }) => await reports.list()],
		['executions', async ({ executions }) => await executions.list(ID, 'Completed')],
		['the latest execution', async ({ executions }) => await executions.latest(ID, 'Completed')],
		['queries', async ({ queries }) => await queries.list('all')],
		['datasets', async ({ datasets }) => await datasets.list()],
	])('is an empty list of %s', async (_what, list) => {
		expect(await list(clientOf([none()]).client)).toEqual([]);
	});

	it.each<[string, (client: InsightsClient) => Promise<unknown[]>]>([
		['get', async ({ reports }) => await reports.get(ID)],
		['resume', async ({ reports }) => await reports.resume(ID)],
		['delete', async ({ reports }) => await reports.remove(ID)],
		['get a query', async ({ queries }) => await queries.get('q' as QueryId)],
	])('is a failure to %s', async (_what, call) => {
		await expect(call(clientOf([none()]).client)).rejects.toMatchObject({ status: 404 });
	});

	it.each([400, 401, 403, 500])('is not what status %d means', async (status) => {
		const { client } = clientOf([refusal(status, 'no')]);
		await expect(client.reports.list()).rejects.toMatchObject({ status });
	});
});

describe('the next page', () => {
	const page = (nextLink: string | null, ...value: unknown[]) => answer(200, { value, nextLink });

	it.each([
		[
			'absolute',
			`${API}/insights/v1/mpn/ScheduledReport?page=2&reportName=a%20b`,
			'/insights/v1/mpn/ScheduledReport?page=2&reportName=a%20b',
		],
		['from the root', '/insights/v1/mpn/Other?page=2', '/insights/v1/mpn/Other?page=2'],
		['a query alone', '?page=2', '/insights/v1/mpn/ScheduledReport?page=2'],
		['with the port', `${API}:443/x?page=2`, '/x?page=2'],
	])('is read where the link is %s', async (_form, link, path) => {
		const { service, client } = clientOf([page(link, { reportId: '1' }), page(null, { a: 2 })]);
		expect(await client.reports.list({ queryId: 'q' as QueryId })).toEqual([
			{ ReportId: '1' },
			{ a: 2 },
		]);
		expect(service.requests.map((request) => [request.path, request.query])).toEqual([
			['/insights/v1/mpn/ScheduledReport', { queryId: 'q' }],
			[path, undefined],
		]);
	});

	it.each([
		'/insights/v1/mpn/ScheduledReport?reportName=a%20b&queryId=q',
		`${API}/insights/v1/mpn/ScheduledReport?queryId=q&reportName=a+b`,
	])('is none where it is the one that was just read: %s', async (link) => {
		const { client } = clientOf([page(link, { reportId: '1' }), page(link, { reportId: '1' })]);
		const filters = { reportName: 'a b', queryId: 'q' as QueryId };
		expect(await client.reports.list(filters)).toEqual([{ ReportId: '1' }]);
	});

	it.each([
		'https://evil.example/insights/v1/mpn/ScheduledReport',
		'//evil.example/x',
		'\\\\evil.example\\x',
		API.replace('https', 'http') + '/x',
		`${API}.evil.example/x`,
		`${API}@evil.example/x`,
		`${API}:8443/x`,
		'javascript:alert(1)',
		'https://',
	])('is not read at %j', async (link) => {
		const { service, client } = clientOf([page(link, { a: 1 }), success()]);
		const failure = await client.reports.list().then(
			() => undefined,
			(error: unknown) => error,
		);
		expect(failure).toMatchObject({
			name: 'InsightsError',
			message: 'The link to the next page leads to another host and is not followed',
			advice: expect.stringMatching(/Look for a proxy/) as string,
		});
		expect(JSON.stringify(failure)).not.toContain('evil');
		expect(service.requests).toHaveLength(1);
	});

	it('ends where the links go round in a circle', async () => {
		const { service, client } = clientOf(({ path }) =>
			path.endsWith('?page=2') ? page('?page=3', { n: 2 }) : page('?page=2', { n: path.at(-1) }),
		);
		expect(await client.reports.list()).toEqual([{ n: 't' }, { n: 2 }, { n: '3' }]);
		expect(service.requests).toHaveLength(3);
	});

	it('is read where it is named as OData does', async () => {
		const first = answer(200, { value: [{ n: 1 }], '@odata.nextLink': '?page=2' });
		const { client } = clientOf([first, page(null, { n: 2 })]);
		expect(await client.reports.list()).toEqual([{ n: 1 }, { n: 2 }]);
	});

	it.each([{ uri: '?page=2' }, ['?page=2'], 2])(
		'fails the list where it is no text: %j',
		async (nextLink) => {
			const { client } = clientOf([answer(200, { value: [{ n: 1 }], nextLink })]);
			await expect(client.reports.list()).rejects.toMatchObject({
				message: 'The link to the next page is no text and cannot be followed',
				advice: expect.stringMatching(/filter, so that one page is enough/) as string,
			});
		},
	);

	it('is not followed for ever', async () => {
		let pages = 0;
		const request = async () => ({ elements: [{ n: 1 }], nextLink: `?page=${++pages}` });
		const { list } = createCaller(request, 'mpn', API, 20);
		const call = { subject: 'scheduled report', path: 'ScheduledReport' } as const;
		await expect(list(call)).rejects.toThrow('The list does not end: it has more than 20 pages');
		expect(pages).toBe(20);
	});

	it('of a failure fails the list: half a list is none', async () => {
		const { client } = clientOf([page('?page=2', { a: 1 }), refusal(500, 'broken')]);
		await expect(client.reports.list()).rejects.toThrow('broken');
	});

	it('that is not found fails the list too, in the words of the service or of a gateway', async () => {
		for (const missing of [refusal(404, 'No item found'), answer(404, '<html>')]) {
			const { client } = clientOf([page('?page=2', { a: 1 }), missing]);
			const failure = await client.reports.list().catch((error: unknown) => error);
			expect(failure).toMatchObject({ status: 404 });
			expect(failure).not.toMatchObject({ kind: 'notFound' });
		}
	});

	it('is not read where enough is there', async () => {
		const { service, client } = clientOf([page('?page=2', { n: 1 }, { n: 2 }), success()]);
		expect(await client.reports.list({}, { most: 1 })).toEqual([{ n: 1 }]);
		expect(service.requests).toHaveLength(1);
	});

	it('is read as long as what is wanted is missing', async () => {
		const { client } = clientOf([page('?page=2', { n: 1 }), page(null, { n: 2 })]);
		const where = (record: Record<string, unknown>) => record.n === 2;
		expect(await client.reports.list({}, { most: 1, where })).toEqual([{ n: 2 }]);
	});

	it('may be very long', async () => {
		const value = Array.from({ length: 150_000 }, (_, n) => ({ n }));
		const { client } = clientOf([answer(200, { value })]);
		expect(await client.datasets.list()).toHaveLength(150_000);
	});
});

describe('a 404 that is not of the service', () => {
	it.each([
		'',
		'<html></html>',
		'{"statusCode":404,"message":"Resource not found"}',
		'{"value":[],"error":{"code":"RouteNotFound","message":"No route"}}',
	])('is no empty list: %j', async (body) => {
		const { client } = clientOf([answer(404, body)]);
		await expect(client.reports.list()).rejects.toMatchObject({ kind: 'intercepted' });
	});
});

describe('an ID that would lead elsewhere', () => {
	it.each(['', '.', '..'])('is refused: %j', async (id) => {
		const { service, client } = clientOf([success()]);
		await expect(client.reports.remove(id as ReportId)).rejects.toThrow(
			'An ID in an address cannot be',
		);
		expect(service.requests).toHaveLength(0);
	});
});

describe('the catalogue', () => {
	it('is read once for all, and again where it could not be read', async () => {
		const { service, client } = clientOf([refusal(503, 'busy'), success({ DatasetName: 'X' })]);
		const failed = [client.datasets.catalogue(), client.datasets.catalogue()];
		for (const one of failed) await expect(one).rejects.toThrow('busy');
		const read = await Promise.all([client.datasets.catalogue(), client.datasets.catalogue()]);
		expect(read).toEqual(Array(2).fill([{ DatasetName: 'X' }]));
		expect(service.requests).toHaveLength(2);
	});
});
