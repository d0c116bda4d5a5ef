/** @jest-environment node */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Beginnings of what is tested: how requests, refusals and credentials go through n8n. */
const FILES = ['credential', 'scheduledReport'];

/** What n8n 1.123 does not have (a newer HTTP Request), or does not say. */
const NOT_THERE = ['of version 4[.]5', 'says why Microsoft Entra refused to renew it'];

it('the node goes through the engine of n8n 1.123 as through that of n8n 2.41', async () => {
	const { stdout, stderr } = await promisify(execFile)(
		process.execPath,
		[
			require.resolve('jest/bin/jest'),
			...['--config', join(__dirname, 'oldestEngine.jest.js')],
			// That engine leaves timers behind.
			...['--ci', '--runInBand', '--forceExit', '--json'],
			...['--testNamePattern', `^(?!.*(${NOT_THERE.join('|')}))`],
			...FILES.map((name) => `test/engine/${name}[.]test`),
		],
		{ maxBuffer: 2 ** 26 },
	).catch((failed: unknown) => failed as { stdout: string; stderr: string });
	const { success, numPassedTests } = JSON.parse(stdout || '{}') as Record<string, unknown>;
	if (success !== true) throw new Error(stderr);
	expect(numPassedTests).toBeGreaterThan(100);
});
