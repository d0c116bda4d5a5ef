import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { repositoryFolder } from '../../sandbox/n8n/install';

/**
 * An empty user folder for an n8n, told from others by `name`. It stays after the run, for a look at the log, until the
 * next one.
 *
 * It lies outside of this project: a package that is installed inside of it would find the project's own
 * n8n-workflow before that of the n8n it runs in.
 */
export async function emptyUserFolder(name: string): Promise<string> {
	const project = createHash('sha256').update(repositoryFolder).digest('hex').slice(0, 12);
	const folder = join(tmpdir(), `insights-e2e-${name}-${project}`);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true, mode: 0o700 });
	return folder;
}

/**
 * The copies of n8n-workflow that a package in a user folder would find on its way up, before that of
 * the n8n it runs in.
 */
export function n8nWorkflowAbove(userFolder: string, packageName: string): string[] {
	const found: string[] = [];
	let folder = join(userFolder, '.n8n', 'nodes', 'node_modules', packageName);
	for (; folder !== dirname(folder); folder = dirname(folder)) {
		const copy = join(folder, 'node_modules', 'n8n-workflow');
		if (existsSync(copy)) found.push(copy);
	}
	return found;
}
