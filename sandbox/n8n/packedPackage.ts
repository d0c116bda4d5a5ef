import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { npm, repositoryFolder, stateFolder } from './install';
import { step, type Report } from './progress';

/** The tarball that would be published. */
export interface PackedPackage {
	/** Absolute path of the tarball. */
	file: string;
	name: string;
	version: string;
	/** SHA-256 of the tarball. npm packs the same files to the same bytes. */
	hash: string;
	/** What is in it, as paths from the package's root. */
	files: string[];
}

interface PackReport {
	name: string;
	version: string;
	filename: string;
	files: Array<{ path: string }>;
}

/**
 * Builds the package and packs it, exactly as publishing would.
 *
 * @param folder the package's root; another one is good for trying out n8n itself
 * @throws Error when the build ends with an error
 */
export async function packPackage(
	report: Report = console.log,
	folder = repositoryFolder,
): Promise<PackedPackage> {
	await step(
		report,
		{ what: 'Building and packing the package', usual: 'up to a minute' },
		async () => await npm(['run', 'build', '--silent'], folder),
	);
	const destination = join(stateFolder, 'package');
	await mkdir(destination, { recursive: true });
	const output = await npm(['pack', '--json', '--pack-destination', destination], folder);
	const packed = (JSON.parse(output.slice(output.indexOf('['))) as PackReport[]).at(0);
	if (packed === undefined) throw new Error(`npm pack reported nothing: ${output}`);
	const file = join(destination, packed.filename.replace('@', '').replace('/', '-'));
	return {
		file,
		name: packed.name,
		version: packed.version,
		hash: createHash('sha256')
			.update(await readFile(file))
			.digest('hex'),
		files: packed.files.map(({ path }) => path),
	};
}
