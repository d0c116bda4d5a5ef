import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { BinaryData } from 'n8n-core';
import type { INodeParameters, NodeApiError } from 'n8n-workflow';
import { Container } from '@n8n/di';
import type { EngineRun } from '../../sandbox/engine/engine';
import { type Bench, jsonOf, NODE, benchForEach } from './bench';
import { after, pass } from './time/turnedClock';

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** What n8n's binary store holds for the node's first output item. */
async function storedFile(run: EngineRun, field = 'data'): Promise<Buffer> {
	const { BinaryDataService } = await import('n8n-core');
	const binary = run.items(NODE)[0]?.binary?.[field];
	if (!binary) throw new Error('No file was put out');
	return await Container.get(BinaryDataService).getAsBuffer(binary);
}

describe('Report files on the n8n engine', () => {
	let bench: Bench;
	let reportId: string;

	benchForEach((started) => (bench = started));
	beforeEach(async () => {
		const report = await bench.sandbox.seedReport('mpn', { reportName: 'Files' });
		({ reportId } = report);
		await bench.sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
		await bench.sandbox.clearJournal();
	});

	const run = async (parameters: INodeParameters, options = {}) =>
		await bench.run(
			[{}],
			{
				resource: 'reportExecution',
				operation: 'download',
				reportId: byId(reportId),
				options: {},
				...parameters,
			},
			options,
		);
	const blobRequests = async () => await bench.sandbox.journal({ host: 'blob' });
	const everythingSaid = (result: EngineRun) =>
		[
			result.error?.message,
			(result.error as NodeApiError | undefined)?.description,
			result.error?.stack,
			JSON.stringify(result.error),
		].join('\n');

	it('puts the decoded file out with name, type and the execution record', async () => {
		await bench.sandbox.setReportData(reportId, { rows: 1_000 });
		const result = await run({});
		expect(result.error).toBeUndefined();
		const [item] = result.items(NODE);
		expect(item?.json).toMatchObject({ ReportId: reportId, ExecutionStatus: 'Completed' });
		expect(item?.binary?.data).toMatchObject({ mimeType: 'text/csv', fileExtension: 'csv' });
		expect(item?.binary?.data?.fileName).toMatch(/^Files_[0-9a-f-]+\.csv$/);
		const lines = (await storedFile(result)).toString('utf8').trimEnd().split(/\r?\n/);
		expect(lines).toHaveLength(1_001);
	});

	it('takes the newest completed execution, or the one that is named', async () => {
		const older = await bench.sandbox.seedExecution('mpn', reportId, {
			status: 'Completed',
			scheduledTime: new Date(Date.now() - 72 * 3_600_000).toISOString(),
		});
		const newest = jsonOf(await run({}))[0]?.ExecutionId;
		expect(newest).not.toBe(older.executionId);
		const named = await run({ executionId: older.executionId });
		expect(jsonOf(named)[0]?.ExecutionId).toBe(older.executionId);
	});

	it('takes no run of another report, whatever the service lists', async () => {
		const own = jsonOf(await run({}))[0]?.ExecutionId;
		const [another] = (await bench.sandbox.reports('mpn')).filter(
			(one) => one.reportId !== reportId,
		);
		await bench.sandbox.addFault({
			kind: 'elements',
			match: { method: 'GET', path: 'execution' },
			times: 1,
			value: [
				{
					executionId: '00000000-0000-4000-8000-000000000000',
					reportId: another?.reportId,
					executionStatus: 'Completed',
					reportAccessSecureLink: 'https://files.example/another.csv',
				},
			],
		});
		expect(jsonOf(await run({}))[0]).toMatchObject({ ReportId: reportId, ExecutionId: own });
	});

	it('knows a TSV file', async () => {
		await bench.sandbox.setReportData(reportId, { rows: 3, format: 'tsv', columns: ['A', 'B'] });
		const report = await bench.sandbox.seedReport('mpn', { reportName: 'Tabs', format: 'tsv' });
		await bench.sandbox.seedExecution('mpn', report.reportId, { status: 'Completed' });
		const file = await run({ reportId: byId(report.reportId) });
		expect(file.items(NODE)[0]?.binary?.data).toMatchObject({
			mimeType: 'text/tab-separated-values',
			fileName: expect.stringMatching(/\.tsv$/) as unknown,
		});
		const rows = await run({ reportId: byId(report.reportId), output: 'rows' });
		expect(Object.keys(jsonOf(rows)[0] ?? {}).length).toBeGreaterThan(1);
	});

	it('sends no credential to the storage, also not after a redirect', async () => {
		await bench.sandbox.addFault({
			kind: 'redirect',
			status: 302,
			location: `${bench.sandbox.loginUrl}/elsewhere`,
			match: { host: 'blob' },
		});
		await run({ options: { maxRetries: 0 } });
		const others = (await bench.sandbox.journal()).filter(
			({ host, path }) => host === 'blob' || path.startsWith('/elsewhere'),
		);
		expect(others).toHaveLength(2);
		for (const { headers } of others) expect(headers.authorization).toBeUndefined();
	});

	describe('rows', () => {
		it('puts out one item for each row, with quoted line breaks and separators', async () => {
			await bench.sandbox.setReportData(reportId, {
				rows: 200,
				columns: ['RowNumber', 'CustomerName', 'BilledRevenueUSD'],
				quotedLineBreaks: true,
			});
			const result = await run({ output: 'rows' });
			const rows = jsonOf(result);
			expect(rows).toHaveLength(200);
			expect(rows.map(({ RowNumber }) => RowNumber)).toEqual(
				Array.from({ length: 200 }, (_, index) => String(index + 1)),
			);
			expect(rows.some(({ CustomerName: name }) => String(name).includes('\n'))).toBe(true);
			expect(
				result.items(NODE).every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}'),
			).toBe(true);
		});

		it('keeps the first rows and the wanted columns, numbers as numbers, and says that it cut', async () => {
			await bench.sandbox.setReportData(reportId, {
				rows: 200,
				columns: ['RowNumber', 'CustomerName', 'BilledRevenueUSD'],
			});
			const result = await run({
				output: 'rows',
				options: { rowLimit: 5, columns: 'rownumber, BilledRevenueUSD', parseNumbers: 'True' },
			});
			const rows = jsonOf(result);
			expect(rows.map(({ RowNumber }) => RowNumber)).toEqual([1, 2, 3, 4, 5]);
			expect(Object.keys(rows[0] ?? {})).toEqual(['RowNumber', 'BilledRevenueUSD']);
			const hints = result.run.data.resultData.runData[NODE]?.[0]?.hints;
			expect(hints?.map(({ message }) => message)).toEqual([
				"The report has more than 5 rows: 'Row Limit' left the others out.",
			]);
		});

		it('begins with a row, and carries which run they are of', async () => {
			await bench.sandbox.setReportData(reportId, { rows: 20, columns: ['RowNumber'] });
			const result = await run({
				output: 'rows',
				options: { firstRow: 19, rowLimit: 5, addRecordFields: true },
			});
			expect(jsonOf(result)).toEqual(
				['19', '20'].map((RowNumber) => ({
					RowNumber,
					ReportId: reportId,
					ReportName: 'Files',
					ExecutionId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
					ReportGeneratedTime: expect.stringMatching(/^\d{4}-/) as unknown,
				})),
			);
		});

		it('refuses columns that the file lacks, with those that it has', async () => {
			await bench.sandbox.setReportData(reportId, { rows: 1, columns: ['RowNumber', 'City'] });
			const result = await run({ output: 'rows', options: { columns: 'City, Ctiy' } });
			expect(result.error?.message).toMatch(/^'Columns' names what the file does not have: "Ctiy"/);
			expect((result.error as NodeApiError).description).toBe('The file has: RowNumber, City.');
		});

		it('tells the page of a proxy', async () => {
			for (const output of ['rows', 'file']) {
				await bench.sandbox.addFault({ kind: 'html', status: 200, match: { host: 'blob' } });
				const result = await run({ output });
				expect(result.error?.message).toBe('Instead of the report file came an HTML page');
			}
		});

		it.each(['gzip', 'br', 'deflate', 'gzip, gzip'] as const)(
			'reads a file that is encoded as %s',
			async (blobEncoding) => {
				await bench.sandbox.setReportData(reportId, { rows: 500, columns: ['RowNumber'] });
				await bench.sandbox.setOptions({ blobEncoding });
				const result = await run({ output: 'rows' });
				expect(jsonOf(result)).toHaveLength(500);
				const [{ headers }] = await blobRequests();
				expect(headers['accept-encoding']).toBe('gzip, deflate, br');
			},
		);

		it.each([
			['without the encoding header', [{ kind: 'noEncodingHeader' } as const]],
			['not compressed', [{ kind: 'plain' } as const]],
			['with a byte order mark', [{ kind: 'bom', match: { host: 'blob' } } as const]],
			[
				'not compressed, with a byte order mark',
				[{ kind: 'plain' } as const, { kind: 'bom', match: { host: 'blob' } } as const],
			],
		])('reads a file %s', async (_case, faults) => {
			await bench.sandbox.setReportData(reportId, {
				rows: 3,
				columns: ['RowNumber', 'CustomerName'],
			});
			for (const fault of faults) await bench.sandbox.addFault(fault);
			const result = await run({ output: 'rows' });
			expect(result.error).toBeUndefined();
			expect(jsonOf(result).map(({ RowNumber }) => RowNumber)).toEqual(['1', '2', '3']);
		});

		it('reads concatenated gzip members, and a file of no rows', async () => {
			await bench.sandbox.setReportData(reportId, { rows: 5_000, compression: 'members' });
			expect(jsonOf(await run({ output: 'rows' }))).toHaveLength(5_000);
			await bench.sandbox.setReportData(reportId, { rows: 0 });
			const none = await run({ output: 'rows' });
			expect(none.error).toBeUndefined();
			expect(jsonOf(none)).toEqual([]);
		});
	});

	describe('parts', () => {
		/** The stored files of all items, with their names. */
		const storedParts = async (result: EngineRun) => {
			const { BinaryDataService } = await import('n8n-core');
			return await Promise.all(
				result.items(NODE).map(async ({ binary }) => {
					if (!binary?.data) throw new Error('An item has no file');
					const bytes = await Container.get(BinaryDataService).getAsBuffer(binary.data);
					return { name: binary.data.fileName, text: bytes.toString('utf8') };
				}),
			);
		};

		it('come as items with the header each, in order, whole records only', async () => {
			await bench.sandbox.setReportData(reportId, {
				rows: 2_500,
				columns: ['RowNumber', 'CustomerName'],
				quotedLineBreaks: true,
			});
			const whole = (await storedFile(await run({}))).toString('utf8');
			const result = await run({ options: { rowsPerFile: 1_000 } });
			expect(result.error).toBeUndefined();
			expect(jsonOf(result).map(({ Part, FirstRow, Rows }) => [Part, FirstRow, Rows])).toEqual([
				[1, 1, 1_000],
				[2, 1_001, 1_000],
				[3, 2_001, 500],
			]);
			const executions = new Set(jsonOf(result).map(({ ExecutionId: id }) => id));
			expect(executions.size).toBe(1);
			const files = await storedParts(result);
			expect(files.map(({ name }) => /-part-(\d+)\.csv$/.exec(name ?? '')?.[1])).toEqual([
				'0001',
				'0002',
				'0003',
			]);
			const [header = ''] = /^.*\r?\n/.exec(whole) ?? [];
			expect(files.every(({ text }) => text.startsWith(header))).toBe(true);
			expect(header + files.map(({ text }) => text.slice(header.length)).join('')).toBe(whole);
		});

		it('are emitted once where the transfer breaks in the middle', async () => {
			await bench.sandbox.setReportData(reportId, { rows: 60_000 });
			await bench.sandbox.addFault({ kind: 'cut', afterBytes: 300_000 });
			const result = await run({ options: { rowsPerFile: 5_000 } });
			expect(result.error).toBeUndefined();
			expect(jsonOf(result).map(({ Part }) => Part)).toEqual(
				Array.from({ length: 12 }, (_, index) => index + 1),
			);
			expect(await blobRequests()).toHaveLength(2);
		});

		it('are one where there is nothing but a header', async () => {
			await bench.sandbox.setReportData(reportId, { rows: 0 });
			const result = await run({ options: { rowsPerFile: 10 } });
			expect(jsonOf(result)).toEqual([expect.objectContaining({ Part: 1, FirstRow: 1, Rows: 0 })]);
		});
	});

	describe("n8n's database as the store", () => {
		/** n8n with a store in its database, in which it says what it has stored. */
		async function withDatabase(work: (stored: string[]) => Promise<void>): Promise<void> {
			const { BinaryDataService, FileTooLargeError } = await import('n8n-core');
			const service = Container.get(BinaryDataService);
			const stored: string[] = [];
			const store = async (_location: unknown, content: unknown, { fileName = '' }) => {
				const { length } = await buffer(Readable.from(content as Buffer));
				const fileId = String(stored.push(fileName));
				if (fileName !== 'store.txt') {
					const sizes = { fileSizeMb: 512.25, maxFileSizeMb: 512 };
					throw new FileTooLargeError({ ...sizes, fileId, fileName });
				}
				return { fileId, fileSize: length };
			};
			service.setManager('database', { store } as unknown as BinaryData.Manager);
			const usual = Reflect.get(service, 'mode') as string;
			Reflect.set(service, 'mode', 'database');
			try {
				await work(stored);
			} finally {
				Reflect.set(service, 'mode', usual);
			}
		}

		it('is told that it takes no such file before the file is fetched', async () => {
			await bench.sandbox.addFault({ kind: 'plain', match: { host: 'blob' } });
			await bench.sandbox.addFault({ kind: 'wrongLength', by: 2 ** 31, match: { host: 'blob' } });
			// More than fits between the two: the connection stays until somebody reads.
			await bench.sandbox.setReportData(reportId, { sizeBytes: 32_000_000 });
			await withDatabase(async (stored) => {
				const { error } = await run({});
				expect(error).toMatchObject({
					message: expect.stringMatching(
						/^The report file has at least 20\d\d MiB, and n8n's database takes 1024 MiB for one file at most$/,
					) as string,
					description: expect.stringContaining("Set 'Rows per File' under Options") as string,
				});
				expect(stored).toEqual(['store.txt']);
				expect(await blobRequests()).toHaveLength(1);
			});
		});

		it('refuses a file in words that say what the node can do', async () => {
			await withDatabase(async () => {
				const { error } = await run({});
				expect(error).toMatchObject({
					message:
						"The report file has 512.25 MiB, and n8n's database takes 512 MiB for one file at most",
					description: expect.stringContaining("Set 'Rows per File' under Options") as string,
				});
				expect(await blobRequests()).toHaveLength(1);
			});
		});
	});

	describe('broken transfers', () => {
		const digest = (file: Buffer) => createHash('sha256').update(file).digest('hex');

		it.each([
			['cut in the middle', { kind: 'cut', afterBytes: 20_000 } as const],
			['shorter than it says', { kind: 'wrongLength', by: 100 } as const],
			['longer than it says', { kind: 'wrongLength', by: -100 } as const],
			['ended early and cleanly', { kind: 'truncate', afterBytes: 20_000 } as const],
			['ended early before the trailer', { kind: 'truncate', afterBytes: 3 } as const],
			['dropped at once', { kind: 'reset', match: { host: 'blob' } } as const],
			['503', { kind: 'status', status: 503, match: { host: 'blob' } } as const],
			['not there yet', { kind: 'notFound' } as const],
		])('starts anew after one that was %s', async (_case, fault) => {
			await bench.sandbox.setReportData(reportId, { rows: 20_000 });
			const whole = digest(await storedFile(await run({})));
			await bench.sandbox.clearJournal();
			await bench.sandbox.addFault(fault);
			const result = await run({});
			expect(result.error).toBeUndefined();
			expect(digest(await storedFile(result))).toBe(whole);
			expect(await blobRequests()).toHaveLength(2);

			await bench.sandbox.addFault(fault);
			expect(jsonOf(await run({ output: 'rows' }))).toHaveLength(20_000);
		});

		it('starts anew where no more of the file comes', async () => {
			await bench.sandbox.addFault({
				kind: 'slowBody',
				durationMs: 600_000,
				match: { host: 'blob' },
			});
			const result = await run({ options: { timeoutSeconds: 1 } });
			expect(result.error).toBeUndefined();
			expect(await blobRequests()).toHaveLength(2);
		});

		it('never passes a short file off as a whole one, and keeps the link to itself', async () => {
			await bench.sandbox.setReportData(reportId, { rows: 20_000 });
			await bench.sandbox.addFault({ kind: 'truncate', afterBytes: 20_000, times: 0 });
			const result = await run({ options: { maxRetries: 1 } });
			expect(result.error?.message).toBe('The report file broke off before its end');
			expect(everythingSaid(result)).not.toMatch(/sig=|programmatic-export/);
			expect(await blobRequests()).toHaveLength(2);
		});

		it('reads an expired link anew, once', async () => {
			await bench.sandbox.addFault({ kind: 'expired' });
			expect((await run({})).error).toBeUndefined();

			await bench.sandbox.clearJournal();
			await bench.sandbox.addFault({ kind: 'expired', times: 0 });
			const result = await run({});
			expect(result.error?.message).toBe('The download link does not work, also not a new one');
			expect(everythingSaid(result)).not.toMatch(/sig=|programmatic-export/);
			expect(await blobRequests()).toHaveLength(2);
		});

		it('stops a download at once', async () => {
			await bench.sandbox.setReportData(reportId, { sizeBytes: 2 ** 32 });
			const controller = new AbortController();
			setTimeout(() => controller.abort(), 300);
			const began = Date.now();
			const result = await run({}, { signal: controller.signal });
			expect(result.run.status).toBe('canceled');
			expect(Date.now() - began).toBeLessThan(5_000);
		});
	});

	it('says so when there is no completed execution', async () => {
		const fresh = await bench.sandbox.seedReport('mpn', {});
		const result = await run({ reportId: byId(fresh.reportId) });
		expect(result.error?.message).toBe('The report has not completed a run yet');
	});

	it('says so when there is no such report', async () => {
		const result = await run({ reportId: byId('11111111-2222-4333-8444-555555555555') });
		expect(result.error?.message).toMatch(
			/^Scheduled report 11111111-2222-4333-8444-555555555555 was not found/,
		);
	});

	describe('wait', () => {
		const wait = { operation: 'wait', options: { pollSeconds: 1, timeoutMinutes: 1 } };

		it('returns the next execution that is completed', async () => {
			const pending = await bench.sandbox.seedExecution('mpn', reportId);
			const waiting = run(wait);
			after(1_500, () => void bench.sandbox.advanceClock(120_000));
			expect(jsonOf(await waiting)).toEqual([
				expect.objectContaining({
					ExecutionId: pending.executionId,
					ExecutionStatus: 'Completed',
				}),
			]);
		});

		it('returns a named execution that is completed already', async () => {
			const executionId = String(jsonOf(await run({}))[0]?.ExecutionId);
			const result = await run({ ...wait, options: { ...wait.options, executionId } });
			expect(jsonOf(result)[0]?.ExecutionId).toBe(executionId);
		});

		it('gives up when the time is up, and stops at once', async () => {
			const result = await run({ ...wait, options: { pollSeconds: 1, timeoutMinutes: 0.03 } });
			expect(result.error?.message).toMatch(/not ready after 0 minutes|not ready after 0\.0/);

			await bench.sandbox.clearJournal();
			const controller = new AbortController();
			const running = run(
				{ ...wait, options: { pollSeconds: 60, timeoutMinutes: 60 } },
				{ signal: controller.signal },
			);
			const looks = { path: '/execution/', status: 200 };
			while ((await bench.sandbox.countRequests(looks)) === 0) await pass(20);
			const began = Date.now();
			controller.abort();
			await running;
			expect(Date.now() - began).toBeLessThan(3_000);
		});
	});

	describe('run query', () => {
		const query = 'SELECT CustomerName, ACR_USD FROM AzureUsage TIMESPAN LAST_3_MONTHS';
		const runQuery = (more: INodeParameters = {}) => ({
			resource: 'reportData',
			operation: 'run',
			query,
			options: { pollSeconds: 1, timeoutMinutes: 1, ...(more.options as INodeParameters) },
			...Object.fromEntries(Object.entries(more).filter(([name]) => name !== 'options')),
		});
		/** What is on the service beside what it was seeded with. */
		const leftovers = async () => {
			const reports = (await bench.sandbox.reports('mpn')).map(({ reportName }) => reportName);
			const queries = (await bench.sandbox.queries('mpn')).map(({ name }) => name);
			return [...reports, ...queries].filter((name) => /^n8n.run/.test(name));
		};
		const makeReady = async () => await bench.sandbox.setOptions({ pendingMs: 0, runningMs: 500 });

		it('gives the rows of a query and leaves nothing behind', async () => {
			await makeReady();
			const result = await bench.run([{}], runQuery());
			expect(result.error).toBeUndefined();
			expect(jsonOf(result).length).toBeGreaterThan(10);
			expect(Object.keys(jsonOf(result)[0] ?? {})).toEqual(['CustomerName', 'ACR_USD']);
			expect(await leftovers()).toEqual([]);
		});

		it.each(['false', "={{ 'False' }}"])('keeps what it made by %s', async (cleanUp) => {
			await makeReady();
			const { error } = await bench.run([{}], runQuery({ options: { cleanUp } }));
			expect(error).toBeUndefined();
			expect(await bench.sandbox.countRequests({ host: 'api', method: 'DELETE' })).toBe(0);
			const names = (await bench.sandbox.reports('mpn')).map(({ reportName }) => reportName);
			expect(names.filter((name) => name.startsWith('n8n-kept-'))).toHaveLength(1);
		});

		it('gives its file in parts, and its rows window by window', async () => {
			await makeReady();
			const saved = { source: 'saved', queryId: byId('20f5da57-3c2a-481b-b6a0-ec34d6db14e2') };
			const rowsOf = async (options: INodeParameters) =>
				jsonOf(await bench.run([{}], runQuery({ ...saved, options })));
			const all = await rowsOf({});
			const parts = await bench.run(
				[{}],
				runQuery({ ...saved, output: 'file', options: { rowsPerFile: 30 } }),
			);
			expect(all.length).toBeGreaterThan(30);
			expect(jsonOf(parts).map(({ Part, FirstRow }) => [Part, FirstRow])).toEqual(
				Array.from({ length: Math.ceil(all.length / 30) }, (_, at) => [at + 1, at * 30 + 1]),
			);
			expect((await rowsOf({ firstRow: 11, rowLimit: 20 })).length).toBe(20);
			expect(await rowsOf({ firstRow: all.length, rowLimit: 20 })).toHaveLength(1);
			expect(await leftovers()).toEqual([]);
		});

		it('gives a file of a saved query in a window', async () => {
			await makeReady();
			const result = await bench.run(
				[{}],
				runQuery({
					source: 'saved',
					queryId: byId('20f5da57-3c2a-481b-b6a0-ec34d6db14e2'),
					output: 'file',
					binaryPropertyName: 'report',
					queryStartTime: '2026-01-01T00:00:00Z',
				}),
			);
			expect(result.error).toBeUndefined();
			expect((await storedFile(result, 'report')).length).toBeGreaterThan(100);
			const posts = await bench.sandbox.journal({ host: 'api', method: 'POST' });
			expect(posts.map(({ body }) => body)).toEqual([
				expect.objectContaining({ ExecuteNow: true, QueryStartTime: '2026-01-01T00:00:00Z' }),
			]);
			expect(await leftovers()).toEqual([]);
		});

		it.each(['ignored', 'findsNothing'] as const)(
			'gives its rows where the status filter is one that %s',
			async (statusFilter) => {
				await bench.sandbox.setOptions({ pendingMs: 1_000, runningMs: 500, statusFilter });
				const result = await bench.run([{}], runQuery());
				expect(result.error).toBeUndefined();
				expect(jsonOf(result).length).toBeGreaterThan(10);
				expect(await leftovers()).toEqual([]);
			},
		);

		it('runs once for two items with the same query', async () => {
			await makeReady();
			const result = await bench.run([{}, {}], runQuery());
			const items = result.items(NODE);
			const pairs = new Set(items.map(({ pairedItem }) => JSON.stringify(pairedItem)));
			expect(pairs).toEqual(new Set(['{"item":0}', '{"item":1}']));
			// A later node may change the rows of one.
			expect(new Set(items.map(({ json }) => json)).size).toBe(items.length);
			expect(await blobRequests()).toHaveLength(1);
			expect(
				await bench.sandbox.countRequests({ host: 'api', method: 'POST', path: 'ScheduledReport' }),
			).toBe(1);
		});

		it('gives each of two items with the same query the file, and its own record of it', async () => {
			await makeReady();
			const { error, items } = await bench.run([{}, {}], runQuery({ output: 'file' }));
			expect(error).toBeUndefined();
			const [one, other] = items(NODE).map(({ binary }) => binary);
			expect(one?.data).toMatchObject({ mimeType: 'text/csv', fileExtension: 'csv' });
			expect(other).toEqual(one);
			expect(other?.data).not.toBe(one?.data);
			expect(await blobRequests()).toHaveLength(1);
		});

		it.each([
			['a time-out', { options: { timeoutMinutes: 0.03 } }, undefined],
			[
				'a create whose answer was lost',
				{},
				{ kind: 'resetAfterHandling', match: { method: 'POST', path: 'ScheduledReport' } } as const,
			],
			[
				'a query create whose answer was lost',
				{},
				{
					kind: 'resetAfterHandling',
					match: { method: 'POST', path: 'ScheduledQueries' },
				} as const,
			],
			[
				'a broken download',
				{ options: { maxRetries: 0 } },
				{ kind: 'cut', afterBytes: 10, times: 0 } as const,
			],
		])('leaves nothing behind after %s', async (_case, more, fault) => {
			if (fault) {
				await makeReady();
				await bench.sandbox.addFault(fault);
			}
			const result = await bench.run([{}], runQuery(more));
			expect(result.error?.name).toBe('NodeApiError');
			expect(await leftovers()).toEqual([]);
		});

		it('leaves nothing behind after a stop', async () => {
			const controller = new AbortController();
			const running = bench.run([{}], runQuery(), { signal: controller.signal });
			const created = { host: 'api' as const, method: 'POST', status: 200 };
			while ((await bench.sandbox.countRequests(created)) < 2) await pass(20);
			controller.abort();
			await running;
			for (let round = 0; round < 30 && (await leftovers()).length > 0; round++) {
				await pass(100);
			}
			expect(await bench.sandbox.countRequests({ host: 'api', method: 'POST' })).toBe(2);
			expect(await leftovers()).toEqual([]);
		});

		/** Runs a query that is stopped when its first request has come, which takes another second. */
		const stoppedAt = async (
			match: { method: string; path: string },
			parameters: INodeParameters,
		) => {
			const controller = new AbortController();
			await bench.sandbox.setOptions({ latencyMs: 1_000 });
			const running = bench.run([{}], runQuery(parameters), { signal: controller.signal });
			while ((await bench.sandbox.countRequests({ host: 'api', ...match })) === 0) await pass(20);
			await bench.sandbox.setOptions({ latencyMs: 0 });
			controller.abort();
			return await running;
		};

		it.each([
			['the query', 'ScheduledQueries', { options: { checkQuery: false } }],
			[
				'the report',
				'ScheduledReport',
				{ source: 'saved', queryId: byId('20f5da57-3c2a-481b-b6a0-ec34d6db14e2') },
			],
		])(
			'leaves nothing behind of a create that a stop meets: %s',
			async (_what, path, parameters) => {
				await stoppedAt({ method: 'POST', path }, parameters);
				// The clean-up goes on by itself.
				const removed = { host: 'api' as const, method: 'DELETE', path };
				for (
					let round = 0;
					round < 100 && (await bench.sandbox.countRequests(removed)) === 0;
					round++
				) {
					await pass(50);
				}
				expect(await bench.sandbox.countRequests({ host: 'api', method: 'POST' })).toBe(1);
				expect(await bench.sandbox.countRequests(removed)).toBe(1);
				expect(await leftovers()).toEqual([]);
			},
		);

		it('looks for nothing where it is stopped before it creates', async () => {
			const result = await stoppedAt(
				{ method: 'GET', path: 'ScheduledDataset' },
				{
					options: { maxRetries: 0 },
				},
			);
			await pass(500);
			const sent = await bench.sandbox.journal({ host: 'api' });
			expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
				'GET /insights/v1/mpn/ScheduledDataset',
			]);
			expect(result.run.data.resultData.runData[NODE]?.[0]?.hints ?? []).toEqual([]);
		});

		it('leaves nothing behind where removing meets a limit, also if nothing else is sent again', async () => {
			await makeReady();
			await bench.sandbox.addFault({
				kind: 'rateLimit',
				retryAfterSeconds: 2,
				times: 2,
				match: { method: 'DELETE' },
			});
			const result = await bench.run([{}], runQuery({ options: { maxRetries: 0 } }));
			expect(result.error).toBeUndefined();
			expect(await leftovers()).toEqual([]);
		});

		it('names what it could not remove', async () => {
			await bench.sandbox.addFault({
				kind: 'status',
				status: 403,
				times: 0,
				match: { method: 'DELETE' },
			});
			const result = await bench.run([{}], runQuery({ options: { timeoutMinutes: 0.03 } }));
			const [report = '', text = ''] = await leftovers();
			const { description } = result.error as NodeApiError;
			expect(description).toContain(`report "${report}"`);
			expect(description).toContain(`query "${text}"`);
		});

		it('names in a hint what may be left of items that come out with their error', async () => {
			const queries = (method: string) => ({ method, path: 'ScheduledQueries' });
			await bench.sandbox.addFault({ kind: 'missingValue', match: queries('POST') });
			await bench.sandbox.addFault({ kind: 'emptyValue', times: 2, match: queries('GET') });
			const result = await bench.run([{}], runQuery(), {
				node: { onError: 'continueRegularOutput' },
			});
			expect(jsonOf(result)).toEqual([{ error: expect.any(String) as string }]);
			const hints = result.run.data.resultData.runData[NODE]?.[0]?.hints;
			expect(hints?.map(({ message }) => message)).toEqual([
				expect.stringContaining(`"${(await leftovers())[0] ?? '?'}", and has nothing of that name`),
			]);
		});

		it.each([
			[6, 1],
			[8, 1],
			[10, 1],
			[10, 2],
		])(
			'creates nothing beyond a limit of %d once that is known, with %d at once that clean up',
			async (limit, maxConcurrency) => {
				await bench.undisturbed();
				await makeReady();
				await bench.sandbox.setOptions({ rateLimit: { limit, windowMs: 20_000 } });
				const input = Array.from({ length: 5 }, (_, n) => ({ most: n + 1 }));
				const text = `=${query.replace('TIMESPAN', 'LIMIT {{ $json.most }} TIMESPAN')}`;
				await bench.run(
					input,
					runQuery({ query: text, options: { maxConcurrency, maxRetries: 5 } }),
					{ node: { onError: 'continueRegularOutput' } },
				);
				const refused = await bench.sandbox.journal({ host: 'api', status: 429 });
				// As many as are sent at once may find out that there is one.
				const methods = refused.map(({ method }) => method);
				expect(methods.length).toBeGreaterThan(0);
				expect(methods.slice(maxConcurrency)).not.toContain('POST');
				expect(await leftovers()).toEqual([]);
			},
		);

		it('says when the next run can be made after the hourly quota is used up', async () => {
			await makeReady();
			for (let round = 0; round < 5; round++) {
				expect((await bench.run([{}], runQuery({ query: `${query} ` }))).error).toBeUndefined();
			}
			const result = await bench.run([{}], runQuery());
			expect((result.error as NodeApiError).description).toMatch(
				/at most 5 one-off reports in 60 minutes\. The next one can be created at about \d\d:\d\d UTC/,
			);
			expect(await leftovers()).toEqual([]);
		}, 60_000);
	});
});
