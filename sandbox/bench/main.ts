/**
 * Measures the package's node beside n8n's own nodes, in the same n8n and against the same service,
 * and writes docs/benchmarks.md:
 *
 *   npm run bench -- [--quick] [--only resumes,file,rows] [--runs <number>]
 *
 * `--quick` measures a small version of everything and writes nothing.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { installN8n, n8nFolder, repositoryFolder } from '../n8n/install';
import { packPackage } from '../n8n/packed-package';
import { startSandbox } from '../service/client';
import { resumes } from './resumes';
import { clearUserFolder, type Setting } from './setting';

const SECTIONS = ['resumes'] as const;
type Section = (typeof SECTIONS)[number];

const isSection = (name: string): name is Section => (SECTIONS as readonly string[]).includes(name);

function readOptions() {
	const { values } = parseArgs({
		options: {
			quick: { type: 'boolean', default: false },
			only: { type: 'string' },
			runs: { type: 'string' },
		},
	});
	const names = values.only?.split(',') ?? [...SECTIONS];
	const unknown = names.find((name) => !isSection(name));
	if (unknown !== undefined) throw new Error(`There is no section "${unknown}".`);
	return {
		quick: values.quick,
		sections: names.filter(isSection),
		runs: Number(values.runs ?? (values.quick ? 1 : 3)),
	};
}

async function main(): Promise<void> {
	const { quick, sections, runs } = readOptions();
	await installN8n();
	const packed = await packPackage();
	await clearUserFolder();
	const sandbox = await startSandbox();
	const setting: Setting = { sandbox, packed, report: console.log };
	const measures: Record<Section, () => Promise<string>> = {
		resumes: async () => await resumes(setting, { count: quick ? 20 : 200, runs }),
	};
	try {
		const written: string[] = [];
		for (const section of sections) written.push(await measures[section]());
		console.log(`\n${written.join('\n')}`);
	} finally {
		await sandbox.stop();
		await clearUserFolder();
	}
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
