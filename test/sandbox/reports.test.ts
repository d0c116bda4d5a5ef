import type { Program, ReportRecord, Sandbox } from '../../sandbox/service/client';
import {
	emptySandboxForEach,
	hoursAfter,
	type HttpsClient,
	type InsightsAnswer,
} from './httpsClient';

let sandbox: Sandbox;
let client: HttpsClient;

const bases: Record<Program, string> = { mpn: 'v1/mpn', cmp: 'v1.1/cmp' };
const systemQueries: Record<Program, string> = {
	mpn: '6664daf3-c161-423a-92a1-0ea6db2c0384',
	// the one ID that is no GUID
	cmp: 'q9df4939-073f-5795-b0cb-v2c81d11e58d',
};
const unknownId = '00000000-0000-4000-8000-000000000000';

emptySandboxForEach((...started) => ([sandbox, client] = started));

async function call(
	program: Program,
	method: string,
	path: string,
	body?: unknown,
): Promise<InsightsAnswer> {
	return await client.insights(method, `${bases[program]}/${path}`, body);
}

async function definition(
	program: Program,
	changes: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
	return {
		ReportName: 'Nightly',
		Description: 'For the test',
		QueryId: systemQueries[program],
		StartTime: hoursAfter(await sandbox.now(), 5),
		RecurrenceInterval: 24,
		RecurrenceCount: 10,
		Format: 'TSV',
		CallbackUrl: 'https://example.com/ready',
		CallbackMethod: 'get',
		...changes,
	};
}

async function create(
	program: Program,
	changes: Record<string, unknown> = {},
): Promise<InsightsAnswer> {
	return await call(program, 'POST', 'ScheduledReport', await definition(program, changes));
}

describe.each<Program>(['mpn', 'cmp'])('%s: create', (program) => {
	test('stores what was sent, Active from the start', async () => {
		const { status, value, message } = await create(program);
		expect({ status, message }).toEqual({ status: 200, message: 'Report created successfully' });
		expect(value).toHaveLength(1);
		expect(value[0]).toMatchObject({
			reportName: 'Nightly',
			queryId: systemQueries[program],
			reportStatus: 'Active',
			recurrenceInterval: 24,
			recurrenceCount: 10,
			format: 'tsv',
			callbackMethod: 'GET',
			executeNow: false,
			modifiedTime: null,
		});
		expect(await sandbox.reports(program)).toHaveLength(1);
	});

	test('keys of the body ignore case', async () => {
		const body = Object.fromEntries(
			Object.entries(await definition(program)).map(([key, value]) => [key.toLowerCase(), value]),
		);
		expect((await call(program, 'POST', 'ScheduledReport', body)).status).toBe(200);
	});

	test.each<[string, Record<string, unknown>, string]>([
		['no name', { ReportName: null }, 'Null or missing value: ReportName'],
		['no query', { QueryId: '' }, 'Null or missing value: QueryId'],
		['an unknown query', { QueryId: unknownId }, 'Invalid QueryId'],
		['no start', { StartTime: null }, 'Null or missing value: StartTime'],
		[
			'a semicolon in the name',
			{ ReportName: 'a;b' },
			'Invalid report parameters for creation - Invalid character (;) in ReportName',
		],
		[
			'a name of 257 characters',
			{ ReportName: 'x'.repeat(257) },
			'Invalid report parameters for creation - Limit ReportName and Description',
		],
		[
			'a description of 257 characters',
			{ Description: 'x'.repeat(257) },
			'Invalid report parameters for creation - Limit ReportName and Description',
		],
		[
			'an interval of 3 hours',
			{ RecurrenceInterval: 3 },
			'Recurrence Interval must be between 4 and 2160',
		],
		[
			'an interval of 2161 hours',
			{ RecurrenceInterval: 2161 },
			'Recurrence Interval must be between 4 and 2160',
		],
		['no interval', { RecurrenceInterval: undefined }, 'Null or missing value: RecurrenceInterval'],
		[
			'a count of 0',
			{ RecurrenceCount: 0 },
			'Invalid report parameters for creation - Recurrence count has to be a positive integer value',
		],
		['a placeholder as format', { Format: 'string' }, "Requested value 'string' not found"],
	])('refuses %s', async (_name, changes, message) => {
		const answer = await create(program, changes);
		expect(answer.status).toBe(400);
		expect(answer.message).toMatch(new RegExp(`^${message.replace(/[()]/g, '\\$&')}`));
		expect(await sandbox.reports(program)).toEqual([]);
	});

	test('a start needs four hours of lead', async () => {
		const now = await sandbox.now();
		const early = await create(program, { StartTime: hoursAfter(now, 3.99) });
		expect(early.status).toBe(400);
		expect(early.message).toContain('should at least be 4 hours from current UTC time');
		expect((await create(program, { StartTime: hoursAfter(now, 4.01) })).status).toBe(200);
	});

	test('the 51st active report is refused; a paused one makes room', async () => {
		const [first] = await sandbox.seedReports(program, 50, 'Active');
		const refused = await create(program);
		expect(refused.status).toBe(400);
		expect(refused.message).toBe(
			'User has exceeded its report creation quota of 50 active reports',
		);
		await call(program, 'PUT', `ScheduledReport/pause/${first}`);
		expect((await create(program)).status).toBe(200);
	});

	test('the sixth ExecuteNow within an hour is refused', async () => {
		const once = { ReportName: 'Once', QueryId: systemQueries[program], ExecuteNow: true };
		for (let index = 0; index < 5; index++) {
			expect((await call(program, 'POST', 'ScheduledReport', once)).status).toBe(200);
		}
		const refused = await call(program, 'POST', 'ScheduledReport', once);
		expect(refused.status).toBe(400);
		expect(refused.message).toContain('ExecuteNow report creation quota of 5 reports/60 mins');
		await sandbox.advanceClock({ hours: 1 });
		client.useToken(await sandbox.issueToken());
		expect((await call(program, 'POST', 'ScheduledReport', once)).status).toBe(200);
	});

	test('an ExecuteNow report is Inactive at once and cannot be updated or resumed', async () => {
		const { value } = await create(program, { ExecuteNow: true, StartTime: null });
		expect(value[0]).toMatchObject({
			executeNow: true,
			reportStatus: 'Inactive',
			recurrenceInterval: -1,
			recurrenceCount: 1,
		});
		const id = String(value[0]?.reportId);
		const updated = await call(program, 'PUT', `ScheduledReport/${id}`, await definition(program));
		expect(updated.status).toBe(400);
		const resumed = await call(program, 'PUT', `ScheduledReport/resume/${id}`);
		expect({ status: resumed.status, message: resumed.message }).toEqual({
			status: 400,
			message: `Report ${id} is Inactive and cannot be resumed`,
		});
	});
});

