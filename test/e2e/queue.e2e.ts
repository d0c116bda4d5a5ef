/** @jest-environment node */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { INodeExecutionData } from 'n8n-workflow';

import { itemsOf } from '../../sandbox/n8n/execution';
import { startQueueHost, WORKERS, type QueueHost, type Worker } from '../../sandbox/n8n/queueHost';
import { secretsIn, secretsLeftIn } from '../../sandbox/n8n/secrets';
import { startBench, type Bench } from './bench';
import { currentRun } from './run';
import { emptyUserFolder } from './userFolder';
import { until } from './waiting';
import {
	chain,
	insights,
	items,
	next,
	pollTimes,
	startedBy,
	trigger,
	webhook,
	type NodeInput,
} from './workflows';

/** The largest file that n8n takes into its database here, in MiB. Its own default is 512. */
const LARGEST_FILE = 16;
const MIB = 1024 * 1024;
/** For a machine that has other things to do, in ms. */
const PATIENCE = 90_000;
/**
 * Until n8n tells that a worker has died over an execution, in ms: the worker's hold on it expires after
 * 60 s, that is looked for every 30 s, and n8n waits 30 s for the execution to be stored by somebody; what
 * escapes it there it finds every 180 s.
 */
const UNTIL_CRASHED = 300_000;
/** For a test that waits for that, in ms. */
const LONG = 2 * UNTIL_CRASHED;

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const idItems = (ids: unknown[]) => items(ids.map((id) => ({ id })));

