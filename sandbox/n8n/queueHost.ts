/**
 * n8n in queue mode with the package in it: a main process, a webhook process and two workers, with
 * PostgreSQL and Redis.
 *
 * The first worker shares the main process's user folder. The webhook process and the other worker have
 * folders of their own, as in containers, and install the package themselves when they start.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { attachHost, installPackage, prepareNew, type HostOptions, type N8nHost } from './host';
import { installN8n } from './install';
import { freePort, startN8n, type N8nProcess, type N8nSettings } from './n8nProcess';
import { startPostgres, startRedis, type Postgres, type Redis } from './services';

export type QueueHostOptions = Omit<HostOptions, 'port'>;

export const WORKERS = ['worker-1', 'worker-2'] as const;
export type Worker = (typeof WORKERS)[number];

/** Its `url` and its `rest` are those of the main process. */
export interface QueueHost extends N8nHost {
	/** The address of the webhook process: production webhooks are served there, and only there. */
	webhookUrl: string;
	/**
	 * Ends the main process and starts it anew, at the same address and with the same sessions.
	 *
	 * @param meanwhile done while there is none
	 */
	restartMain: (meanwhile?: () => Promise<unknown>) => Promise<void>;
	/** Ends a worker by SIGKILL. */
	killWorker: (worker: Worker) => Promise<void>;
	/** Starts a worker that was killed. */
	startWorker: (worker: Worker) => Promise<void>;
	/** Have them begin anew. Redis forgets what is queued: nothing of it is on a disk. */
	restart: Record<'postgres' | 'redis', () => Promise<void>>;
	/** The worker that has executed it; undefined when none has. */
	workerOf: (executionId: string) => Promise<Worker | undefined>;
	stop: () => Promise<void>;
}

/** What every process of n8n is told. */
function queueMode(postgres: Postgres, redis: Redis): Record<string, string> {
	return {
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		// The main process may wait in vain: it misses the end of an execution that is over too soon. In s.
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: 'postgres',
		DB_POSTGRESDB_PASSWORD: postgres.password,
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		QUEUE_BULL_REDIS_PASSWORD: redis.password,
	};
}

interface Stoppable {
	stop: () => Promise<void>;
}

/** Notes down what has to be stopped. */
function keep<Started extends Stoppable>(list: Stoppable[], started: Started): Started {
	list.push(started);
	return started;
}

/** Waits for all, also where one fails, so that none is still starting afterwards. */
async function all(started: Array<Promise<unknown>>): Promise<void> {
	await Promise.allSettled(started);
	await Promise.all(started);
}

/**
 * Starts it all on a folder with nothing in it. The package is installed by the main process, by the
 * call that n8n's editor makes.
 *
 * @throws Error when PostgreSQL or Redis is not installed, or with n8n's log when n8n does not start
 */
export async function startQueueHost(options: QueueHostOptions): Promise<QueueHost> {
	const { userFolder, packed, report = () => undefined } = options;
	await installN8n(report);
	await mkdir(userFolder, { recursive: true });
	const services: Stoppable[] = [];
	const processes: Stoppable[] = [];
	const stop = async () => {
		for (const started of [processes, services]) {
			await Promise.all(started.splice(0).map(async (one) => await one.stop()));
		}
	};
	try {
		const postgres = keep(services, await startPostgres());
		const redis = keep(services, await startRedis());
		const [port, webhookPort] = [await freePort(), await freePort()];
		const webhookUrl = `http://127.0.0.1:${webhookPort}`;
		const shared = await prepareNew({
			...options,
			environment: {
				...queueMode(postgres, redis),
				N8N_WEBHOOK_URL: `${webhookUrl}/`,
				...options.environment,
			},
		});
		const settingsOf = (name: string, environment: Record<string, string> = {}): N8nSettings => ({
			...shared,
			logFile: join(userFolder, `${name}.log`),
			environment: { ...shared.environment, ...environment },
		});
		const apart = async (name: string): Promise<N8nSettings> => {
			const settings = settingsOf(name, { N8N_REINSTALL_MISSING_PACKAGES: 'true' });
			const own = join(userFolder, name);
			await mkdir(own, { recursive: true });
			return { ...settings, userFolder: own };
		};
		const mainSettings = settingsOf('main', { N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true' });

		report('Starting the main process of n8n …');
		let main: N8nProcess = await startN8n(mainSettings, port);
		processes.push({ stop: async () => await main.stop() });
		const host = await attachHost({ url: main.url, settings: shared });
		await installPackage(host.rest, packed);

		report('Starting its webhook process and two workers …');
		const workerSettings: Record<Worker, N8nSettings> = {
			'worker-1': settingsOf('worker-1'),
			'worker-2': await apart('worker-2'),
		};
		const workers = new Map<Worker, N8nProcess>();
		const startWorker = async (worker: Worker) => {
			const started = await startN8n(workerSettings[worker], undefined, 'worker');
			workers.set(worker, keep(processes, started));
		};
		await all([
			(async () =>
				keep(processes, await startN8n(await apart('webhook'), webhookPort, 'webhook')))(),
			...WORKERS.map(startWorker),
		]);
		const logOf = async (name: string) => await readFile(join(userFolder, `${name}.log`), 'utf8');
		return {
			...host,
			webhookUrl,
			async restartMain(meanwhile) {
				await main.stop();
				await meanwhile?.();
				main = await startN8n(mainSettings, port);
			},
			killWorker: async (worker) => await workers.get(worker)?.kill(),
			startWorker,
			restart: { postgres: postgres.restart, redis: redis.restart },
			async workerOf(executionId) {
				for (const worker of WORKERS) {
					const log = await logOf(worker);
					if (log.includes(`Worker started execution ${executionId} `)) return worker;
				}
				return undefined;
			},
			log: async () => {
				const logs = ['n8n', 'main', 'webhook', ...WORKERS].map(logOf);
				return (await Promise.all(logs)).join('\n');
			},
			database: async () => await postgres.dump(),
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}
