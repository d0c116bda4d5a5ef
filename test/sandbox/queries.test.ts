import type { Program, Sandbox } from '../../sandbox/service/client';
import { emptySandboxForEach, type HttpsClient } from './httpsClient';

let sandbox: Sandbox;
let client: HttpsClient;

const bases: Record<Program, string> = { mpn: 'v1/mpn', cmp: 'v1.1/cmp' };

emptySandboxForEach((...started) => ([sandbox, client] = started));

async function tryQuery(query: string, program: Program = 'mpn') {
	return await client.insights(
		'GET',
		`${bases[program]}/ScheduledQueries/testQueryResult?exportQuery=${encodeURIComponent(query)}`,
	);
}

test.each<[Program, number, number]>([
	['mpn', 21, 19],
	['cmp', 8, 10],
])('%s has its datasets, and system queries that run', async (program, datasets, queries) => {
	const listed = await client.insights('GET', `${bases[program]}/ScheduledDataset`);
	expect(listed.value).toHaveLength(datasets);
	expect(listed.message).toBe('Dataset fetched successfully');
	const system = await client.insights('GET', `${bases[program]}/ScheduledQueries`);
	expect(system.value).toHaveLength(queries);
	for (const { queryId, type } of system.value) {
		expect(type).toBe('system');
		const { status, message, value } = await client.insights(
			'GET',
			`${bases[program]}/ScheduledQueries/testQueryResult?queryId=${String(queryId)}`,
		);
		expect([queryId, status, message]).toEqual([queryId, 200, null]);
		expect(value).toHaveLength(program === 'mpn' ? 100 : 10);
	}
});

test('one dataset by its name, in any casing; an unknown one is a 404', async () => {
	const { value } = await client.insights('GET', 'v1/mpn/ScheduledDataset?datasetname=azureusage');
	expect(value).toHaveLength(1);
	expect(value[0]).toMatchObject({ datasetName: 'AzureUsage', minimumRecurrenceInterval: 24 });
	expect((await client.insights('GET', 'v1/mpn/ScheduledDataset?datasetName=x')).status).toBe(404);
});

test.each([
	'select customername from CustomersAndTenants',
	"SELECT DISTINCT CustomerName, Month FROM CustomersAndTenants WHERE CustomerMarket = 'O''Higgins' AND MpnId IN ('1', '2') AND AvailableSeats >= -1.5 ORDER BY Month ASC, CustomerName LIMIT 5 TIMESPAN LAST_2_YEARS",
	"SELECT CustomerName\r\nFROM CustomersAndTenants\r\nWHERE CustomerName NOT LIKE 'A%'\r\nTIMESPAN LAST_MONTH\r\n",
	'SELECT MpnId,CustomerCount FROM CustomersAndTenants WHERE CustomerCount != 3 AND MpnId NOT IN (1,2)',
])('accepts %s', async (query) => {
	expect((await tryQuery(query)).status).toBe(200);
});

test.each([
	['SELECT CustomerName FROM Nowhere', /^Invalid table name: Nowhere/],
	['SELECT CustomerNmae FROM CustomersAndTenants', /^Incorrect column name: CustomerNmae/],
	["SELECT MpnId FROM CustomersAndTenants WHERE Nope = 'x'", /^Incorrect column name: Nope/],
	['SELECT * FROM CustomersAndTenants', /^Invalid query/],
	['SELECT COUNT(MpnId) FROM CustomersAndTenants', /^Invalid query/],
	["SELECT MpnId FROM CustomersAndTenants WHERE MpnId = '1' OR MpnId = '2'", /^Invalid query/],
	['SELECT MpnId FROM CustomersAndTenants TIMESPAN LAST_MONTH LIMIT 5', /^Invalid query/],
	['SELECT MpnId FROM CustomersAndTenants LIMIT 0', /^Invalid query/],
	["SELECT MpnId FROM CustomersAndTenants WHERE MpnId = 'x", /^Invalid query/],
	['SELECT MpnId FROM CustomersAndTenants TIMESPAN LAST_7_DAYS', /^Invalid TIMESPAN/],
	['SELECT MpnId FROM', /^Invalid query\. Unexpected end/],
])('refuses %s', async (query, message) => {
	const answer = await tryQuery(query);
	expect(answer.status).toBe(400);
	expect(answer.message).toMatch(message);
});

