import type { ReportRecord, Sandbox } from '../../sandbox/service/client';
import {
	emptySandboxForEach,
	hoursAfter,
	type HttpsClient,
	type InsightsAnswer,
} from './httpsClient';

let sandbox: Sandbox;
let client: HttpsClient;

/** A system query that the catalogue still carries. */
const queryId = '20f5da57-3c2a-481b-b6a0-ec34d6db14e2';
/** One whose documented text names columns that it does not. */
const driftedId = 'd1a4d75e-5ca8-4847-845f-ee0a9be6f07b';

emptySandboxForEach((...started) => ([sandbox, client] = started));

describe('executions', () => {
	let report: ReportRecord;
	let pending: string;
	let completed: string[];

	beforeEach(async () => {
		report = await sandbox.seedReport('mpn');
		const now = await sandbox.now();
		completed = [];
		for (const hours of [-40, -30, -20, -10]) {
			const scheduledTime = hoursAfter(now, hours);
			const status = 'Completed';
			const run = await sandbox.seedExecution('mpn', report.reportId, { status, scheduledTime });
			completed.push(run.executionId);
		}
		({ executionId: pending } = await sandbox.seedExecution('mpn', report.reportId, {
			status: 'Pending',
			scheduledTime: hoursAfter(now, -1),
		}));
	});

	const executions = async (query = ''): Promise<InsightsAnswer> =>
		await client.insights('GET', `v1/mpn/ScheduledReport/execution/${report.reportId}?${query}`);
	const idsOf = ({ value }: InsightsAnswer) => value.map(({ executionId }) => executionId);

	test('a status filter that is ignored shows Pending among Completed', async () => {
		await sandbox.setOptions({ statusFilter: 'ignored' });
		const query = 'executionStatus=Completed&getLatestExecution=false';
		expect(idsOf(await executions(query)).sort()).toEqual([...completed, pending].sort());
		expect(idsOf(await executions('executionStatus=Completed'))).toEqual([pending]);
	});

	test('a status filter can also find nothing, whatever there is', async () => {
		await sandbox.setOptions({ statusFilter: 'findsNothing' });
		expect((await executions('executionStatus=Completed')).status).toBe(404);
		expect((await executions()).status).toBe(200);
	});

	test('lists joined by semicolons are refused', async () => {
		const query = 'executionStatus=Pending;Completed&getLatestExecution=false';
		expect(idsOf(await executions(query))).toHaveLength(5);
		await sandbox.setOptions({ semicolonLists: false });
		expect((await executions(query)).status).toBe(400);
		expect((await executions(`executionId=${completed.join(';')}`)).status).toBe(400);
		const reports = await client.insights('GET', 'v1/mpn/ScheduledReport?reportId=a;b');
		expect(reports.status).toBe(400);
		expect(idsOf(await executions('executionStatus=Pending'))).toEqual([pending]);
	});

	test('a first look without a filter shows the run that is Pending', async () => {
		expect(idsOf(await executions())).toEqual([completed.at(-1)]);
		await sandbox.setOptions({ unfilteredShowsPending: true });
		expect(idsOf(await executions())).toEqual([pending]);
	});

	test('the order is newest first, the other way round, or neither and always the same', async () => {
		const all = 'getLatestExecution=false';
		const oldestFirst = [...completed];
		expect(idsOf(await executions(all))).toEqual([...oldestFirst].reverse());
		await sandbox.setOptions({ executionOrder: 'oldestFirst' });
		expect(idsOf(await executions(all))).toEqual(oldestFirst);
		await sandbox.setOptions({ executionOrder: 'scattered' });
		const scattered = idsOf(await executions(all));
		expect([...scattered].sort()).toEqual([...oldestFirst].sort());
		expect(idsOf(await executions(all))).toEqual(scattered);
		expect(idsOf(await executions())).toEqual([completed.at(-1)]);
	});

	test('the latest run is taken before the filter, and then none is left', async () => {
		await sandbox.setOptions({ latestBeforeFilter: true });
		expect((await executions('executionStatus=Completed')).status).toBe(404);
		expect(idsOf(await executions('executionStatus=Pending'))).toEqual([pending]);
	});
});

