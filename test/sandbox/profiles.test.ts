import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { profileOfEnvironment } from '../../sandbox/engine/profile';
import { startSandbox } from '../../sandbox/service/client';
import type { SandboxSettings } from '../../sandbox/service/protocol';
import { profileSettings } from '../../sandbox/service/settings';

const root = join(__dirname, '../..');

/** Settings that are no habit of the service: they steer the sandbox. */
const steering: Array<keyof SandboxSettings> = [
	'latencyMs',
	'pendingMs',
	'runningMs',
	'linkLifetimeMs',
	'tokenLifetimeSeconds',
	'singleUseRefreshTokens',
	'singleUseAssertions',
	'strictStartTimeOnUpdate',
	'contentEncodingHeader',
	'callbacks',
];

test('profile observed turns every habit on, and nothing else', () => {
	const documented = profileSettings('documented');
	const observed = profileSettings('observed');
	const differing = Object.keys(documented).filter(
		(name) =>
			JSON.stringify(documented[name as keyof SandboxSettings]) !==
			JSON.stringify(observed[name as keyof SandboxSettings]),
	);
	expect([...differing, ...steering].sort()).toEqual(Object.keys(documented).sort());
});

test('a sandbox starts in a profile, returns to it, and takes changes on top', async () => {
	const sandbox = await startSandbox({ profile: 'observed', seed: 'empty', casing: 'camel' });
	try {
		expect(sandbox.profile).toBe('observed');
		const expected = { ...profileSettings('observed'), casing: 'camel' };
		expect(await sandbox.settings()).toEqual(expected);
		await sandbox.setOptions({ statusFilter: 'filters', pageSize: null });
		await sandbox.reset('empty');
		expect(await sandbox.settings()).toEqual(expected);
	} finally {
		await sandbox.stop();
	}
});

test('the command line refuses a profile that does not exist', () => {
	const start = () =>
		execFileSync(
			process.execPath,
			['--import', 'tsx', 'sandbox/service/main.ts', '--profile', 'obseved'],
			{ cwd: root, stdio: 'pipe' },
		);
	expect(start).toThrow('--profile is one of documented, observed');
});

test('the environment chooses the profile of the engine tests, and a misspelt one is refused', () => {
	const before = process.env.SANDBOX_PROFILE;
	try {
		delete process.env.SANDBOX_PROFILE;
		expect(profileOfEnvironment()).toBe('documented');
		process.env.SANDBOX_PROFILE = 'observed';
		expect(profileOfEnvironment()).toBe('observed');
		process.env.SANDBOX_PROFILE = 'obseved';
		expect(profileOfEnvironment).toThrow('not obseved');
	} finally {
		if (before === undefined) delete process.env.SANDBOX_PROFILE;
		else process.env.SANDBOX_PROFILE = before;
	}
});