test('a metric with parentheses in its name is listed but cannot be queried', async () => {
	const { value } = await client.insights(
		'GET',
		'v1.1/cmp/ScheduledDataset?datasetName=ISVOfferRetention',
	);
	expect(value[0]?.availableMetrics).toContain('RevenueGenerated(USD)');
	const answer = await tryQuery('SELECT RevenueGenerated(USD) FROM ISVOfferRetention', 'cmp');
	expect(answer.status).toBe(400);
});

test('rows keep the columns’ own spelling, in either casing of the envelope', async () => {
	await sandbox.setOptions({ casing: 'pascal' });
	const { text } = await tryQuery('SELECT AI_OfferType,Month FROM AzureUsage LIMIT 1');
	const body = JSON.parse(text) as { Value: object[]; TotalCount: number };
	expect(body.TotalCount).toBe(1);
	expect(Object.keys(body.Value[0] ?? {})).toEqual(['AI_OfferType', 'Month']);
});

test('conditions and order hold for the rows', async () => {
	const { value } = await tryQuery(
		"SELECT CustomerMarket,AvailableSeats FROM CustomersAndTenants WHERE CustomerMarket = 'Japan' AND AvailableSeats > 100 ORDER BY AvailableSeats",
	);
	expect(value.length).toBeGreaterThan(10);
	const seats = value.map((row) => Number(row.AvailableSeats));
	expect(value.every((row) => row.CustomerMarket === 'Japan')).toBe(true);
	expect(Math.min(...seats)).toBeGreaterThan(100);
	expect(seats).toEqual([...seats].sort((left, right) => right - left));
});

test('testing wants exactly one of query text and query ID', async () => {
	expect((await client.insights('GET', 'v1/mpn/ScheduledQueries/testQueryResult')).status).toBe(
		400,
	);
	const unknown = await client.insights(
		'GET',
		'v1/mpn/ScheduledQueries/testQueryResult?queryId=nope',
	);
	expect({ status: unknown.status, message: unknown.message }).toEqual({
		status: 400,
		message: 'Invalid QueryId: nope',
	});
});

describe('own queries', () => {
	const query = { Name: 'My customers 2', Query: 'SELECT CustomerName FROM CustomersAndTenants' };

	async function create(changes: Record<string, unknown> = {}) {
		return await client.insights('POST', 'v1/mpn/ScheduledQueries', { ...query, ...changes });
	}

	test('are created, found and deleted', async () => {
		const created = await create();
		expect(created.message).toBe('Query created successfully');
		const id = String(created.value[0]?.queryId);
		expect(created.value[0]).toMatchObject({ name: query.Name, type: 'userDefined' });
		const own = await client.insights(
			'GET',
			'v1/mpn/ScheduledQueries?includeSystemQueries=false&queryName=CUSTOMERS',
		);
		expect(own.value.map(({ queryId }) => queryId)).toEqual([id]);
		expect((await client.insights('DELETE', `v1/mpn/ScheduledQueries/${id}`)).value).toHaveLength(
			1,
		);
		expect((await client.insights('DELETE', `v1/mpn/ScheduledQueries/${id}`)).status).toBe(404);
	});

	test.each([
		[{ Name: null }, 'Null or missing value: Name'],
		[{ Query: null }, 'Null or missing value: Query'],
		[{ Name: 'semi-colon' }, 'Invalid query name'],
		[{ Query: 'SELECT x FROM CustomersAndTenants' }, 'Incorrect column name: x'],
	])('are refused with %j', async (changes, message) => {
		const answer = await create(changes);
		expect(answer.status).toBe(400);
		expect(answer.message).toContain(message);
	});

	test('are limited to a hundred', async () => {
		for (let index = 0; index < 100; index++) expect((await create()).status).toBe(200);
		const refused = await create();
		expect(refused.status).toBe(400);
		expect(refused.message).toMatch(/^Number of queries exceeded/);
	});

	test('a system query cannot be deleted', async () => {
		const path = 'v1/mpn/ScheduledQueries/6664daf3-c161-423a-92a1-0ea6db2c0384';
		expect((await client.insights('DELETE', path)).status).toBe(400);
	});
});