describe('cmp v1.1 as an employee of Microsoft describes it', () => {
	beforeEach(async () => {
		await sandbox.setOptions({
			remainingCounts: true,
			longestScheduleHours: 365 * 24,
		});
	});

	const create = async (changes: Record<string, unknown>) =>
		await client.insights('POST', 'v1.1/cmp/ScheduledReport', {
			ReportName: 'Daily',
			QueryId: 'fd0f299c-5a1c-4929-9f48-bfc6cc44355d',
			StartTime: hoursAfter(await sandbox.now(), 5),
			RecurrenceInterval: 24,
			...changes,
		});

	test('reports and executions tell the total, what is left, the end and the next start', async () => {
		const { value } = await create({ RecurrenceCount: 3 });
		expect(value[0]).toMatchObject({ totalRecurrenceCount: 3, recurrenceCount: 3 });
		await sandbox.advanceClock({ hours: 6 });
		client.useToken(await sandbox.issueToken());
		const next = hoursAfter(String(value[0]?.startTime), 24);
		const left = {
			totalRecurrenceCount: 3,
			recurrenceCount: 2,
			endTime: null,
			nextExecutionStartTime: next,
		};
		const reports = await client.insights('GET', 'v1.1/cmp/ScheduledReport');
		expect(reports.value[0]).toMatchObject(left);
		const reportId = String(value[0]?.reportId);
		const runs = await client.insights('GET', `v1.1/cmp/ScheduledReport/execution/${reportId}`);
		expect(runs.value[0]).toMatchObject(left);
		expect(runs.value[0]).not.toHaveProperty('remainingRecurrenceCount');
	});

	test('a new report wants a count or an end, each within a bound', async () => {
		const start = hoursAfter(await sandbox.now(), 5);
		expect((await create({})).message).toBe('Null or missing value: RecurrenceCount');
		expect((await create({ EndTime: hoursAfter(start, 100) })).status).toBe(200);
		expect((await create({ RecurrenceCount: 365 })).status).toBe(200);
		expect((await create({ RecurrenceCount: 366 })).message).toMatch(/Recurrence count exceeds/);
		expect((await create({ EndTime: hoursAfter(start, 400 * 24) })).message).toMatch(
			/EndTime exceeds/,
		);
	});
});

