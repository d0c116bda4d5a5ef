/** What a process takes of the machine, read from `/proc` (Linux). */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often resident memory is read, in ms. */
const SAMPLE_INTERVAL = 100;
/** `/proc/<pid>/stat` counts CPU time in hundredths of a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const BYTES_PER_KB = 1024;

/** What was seen while something ran. */
export interface Usage {
	/** Resident memory before it began, bytes. */
	idle: number;
	/** The most resident memory while it ran, bytes. */
	peak: number;
	/** CPU time of all threads, seconds. */
	cpu: number;
}

/** @returns bytes; 0 when the process is gone */
async function residentMemory(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * BYTES_PER_KB;
}

/** @returns seconds; 0 when the process is gone */
async function cpuTime(pid: number): Promise<number> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	// The name, in parentheses, may hold spaces. After it: state is field 3, utime 14, stime 15.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}

/** Waits until a process's memory has come to rest, or for ten seconds. */
export async function settled(pid: number): Promise<void> {
	const enough = 5;
	let calm = 0;
	let last = await residentMemory(pid);
	for (let tries = 0; calm < enough && tries < 20; tries++) {
		await sleep(500);
		const now = await residentMemory(pid);
		calm = Math.abs(now - last) < 1024 * BYTES_PER_KB ? calm + 1 : 0;
		last = now;
	}
}

/** Does something and watches a process meanwhile. */
export async function watch<T>(
	pid: number,
	work: () => Promise<T>,
): Promise<{ result: T; usage: Usage }> {
	const [idle, cpuBefore] = [await residentMemory(pid), await cpuTime(pid)];
	let peak = idle;
	let over = false;
	const sampling = (async () => {
		while (!over) {
			peak = Math.max(peak, await residentMemory(pid));
			await sleep(SAMPLE_INTERVAL);
		}
	})();
	try {
		const result = await work();
		return { result, usage: { idle, peak, cpu: (await cpuTime(pid)) - cpuBefore } };
	} finally {
		over = true;
		await sampling;
	}
}
