/**
 * PostgreSQL and Redis for n8n's queue mode, from the machine's own packages: new and empty each time,
 * on 127.0.0.1 alone, and gone afterwards.
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { endWithThisProcess } from './guard';
import { freePort } from './n8nProcess';

const run = promisify(execFile);

/** How long a service may take to start, in ms. */
const START_LIMIT = 30_000;

interface Service {
	port: number;
	password: string;
	/** Ends it, and removes what it has written. */
	stop: () => Promise<void>;
	/** Has it begin anew in its place: connections break. Comes back when it takes new ones. */
	restart: () => Promise<void>;
}

export interface Postgres extends Service {
	/** Every table's rows, as text; what is stored as bytes is there as bytes. */
	dump: () => Promise<Buffer>;
}

export type Redis = Service;

/** Whom a service runs as, when not as whoever runs this. */
interface Account {
	uid: number;
	gid: number;
}

/** Debian keeps these programs out of the search path, a folder for each version; the newest counts. */
async function postgresFolder(): Promise<string> {
	const root = '/usr/lib/postgresql';
	const versions = (await readdir(root).catch(() => [])).map(Number).sort((a, b) => b - a);
	const installed = [
		...versions.map((version) => join(root, String(version), 'bin')),
		...(process.env.PATH ?? '').split(delimiter),
	];
	const folder = installed.find((path) => existsSync(join(path, 'initdb')));
	if (folder === undefined) {
		throw new Error('PostgreSQL is not installed. On Debian: apt-get install postgresql');
	}
	return folder;
}

/** PostgreSQL refuses to run as root; Debian's package brings an account for it. */
async function postgresAccount(): Promise<Account | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const numberOf = async (flag: string) =>
		Number((await run('id', [flag, 'postgres']).catch(() => ({ stdout: 'NaN' }))).stdout);
	const account = { uid: await numberOf('-u'), gid: await numberOf('-g') };
	if (Number.isNaN(account.uid)) {
		throw new Error(
			'PostgreSQL does not run as root, and there is no user "postgres". Start this as another user.',
		);
	}
	return account;
}

async function listens(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}

async function until(holds: () => Promise<boolean>): Promise<void> {
	const deadline = Date.now() + START_LIMIT;
	while (!(await holds())) {
		if (Date.now() > deadline) throw new Error('A service did not come back.');
		await sleep(100);
	}
}

interface Launch {
	command: string;
	args: string[];
	/** Where the service writes; it is removed in the end. */
	folder: string;
	account?: Account;
	stopSignal: NodeJS.Signals;
}

/** Starts a service and waits until it is ready, by `isReady`. */
async function launch(
	{ command, args, folder, account, stopSignal }: Launch,
	isReady: () => Promise<boolean>,
): Promise<() => Promise<void>> {
	const child = spawn(command, args, {
		cwd: folder,
		...account,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let said = '';
	const keep = (text: string) => (said = (said + text).slice(-4_000));
	child.stdout.setEncoding('utf8').on('data', keep);
	child.stderr.setEncoding('utf8').on('data', keep);
	let failure: Error | undefined;
	child.once('error', (error) => (failure = error));
	const stop = endWithThisProcess(child, stopSignal, folder);
	const deadline = Date.now() + START_LIMIT;
	while (!(await isReady())) {
		const hasEnded = failure !== undefined || child.exitCode !== null || child.signalCode !== null;
		if (hasEnded || Date.now() > deadline) {
			await stop();
			throw new Error(`${command} did not start.\n${said}`, { cause: failure });
		}
		await sleep(100);
	}
	return stop;
}

async function newFolder(account?: Account): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'partner-center-queue-'));
	if (account) await chown(folder, account.uid, account.gid);
	return folder;
}

const newPassword = () => randomBytes(16).toString('hex');

/** Puts the bytes in place of their notation in a dump. */
function withBytes(dump: string): Buffer {
	const pieces: Buffer[] = [];
	let end = 0;
	for (const match of dump.matchAll(/\\\\x([0-9a-f]+)/g)) {
		pieces.push(Buffer.from(dump.slice(end, match.index)), Buffer.from(match[1] ?? '', 'hex'));
		end = match.index + match[0].length;
	}
	return Buffer.concat([...pieces, Buffer.from(dump.slice(end))]);
}

