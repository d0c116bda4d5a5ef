/**
 * n8n's own process: its settings, its start and its end, its commands.
 *
 * Everything listens on 127.0.0.1, and everything of n8n's that calls home is switched off.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { editionOf, type EditionName } from './editions';
import { endWithThisProcess } from './guard';
import { n8nScript, nodeForN8n } from './install';

export interface N8nSettings {
	edition: EditionName;
	/** Holds `.n8n` with the database, the settings and the installed packages. */
	userFolder: string;
	/** Protects the credentials in the database. */
	encryptionKey: string;
	/** Where everything goes that n8n and its commands write to stdout and stderr. */
	logFile: string;
	/** A certificate authority to trust besides the public ones (PEM file). */
	caFile?: string;
	/**
	 * `closed`: n8n can reach this machine and nothing else, because a proxy that does not exist is set
	 * for everything else. `open`: as the surroundings allow.
	 */
	egress: 'closed' | 'open';
	/** A folder that goes before all others in the search path for programs. */
	programs?: string;
	/** More environment variables for n8n; they win. */
	environment?: Record<string, string>;
}

/** A TCP port on 127.0.0.1 that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (address === null || typeof address === 'string') throw new Error('No port is free.');
	return address.port;
}

/** Whether nothing listens on a TCP port of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	return await new Promise((resolve) => {
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}

/** Nothing of what n8n does on its own account is wanted here, least of all calls to its makers. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DIAGNOSTICS_CONFIG_FRONTEND: '',
	N8N_DIAGNOSTICS_CONFIG_BACKEND: '',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_LICENSE_DETACH_FLOATING_ON_SHUTDOWN: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_AI_ENABLED: 'false',
	N8N_SENTRY_DSN: '',
	N8N_FRONTEND_SENTRY_DSN: '',
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
	N8N_PUBLIC_API_DISABLED: 'true',
	// What n8n would otherwise announce as a coming change of a default.
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_RUNNERS_TASK_TIMEOUT: '60',
	N8N_COMPRESSION_NODE_MAX_DECOMPRESSED_SIZE_BYTES: String(256 * 1024 * 1024),
	N8N_COMPRESSION_NODE_MAX_ZIP_ENTRIES: '1000',
};

/** The discard port, where nothing listens: the connection is refused at once. */
const NOWHERE = 'http://127.0.0.1:9';

/** Variables that npm and Jest leave behind, that would change what n8n does. */
const FOREIGN =
	/^(N8N_|npm_package_|npm_lifecycle_|npm_config_local_prefix|NODE_ENV$|NODE_OPTIONS$|NODE_PATH$|JEST_|DB_|EXECUTIONS_|QUEUE_|OFFLOAD_|WEBHOOK_URL$)/;

const CLOSED = {
	HTTP_PROXY: NOWHERE,
	http_proxy: NOWHERE,
	HTTPS_PROXY: NOWHERE,
	https_proxy: NOWHERE,
	ALL_PROXY: NOWHERE,
	all_proxy: NOWHERE,
	NO_PROXY: '127.0.0.1,localhost,.localhost',
	no_proxy: '127.0.0.1,localhost,.localhost',
};

function environmentOf(settings: N8nSettings, ports: Record<string, string>): NodeJS.ProcessEnv {
	const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
	const environment: NodeJS.ProcessEnv = {
		...Object.fromEntries(inherited),
		...QUIET,
		...editionOf(settings.edition).environment,
		...ports,
		N8N_USER_FOLDER: settings.userFolder,
		N8N_ENCRYPTION_KEY: settings.encryptionKey,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false',
		N8N_LOG_LEVEL: 'info',
		NO_COLOR: '1',
	};
	if (settings.caFile !== undefined) environment.NODE_EXTRA_CA_CERTS = settings.caFile;
	if (settings.programs !== undefined) {
		environment.PATH = [settings.programs, process.env.PATH].join(delimiter);
	}
	if (settings.egress === 'closed') {
		Object.assign(environment, CLOSED);
	}
	return { ...environment, ...settings.environment };
}

