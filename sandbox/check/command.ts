/**
 * The command `npm run check`: reads its options, asks the sandbox or a live service, writes the report
 * files and tells what came out.
 */
import { Console } from 'node:console';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';

import { readEnvironment } from '../../credentials/entra/environments';
import type { Program } from '../../nodes/PartnerCenterInsights/insights/program';
import { settle } from '../../nodes/PartnerCenterInsights/insights/settle';
import type { Profile } from '../service/client';
import { type Account, createAccount } from './account';
import { askAll, type Result } from './ask';
import { readCredential } from './credential';
import { probes } from './probes';
import { createReport, markdown, type Source, tableRows } from './report';
import { startSandboxAccounts } from './sandboxAccounts';
import { fetchFile, fetchTransport } from './transport';

const { version } = require('../../package.json') as { version: string };

/** What the command has of its terminal. */
export interface CheckTerminal {
	/** Where the question of `--write` is answered. */
	input: Readable;
	/** What it tells: progress, the table, and what is wrong. */
	output: Writable;
	/** Where the credential is read from, when no file is named. */
	environment: NodeJS.ProcessEnv;
}

interface Command extends CheckTerminal {
	flags: Flags;
	console: Console;
}

type Flags = ReturnType<typeof readFlags>;

const readFlags = (args: string[]) =>
	parseArgs({
		args,
		options: {
			live: { type: 'boolean', default: false },
			write: { type: 'boolean', default: false },
			credential: { type: 'string' },
			program: { type: 'string' },
			profile: { type: 'string' },
			out: { type: 'string', default: 'check-report' },
		},
	}).values;

// Node's own words quote what was typed: a secret that was meant for the file, perhaps.
const USAGE =
	'The options are --live, --credential FILE, --program mpn|cmp, --write, --profile documented|observed and --out NAME. Secrets are read from a file or the environment.';

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

async function ask({ console }: Command, account: Account, write: boolean): Promise<Result[]> {
	console.log(`\nProgram ${account.program}, signed in as ${account.signedInAs}`);
	return await askAll(account, probes, {
		write,
		progress: ({ probe, verdict }) => console.log(`  ${verdict.padEnd(8)} ${probe.id}`),
	});
}

function finish({ console }: Command, source: Source, results: Result[], out: string): void {
	const report = createReport(source, results, { version, now: new Date() });
	console.log('');
	console.table(tableRows(results));
	writeFileSync(`${out}.json`, `${JSON.stringify(report, undefined, '\t')}\n`);
	writeFileSync(`${out}.md`, markdown(report, results));
	console.log(`Written: ${out}.json and ${out}.md`);
}

/** Whether each probe came out as it is meant to in this profile. */
function unexpected(profile: Profile, results: Result[]): string[] {
	return results.flatMap(({ probe, program, verdict }) => {
		const wanted = probe.differsIn?.includes(profile) ? 'differs' : 'holds';
		return verdict === wanted ? [] : [`${probe.id} (${program}) ${verdict}, not ${wanted}`];
	});
}

async function checkSandbox(command: Command, profile: Profile, out: string): Promise<string[]> {
	command.console.log(`The sandbox in profile ${profile}`);
	const { sandbox, accounts } = await startSandboxAccounts(profile);
	try {
		const results: Result[] = [];
		for (const account of accounts) results.push(...(await ask(command, account, true)));
		finish(command, profile, results, out);
		return unexpected(profile, results);
	} finally {
		await sandbox.stop();
	}
}

async function confirmed({ input, output }: Command): Promise<boolean> {
	const terminal = createInterface({ input, output });
	try {
		const answer = await terminal.question(
			'--write creates one query and one paused report in each program, and removes both. Go on? [yes/no] ',
		);
		return answer.trim().toLowerCase() === 'yes';
	} finally {
		terminal.close();
	}
}

async function checkLive(command: Command, programs: Program[], out: string): Promise<void> {
	const { flags, console } = command;
	const credential = readCredential(flags.credential, command.environment);
	const { apiBaseUrl } = readEnvironment(credential);
	const write = flags.write && (await confirmed(command));
	if (flags.write && !write) console.log('Nothing will be written.');
	const signedInAs = credential.grantType === 'refreshToken' ? 'app and user' : 'app';
	const results: Result[] = [];
	for (const program of programs) {
		const transport = fetchTransport(credential);
		const account = createAccount({ program, signedInAs, apiBaseUrl, transport, fetchFile });
		results.push(...(await ask(command, account, write)));
	}
	finish(command, 'live', results, out);
	console.log('It holds no IDs, names, tokens, links or data. Please attach it to an issue.');
}

async function check(command: Command): Promise<number> {
	const { flags, console } = command;
	const { out } = flags;
	if (flags.live) {
		await checkLive(command, choice('program', flags.program, ['mpn', 'cmp']), out);
		return 0;
	}
	const profiles = choice('profile', flags.profile, ['documented', 'observed']);
	const surprises: string[] = [];
	for (const profile of profiles) {
		const found = await checkSandbox(command, profile, `${out}-${profile}`);
		surprises.push(...found.map((text) => `${profile}: ${text}`));
	}
	for (const text of surprises) console.error(`Not as meant: ${text}`);
	return surprises.length === 0 ? 0 : 1;
}

/**
 * Runs the command with these arguments.
 * @returns its exit code: 0 all as meant, 1 a probe of the sandbox is not, 2 nothing could be asked
 */
export async function runCheck(args: string[], terminal: CheckTerminal): Promise<number> {
	const console = new Console(terminal.output);
	let flags: Flags;
	try {
		flags = readFlags(args);
	} catch {
		console.error(USAGE);
		return 2;
	}
	const done = await settle(check({ ...terminal, flags, console }));
	if (!('error' in done)) return done.value;
	console.error(done.error instanceof Error ? done.error.message : 'The check failed');
	return 2;
}
