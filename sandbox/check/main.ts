/**
 * Asks a service whether what the client takes for granted is so.
 *
 *   npm run check                            the sandbox, in both profiles
 *   npm run check -- --profile observed      the sandbox, in one
 *   npm run check -- --live [--credential FILE] [--program mpn|cmp] [--write]
 *                                            the real service, with a credential from a JSON file or
 *                                            the environment (INSIGHTS_TENANT_ID, INSIGHTS_CLIENT_ID …)
 *
 * `--live` only reads, unless `--write` is given and the question on the terminal is answered with yes.
 * `--out NAME` names the report files, without their ending. Default `check-report`.
 */
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';

import { readEnvironment } from '../../credentials/entra/environments';
import type { Program } from '../../nodes/PartnerCenterInsights/insights/program';
import type { Profile } from '../service/client';
import { type Account, createAccount } from './account';
import { askAll, type Result } from './ask';
import { readCredential } from './credential';
import { probes } from './probes';
import { type CheckReport, createReport, markdown, type Source, tableRows } from './report';
import { startSandboxAccounts } from './sandboxAccounts';
import { fetchFile, fetchTransport } from './transport';

const { version } = require('../../package.json') as { version: string };

function readFlags() {
	try {
		const { values } = parseArgs({
			options: {
				live: { type: 'boolean', default: false },
				write: { type: 'boolean', default: false },
				credential: { type: 'string' },
				program: { type: 'string' },
				profile: { type: 'string' },
				out: { type: 'string', default: 'check-report' },
			},
		});
		return values;
	} catch {
		// Node's own words quote what was typed: a secret that was meant for the file, perhaps.
		console.error(
			'The options are --live, --credential FILE, --program mpn|cmp, --write, --profile documented|observed and --out NAME. Secrets are read from a file or the environment.',
		);
		process.exit(2);
	}
}

const flags = readFlags();

function choice<const T extends string>(
	flag: string,
	value: string | undefined,
	choices: readonly [T, ...T[]],
): T[] {
	if (value === undefined) return [...choices];
	const found = choices.find((known) => known === value);
	if (found === undefined) throw new Error(`--${flag} is one of ${choices.join(', ')}`);
	return [found];
}

async function ask(account: Account, write: boolean): Promise<Result[]> {
	console.log(`\nProgram ${account.program}, signed in as ${account.signedInAs}`);
	return await askAll(account, probes, {
		write,
		progress: ({ probe, verdict }) => console.log(`  ${verdict.padEnd(8)} ${probe.id}`),
	});
}

function finish(source: Source, results: Result[], out: string): CheckReport {
	const report = createReport(source, results, { version, now: new Date() });
	console.log('');
	console.table(tableRows(results));
	writeFileSync(`${out}.json`, `${JSON.stringify(report, undefined, '\t')}\n`);
	writeFileSync(`${out}.md`, markdown(report, results));
	console.log(`Written: ${out}.json and ${out}.md`);
	return report;
}

/** Whether each probe came out as it is meant to in this profile. */
function unexpected(profile: Profile, results: Result[]): string[] {
	return results.flatMap(({ probe, program, verdict }) => {
		const wanted = probe.differsIn?.includes(profile) ? 'differs' : 'holds';
		return verdict === wanted ? [] : [`${probe.id} (${program}) ${verdict}, not ${wanted}`];
	});
}

async function checkSandbox(profile: Profile, out: string): Promise<string[]> {
	console.log(`The sandbox in profile ${profile}`);
	const { sandbox, accounts } = await startSandboxAccounts(profile);
	try {
		const results: Result[] = [];
		for (const account of accounts) results.push(...(await ask(account, true)));
		finish(profile, results, out);
		return unexpected(profile, results);
	} finally {
		await sandbox.stop();
	}
}

async function confirmed(): Promise<boolean> {
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	try {
		const answer = await terminal.question(
			'--write creates one query and one paused report in each program, and removes both. Go on? [yes/no] ',
		);
		return answer.trim().toLowerCase() === 'yes';
	} finally {
		terminal.close();
	}
}

async function checkLive(programs: Program[], out: string): Promise<void> {
	const credential = readCredential(flags.credential, process.env);
	const { apiBaseUrl } = readEnvironment(credential);
	const write = flags.write && (await confirmed());
	if (flags.write && !write) console.log('Nothing will be written.');
	const signedInAs = credential.grantType === 'refreshToken' ? 'app and user' : 'app';
	const results: Result[] = [];
	for (const program of programs) {
		const transport = fetchTransport(credential);
		const account = createAccount({ program, signedInAs, apiBaseUrl, transport, fetchFile });
		results.push(...(await ask(account, write)));
	}
	finish('live', results, out);
	console.log('It holds no IDs, names, tokens, links or data. Please attach it to an issue.');
}

async function main(): Promise<number> {
	const { out } = flags;
	if (flags.live) {
		await checkLive(choice('program', flags.program, ['mpn', 'cmp']), out);
		return 0;
	}
	const profiles = choice('profile', flags.profile, ['documented', 'observed']);
	const surprises: string[] = [];
	for (const profile of profiles) {
		const found = await checkSandbox(profile, `${out}-${profile}`);
		surprises.push(...found.map((text) => `${profile}: ${text}`));
	}
	for (const text of surprises) console.error(`Not as meant: ${text}`);
	return surprises.length === 0 ? 0 : 1;
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : 'The check failed');
		process.exit(2);
	},
);
