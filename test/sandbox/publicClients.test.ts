/**
 * The requests that public clients of the API make, transcribed: paths, forms, headers and order as
 * their sources have them, and the fields that they read from the answers. They run unchanged.
 */
import { gunzipSync } from 'node:zlib';

import { type Sandbox, startSandbox } from '../../sandbox/service/client';
import { type Answer, hoursAfter, HttpsClient } from './httpsClient';

let sandbox: Sandbox;
let client: HttpsClient;

beforeAll(async () => {
	sandbox = await startSandbox({ profile: 'observed' });
	client = new HttpsClient(sandbox);
});
beforeEach(async () => {
	await sandbox.reset();
	// Both clients are older than the demand for MFA: they sign in by name and password.
	await sandbox.setOptions({
		mfaRequired: false,
		rateLimit: null,
		proxyPages: null,
		casing: 'camel',
	});
});
afterAll(async () => await sandbox.stop());

type Envelope = { value: Array<Record<string, unknown>>; message: string | null };

const parse = ({ text, status }: Answer): Envelope => {
	expect(status).toBe(200);
	return JSON.parse(text) as Envelope;
};

const passwordToken = async (form: Record<string, string>) => {
	const answer = await client.send(
		'POST',
		`${sandbox.loginUrl}/${sandbox.tenantId}/oauth2/token`,
		{ 'content-type': 'application/x-www-form-urlencoded', 'return-client-request-id': 'true' },
		new URLSearchParams({
			resource: 'https://api.partnercenter.microsoft.com',
			client_id: sandbox.apps.standard.clientId,
			client_secret: sandbox.apps.standard.clientSecret,
			username: sandbox.apps.user.userName,
			password: sandbox.apps.user.password,
			grant_type: 'password',
			...form,
		}).toString(),
	);
	return { status: answer.status, body: JSON.parse(answer.text) as Record<string, unknown> };
};

describe('the older token endpoint', () => {
	test('answers with texts for numbers, the resource, and a refresh token', async () => {
		const { status, body } = await passwordToken({ scope: 'openid' });
		expect(status).toBe(200);
		expect(body).toMatchObject({
			token_type: 'Bearer',
			scope: 'user_impersonation',
			expires_in: '3599',
			ext_expires_in: '3599',
			resource: 'https://api.partnercenter.microsoft.com',
		});
		expect(Number(body.expires_on) - Number(body.not_before)).toBe(3599);
		expect(Object.keys(body)).toEqual(
			expect.arrayContaining(['access_token', 'refresh_token', 'id_token']),
		);
	});

	test('gives an app its own token, and knows no app-only scope', async () => {
		const { status, body } = await passwordToken({ grant_type: 'client_credentials' });
		expect(status).toBe(200);
		expect(body).not.toHaveProperty('refresh_token');
		expect(body).not.toHaveProperty('scope');
		client.useToken(String(body.access_token));
		expect((await client.insights('GET', 'v1.1/cmp/ScheduledDataset')).status).toBe(200);
	});

	test('refuses a wrong password, and a resource that nobody knows', async () => {
		expect((await passwordToken({ password: 'wrong' })).body.error_codes).toEqual([50126]);
		const unknown = await passwordToken({ resource: 'https://graph.microsoft.com' });
		expect(unknown.body.error_codes).toEqual([500011]);
	});
});

