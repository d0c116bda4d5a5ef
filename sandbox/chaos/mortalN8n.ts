/** A real n8n that can be killed as a power cut does it, and started again on what it has stored. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { startHost, type HostOptions, type N8nHost } from '../n8n/host';
import { startN8n, type N8nProcess } from '../n8n/n8nProcess';

const run = promisify(execFile);

/** How often n8n is started before it is given up. */
const STARTS = 3;

/** A process and all that it has started, itself last. */
async function familyOf(pid: number): Promise<number[]> {
	const { stdout } = await run('ps', ['-eo', 'pid=,ppid=']);
	const processes = stdout
		.trim()
		.split('\n')
		.map((line) => line.trim().split(/\s+/).map(Number));
	const childrenOf = (parent: number): number[] =>
		processes.flatMap(([child = 0, itsParent]) =>
			itsParent === parent ? [...childrenOf(child), child] : [],
		);
	return [...childrenOf(pid), pid];
}

function killNow(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended by itself.
	}
}

export interface MortalN8n extends Pick<N8nHost, 'rest' | 'url' | 'log' | 'database'> {
	/** When it was killed, in ms since the epoch. */
	kills: number[];
	/** Kills it, lets `meanwhile` pass, and starts it again. One kill at a time. */
	killAndStart: (meanwhile: () => Promise<void>) => Promise<void>;
	/** Waits while it is dead or being started. */
	whenUp: () => Promise<void>;
	stop: () => Promise<void>;
}

/** @throws Error with n8n's log when n8n does not start */
export async function startMortalN8n(options: HostOptions): Promise<MortalN8n> {
	const host = await startHost(options);
	const { rest, url, log, database, settings } = host;
	const port = Number(new URL(url).port);
	let current: Pick<N8nProcess, 'pid' | 'stop'> = host;
	let life: Promise<void> = Promise.resolve();
	const kills: number[] = [];
	/**
	 * As a process manager does: n8n 2.41 may end at its first start, when it amends an execution that was
	 * killed before it had a start time ("Cannot read properties of null (reading 'getTime')").
	 */
	const startAgain = async (tries = STARTS): Promise<N8nProcess> =>
		await startN8n(settings, port).catch(async (error: unknown) => {
			if (tries <= 1) throw error;
			return await startAgain(tries - 1);
		});
	const die = async (meanwhile: () => Promise<void>) => {
		const family = await familyOf(current.pid);
		kills.push(Date.now());
		for (const pid of family.reverse()) killNow(pid);
		await current.stop();
		await meanwhile();
		current = await startAgain();
	};
	return {
		rest,
		url,
		log,
		database,
		kills,
		killAndStart: async (meanwhile) => {
			life = life.then(async () => await die(meanwhile));
			await life;
		},
		whenUp: async () => await life,
		stop: async () => await current.stop(),
	};
}
