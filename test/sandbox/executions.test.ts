import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Sandbox, startSandbox } from '../../sandbox/service/client';
import { hoursAfter, HttpsClient, type InsightsAnswer } from './httpsClient';

let sandbox: Sandbox;
let client: HttpsClient;

const queryId = '6664daf3-c161-423a-92a1-0ea6db2c0384';

beforeAll(async () => {
	sandbox = await startSandbox({ seed: 'empty' });
	client = new HttpsClient(sandbox);
});
beforeEach(async () => {
	await sandbox.reset('empty');
	client.useToken(await sandbox.issueToken({ expiresInSeconds: 400 * 24 * 3600 }));
});
afterAll(async () => await sandbox.stop());

async function executions(reportId: string, query = ''): Promise<InsightsAnswer> {
	return await client.insights('GET', `v1/mpn/ScheduledReport/execution/${reportId}?${query}`);
}

async function runOnce(changes: Record<string, unknown> = {}): Promise<string> {
	const { value } = await client.insights('POST', 'v1/mpn/ScheduledReport', {
		ReportName: 'Once',
		QueryId: queryId,
		ExecuteNow: true,
		...changes,
	});
	return String(value[0]?.reportId);
}

test('an execution goes from Pending over Running to Completed by the sandbox clock', async () => {
	const reportId = await runOnce();
	const statusOf = async () => (await sandbox.executions('mpn', reportId))[0]?.executionStatus;
	expect(await statusOf()).toBe('Pending');
	await sandbox.advanceClock(31_000);
	expect(await statusOf()).toBe('Running');
	await sandbox.advanceClock(58_000);
	expect(await statusOf()).toBe('Running');
	await sandbox.advanceClock(2_000);
	expect(await statusOf()).toBe('Completed');
});

test('the defaults show nothing but 404 until the first run is complete', async () => {
	const reportId = await runOnce();
	const early = await executions(reportId);
	expect(early.status).toBe(404);
	expect(early.message).toMatch(
		/^There are no executions that have occurred for the given filter conditions/,
	);
	expect((await executions(reportId, 'executionStatus=pending')).value[0]).toMatchObject({
		executionStatus: 'Pending',
		recurrenceInterval: -1,
		reportAccessSecureLink: null,
		reportGeneratedTime: null,
	});
	await sandbox.advanceClock(91_000);
	const { status, value } = await executions(reportId);
	expect(status).toBe(200);
	expect(value[0]).toMatchObject({ reportId, executionStatus: 'Completed' });
	expect(value[0]?.reportGeneratedTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
	expect((await executions(reportId, 'executionStatus=Pending')).status).toBe(404);
});

test('durations can be set', async () => {
	await sandbox.setOptions({ pendingMs: 0, runningMs: 0 });
	expect((await executions(await runOnce())).status).toBe(200);
});

test('an unknown status is refused', async () => {
	const answer = await executions(await runOnce(), 'executionStatus=Failed');
	expect({ status: answer.status, message: answer.message }).toEqual({
		status: 400,
		message: "Requested value 'Failed' not found",
	});
});

test('a recurring report runs from its start on, until its count is used up', async () => {
	const start = hoursAfter(await sandbox.now(), 5);
	const { value } = await client.insights('POST', 'v1/mpn/ScheduledReport', {
		ReportName: 'Daily',
		QueryId: queryId,
		StartTime: start,
		RecurrenceInterval: 24,
		RecurrenceCount: 3,
	});
	const reportId = String(value[0]?.reportId);
	const state = async () => {
		const report = (await sandbox.reports('mpn')).at(0);
		return [report?.reportStatus, (await sandbox.executions('mpn', reportId)).length];
	};
	expect(await state()).toEqual(['Active', 0]);
	await sandbox.advanceClock({ hours: 6 });
	expect(await state()).toEqual(['Active', 1]);
	await sandbox.advanceClock({ hours: 24 });
	expect(await state()).toEqual(['Active', 2]);
	await sandbox.advanceClock({ hours: 24 * 10 });
	expect(await state()).toEqual(['Inactive', 3]);
	const all = await executions(reportId, 'getLatestExecution=false');
	expect(all.value.map((run) => run.reportGeneratedTime)).toEqual(
		[48, 24, 0].map((hours) => hoursAfter(start, hours + 90 / 3600)),
	);
	expect((await executions(reportId)).value).toHaveLength(1);
});

test('a paused report does not run, and does not make up for it later', async () => {
	const startTime = hoursAfter(await sandbox.now(), 1);
	const { reportId } = await sandbox.seedReport('mpn', { startTime, reportStatus: 'Paused' });
	await sandbox.advanceClock({ hours: 100 });
	expect(await sandbox.executions('mpn', reportId)).toEqual([]);
	await client.insights('PUT', `v1/mpn/ScheduledReport/resume/${reportId}`);
	expect(await sandbox.executions('mpn', reportId)).toEqual([]);
	await sandbox.advanceClock({ hours: 24 });
	expect(await sandbox.executions('mpn', reportId)).toHaveLength(1);
});

test('the history reaches back 90 days', async () => {
	const { reportId } = await sandbox.seedReport('mpn');
	await sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
	await sandbox.advanceClock({ hours: 89 * 24 });
	expect((await executions(reportId)).status).toBe(200);
	await sandbox.advanceClock({ hours: 48 });
	expect((await executions(reportId)).status).toBe(404);
});

test('cmp tells where the file lies and how many runs remain', async () => {
	const { reportId } = await sandbox.seedReport('cmp', { recurrenceCount: 5 });
	await sandbox.seedExecution('cmp', reportId, { status: 'Completed' });
	const { value } = await client.insights('GET', `v1.1/cmp/ScheduledReport/execution/${reportId}`);
	expect(value[0]).toHaveProperty('remainingRecurrenceCount', 5);
	expect(String(value[0]?.reportAccessSecureLink)).toContain(
		`${String(value[0]?.reportLocation)}?`,
	);
});

describe('callback', () => {
	let receiver: Server;
	let received: IncomingMessage[];
	let origin: string;

	beforeEach(async () => {
		received = [];
		receiver = createServer((request, response) => {
			received.push(request);
			response.end('ok');
		});
		await new Promise<void>((resolve) => {
			receiver.listen(0, '127.0.0.1', resolve);
		});
		origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
	});
	afterEach(() => {
		receiver.close();
		receiver.closeAllConnections();
	});

	async function callOf(method: string, callbackUrl: string): Promise<[string, string?, string?]> {
		const CallbackUrl = `${origin}${callbackUrl}`;
		const reportId = await runOnce({ CallbackUrl, CallbackMethod: method });
		expect(received).toEqual([]);
		await sandbox.advanceClock(91_000);
		for (let waited = 0; received.length === 0 && waited < 5000; waited += 20) {
			await new Promise((resolve) => {
				setTimeout(resolve, 20);
			});
		}
		return [reportId, received[0]?.method, received[0]?.url];
	}

	test('GET passes the report in the query', async () => {
		const [reportId, method, url] = await callOf('GET', '/ready?key=1');
		expect([method, url]).toEqual(['GET', `/ready?key=1&reportId=${reportId}`]);
		expect(await sandbox.journal({ host: 'callback' })).toHaveLength(1);
	});

	test('POST appends it to the path', async () => {
		const [reportId, method, url] = await callOf('POST', '/ready/');
		expect([method, url]).toEqual(['POST', `/ready/${reportId}`]);
	});
});
