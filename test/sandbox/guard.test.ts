import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { endWithThisProcess } from '../../sandbox/n8n/guard';

const SLEEP = ['-e', 'setTimeout(() => {}, 60_000)'];

function lives(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

const newFolder = async () => await mkdtemp(join(tmpdir(), 'partner-center-guard-'));

/** A process that starts another one with the folder, tells its process ID, and waits. */
function startParent(folder: string) {
	const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
	const script = `
		import { spawn } from 'node:child_process';
		import guard from ${JSON.stringify(join(__dirname, '../../sandbox/n8n/guard.ts'))};
		const child = spawn(process.execPath, ${JSON.stringify(SLEEP)}, { stdio: 'ignore' });
		guard.endWithThisProcess(child, 'SIGTERM', ${JSON.stringify(folder)});
		console.log(child.pid);
	`;
	return spawn(process.execPath, ['--import', loader, '--input-type=module', '-e', script], {
		stdio: ['ignore', 'pipe', 'inherit'],
		env: { ...process.env, NODE_OPTIONS: '' },
	});
}

describe('a guarded process', () => {
	it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
		'ends after the one that started it got %s, and its folder with it',
		async (signal) => {
			const folder = await newFolder();
			const parent = startParent(folder);
			const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
			const pid = Number(line);
			expect(lives(pid)).toBe(true);
			parent.kill(signal);
			const deadline = Date.now() + 10_000;
			while ((lives(pid) || existsSync(folder)) && Date.now() < deadline) await sleep(50);
			expect(lives(pid)).toBe(false);
			expect(existsSync(folder)).toBe(false);
		},
	);

	it('ends when it is told to, once', async () => {
		const folder = await newFolder();
		const child = spawn(process.execPath, SLEEP, { stdio: 'ignore' });
		const stop = endWithThisProcess(child, 'SIGTERM', folder);
		await stop();
		expect(child.signalCode).toBe('SIGTERM');
		expect(existsSync(folder)).toBe(false);
		await stop();
	});

	it('leaves nothing behind when it cannot be started, or ends by itself', async () => {
		for (const command of [join(__dirname, 'no-such-program'), 'true']) {
			const folder = await newFolder();
			const child = spawn(command, { stdio: 'ignore' });
			child.on('error', () => undefined);
			const stop = endWithThisProcess(child, 'SIGTERM', folder);
			const deadline = Date.now() + 10_000;
			while (existsSync(folder) && Date.now() < deadline) await sleep(50);
			expect(existsSync(folder)).toBe(false);
			await stop();
		}
	});
});
