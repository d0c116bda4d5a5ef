import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';

import { createAccount } from '../../sandbox/check/account';
import { factText, wordOf } from '../../sandbox/check/answer';
import { askAll } from '../../sandbox/check/ask';
import { runCheck } from '../../sandbox/check/command';
import { readCredential, variableOf } from '../../sandbox/check/credential';
import { probes } from '../../sandbox/check/probes';
import type { CheckReport } from '../../sandbox/check/report';
import { sandboxCredential } from '../../sandbox/engine/sandboxCredential';
import { type Profile, type Sandbox, startSandbox } from '../../sandbox/service/client';

const root = join(__dirname, '../..');
const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

let folder: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'insights-check-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm run check` does. */
async function check(
	args: string[],
	{ input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
): Promise<{ code: number; output: string }> {
	let output = '';
	const code = await runCheck(args, {
		input: Readable.from([input]),
		output: new Writable({
			write(chunk: Buffer, _encoding, done) {
				output += chunk.toString();
				done();
			},
		}),
		environment: env,
	});
	return { code, output };
}

const reportOf = (out: string) => JSON.parse(readFileSync(`${out}.json`, 'utf8')) as CheckReport;

const verdictsOf = (out: string) =>
	Object.fromEntries(
		reportOf(out).answers.map(({ probe, program, verdict }) => [`${program} ${probe}`, verdict]),
	);

describe('against the sandbox', () => {
	test('every probe holds, or differs in the profile that it names', async () => {
		const out = join(folder, 'sandbox');
		const askIn = async (profile: Profile) => {
			const { code, output } = await check(['--profile', profile, '--out', out]);
			expect(output).not.toContain('Not as meant');
			expect(code).toBe(0);
			const expected = (['mpn', 'cmp'] as const).flatMap((program) =>
				probes
					.filter((probe) => probe.program === undefined || probe.program === program)
					.map(({ id, differsIn }) => [
						`${program} ${id}`,
						differsIn?.includes(profile) ? 'differs' : 'holds',
					]),
			);
			expect(verdictsOf(`${out}-${profile}`)).toEqual(Object.fromEntries(expected));
			expect(readFileSync(`${out}-${profile}.md`, 'utf8')).toContain('| `paging` |');
		};
		await Promise.all([askIn('documented'), askIn('observed')]);
	}, 120_000);
});

describe('against a service that it knows nothing about', () => {
	let sandbox: Sandbox;
	let credential: string;

	beforeAll(async () => {
		sandbox = await startSandbox();
		credential = join(folder, 'credential.json');
		const { data } = sandboxCredential(sandbox);
		// JSON leaves out what is undefined.
		const fields = { ...data, testProgram: undefined, accessToken: undefined };
		writeFileSync(credential, JSON.stringify(fields));
	});
	afterAll(async () => await sandbox.stop());
	beforeEach(async () => await sandbox.reset());

	const methods = async () => [
		...new Set((await sandbox.journal({ host: 'api' })).map(({ method }) => method)),
	];

	test('it only reads, and tells nothing but the answers to the probes', async () => {
		const out = join(folder, 'live');
		const { code, output } = await check(['--live', '--credential', credential, '--out', out]);
		expect(output).toContain('Written');
		expect(code).toBe(0);
		expect(await methods()).toEqual(['GET']);
		expect(verdictsOf(out)).not.toHaveProperty('mpn create-and-update');

		const secrets = new Set<string>([
			sandbox.tenantId,
			sandbox.tenantDomain,
			sandbox.apps.standard.clientId,
			sandbox.apps.standard.clientSecret,
			new URL(sandbox.apiUrl).host,
			new URL(sandbox.blobUrl).host,
			new URL(sandbox.loginUrl).host,
			sandbox.apps.user.userName,
			'programmatic-export',
			'sig=',
			'eyJ',
			'CSPRevenueDetails',
			'CustomerName',
			'Adatum',
		]);
		for (const program of ['mpn', 'cmp'] as const) {
			for (const report of await sandbox.reports(program)) {
				for (const text of [report.reportId, report.reportName, report.description, report.query]) {
					if (text) secrets.add(text);
				}
				for (const run of await sandbox.executions(program, report.reportId)) {
					secrets.add(run.executionId);
				}
			}
			for (const { queryId, name } of await sandbox.queries(program)) {
				secrets.add(queryId).add(name);
			}
		}
		const files = ['json', 'md'].map((ending) => readFileSync(`${out}.${ending}`, 'utf8'));
		for (const text of [...files, output.replaceAll(out, '')]) {
			expect([...secrets].filter((secret) => text.includes(secret))).toEqual([]);
			expect(text).not.toMatch(GUID);
			expect(text).not.toMatch(/\d{4}-\d\d-\d\dT/);
		}
	}, 120_000);

	test('with --write it asks, and leaves nothing behind', async () => {
		const kept = async () => [await sandbox.reports('mpn'), await sandbox.queries('mpn')];
		const before = await kept();
		const out = join(folder, 'write');
		const args = ['--live', '--write', '--program', 'mpn', '--credential', credential];
		const refused = await check([...args, '--out', out], { input: 'no\n' });
		expect(refused.output).toContain('Nothing will be written');
		expect(await methods()).toEqual(['GET']);

		const agreed = await check([...args, '--out', out], { input: 'yes\n' });
		expect(agreed.code).toBe(0);
		expect(verdictsOf(out)).toMatchObject({ 'mpn create-and-update': 'holds' });
		expect(await sandbox.countRequests({ host: 'api', method: 'POST' })).toBe(2);
		expect(await kept()).toEqual(before);
	}, 120_000);

	test('what was created is removed although a later step fails', async () => {
		const before = await sandbox.queries('mpn');
		await sandbox.addFault({
			kind: 'status',
			status: 400,
			body: { message: 'No' },
			match: { path: 'ScheduledReport/pause' },
		});
		const args = ['--live', '--write', '--program', 'mpn', '--credential', credential];
		await check([...args, '--out', join(folder, 'failed')], { input: 'yes\n' });
		expect(await sandbox.countRequests({ host: 'api', method: 'POST' })).toBe(2);
		expect(await sandbox.queries('mpn')).toEqual(before);
		expect((await sandbox.reports('mpn')).map(({ reportName }) => reportName)).not.toContainEqual(
			expect.stringMatching(/^n8n-check/),
		);
	}, 120_000);

	test('the environment gives a credential too; one that opens nothing is an answer', async () => {
		const out = join(folder, 'env');
		const env = {
			INSIGHTS_ENVIRONMENT: 'custom',
			INSIGHTS_AUTHORITY_HOST: sandbox.loginUrl,
			INSIGHTS_API_BASE_URL: sandbox.apiUrl,
			INSIGHTS_TENANT_ID: sandbox.tenantId,
			INSIGHTS_CLIENT_ID: sandbox.apps.noRole.clientId,
			INSIGHTS_CLIENT_SECRET: sandbox.apps.noRole.clientSecret,
		};
		const { code } = await check(['--live', '--program', 'cmp', '--out', out], { env });
		expect(code).toBe(0);
		expect(reportOf(out).answers).toEqual([
			{
				probe: 'access',
				program: 'cmp',
				verdict: 'differs',
				facts: { 'signed in as': 'app', accepted: false, status: 403, answer: 'forbidden' },
			},
		]);
	}, 60_000);

	test('a secret on the command line is refused and not repeated', async () => {
		for (const args of [['--client-secret', 'very-secret'], ['very-secret']]) {
			const { code, output } = await check(['--live', ...args]);
			expect(code).toBe(2);
			expect(output).toContain('from a file or the environment');
			expect(output).not.toContain('very-secret');
		}
	}, 60_000);
});

describe('the credential', () => {
	test('needs a tenant and an app, wherever it comes from', () => {
		expect(() => readCredential(undefined, {})).toThrow('set INSIGHTS_TENANT_ID');
		expect(variableOf('privateKeyPassphrase')).toBe('INSIGHTS_PRIVATE_KEY_PASSPHRASE');
	});

	test.each([
		['no JSON', 'very-secret', 'cannot be read as JSON'],
		['a field that does not exist', '{"very-secret": "x"}', '1 entries that are no field'],
		['a value that is no text', '{"clientSecret": 5}', "'clientSecret' in the credential file"],
	])('of a file with %s is refused without a word of it', (_name, content, message) => {
		const file = join(folder, 'bad.json');
		writeFileSync(file, content);
		expect(() => readCredential(file, {})).toThrow(message);
		expect(() => readCredential(file, {})).not.toThrow('very-secret');
	});
});

describe('probes', () => {
	test('have an ID of their own, and name a file that exists', () => {
		expect(new Set(probes.map(({ id }) => id)).size).toBe(probes.length);
		expect(probes.filter(({ code }) => !existsSync(join(root, code)))).toEqual([]);
	});

	test('a word that is not on the list is never said', () => {
		expect([wordOf('Completed'), wordOf('Contoso'), wordOf(7)]).toEqual([
			'Completed',
			'other',
			'other',
		]);
		expect([factText(true), factText(3), factText('gzip')]).toEqual(['yes', '3', 'gzip']);
	});

	test('one that fails leaves its question open, and tells the kind of failure alone', async () => {
		const account = createAccount({
			program: 'mpn',
			signedInAs: 'app and user',
			apiBaseUrl: 'https://example.com',
			transport: async () => ({ kind: 'notSent', message: 'very-secret', transient: false }),
			fetchFile: async () => ({ code: 'ECONNRESET', host: 'example.com' }),
		});
		const [, second] = probes;
		const progress = jest.fn();
		const results = await askAll(account, second ? [second] : [], { write: false, progress });
		expect(results).toMatchObject([{ verdict: 'open', facts: { failed: 'notSent', status: 0 } }]);
		expect(progress).toHaveBeenCalledTimes(1);
	});
});