describe("Microsoft's sample for Java (mpn)", () => {
	test('lists, tries, saves, schedules, is called back, and downloads', async () => {
		const { body } = await passwordToken({});
		expect(Number.parseInt(String(body.expires_on), 10)).toBeGreaterThan(0);
		const headers = { authorization: `Bearer ${String(body.access_token)}` };
		// The base address ends in a slash and every path begins with one.
		const base = `${sandbox.apiUrl}//insights/v1/mpn`;
		const get = async (path: string) => parse(await client.send('GET', base + path, headers));
		const post = async (path: string, fields: object) =>
			parse(
				await client.send(
					'POST',
					base + path,
					{ ...headers, 'content-type': 'application/json' },
					JSON.stringify(fields),
				),
			);

		expect((await get('/ScheduledDataset')).value[0]).toHaveProperty('datasetName');
		expect((await get('/ScheduledQueries')).value[0]).toHaveProperty('queryId');
		const query = 'SELECT PartnerName,MPNId FROM TrainingCompletions TIMESPAN LAST_MONTH';
		const tried = await get(
			`/ScheduledQueries/testQueryResult?exportQuery=${encodeURIComponent(query)}`,
		);
		expect(Object.keys(tried.value[0] ?? {})).toEqual(['PartnerName', 'MPNId']);

		const created = await post('/ScheduledQueries', { Name: 'Trainings', Query: query });
		const report = await post('/ScheduledReport', {
			ReportName: 'Trainings',
			QueryId: created.value[0]?.queryId,
			StartTime: hoursAfter(await sandbox.now(), 5),
			RecurrenceInterval: 24,
			RecurrenceCount: 100,
		});
		const reportId = String(report.value[0]?.reportId);

		// Its callback only carries the report's ID. The token is kept as long as the program runs.
		await sandbox.setOptions({ blobEncoding: 'gzip', tokenLifetimeSeconds: 24 * 3600 });
		await sandbox.advanceClock({ hours: 6 });
		const later = await passwordToken({});
		headers.authorization = `Bearer ${String(later.body.access_token)}`;
		const { value } = await get(`/ScheduledReport/execution/${reportId}`);
		const file = await client.send('GET', String(value[0]?.reportAccessSecureLink));
		// It unzips whatever the header says.
		expect(gunzipSync(file.bytes).toString('utf8')).toMatch(/^PartnerName,MPNId\r\n/);
	});
});

describe('a public client in Python (mpn)', () => {
	test('creates a query and a report, polls without a filter, and downloads', async () => {
		const { body } = await passwordToken({ scope: 'openid' });
		const token = String(body.access_token);
		expect(body).toHaveProperty('refresh_token');
		const base = `${sandbox.apiUrl}/insights/v1/mpn`;
		const json = { 'content-type': 'application/json' };

		const query = parse(
			await client.send(
				'POST',
				`${base}/ScheduledQueries`,
				{ ...json, authorization: `Bearer ${token}` },
				'{\r\n  "Name": "All Training",\r\n  "Description": "List of all training items",\r\n  "Query": "SELECT TrainingActivityId from TrainingCompletions TIMESPAN LAST_6_MONTHS"\r\n}',
			),
		);
		const report = parse(
			await client.send(
				'POST',
				`${base}/ScheduledReport`,
				{ ...json, accept: 'application/json', 'x-aaduserticket': token },
				`{\n  "ReportName": "All Training Report",\n  "Description": "Report listing all the training activities",\n  "QueryId": "${String(query.value[0]?.queryId)}",\n  "ExecuteNow": true\n}`,
			),
		);
		expect(report.message).toBe('Report created successfully');
		const look = async () => {
			const { value } = parse(
				await client.send(
					'GET',
					`${base}/ScheduledReport/execution/${String(report.value[0]?.reportId)}`,
					{ accept: 'application/json', 'x-aaduserticket': token },
				),
			);
			return value[0] ?? {};
		};
		// It takes the first look for granted: nothing but a record that is Pending will do.
		expect(await look()).toMatchObject({
			executionStatus: 'Pending',
			reportAccessSecureLink: null,
		});
		await sandbox.advanceClock(91_000);
		const done = await look();
		expect(done.executionStatus).toBe('Completed');
		const file = await client.send('GET', String(done.reportAccessSecureLink));
		expect(file.status).toBe(200);
	});

	test('fails at its first look where the documents are right', async () => {
		await sandbox.setOptions({ unfilteredShowsPending: false });
		const { body } = await passwordToken({});
		client.useToken(String(body.access_token));
		const { value } = await client.insights('POST', 'v1/mpn/ScheduledReport', {
			ReportName: 'All Training Report',
			QueryId: '20f5da57-3c2a-481b-b6a0-ec34d6db14e2',
			ExecuteNow: true,
		});
		const path = `v1/mpn/ScheduledReport/execution/${String(value[0]?.reportId)}`;
		expect((await client.insights('GET', path)).status).toBe(404);
	});
});