describe('where the programs differ', () => {
	test('cmp wants RecurrenceCount or EndTime, mpn does not', async () => {
		const EndTime = hoursAfter(await sandbox.now(), 50);
		expect((await create('cmp', { RecurrenceCount: undefined, EndTime })).status).toBe(200);
		const cmp = await create('cmp', { RecurrenceCount: undefined });
		expect({ status: cmp.status, message: cmp.message }).toEqual({
			status: 400,
			message: 'Null or missing value: RecurrenceCount',
		});
		expect((await create('mpn', { RecurrenceCount: undefined })).status).toBe(200);
	});

	test('an mpn dataset has a shortest interval of its own', async () => {
		const refused = await create('mpn', { RecurrenceInterval: 12 });
		expect(refused.status).toBe(400);
		expect(refused.message).toContain('at least 24 hours for dataset CustomersAndTenants');
		expect((await create('cmp', { RecurrenceInterval: 12 })).status).toBe(200);
	});

	test('a malformed start is a 400 on cmp and an internal error on mpn', async () => {
		const StartTime = '2030-01-01 00:00';
		expect(await create('cmp', { StartTime })).toMatchObject({
			status: 400,
			message:
				'Invalid report parameters for creation - StartTime should follow format yyyy-MM-ddTHH:mm:ssZ',
		});
		const mpn = await create('mpn', { StartTime });
		expect(mpn.status).toBe(500);
		expect(mpn.message).toMatch(
			/^Internal error encountered while creating report\. Correlation ID/,
		);
	});

	test('a wrong format has a message of its own on cmp', async () => {
		expect((await create('cmp', { Format: 'xml' })).message).toContain(
			'Report format should be csv/tsv',
		);
		expect((await create('mpn', { Format: 'xml' })).message).toBe(
			"Requested value 'xml' not found",
		);
	});

	test('an end before the start is refused on cmp', async () => {
		const now = await sandbox.now();
		const answer = await create('cmp', { EndTime: hoursAfter(now, 4.5) });
		expect(answer.message).toContain('EndTime should be greater than StartTime');
		expect((await create('cmp', { EndTime: hoursAfter(now, 50) })).value[0]).toHaveProperty(
			'endTime',
			hoursAfter(now, 50),
		);
	});

	test('their reports do not mix', async () => {
		await sandbox.seedReports('mpn', 1);
		expect((await call('mpn', 'GET', 'ScheduledReport')).status).toBe(200);
		expect((await call('cmp', 'GET', 'ScheduledReport')).status).toBe(404);
	});
});

