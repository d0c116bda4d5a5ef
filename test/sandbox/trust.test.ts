import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const projectRoot = resolve(__dirname, '..', '..');
const loader = pathToFileURL(createRequire(join(projectRoot, 'package.json')).resolve('tsx')).href;

interface Outcome {
	code: number | null;
	output: string;
}

/** Runs `sandbox/trust.ts`; `onOutput` is called with the process ID when something is printed. */
async function trust(
	args: string[],
	environment: Record<string, string> = {},
	onOutput?: (pid: number) => void,
): Promise<Outcome> {
	const inherited = { ...process.env };
	delete inherited.NODE_EXTRA_CA_CERTS;
	const child = spawn(
		process.execPath,
		['--import', loader, join(projectRoot, 'sandbox', 'trust.ts'), ...args],
		{ cwd: projectRoot, env: { ...inherited, ...environment } },
	);
	let output = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		output += text;
		if (child.pid !== undefined) onOutput?.(child.pid);
	});
	return await new Promise<Outcome>((fulfil, reject) => {
		child.on('error', reject);
		child.on('close', (code) => fulfil({ code, output }));
	});
}

const printFile = 'process.stdout.write(process.env.NODE_EXTRA_CA_CERTS); process.exitCode = 7';

test('the command sees the authority, and its exit code is kept', async () => {
	const { code, output } = await trust([process.execPath, '-e', printFile]);
	expect(code).toBe(7);
	expect(await readFile(output, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
});

test('authorities that were trusted before stay trusted', async () => {
	const { output: own } = await trust([process.execPath, '-e', printFile]);
	const before = join(projectRoot, 'package.json');
	const { output } = await trust([process.execPath, '-e', printFile], {
		NODE_EXTRA_CA_CERTS: before,
	});
	const content = await readFile(output, 'utf8');
	await rm(output);
	expect(content).toContain(await readFile(before, 'utf8'));
	expect(content).toContain(await readFile(own, 'utf8'));
});

test('commands of the installed packages need no path', async () => {
	const { code, output } = await trust(['tsx', '--version']);
	expect(code).toBe(0);
	expect(output).toContain('tsx v');
});

test('a file of TypeScript is run with its arguments', async () => {
	const file = join(tmpdir(), `trusted-${process.pid}.ts`);
	await writeFile(file, 'process.stdout.write(process.argv.slice(2).join() satisfies string);');
	try {
		expect(await trust([file, 'a', 'b c'])).toEqual({ code: 0, output: 'a,b c' });
	} finally {
		await rm(file);
	}
});

test('a signal reaches the command and comes back as its exit code', async () => {
	const script = 'setInterval(() => {}, 1000); process.stdout.write("ready")';
	const { code } = await trust([process.execPath, '-e', script], {}, (pid) => {
		process.kill(pid, 'SIGTERM');
	});
	expect(code).toBe(128 + constants.signals.SIGTERM);
});

test('a command that does not exist is told from one that fails', async () => {
	expect((await trust(['no-such-command-anywhere'])).code).toBe(127);
});