describe('answers', () => {
	test('system queries name columns that the account lacks, and are refused', async () => {
		await sandbox.setOptions({ driftingSystemQueries: true });
		const path = 'v1/mpn/ScheduledQueries';
		const { value } = await client.insights('GET', `${path}?queryId=${driftedId}`);
		expect(value[0]?.query).toContain(',MeterCategory,');
		const tested = await client.insights('GET', `${path}/testQueryResult?queryId=${driftedId}`);
		expect([tested.status, tested.message]).toEqual([
			400,
			expect.stringMatching(/^Incorrect column name/),
		]);
		const created = await client.insights('POST', 'v1/mpn/ScheduledReport', {
			ReportName: 'Once',
			QueryId: driftedId,
			ExecuteNow: true,
		});
		expect(created.status).toBe(400);
		const good = await client.insights('GET', `${path}/testQueryResult?queryId=${queryId}`);
		expect(good.status).toBe(200);
	});

	const envelopeOf = async (path: string) => {
		const { text } = await client.insights('GET', path);
		return JSON.parse(text) as Record<string, unknown>;
	};

	test('dataRedacted says that something was left out, on cmp too', async () => {
		await sandbox.setOptions({ dataRedacted: true });
		expect(await envelopeOf('v1/mpn/ScheduledDataset')).toMatchObject({ dataRedacted: true });
		expect(await envelopeOf('v1.1/cmp/ScheduledDataset')).toMatchObject({ dataRedacted: true });
	});

	test('value is null where there is nothing', async () => {
		expect((await envelopeOf('v1/mpn/ScheduledReport')).value).toEqual([]);
		await sandbox.setOptions({ emptyValue: 'null' });
		expect((await envelopeOf('v1/mpn/ScheduledReport')).value).toBeNull();
		expect((await envelopeOf('v1/mpn/ScheduledDataset')).value).toHaveLength(21);
	});

	test('mixed casing: the envelope in Pascal case, every second key of a record', async () => {
		await sandbox.setOptions({ casing: 'mixed' });
		const { Value } = await envelopeOf('v1/mpn/ScheduledDataset?datasetName=AzureUsage');
		expect(Object.keys((Value as object[])[0] ?? {})).toEqual([
			'datasetName',
			'SelectableColumns',
			'availableMetrics',
			'AvailableDateRanges',
			'minimumRecurrenceInterval',
		]);
	});

	test('times without Z, with fractions, in the years 1 and 9999', async () => {
		await sandbox.setOptions({ times: 'awkward' });
		const { reportId, startTime } = await sandbox.seedReport('cmp', { reportStatus: 'Paused' });
		for (const status of ['Completed', 'Pending'] as const) {
			await sandbox.seedExecution('cmp', reportId, { status });
		}
		const [report] = (await client.insights('GET', 'v1.1/cmp/ScheduledReport')).value;
		expect(report).toMatchObject({
			startTime,
			createdTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
			modifiedTime: '0001-01-01T00:00:00',
			endTime: '9999-12-31T23:59:59Z',
		});
		const path = `v1.1/cmp/ScheduledReport/execution/${reportId}?getLatestExecution=false`;
		const statuses = ['Completed', 'Pending'];
		const runs = await Promise.all(
			statuses.map(
				async (s) => (await client.insights('GET', `${path}&executionStatus=${s}`)).value,
			),
		);
		expect(runs.map(([run]) => run?.reportGeneratedTime)).toEqual([
			expect.stringMatching(/\.1234567Z$/),
			'0001-01-01T00:00:00',
		]);
	});

	test('lists come in pages, with links that are relative and absolute in turn', async () => {
		const whole = (await client.insights('GET', 'v1/mpn/ScheduledDataset')).value;
		await sandbox.setOptions({ pageSize: 6 });
		const pages: number[] = [];
		const links: string[] = [];
		const seen: unknown[] = [];
		let next: unknown = `${sandbox.apiUrl}/insights/v1/mpn/ScheduledDataset`;
		while (typeof next === 'string') {
			const url = new URL(next, sandbox.apiUrl).href;
			const headers = { authorization: `Bearer ${await sandbox.issueToken()}` };
			const body = JSON.parse((await client.send('GET', url, headers)).text) as {
				value: unknown[];
				nextLink: string | null;
			};
			pages.push(body.value.length);
			seen.push(...body.value);
			next = body.nextLink;
			if (typeof next === 'string') links.push(next);
		}
		expect(pages).toEqual([6, 6, 6, 3]);
		expect(links.map((link) => link.startsWith('/'))).toEqual([false, true, false]);
		expect(seen).toEqual(whole);
	});

	test('a field that does not pass comes in a list by field', async () => {
		await sandbox.setOptions({ validation: 'byField' });
		const { status, text } = await client.insights('POST', 'v1/mpn/ScheduledReport', {
			ReportName: 'Bad',
			QueryId: queryId,
			StartTime: hoursAfter(await sandbox.now(), 5),
			RecurrenceInterval: 3,
		});
		expect(status).toBe(400);
		expect(JSON.parse(text)).toMatchObject({
			title: 'One or more validation errors occurred.',
			errors: { RecurrenceInterval: ['Recurrence Interval must be between 4 and 2160'] },
		});
	});

	test.each([200, 403, 404, 502] as const)('every third GET is a page with %i', async (status) => {
		await sandbox.setOptions({ proxyPages: { status, every: 3 } });
		const answers: Array<[number, string]> = [];
		for (let index = 0; index < 3; index++) {
			const headers = { authorization: `Bearer ${await sandbox.issueToken()}` };
			const url = `${sandbox.apiUrl}/insights/v1/mpn/ScheduledDataset`;
			const answer = await client.send('GET', url, headers);
			answers.push([answer.status, String(answer.headers['content-type'])]);
		}
		const pages = answers.filter(([, type]) => type.startsWith('text/html'));
		expect(pages).toEqual([[status, 'text/html; charset=utf-8']]);
	});

	test('a limit of requests is told in the headers of every answer', async () => {
		await sandbox.setOptions({ rateLimit: { limit: 2, windowMs: 60_000 } });
		const told: unknown[] = [];
		for (let index = 0; index < 3; index++) {
			const { status, headers } = await client.insights('GET', 'v1/mpn/ScheduledDataset');
			told.push([status, headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']]);
		}
		expect(told).toEqual([
			[200, '2', '1'],
			[200, '2', '0'],
			[429, '2', '0'],
		]);
	});

	test('a reset forgets what was counted towards the limit and towards the next page', async () => {
		const settings = {
			rateLimit: { limit: 1, windowMs: 60_000 },
			proxyPages: { status: 502, every: 2 } as const,
		};
		for (let round = 0; round < 3; round++) {
			await sandbox.reset('empty');
			await sandbox.setOptions(settings);
			const headers = { authorization: `Bearer ${await sandbox.issueToken()}` };
			const url = `${sandbox.apiUrl}/insights/v1/mpn/ScheduledDataset`;
			expect((await client.send('GET', url, headers)).status).toBe(200);
		}
	});

	test('a report that runs once makes no callback where that is switched off', async () => {
		await sandbox.setOptions({ oneOffCallbacks: false });
		await client.insights('POST', 'v1/mpn/ScheduledReport', {
			ReportName: 'Once',
			QueryId: queryId,
			ExecuteNow: true,
			CallbackUrl: 'http://127.0.0.1:9/',
		});
		const callbackUrl = 'http://127.0.0.1:9/';
		const startTime = hoursAfter(await sandbox.now(), 1);
		const reportStatus = 'Active';
		const daily = await sandbox.seedReport('mpn', { callbackUrl, startTime, reportStatus });
		await sandbox.advanceClock({ hours: 2 });
		const calls = await sandbox.journal({ host: 'callback' });
		expect(calls.map(({ path }) => path)).toEqual([`${callbackUrl}${daily.reportId}`]);
	});
});