const BACKGROUND_WRITER =
	"SELECT pid FROM pg_stat_activity WHERE backend_type = 'background writer'";

/**
 * Starts PostgreSQL with an empty database `postgres` and the superuser `postgres`.
 *
 * @throws Error when it is not installed, with the name of the package, or does not start
 */
export async function startPostgres(): Promise<Postgres> {
	const programs = await postgresFolder();
	const account = await postgresAccount();
	const folder = await newFolder(account);
	const [port, password] = [await freePort(), newPassword()];
	const data = join(folder, 'data');
	try {
		const passwordFile = join(folder, 'password');
		await writeFile(passwordFile, password, { mode: 0o600 });
		if (account) await chown(passwordFile, account.uid, account.gid);
		await run(
			join(programs, 'initdb'),
			['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile]
				// What is lost in a crash is of no use to anybody.
				.concat('-E', 'UTF8', '--locale=C', '--no-sync'),
			{ cwd: folder, ...account },
		);
		await rm(passwordFile);
	} catch (error) {
		await rm(folder, { recursive: true, force: true });
		throw error;
	}
	const client = {
		env: { ...process.env, PGPASSWORD: password },
		maxBuffer: 1024 * 1024 * 1024,
	};
	const server = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-d', 'postgres'];
	const settings = [
		'listen_addresses=127.0.0.1',
		`port=${port}`,
		'unix_socket_directories=',
		'fsync=off',
		'full_page_writes=off',
	];
	const query = async (sql: string) =>
		(await run(join(programs, 'psql'), ['-Atc', sql, ...server], client)).stdout.trim();
	const stop = await launch(
		{
			command: join(programs, 'postgres'),
			args: ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
			folder,
			account,
			// Ends the connections that are open, too.
			stopSignal: 'SIGINT',
		},
		async () =>
			await run(join(programs, 'pg_isready'), server, client).then(
				() => true,
				() => false,
			),
	);
	return {
		port,
		password,
		stop,
		async restart() {
			// It takes the crash of one of its processes for its own: it ends all, recovers, and begins anew.
			const writer = await query(BACKGROUND_WRITER);
			process.kill(Number(writer), 'SIGKILL');
			await until(
				async () => !['', writer].includes(await query(BACKGROUND_WRITER).catch(() => '')),
			);
		},
		dump: async () =>
			withBytes((await run(join(programs, 'pg_dump'), ['--data-only', ...server], client)).stdout),
	};
}

/**
 * Starts Redis, in memory alone.
 *
 * @throws Error when it is not installed, with the name of the package, or does not start
 */
export async function startRedis(): Promise<Redis> {
	const folder = await newFolder();
	// It starts itself anew by its path.
	const places = (process.env.PATH ?? '')
		.split(delimiter)
		.map((path) => join(path, 'redis-server'));
	const [port, password] = [await freePort(), newPassword()];
	const settings = [
		'bind 127.0.0.1',
		`port ${port}`,
		`requirepass ${password}`,
		`dir ${folder}`,
		'save ""',
		'appendonly no',
		'daemonize no',
		// For the restart.
		'enable-debug-command local',
	];
	const settingsFile = join(folder, 'redis.conf');
	await writeFile(settingsFile, settings.join('\n'), { mode: 0o600 });
	const ask = async (...command: string[]): Promise<string> => {
		const env = { ...process.env, REDISCLI_AUTH: password };
		return (await run('redis-cli', ['-p', String(port), ...command], { env })).stdout;
	};
	const runId = async () => /^run_id:(\w+)/m.exec(await ask('INFO', 'server').catch(() => ''))?.[1];
	const stop = await launch(
		{
			command: places.find((path) => existsSync(path)) ?? 'redis-server',
			args: [settingsFile],
			folder,
			stopSignal: 'SIGTERM',
		},
		async () => await listens(port),
	).catch((error: unknown) => {
		const { cause } = error as { cause?: { code?: string } };
		if (cause?.code !== 'ENOENT') throw error;
		throw new Error('Redis is not installed. On Debian: apt-get install redis-server');
	});
	return {
		port,
		password,
		stop,
		async restart() {
			const before = await runId();
			// It goes without an answer.
			await ask('DEBUG', 'RESTART').catch(() => undefined);
			await until(async () => ![undefined, before].includes(await runId()));
		},
	};
}
