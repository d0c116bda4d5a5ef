/**
 * Runs a command that trusts the sandbox's certificate authority:
 *
 *   node --import tsx sandbox/trust.ts <command> [arguments…]
 *
 * The authority is created if it does not exist yet. Commands of this project's packages
 * (`jest`, `n8n`) are found without a path, TypeScript files are run by this Node.js. Exit code and
 * signals are those of the command.
 *
 * Not by tsx's own command: that one kills what does not answer a signal within 60 ms, and so leaves
 * behind what the killed had started.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

import { ensureAuthorityFile } from './service/certificates';

const projectRoot = resolve(__dirname, '..');
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Node.js reads one file of extra authorities: an existing one is kept, ours is added to it. */
async function authoritiesFile(): Promise<string> {
	const own = await ensureAuthorityFile();
	const existing = process.env.NODE_EXTRA_CA_CERTS;
	if (!existing || resolve(existing) === own) return own;
	const content = await readFile(existing, 'utf8').catch(() => '');
	const authority = await readFile(own, 'utf8');
	if (content.includes(authority.trim())) return existing;
	const all = `${content}\n${authority}`;
	const name = createHash('sha256').update(all).digest('hex').slice(0, 12);
	const file = join(dirname(own), `authorities-${name}.pem`);
	const temporary = `${file}.${process.pid}`;
	await writeFile(temporary, all);
	await rename(temporary, file);
	return file;
}

function start(command: string, args: string[], caFile: string): ChildProcess {
	const binaries = join(projectRoot, 'node_modules', '.bin');
	const [program, ...rest] = command.endsWith('.ts')
		? [process.execPath, '--import', 'tsx', command, ...args]
		: [command, ...args];
	return spawn(program, rest, {
		stdio: 'inherit',
		// the packages' commands are scripts there
		shell: process.platform === 'win32' && program !== process.execPath,
		env: {
			...process.env,
			NODE_EXTRA_CA_CERTS: caFile,
			PATH: [binaries, process.env.PATH ?? ''].join(delimiter),
		},
	});
}

async function main(): Promise<void> {
	const command = process.argv.at(2);
	const args = process.argv.slice(3);
	if (command === undefined) {
		process.stderr.write('Usage: node --import tsx sandbox/trust.ts <command> [arguments…]\n');
		process.exit(64);
	}
	const child = start(command, args, await authoritiesFile());
	for (const signal of forwarded) process.on(signal, () => child.kill(signal));
	child.on('error', (error) => {
		process.stderr.write(`${error.message}\n`);
		process.exit(127);
	});
	child.on('exit', (code, signal) => {
		// a shell reports a signal as 128 plus its number
		process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1));
	});
}

void main();
