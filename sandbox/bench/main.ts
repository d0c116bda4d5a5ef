/**
 * Measures the package's node beside n8n's own nodes, in the same n8n and against the same service,
 * and writes docs/benchmarks.md:
 *
 *   npm run bench -- [--quick] [--only resumes,file,rows,loading] [--runs <number>]
 *
 * `--quick` measures a small version. The file is written by a complete run only.
 */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { format } from 'prettier';

import { REFERENCE } from '../n8n/editions';
import { installN8n, nodeForN8n, repositoryFolder } from '../n8n/install';
import { packPackage } from '../n8n/packedPackage';
import { startSandbox } from '../service/client';
import { file } from './file';
import { loading } from './loading';
import { resumes } from './resumes';
import { rows } from './rows';
import { clearUserFolder, type Setting } from './setting';

const SECTIONS = ['resumes', 'file', 'rows', 'loading'] as const;
const page = join(repositoryFolder, 'docs', 'benchmarks.md');
const MEBIBYTE = 1024 ** 2;
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

async function versionOf(folder: string): Promise<string> {
	const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
		version: string;
	};
	return version;
}

async function introduction(version: string): Promise<string> {
	const { stdout } = await promisify(execFile)(nodeForN8n(), ['--version']);
	const n8n = await versionOf(join(REFERENCE.folder, 'node_modules', 'n8n'));
	return `# Benchmarks

The node beside n8n's own nodes for the same work, written by \`npm run bench\`: in one run, in the same n8n,
against the same service on the same machine. What is claimed are the ratios; times depend on the machine.

Package ${version}, n8n ${n8n}, Node ${stdout.trim()}, ${availableParallelism()} CPUs, ${process.platform} ${process.arch}.
`;
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
		file: async () => await file(setting, { size: (quick ? 32 : 1024) * MEBIBYTE, runs }),
		rows: async () => await rows(setting, { count: quick ? 20_000 : 1_000_000, runs }),
		loading: async () => await loading(setting, { runs: quick ? 3 : 15 }),
	};
	try {
		const written: string[] = [];
		for (const section of sections) written.push(await measures[section]());
		const text = `${await introduction(packed.version)}\n${written.join('\n')}`;
		console.log(`\n${text}`);
		const complete = sections.length === SECTIONS.length && !quick;
		if (complete) await writeFile(page, await format(text, { parser: 'markdown' }));
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