/** A running n8n. */
export interface N8nProcess {
	/** Its address, without a slash at the end. */
	url: string;
	/** Its process ID. */
	pid: number;
	/** Ends it and waits for that; harmless when it has already ended. */
	stop: () => Promise<void>;
	/** Ends it by SIGKILL: nothing in it can do anything any more. */
	kill: () => Promise<void>;
}

/** How long n8n may take to start, in ms. The first start with an empty database migrates it. */
const START_LIMIT = 180_000;

async function answers(url: string): Promise<boolean> {
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
		return response.ok && (response.headers.get('content-type') ?? '').includes('json');
	} catch {
		return false;
	}
}

/** What n8n is started as. Queue mode has the other two beside `start`, its main process. */
export type N8nRole = 'start' | 'webhook' | 'worker';

/** Where n8n answers when it is ready. */
const READY: Record<N8nRole, string[]> = {
	start: ['/healthz/readiness', '/rest/settings'],
	webhook: ['/healthz/readiness'],
	worker: ['/healthz/readiness'],
};

/** Makes n8n listen on a port, in the words of its role. */
function listening(role: N8nRole, port: number): Record<string, string> {
	const url = `http://127.0.0.1:${port}`;
	return role === 'worker'
		? {
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				QUEUE_HEALTH_CHECK_PORT: String(port),
				N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			}
		: { N8N_PORT: String(port), N8N_EDITOR_BASE_URL: url, N8N_WEBHOOK_URL: `${url}/` };
}

/**
 * Starts n8n and waits until it answers. Its log is added to the settings' log file. It does not
 * outlive this process.
 *
 * @param port where its editor and its REST interface listen; a free one when not given
 * @throws Error with the log when it ends or does not answer within three minutes
 */
export async function startN8n(
	settings: N8nSettings,
	port?: number,
	role: N8nRole = 'start',
): Promise<N8nProcess> {
	const ownPort = port ?? (await freePort());
	const url = `http://127.0.0.1:${ownPort}`;
	const log = await open(settings.logFile, 'a');
	const edition = editionOf(settings.edition);
	const child = spawn(nodeForN8n(edition), [n8nScript(edition), role], {
		cwd: edition.folder,
		env: environmentOf(settings, {
			...listening(role, ownPort),
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		}),
		stdio: ['ignore', log.fd, log.fd],
	});
	await log.close();
	const stop = endWithThisProcess(child, 'SIGTERM');
	const running = () => child.exitCode === null && child.signalCode === null;
	const deadline = Date.now() + START_LIMIT;
	for (const path of READY[role]) {
		while (!(await answers(url + path))) {
			if (!running() || Date.now() > deadline) {
				await stop();
				throw new Error(`n8n did not start.\n${await readFile(settings.logFile, 'utf8')}`);
			}
			await sleep(200);
		}
	}
	const kill = async () => {
		child.kill('SIGKILL');
		await stop();
	};
	return { url, pid: child.pid ?? 0, stop, kill };
}

/** What one of n8n's commands printed. */
export interface CommandResult {
	code: number | null;
	stdout: string;
	stderr: string;
}

/**
 * Runs one of n8n's commands to its end, for example `['import:workflow', '--input=…']`. A running
 * n8n on the same user folder does not mind. What it prints is added to the log file, too.
 */
export async function runN8nCommand(settings: N8nSettings, args: string[]): Promise<CommandResult> {
	const edition = editionOf(settings.edition);
	const child = spawn(nodeForN8n(edition), [n8nScript(edition), ...args], {
		cwd: edition.folder,
		env: {
			...environmentOf(settings, { N8N_RUNNERS_BROKER_PORT: String(await freePort()) }),
			// Below this level there is no result, above it each line of the result is decorated.
			N8N_LOG_LEVEL: 'info',
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
	const [code] = (await once(child, 'close')) as [number | null];
	await appendFile(settings.logFile, stdout + stderr);
	return { code, stdout, stderr };
}

/** Where n8n keeps its SQLite database in a user folder. */
export function databaseFile(userFolder: string): string {
	return join(userFolder, '.n8n', 'database.sqlite');
}
