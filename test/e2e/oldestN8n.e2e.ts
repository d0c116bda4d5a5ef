/** @jest-environment node */
import { createHash } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';

import { createSigningPair, KEY_FORMS } from '../unit/credentials/signingPair';
import { OLDEST, REFERENCE } from '../../sandbox/n8n/editions';
import { itemsOf, runOf } from '../../sandbox/n8n/execution';
import { attachHost, startHost } from '../../sandbox/n8n/host';
import { secretsIn, secretsLeftIn } from '../../sandbox/n8n/secrets';
import { signIn } from '../../sandbox/n8n/signIn';
import { startBench, type Bench } from './bench';
import { currentRun } from './run';
import { nextPoll, OFTEN } from './polling';
import { storeOAuth2Credential } from './signIn';
import { emptyUserFolder, n8nWorkflowAbove } from './userFolder';
import {
	APP_CREDENTIAL,
	chain,
	insights,
	items,
	next,
	NODE_TYPE,
	OAUTH2_CREDENTIAL,
	startedBy,
	trigger,
	TRIGGER_TYPE,
} from './workflows';

const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const idItems = (ids: string[]) => items(ids.map((id) => ({ id })));
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('the packed package in n8n 1.123', () => {
	const { packed } = currentRun();
	let host: Awaited<ReturnType<typeof startHost>>;
	let bench: Bench;
	let credentialId: string;

	beforeAll(async () => {
		host = await startHost({
			edition: OLDEST,
			userFolder: await emptyUserFolder(OLDEST.name),
			packed,
			egress: 'closed',
			// Everything that n8n ever says is searched for secrets.
			environment: { N8N_LOG_LEVEL: 'debug' },
		});
		bench = await startBench(host);
	}, 600_000);
	afterAll(async () => {
		await bench.stop();
		await host.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset();
		credentialId = await bench.credential();
	});

	/** What the node puts out for one item, over REST. */
	async function run(operation: string, parameters: INodeParameters) {
		const { data, status } = await bench.run(
			chain(operation, items([{}]), insights(operation, credentialId, parameters)),
		);
		expect(data.resultData.error?.message).toBeUndefined();
		expect(status).toBe('success');
		return itemsOf(data, 'Insights');
	}

	/** A workflow that resumes these reports. */
	const resuming = (
		ids: string[],
		credential = credentialId,
		authentication: string = APP_CREDENTIAL,
	) => chain('Resume', idItems(ids), insights('resume', credential, { authentication }), next());

	async function expectResumed(ids: string[], credential?: string, authentication?: string) {
		const { data, status } = await bench.run(resuming(ids, credential, authentication));
		expect(data.resultData.error?.message).toBeUndefined();
		expect(status).toBe('success');
		expect(itemsOf(data, 'Next').map(({ json }) => json.ReportId)).toEqual(ids);
	}

	describe('is loaded', () => {
		it('on the oldest Node that the package is for', async () => {
			const { versionCli, nodeJsVersion } = await bench.host.rest.versions();
			expect(versionCli).toMatch(/^1\.123\./);
			// npm has no Node 20 for Apple silicon that n8n would start on.
			const any = process.platform === 'darwin' && process.arch === 'arm64';
			expect(nodeJsVersion).toMatch(any ? /^2[0-4]\./ : /^20\./);
		});

		it("by n8n itself, with n8n's own n8n-workflow", async () => {
			expect(await bench.host.rest.installedPackages()).toEqual([
				expect.objectContaining({
					packageName: packed.name,
					installedVersion: packed.version,
					installedNodes: expect.arrayContaining([
						expect.objectContaining({ type: NODE_TYPE }),
						expect.objectContaining({ type: TRIGGER_TYPE }),
					]),
				}),
			]);
			expect(n8nWorkflowAbove(bench.host.settings.userFolder, packed.name)).toEqual([]);
		});

		it('with all of its types, and without a complaint', async () => {
			const nodes = (await bench.host.rest.nodeTypes()).map(({ name }) => name);
			expect(nodes).toEqual(expect.arrayContaining([NODE_TYPE, `${NODE_TYPE}Tool`, TRIGGER_TYPE]));
			const credentials = (await bench.host.rest.credentialTypes()).map(({ name }) => name);
			expect(credentials).toEqual(expect.arrayContaining([APP_CREDENTIAL, OAUTH2_CREDENTIAL]));
			const complaints = (await bench.host.log())
				.split('\n')
				.filter((line) => /partner-?center/i.test(line) && /warn|error|fail|deprecat/i.test(line));
			expect(complaints).toEqual([]);
		});
	});

	describe('resumes', () => {
		it('one report, over REST', async () => {
			const [id = ''] = await bench.sandbox.seedReports('mpn', 1);
			await expectResumed([id]);
			const report = (await bench.sandbox.reports('mpn')).find(({ reportId }) => reportId === id);
			expect(report?.reportStatus).toBe('Active');
		});

		it('many, in order and paired, over REST and with n8n execute', async () => {
			const ids = await bench.sandbox.seedReports('mpn', 25);
			const workflowId = await bench.host.rest.createWorkflow(resuming(ids));
			const { data, stored } = await bench.host.rest.runWorkflow(workflowId);
			const printed = await bench.execute(workflowId);
			for (const result of [data, printed]) {
				expect(
					itemsOf(result, 'Next').map(({ json, pairedItem }) => [json.ReportId, pairedItem]),
				).toEqual(ids.map((id, item) => [id, { item }]));
			}
			expect(secretsIn(stored + JSON.stringify(printed))).toEqual([]);
		});
	});

	describe('reads', () => {
		let reportId: string;

		beforeEach(async () => {
			({ reportId } = await bench.sandbox.seedReport('mpn', { reportName: 'Files' }));
			await bench.sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
			await bench.sandbox.setReportData(reportId, {
				rows: 20_000,
				columns: ['RowNumber', 'CustomerName'],
				quotedLineBreaks: true,
			});
		});

		const download = (output: string, options: INodeParameters = {}) => ({
			resource: 'reportExecution',
			reportId: byId(reportId),
			output,
			options,
		});
		/** What the parts of a file hold: its header, and what stands below it in each of them. */
		function joined(parts: Buffer[]): Buffer {
			const length = (parts[0]?.indexOf('\r\n') ?? 0) + 2;
			const header = parts[0]?.subarray(0, length) ?? Buffer.alloc(0);
			for (const part of parts) expect(part.subarray(0, length)).toEqual(header);
			return Buffer.concat([header, ...parts.map((part) => part.subarray(length))]);
		}
		/** The file as the service hands it out. */
		async function original(): Promise<Buffer> {
			const [execution] = await bench.sandbox.executions('mpn', reportId);
			const answer = await fetch(execution?.reportAccessSecureLink ?? '');
			return Buffer.from(await answer.arrayBuffer());
		}

		it('all reports', async () => {
			const list = await run('getAll', { returnAll: true });
			const known = await bench.sandbox.reports('mpn');
			expect(list.map(({ json }) => json.ReportId).sort()).toEqual(
				known.map((report) => report.reportId).sort(),
			);
		});

		it("a report's file into the store for files, byte for byte", async () => {
			const [file] = await run('download', download('file'));
			expect(file?.binary?.data).toMatchObject({ mimeType: 'text/csv', fileExtension: 'csv' });
			const stored = await bench.host.rest.storedFile(file?.binary?.data?.id ?? '');
			expect(digest(stored)).toBe(digest(await original()));
		});

		it("a report's file in parts, record by record", async () => {
			const parts = await run('download', download('file', { rowsPerFile: 6_000 }));
			expect(parts.map(({ json }) => [json.FirstRow, json.Rows])).toEqual([
				[1, 6_000],
				[6_001, 6_000],
				[12_001, 6_000],
				[18_001, 2_000],
			]);
			const files: Buffer[] = [];
			for (const { binary } of parts) {
				files.push(await bench.host.rest.storedFile(binary?.data?.id ?? ''));
			}
			expect(digest(joined(files))).toBe(digest(await original()));
		});

		it("a report's file into the execution, where n8n is set to that", async () => {
			// What n8n prints of an execution is cut off where it is long.
			await bench.sandbox.setReportData(reportId, { rows: 4_000, columns: ['RowNumber', 'SKU'] });
			const { url, settings } = bench.host;
			const environment = { ...settings.environment, N8N_DEFAULT_BINARY_DATA_MODE: 'default' };
			const inMemory = await attachHost({ url, settings: { ...settings, environment } });
			const workflowId = await inMemory.rest.createWorkflow(
				chain(
					'In memory',
					items([{}]),
					insights('download', credentialId, download('file')),
					insights('download', credentialId, download('file', { rowsPerFile: 1_500 }), {
						name: 'Parts',
					}),
				),
			);
			const data = await bench.execute(workflowId, inMemory);
			const files = (node: string) =>
				itemsOf(data, node).map(({ binary }) => {
					expect(binary?.data?.id).toBeUndefined();
					return Buffer.from(binary?.data?.data ?? '', 'base64');
				});
			const [file = Buffer.alloc(0)] = files('Insights');
			expect(digest(file)).toBe(digest(await original()));
			const parts = files('Parts');
			expect(parts).toHaveLength(3);
			expect(digest(joined(parts))).toBe(digest(file));
		});

		it("a report's rows", async () => {
			const rows = await run('download', download('rows'));
			expect(rows.map(({ json }) => json.RowNumber)).toEqual(
				Array.from({ length: 20_000 }, (_, row) => String(row + 1)),
			);
		});

		it('the data of a query, and leaves nothing behind', async () => {
			await bench.sandbox.setOptions({ pendingMs: 0, runningMs: 300 });
			const count = (await bench.sandbox.reports('mpn')).length;
			const rows = await run('run', {
				resource: 'reportData',
				query: 'SELECT CustomerName, ACR_USD FROM AzureUsage TIMESPAN LAST_MONTH',
				options: { pollSeconds: 1 },
			});
			expect(Object.keys(rows[0]?.json ?? {})).toEqual(['CustomerName', 'ACR_USD']);
			expect(await bench.sandbox.reports('mpn')).toHaveLength(count);
		});
	});

	describe('sends again', () => {
		const attempts = async () => await bench.sandbox.journal({ method: 'PUT' });

		it('after 429, when the service says', async () => {
			const ids = await bench.sandbox.seedReports('mpn', 1);
			await bench.sandbox.addFault({ kind: 'rateLimit', retryAfterSeconds: 2 });
			await expectResumed(ids);
			const [first, second, ...others] = await attempts();
			expect([first?.status, second?.status, others]).toEqual([429, 200, []]);
			expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2_000);
		});

		it('after the connection was dropped', async () => {
			const ids = await bench.sandbox.seedReports('mpn', 1);
			await bench.sandbox.addFault({ kind: 'reset', match: { path: 'resume' } });
			await expectResumed(ids);
			expect((await attempts()).map(({ status }) => status)).toEqual([null, 200]);
		});

		it('with exactly one new token, when the old one is refused', async () => {
			const ids = await bench.sandbox.seedReports('mpn', 20);
			await expectResumed(ids);
			await bench.sandbox.revokeTokens();
			await expectResumed(ids);
			await expectResumed(ids);
			expect(await bench.tokenRequests()).toBe(2);
			const statuses = (await attempts()).map(({ status }) => status);
			expect(statuses).toContain(401);
			expect(statuses.filter((status) => status === 200)).toHaveLength(60);
		});

		it('with exactly one new token of the user who signed in', async () => {
			const ids = await bench.sandbox.seedReports('mpn', 5);
			const oauth2 = await storeOAuth2Credential(bench);
			expect((await signIn(bench.host, oauth2)).page).toContain('successful');
			await expectResumed(ids, oauth2, OAUTH2_CREDENTIAL);
			expect(await bench.tokenRequests()).toBe(1);
			await bench.sandbox.advanceClock({ hours: 2 });
			await expectResumed(ids, oauth2, OAUTH2_CREDENTIAL);
			await expectResumed(ids, oauth2, OAUTH2_CREDENTIAL);
			expect(await bench.tokenRequests()).toBe(2);
		});
	});

	it('asks for no token per item where Microsoft Entra refuses the secret', async () => {
		const ids = await bench.sandbox.seedReports('mpn', 10);
		const wrong = await bench.credential({ clientSecret: 'not-the-secret-at-all' });
		const going = { onError: 'continueRegularOutput' } as const;
		const { data } = await bench.run(
			chain('Refused', idItems(ids), insights('resume', wrong, {}, going)),
		);
		const refusals = itemsOf(data, 'Insights').map(({ json }) => String(json.error));
		expect(refusals).toHaveLength(ids.length);
		for (const refusal of refusals) expect(refusal).toContain('(AADSTS7000215)');
		expect(await bench.tokenRequests()).toBeLessThanOrEqual(2);
	});

	describe('says', () => {
		it('whether the app credential works', async () => {
			expect(await bench.host.rest.testCredential(credentialId)).toEqual({
				status: 'OK',
				message: 'Connection successful!',
			});
			const wrong = await bench.credential({ clientSecret: 'not-the-secret-at-all' });
			expect(await bench.host.rest.testCredential(wrong)).toEqual({
				status: 'Error',
				message: expect.stringContaining('(AADSTS7000215)'),
			});
		});

		it('less than n8n 2 where a role is missing', async () => {
			const id = await bench.credential({ ...bench.sandbox.apps.noRole });
			expect(await bench.host.rest.testCredential(id)).toEqual({
				status: 'Error',
				message: 'Forbidden - perhaps check your credentials?',
			});
		});

		it('no to a user who would sign in with a certificate, and sends no key', async () => {
			const { certificate, key } = await createSigningPair();
			const privateKey = KEY_FORMS['PKCS#8']?.(key, '') ?? '';
			await bench.sandbox.registerCertificate(certificate);
			const oauth2 = await storeOAuth2Credential(bench, {
				clientId: bench.sandbox.apps.certificate.clientId,
				clientCredentialType: 'certificate',
				clientSecret: '',
				certificate,
				privateKey,
			});
			expect((await signIn(bench.host, oauth2)).page).not.toContain('successful');
			const sent = JSON.stringify(await bench.sandbox.journal());
			expect(sent).not.toContain('client_assertion');
			expect(sent).not.toContain('PRIVATE KEY');
		});

		it(`why a request was refused, as in n8n ${REFERENCE.name}`, async () => {
			const unknown = '00000000-0000-4000-8000-000000000000';
			/** What the person sees; every request has a correlation ID of its own. */
			async function refusal({ host: { rest } }: Pick<Bench, 'host'>, credential: string) {
				const workflowId = await rest.createWorkflow(resuming([unknown], credential));
				const { data } = await rest.runWorkflow(workflowId);
				const { name, message, description, httpCode } = JSON.parse(
					JSON.stringify(runOf(data, 'Insights').error),
				) as Record<string, string>;
				const told = description?.replace(/[0-9a-f-]{36}/g, '<id>');
				return { name, message, httpCode, description: told };
			}
			const reference = { host: await attachHost(currentRun().host) };
			const stored = (await bench.storedCredential(credentialId)).data;
			const [name, type] = ['Same app', APP_CREDENTIAL];
			const elsewhere = await reference.host.rest.createCredential({ name, type, data: stored });

			const here = await refusal(bench, credentialId);
			expect(here).toMatchObject({
				name: 'NodeApiError',
				message: expect.stringMatching(
					/^Scheduled report \S+ was not found: No item found with given filters$/,
				),
				httpCode: '404',
				description: expect.stringContaining('Correlation ID: <id>'),
			});
			expect(here).toEqual(await refusal(reference, elsewhere));
		});
	});

	it('starts a workflow once for each of many runs that end at once', async () => {
		await bench.sandbox.reset('empty');
		const reports = await bench.sandbox.seedReports('mpn', 3, 'Active');
		const { rest } = bench.host;
		const workflowId = await rest.createWorkflow(
			startedBy(trigger(credentialId, { pollTimes: OFTEN }), chain('Trigger', next())),
		);
		await rest.activate(workflowId);
		try {
			await nextPoll(bench.sandbox);
			await bench.sandbox.advanceClock({ hours: 1 });
			const burst: string[] = [];
			for (const reportId of [...reports, ...reports, ...reports]) {
				const seeded = { status: 'Completed' } as const;
				burst.push((await bench.sandbox.seedExecution('mpn', reportId, seeded)).executionId);
			}
			await nextPoll(bench.sandbox);
			await nextPoll(bench.sandbox);
			const emitted: unknown[] = [];
			for (const { id } of await rest.executionsOf(workflowId)) {
				const { data } = await rest.executionEnd(id);
				emitted.push(...itemsOf(data, 'Next').map(({ json }) => json.ExecutionId));
			}
			expect(emitted.sort()).toEqual(burst.sort());
		} finally {
			await rest.deactivate(workflowId);
		}
	});

	it('leaves no secret in the log or the database', async () => {
		expect(await secretsLeftIn(bench.host, ['not-the-secret-at-all'])).toEqual({
			log: [],
			database: [],
		});
	});
});
