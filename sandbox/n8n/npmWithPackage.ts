/**
 * The package in npm's place.
 *
 * n8n installs a community package with `npm pack <name>` from the public registry, and allows no
 * other registry without a licence. This package is not there yet, or not in the version at hand. So
 * n8n finds, first in its search path, an `npm` that hands out the tarball for this one name and
 * leaves everything else to the real npm. All of the rest is n8n's own doing: unpacking, stripping
 * package.json, installing dependencies, loading, and writing its tables.
 */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { PackedPackage } from './packedPackage';

function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What npm needs of this process's surroundings to reach the registry, as shell commands. */
function surroundings(): string {
	const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS'];
	return names
		.flatMap((name) => (name === 'NODE_EXTRA_CA_CERTS' ? [name] : [name, name.toLowerCase()]))
		.map((name) => {
			const value = process.env[name];
			return value === undefined ? `unset ${name}` : `export ${name}=${quoted(value)}`;
		})
		.join('\n');
}

/**
 * Writes that `npm` into a folder.
 *
 * @returns the folder, to go first in n8n's search path
 */
export async function writeNpmWithPackage(folder: string, packed: PackedPackage): Promise<string> {
	await mkdir(folder, { recursive: true });
	const file = join(folder, 'npm');
	await writeFile(
		file,
		`#!/bin/sh
case "$1 $2" in
	${quoted(`pack ${packed.name}@`)}*)
		cp ${quoted(packed.file)} . && echo ${quoted(basename(packed.file))}
		exit ;;
	${quoted(`view ${packed.name}@`)}*)
		echo ${quoted(JSON.stringify(packed.version))}
		exit ;;
	'outdated '*)
		echo '{}'
		exit ;;
esac
for argument do
	shift
	case "$argument" in --registry=*) ;; *) set -- "$@" "$argument" ;; esac
done
${surroundings()}
PATH="\${PATH#*:}"
exec npm "$@" --prefer-offline
`,
	);
	await chmod(file, 0o755);
	return folder;
}