describe('update', () => {
	async function stored(): Promise<ReportRecord> {
		return await sandbox.seedReport('mpn', {
			reportName: 'Before',
			description: 'Kept only if sent again',
			format: 'tsv',
			recurrenceInterval: 48,
			recurrenceCount: 7,
			callbackUrl: 'https://example.com/ready',
			callbackMethod: 'GET',
			queryId: systemQueries.mpn,
		});
	}

	test('replaces: what is left out falls back to its default', async () => {
		const { reportId, startTime } = await stored();
		const { status, value } = await call('mpn', 'PUT', `ScheduledReport/${reportId}`, {
			ReportName: 'After',
			StartTime: startTime,
		});
		expect(status).toBe(200);
		expect(value[0]).toMatchObject({
			reportName: 'After',
			description: null,
			format: 'csv',
			recurrenceInterval: 24,
			recurrenceCount: null,
			callbackUrl: null,
			callbackMethod: null,
			queryId: systemQueries.mpn,
			reportStatus: 'Paused',
		});
		expect(value[0]?.modifiedTime).not.toBeNull();
	});

	test('wants name and start', async () => {
		const { reportId, startTime } = await stored();
		const path = `ScheduledReport/${reportId}`;
		expect((await call('mpn', 'PUT', path, { StartTime: startTime })).status).toBe(400);
		expect((await call('mpn', 'PUT', path, { ReportName: 'x' })).status).toBe(400);
	});

	test('cmp wants format and callback address, too', async () => {
		const { reportId, startTime } = await sandbox.seedReport('cmp');
		const path = `ScheduledReport/${reportId}`;
		const body = { ReportName: 'x', StartTime: startTime, Format: 'csv', CallbackUrl: null };
		expect((await call('cmp', 'PUT', path, { ...body, Format: undefined })).message).toBe(
			'Null or missing value: Format',
		);
		expect((await call('cmp', 'PUT', path, { ...body, CallbackUrl: undefined })).message).toBe(
			'Null or missing value: CallbackUrl',
		);
		expect((await call('cmp', 'PUT', path, body)).status).toBe(200);
	});

	test('a start that has passed may stay, unless the strict rule is on', async () => {
		const startTime = hoursAfter(await sandbox.now(), -100);
		const { reportId } = await sandbox.seedReport('mpn', { startTime });
		const body = { ReportName: 'x', StartTime: startTime };
		const path = `ScheduledReport/${reportId}`;
		expect((await call('mpn', 'PUT', path, body)).status).toBe(200);
		const moved = { ...body, StartTime: hoursAfter(startTime, 1) };
		expect((await call('mpn', 'PUT', path, moved)).status).toBe(400);
		await sandbox.setOptions({ strictStartTimeOnUpdate: true });
		expect((await call('mpn', 'PUT', path, body)).status).toBe(400);
	});
});

describe('pause, resume, get, delete', () => {
	test('pausing and resuming change the state, and say so again when repeated', async () => {
		const [id] = await sandbox.seedReports('mpn', 1, 'Active');
		for (const [verb, reportStatus] of [
			['pause', 'Paused'],
			['pause', 'Paused'],
			['resume', 'Active'],
			['resume', 'Active'],
		]) {
			const { status, value } = await call('mpn', 'PUT', `ScheduledReport/${verb}/${id}`);
			expect(status).toBe(200);
			expect(value[0]).toMatchObject({ reportId: id, reportStatus });
		}
	});

	test.each([
		['GET', `ScheduledReport?reportId=${unknownId}`],
		['PUT', `ScheduledReport/resume/${unknownId}`],
		['PUT', `ScheduledReport/pause/${unknownId}`],
		['DELETE', `ScheduledReport/${unknownId}`],
	])('%s %s: 404 with the documented message', async (method, path) => {
		await sandbox.seedReports('mpn', 1);
		const { status, message } = await call('mpn', method, path);
		expect({ status, message }).toEqual({
			status: 404,
			message: 'No item found with given filters',
		});
	});

	test('a deleted report is gone', async () => {
		const [id] = await sandbox.seedReports('mpn', 2);
		const { value } = await call('mpn', 'DELETE', `ScheduledReport/${id}`);
		expect(value[0]).toMatchObject({ reportId: id });
		expect((await call('mpn', 'DELETE', `ScheduledReport/${id}`)).status).toBe(404);
		expect(await sandbox.reports('mpn')).toHaveLength(1);
	});

	test('filters by name in part, by query, and by several IDs, whatever the casing', async () => {
		const ids = await sandbox.seedReports('mpn', 12);
		const queryId = 'd1a4d75e-5ca8-4847-845f-ee0a9be6f07b';
		await sandbox.seedReport('mpn', { reportName: 'Other', queryId });
		const count = async (query: string) =>
			(await call('mpn', 'GET', `scheduledreport?${query}`)).value.length;
		expect(await count('REPORTNAME=report%2000')).toBe(12);
		expect(await count(`queryid=${queryId.toUpperCase()}`)).toBe(1);
		expect(await count(`reportId=${ids[3]};${ids[7]}`)).toBe(2);
	});

	test('PascalCase changes the keys of envelope and records, not the values', async () => {
		await sandbox.seedReport('mpn', { reportName: 'reportName' });
		await sandbox.setOptions({ casing: 'pascal' });
		const { text } = await call('mpn', 'GET', 'ScheduledReport');
		const body = JSON.parse(text) as { Value: Array<Record<string, unknown>> };
		expect(Object.keys(body)).toEqual([
			'Value',
			'NextLink',
			'TotalCount',
			'Message',
			'StatusCode',
			'DataRedacted',
		]);
		expect(body.Value[0]).toMatchObject({ ReportName: 'reportName', ReportStatus: 'Paused' });
	});
});
