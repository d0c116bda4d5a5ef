/** @jest-environment node */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';

import { attachHost, prepareNew } from '../../sandbox/n8n/host';
import { repositoryFolder } from '../../sandbox/n8n/install';
import { startN8n } from '../../sandbox/n8n/n8nProcess';
import { N8nRest } from '../../sandbox/n8n/rest';
import { currentRun } from './run';
import { emptyUserFolder } from './userFolder';
import { NODE_TYPE, TRIGGER_TYPE } from './workflows';

/** What CI runs before these tests, and what their set-up runs. */
const RUN_BEFORE = ['npm ci', 'npm run demo', 'npm ci && npm test', 'npm run build', 'npm pack'];

interface Running {
	/** What it has printed to stdout, once all of these can be found in it. */
	printed: (...wanted: RegExp[]) => Promise<string>;
	/** Does what Ctrl+C does in a terminal, and waits for the end. */
	interrupt: () => Promise<void>;
}

/** Runs a command of the README from the repository's root, with arguments of the test's own. */
function start(command: string, ...args: string[]): Running {
	const child = spawn('bash', ['-c', [command, ...args].join(' ')], {
		cwd: repositoryFolder,
		stdio: ['ignore', 'pipe', 'inherit'],
		// A group of its own, as in a terminal: Ctrl+C reaches all of it.
		detached: true,
	});
	let output = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
	const ended = once(child, 'close');
	return {
		printed: async (...wanted) => {
			while (!wanted.every((pattern) => pattern.test(output))) {
				const next = await Promise.race([once(child.stdout, 'data'), ended.then(() => 'ended')]);
				if (next === 'ended') throw new Error(`It has ended.\n${output}`);
			}
			return output;
		},
		interrupt: async () => {
			const isRunning = child.exitCode === null && child.signalCode === null;
			if (isRunning && child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
			await ended;
		},
	};
}

/** The status that an address answers with, trusted by one authority. */
async function statusOf(url: string, caFile: string): Promise<number | undefined> {
	const ca = await readFile(caFile);
	return await new Promise((resolve, reject) => {
		request(url, { ca }, (response) => {
			response.resume();
			resolve(response.statusCode);
		})
			.on('error', reject)
			.end();
	});
}

describe("the README's commands", () => {
	let blocks: string[];

	beforeAll(async () => {
		const text = await readFile(join(repositoryFolder, 'README.md'), 'utf8');
		blocks = [...text.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
	});

	it('are run, each of them', () => {
		const others = blocks
			.flatMap((block) => (block.includes('~/.n8n') ? ['by hand'] : block.trim().split('\n')))
			.filter((command) => !RUN_BEFORE.includes(command));
		expect(others).toEqual(['npm run editor', 'npm run sandbox', 'by hand']);
	});

	it('install the package by hand, from the path of a packed checkout', async () => {
		const { packed } = currentRun();
		const userFolder = await emptyUserFolder('by-hand');
		const block = blocks.find((text) => text.includes('~/.n8n')) ?? '';
		const commands = block.replace(packed.name, `'${packed.file}'`);
		expect(commands).not.toBe(block);
		const shell = spawn('bash', ['-euc', commands], {
			env: { ...process.env, HOME: userFolder },
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		expect(await once(shell, 'close')).toEqual([0, null]);

		const settings = await prepareNew({ userFolder, packed });
		const { url, stop } = await startN8n(settings);
		try {
			const { rest } = await attachHost({ url, settings });
			const nodes = (await rest.nodeTypes()).map(({ name }) => name);
			expect(nodes).toEqual(expect.arrayContaining([NODE_TYPE, `${NODE_TYPE}Tool`, TRIGGER_TYPE]));
		} finally {
			await stop();
		}
	});

	it('start the stand-in, until Ctrl+C', async () => {
		const sandbox = start('npm run sandbox');
		try {
			const output = await sandbox.printed(/Stop with Ctrl\+C/);
			const [, apiUrl = ''] = /API base URL\s+(\S+)/.exec(output) ?? [];
			const [, caFile = ''] = /Certificate authority:\s+(\S+)/.exec(output) ?? [];
			const address = `${apiUrl}/insights/v1/mpn/ScheduledReport`;
			expect(await statusOf(address, join(repositoryFolder, caFile))).toBe(401);
			await sandbox.interrupt();
			await expect(statusOf(address, join(repositoryFolder, caFile))).rejects.toMatchObject({
				code: 'ECONNREFUSED',
			});
		} finally {
			await sandbox.interrupt();
		}
	});

	it('start the editor with everything in place, until Ctrl+C', async () => {
		const editor = start('npm run editor', '--', '--user-folder', await emptyUserFolder('editor'));
		try {
			const output = await editor.printed(/Ctrl-C ends it/);
			const [, url = '', email = '', password = ''] =
				/n8n is ready:\s+(\S+)\s+Sign in with:\s+(\S+)\s+\/\s+(\S+)/.exec(output) ?? [];
			const rest = new N8nRest(url);
			await rest.signIn({ email, password, firstName: '', lastName: '' });
			expect((await rest.nodeTypes()).map(({ name }) => name)).toContain(NODE_TYPE);
			const credentials = await rest.credentials();
			for (const { id, type } of credentials) {
				if (type !== 'partnerCenterInsightsApi') continue;
				expect(await rest.testCredential(id)).toMatchObject({ status: 'OK' });
			}
			expect(credentials).not.toEqual([]);
			const [, , id = ''] = /(\S+\/workflow\/(\S+)) {2}Approve, then resume/.exec(output) ?? [];
			expect((await rest.runWorkflow(id)).status).toBe('success');
			await editor.interrupt();
			await expect(fetch(url)).rejects.toThrow();
		} finally {
			await editor.interrupt();
		}
	});
});