describe('n8n in queue mode', () => {
	let host: QueueHost;
	let bench: Bench;
	let ids: string[];

	beforeAll(async () => {
		host = await startQueueHost({
			userFolder: await emptyUserFolder('queue'),
			packed: currentRun().packed,
			environment: {
				N8N_LOG_LEVEL: 'debug',
				N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: String(LARGEST_FILE),
			},
			report: (line) => process.stderr.write(`${line}\n`),
		});
		bench = await startBench(host);
		// Four processes of n8n start at once.
	}, 600_000);
	afterAll(async () => {
		await bench?.stop();
		await host?.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset();
		ids = await bench.sandbox.seedReports('mpn', 3);
	});

	/** Stores a workflow that resumes all reports when its address is called, and activates it. */
	async function served(path: string, credentialId: string) {
		const workflowId = await host.rest.createWorkflow(
			startedBy(webhook(path), chain(path, idItems(ids), insights('resume', credentialId), next())),
		);
		await host.rest.activate(workflowId);
		const address = `${host.webhookUrl}/webhook/${path}`;
		const call = async () => {
			const response = await fetch(address, { method: 'POST' });
			return { status: response.status, body: await response.json() };
		};
		return { workflowId, call };
	}

	/** The hash of an execution's file, as the service's own link gives it. */
	async function servedHash(item: INodeExecutionData | undefined): Promise<string> {
		const link = await fetch(String(item?.json.ReportAccessSecureLink));
		const bytes = Buffer.from(await link.arrayBuffer());
		return sha256(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
	}

	/** Reads an item's file back from n8n, by which it is in the database. */
	async function storedFile(item: INodeExecutionData | undefined): Promise<Buffer> {
		const { id = '', fileName = '' } = item?.binary?.data ?? {};
		expect(id).toMatch(/^database:/);
		const query = new URLSearchParams({ id, action: 'download' });
		const answer = await host.rest.send('GET', `/rest/binary-data?${query.toString()}`);
		expect(answer.headers.get('content-disposition')).toContain(fileName);
		return Buffer.from(await answer.arrayBuffer());
	}

	async function workersOf(workflowId: string): Promise<unknown[]> {
		const executions = await host.rest.executionsOf(workflowId);
		const workers = await Promise.all(executions.map(async ({ id }) => await host.workerOf(id)));
		return [...new Set(workers)].sort();
	}

	it('resumes when a webhook is called: the webhook process takes it, a worker does it', async () => {
		const { workflowId, call } = await served('resume', await bench.credential());
		const { status, body } = await call();
		expect(status).toBe(200);
		expect(body).toEqual(
			ids.map((id) => expect.objectContaining({ ReportId: id, ReportStatus: 'Active' }) as object),
		);
		const executions = await host.rest.executionsOf(workflowId);
		expect(executions).toMatchObject([{ mode: 'webhook', status: 'success' }]);
		const { id, data, stored } = await host.rest.executionEnd(executions[0]?.id ?? '');
		expect(WORKERS).toContain(await host.workerOf(id));
		expect(
			itemsOf(data, 'Next').map(({ json, pairedItem }) => [json.ReportId, pairedItem]),
		).toEqual(ids.map((report, item) => [report, { item }]));
		expect(secretsIn(stored)).toEqual([]);
		const onMain = await fetch(`${host.url}/webhook/resume`, { method: 'POST' });
		expect(onMain.status).toBe(404);
	});

	it('resumes when it is started by hand, on a worker too', async () => {
		const { id, data, status } = await bench.run(
			chain('By hand', idItems(ids), insights('resume', await bench.credential()), next()),
		);
		expect(status).toBe('success');
		expect(itemsOf(data, 'Next').map(({ json }) => json.ReportId)).toEqual(ids);
		expect(WORKERS).toContain(await host.workerOf(id));
	});

	it('stops at once on the worker', async () => {
		await bench.sandbox.addFault({ kind: 'hang', times: 0 });
		const executionId = await host.rest.startWorkflow(
			await host.rest.createWorkflow(
				chain('Stopped', idItems(ids), insights('resume', await bench.credential()), next()),
			),
		);
		const sent = async () => await bench.sandbox.countRequests({ method: 'PUT' });
		await until(async () => (await sent()) > 0);
		const begun = Date.now();
		await host.rest.stopExecution(executionId);
		expect((await host.rest.executionEnd(executionId)).status).toBe('canceled');
		expect(Date.now() - begun).toBeLessThan(5_000);
		const before = await sent();
		await sleep(1_500);
		expect(await sent()).toBe(before);
	});

	describe('tokens', () => {
		it('are shared by both workers: one for 20 executions, one after the other', async () => {
			const { workflowId, call } = await served('one-by-one', await bench.credential());
			for (let i = 0; i < 20; i++) expect((await call()).status).toBe(200);
			expect(await workersOf(workflowId)).toEqual(WORKERS);
			expect(await bench.tokenRequests()).toBe(1);
		});

		it('are fetched once by each worker where 20 executions start at once without one', async () => {
			await bench.sandbox.setOptions({ latencyMs: 300 });
			const { workflowId, call } = await served('at-once', await bench.credential());
			const together = async () => {
				const answers = await Promise.all(Array.from({ length: 20 }, call));
				expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
			};
			await together();
			expect(await workersOf(workflowId)).toEqual(WORKERS);
			const first = await bench.tokenRequests();
			expect(first).toBeLessThanOrEqual(WORKERS.length);
			await together();
			expect(await bench.tokenRequests()).toBe(first);

			await bench.sandbox.revokeTokens();
			await together();
			const renewed = (await bench.tokenRequests()) - first;
			expect(renewed).toBeGreaterThanOrEqual(1);
			expect(renewed).toBeLessThanOrEqual(WORKERS.length);
		});

		it('come with a new refresh token, and the stored one is good, whichever worker stored it', async () => {
			const { standard } = bench.sandbox.apps.refreshTokens;
			const id = await bench.credential({ grantType: 'refreshToken', refreshToken: standard });
			const { workflowId, call } = await served('rotated', id);

			// Both workers renew at the same time, and each stores its refresh token over the other's.
			await bench.sandbox.setOptions({ latencyMs: 300 });
			for (let round = 0; round < 12; round++) {
				await bench.sandbox.revokeTokens();
				const answers = await Promise.all(Array.from({ length: 10 }, call));
				expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
			}
			expect(await workersOf(workflowId)).toEqual(WORKERS);

			// From here on a refresh token that was used before is refused.
			await bench.sandbox.setOptions({ latencyMs: 0, singleUseRefreshTokens: true });
			for (let renewal = 0; renewal < 4; renewal++) {
				await bench.sandbox.advanceClock({ hours: 2 });
				const before = await bench.tokenRequests();
				expect((await call()).status).toBe(200);
				expect(await bench.tokenRequests()).toBe(before + 1);
			}

			// Even where only one of the workers can win.
			await bench.sandbox.setOptions({ latencyMs: 300 });
			await bench.sandbox.revokeTokens();
			await Promise.all(Array.from({ length: 10 }, call));
			expect((await call()).status).toBe(200);
			await bench.sandbox.revokeTokens();
			expect((await call()).status).toBe(200);
		});
	});

	describe('a download', () => {
		let reportId: string;
		let credentialId: string;

		beforeEach(async () => {
			({ reportId } = await bench.sandbox.seedReport('mpn', { reportName: 'Files' }));
			await bench.sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
			credentialId = await bench.credential();
		});

		async function download(output: 'file' | 'rows', options: object = {}) {
			return await bench.run(
				chain(
					`Download ${output}`,
					idItems([reportId]),
					insights('download', credentialId, {
						resource: 'reportExecution',
						output,
						options: { ...options },
					}),
				),
			);
		}

		it('goes from the worker into the database, byte by byte', async () => {
			await bench.sandbox.setReportData(reportId, { sizeBytes: 12 * MIB });
			const { id, data, status } = await download('file');
			expect(status).toBe('success');
			expect(WORKERS).toContain(await host.workerOf(id));
			const [item] = itemsOf(data, 'Insights');
			const binary = item?.binary?.data;
			expect(binary).toMatchObject({ mimeType: 'text/csv', fileExtension: 'csv' });
			expect(binary?.bytes).toBeGreaterThanOrEqual(12 * MIB);
			const file = await storedFile(item);
			expect(sha256(file)).toBe(await servedHash(item));
			expect((await host.database()).includes(file.subarray(-1_000))).toBe(true);
		});

		it('gives rows', async () => {
			await bench.sandbox.setReportData(reportId, { rows: 1_000, columns: ['RowNumber'] });
			const { data, status } = await download('rows');
			expect(status).toBe('success');
			const rows = itemsOf(data, 'Insights').map(({ json }) => Number(json.RowNumber));
			expect(rows).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
		});

		it("says that a file is too large for n8n's database", async () => {
			await bench.sandbox.setReportData(reportId, { sizeBytes: (LARGEST_FILE + 1) * MIB });
			const { data, status } = await download('file');
			expect(status).toBe('error');
			expect(data.resultData.error?.message).toBe(
				`The report file has ${LARGEST_FILE + 1} MiB, and n8n's database takes ${LARGEST_FILE} MiB for one file at most`,
			);
			expect(data.resultData.error?.description).toContain("'Rows per File'");
		});

		it('goes there in parts, also where the whole of it would be too large', async () => {
			await bench.sandbox.setReportData(reportId, { sizeBytes: (LARGEST_FILE + 4) * MIB });
			const { data, status } = await download('file', { rowsPerFile: 100_000 });
			expect(status).toBe('success');
			const parts = itemsOf(data, 'Insights');
			expect(parts.length).toBeGreaterThan(1);
			const files: Buffer[] = [];
			for (const part of parts) files.push(await storedFile(part));
			const [header = ''] = files[0]?.toString('latin1').split('\r\n') ?? [];
			const bodies = files.map((file) => {
				expect(file.toString('latin1', 0, header.length)).toBe(header);
				return file.subarray(header.length + 2);
			});
			const whole = Buffer.concat([Buffer.from(`${header}\r\n`, 'latin1'), ...bodies]);
			expect(sha256(whole)).toBe(await servedHash(parts[0]));
		});
	});

	describe('the trigger', () => {
		/** s */
		const EVERY = 5;
		/** Reads the file that the trigger has stored. */
		const fileHash: NodeInput = {
			name: 'File hash',
			type: 'n8n-nodes-base.crypto',
			typeVersion: 1,
			parameters: { type: 'SHA256', binaryData: true, dataPropertyName: 'hash' },
		};
		const polls = async (reportId: string) =>
			await bench.sandbox.countRequests({ host: 'api', path: `/execution/${reportId}` });

		async function nextPolls(...reportIds: string[]): Promise<void> {
			const counts = async () => await Promise.all(reportIds.map(polls));
			const before = await counts();
			await until(
				async () => (await counts()).every((count, i) => count > (before[i] ?? 0)),
				3 * EVERY * 1_000,
			);
			await sleep(1_500);
		}

		/** What the executions of a workflow were started with, in all. */
		async function emitted(workflowId: string): Promise<INodeExecutionData[]> {
			const executions = await host.rest.executionsOf(workflowId);
			const ends = executions.map(async ({ id }) => {
				const { data, status } = await host.rest.executionEnd(id);
				expect(status).toBe('success');
				expect(WORKERS).toContain(await host.workerOf(id));
				return itemsOf(data, 'Next');
			});
			return (await Promise.all(ends)).flat();
		}

		it('starts the workflow once for each run, also across a restart of the main process', async () => {
			await bench.sandbox.reset('empty');
			await bench.sandbox.setOptions({ pendingMs: 10, runningMs: 10 });
			const [polled = '', called = ''] = await bench.sandbox.seedReports('mpn', 2, 'Active');
			for (const reportId of [polled, called]) {
				await bench.sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
			}
			const credentialId = await bench.credential();
			const start = async (reportId: string, options: object, ...steps: NodeInput[]) => {
				const workflowId = await host.rest.createWorkflow(
					startedBy(
						trigger(credentialId, {
							pollTimes: pollTimes(EVERY),
							reports: 'selected',
							reportIds: [reportId],
							options,
						}),
						chain(steps[0]?.name ?? 'Called', ...steps, next()),
					),
				);
				await host.rest.activate(workflowId);
				return { reportId, workflowId, runs: [] as string[] };
			};
			const watched = [
				await start(polled, { downloadFile: true }, fileHash),
				await start(called, { useCallback: true }),
			];
			const burst = async () => {
				for (const { reportId, runs } of watched) {
					for (let n = 0; n < 3; n++) {
						runs.push((await bench.sandbox.seedExecution('mpn', reportId)).executionId);
					}
				}
			};
			const check = async () => {
				for (const { workflowId, runs } of watched) {
					const ids = (await emitted(workflowId)).map(({ json }) => json.ExecutionId);
					expect(ids.sort()).toEqual([...runs].sort());
				}
			};
			try {
				await nextPolls(polled, called);
				await check();

				await burst();
				await nextPolls(polled, called);
				await nextPolls(polled, called);
				await check();
				const [withFile] = watched;
				for (const item of await emitted(withFile?.workflowId ?? '')) {
					expect(item.json.hash).toBe(await servedHash(item));
				}

				await host.restartMain(burst);
				await nextPolls(polled, called);
				await burst();
				await nextPolls(polled, called);
				await nextPolls(polled, called);
				await check();

				const calls = await bench.sandbox.journal({ host: 'callback' });
				expect(calls.map(({ status }) => status)).toEqual(calls.map(() => 200));
				expect(calls).toHaveLength(9);
				const report = (await bench.sandbox.reports('mpn')).find((r) => r.reportId === called);
				const address = `${report?.callbackUrl}&reportId=${called}`;
				expect(address).toContain(`${host.webhookUrl}/webhook/`);
				expect((await fetch(address)).status).toBe(200);
				expect((await fetch(address.replace('token=', 'token=A'))).status).toBe(401);
				await nextPolls(polled, called);
				await check();
			} finally {
				for (const { workflowId } of watched) await host.rest.deactivate(workflowId);
			}
		});
	});

	describe('when something fails', () => {
		const count = 1_000;
		let credentialId: string;
		let many: string;

		beforeEach(async () => {
			await bench.sandbox.reset('empty');
			// So that there is a middle of it.
			await bench.sandbox.setOptions({ latencyMs: 50, pendingMs: 0, runningMs: 0 });
			ids = await bench.sandbox.seedReports('mpn', count);
			credentialId = await bench.credential();
			many = await host.rest.createWorkflow(
				chain('Many', idItems(ids), insights('resume', credentialId), next()),
			);
		});

		const sent = async () => await bench.sandbox.countRequests({ method: 'PUT' });
		/** Which reports the service has said it resumed, once for each time. */
		const confirmed = async () =>
			(await bench.sandbox.journal({ method: 'PUT', status: 200 })).map(
				({ path }) => path.split('/').at(-1) ?? '',
			);
		const active = async () =>
			(await bench.sandbox.reports('mpn'))
				.filter(({ reportStatus }) => reportStatus === 'Active')
				.map(({ reportId }) => reportId);

		/** Begins to resume them, and comes back when a third is done. */
		async function begin(): Promise<string> {
			const executionId = await host.rest.startWorkflow(many);
			await until(async () => (await sent()) > count / 3, PATIENCE);
			return executionId;
		}
		async function killWorkerOf(executionId: string): Promise<Worker> {
			await until(async () => (await host.workerOf(executionId)) !== undefined, PATIENCE);
			const worker = (await host.workerOf(executionId)) ?? 'worker-1';
			await host.killWorker(worker);
			return worker;
		}
		async function runAgain(workflowId: string): Promise<number> {
			const { status, data } = await host.rest.runWorkflow(workflowId);
			expect(status).toBe('success');
			return itemsOf(data, 'Next').length;
		}
		const isCrashed = (executionId: string) => async () =>
			(await host.rest.execution(executionId)).status === 'crashed';

		it(
			'nothing that was confirmed is lost with a worker, and running it again does the rest',
			async () => {
				const executionId = await begin();
				const worker = await killWorkerOf(executionId);
				const before = await confirmed();
				expect(before.length).toBeLessThan(count);
				expect(await active()).toEqual(expect.arrayContaining(before));

				// The other worker does not take it over: a person starts it again.
				expect(await runAgain(many)).toBe(count);
				expect((await active()).sort()).toEqual([...ids].sort());
				expect((await confirmed()).length).toBeGreaterThanOrEqual(before.length + count);
				await host.startWorker(worker);
				await until(isCrashed(executionId), UNTIL_CRASHED);
			},
			LONG,
		);

		it(
			'what a run had created with its worker stays for the tidying, and is created anew',
			async () => {
				const once = await host.rest.createWorkflow(
					chain(
						'Once',
						items([{}]),
						insights('run', credentialId, {
							resource: 'reportData',
							query: 'SELECT CustomerName, ACR_USD FROM AzureUsage TIMESPAN LAST_MONTH',
							options: { pollSeconds: 1 },
						}),
						next(),
					),
				);
				await bench.sandbox.setOptions({ pendingMs: 3_600_000 });
				const executionId = await host.rest.startWorkflow(once);
				const looks = { method: 'GET', path: '/ScheduledReport/execution/' };
				await until(async () => (await bench.sandbox.countRequests(looks)) > 0, PATIENCE);
				const worker = await killWorkerOf(executionId);
				await bench.sandbox.setOptions({ pendingMs: 0 });
				expect(await runAgain(once)).toBeGreaterThan(0);
				const left = [
					...(await bench.sandbox.reports('mpn')).map(({ reportName }) => reportName),
					...(await bench.sandbox.queries('mpn')).map(({ name }) => name),
				];
				expect(left.filter((name) => /^n8n.run/.test(name))).toHaveLength(2);
				const created = { method: 'POST', path: '/ScheduledReport$' };
				expect(await bench.sandbox.countRequests(created)).toBe(2);
				await host.startWorker(worker);
				await until(isCrashed(executionId), UNTIL_CRASHED);
			},
			LONG,
		);

		it('a restart of PostgreSQL keeps nobody from resuming', async () => {
			const executionId = await begin();
			await host.restart.postgres();
			// For a moment n8n says that its database is not ready.
			const hasEnded = async () =>
				await host.rest.execution(executionId).then(
					({ status }) => status !== 'running',
					() => false,
				);
			await until(hasEnded, PATIENCE);
			const { status, data } = await host.rest.executionEnd(executionId);
			expect(status).toBe('success');
			expect(itemsOf(data, 'Next')).toHaveLength(count);
			expect((await confirmed()).sort()).toEqual([...ids].sort());
		});

		it('a restart of Redis stops no resume that has begun, and the next execution runs', async () => {
			await begin();
			await host.restart.redis();
			await until(async () => (await confirmed()).length === count, PATIENCE);
			expect((await active()).sort()).toEqual([...ids].sort());
			expect(await runAgain(many)).toBe(count);
		});
	});

	it('leaves no secret in the logs of its processes or in the database', async () => {
		const [id = ''] = ids;
		await bench.run(chain('Stored', idItems([id]), insights('resume', await bench.credential())));
		expect((await host.database()).includes(id)).toBe(true);
		expect(await secretsLeftIn(host)).toEqual({ log: [], database: [] });
	});
});
