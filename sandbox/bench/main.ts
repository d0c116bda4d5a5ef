/**
 * Measures the package's node beside n8n's own nodes, in the same n8n and against the same service,
 * and writes docs/benchmarks.md:
 *
 *   npm run bench -- [--quick] [--only resumes,many,delay,file,stores,rows,parts,loading]
 *       [--runs <number>] [--rows <number>] [--largest <MiB>] [--package <folder>]
 *
 * `--quick` measures a small version. `--rows` is how many rows go to PostgreSQL, `--largest` how large
 * the largest file is; both take time and disk in proportion (10,000,000 rows are 3.5 GiB). Sections
 * that were not measured stay in the file as they are. `--package` measures that of another checkout, to
 * compare with; that and a small version are only shown.
 */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { format } from 'prettier';

import { REFERENCE } from '../n8n/editions';
import { installN8n, nodeForN8n, repositoryFolder } from '../n8n/install';
import { packPackage } from '../n8n/packedPackage';
import { startSandbox } from '../service/client';
import { delay } from './delay';
import { file } from './file';
import { loading } from './loading';
import { parts } from './parts';
import { many, resumes } from './resumes';
import { rows } from './rows';
import { clearUserFolder, type Setting } from './setting';
import { stores } from './stores';

const SECTIONS = [
	'resumes',
	'many',
	'delay',
	'file',
	'stores',
	'rows',
	'parts',
	'loading',
] as const;
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
			rows: { type: 'string' },
			largest: { type: 'string' },
			package: { type: 'string' },
		},
	});
	const names = values.only?.split(',') ?? [...SECTIONS];
	const unknown = names.find((name) => !isSection(name));
	if (unknown !== undefined) throw new Error(`There is no section "${unknown}".`);
	return {
		quick: values.quick,
		folder: values.package === undefined ? repositoryFolder : resolve(values.package),
		sections: names.filter(isSection),
		runs: Number(values.runs ?? (values.quick ? 1 : 3)),
		rows: Number(values.rows ?? (values.quick ? 50_000 : 10_000_000)),
		largest: Number(values.largest ?? (values.quick ? 64 : 4096)) * MEBIBYTE,
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

The node beside n8n's own nodes for the same work, written by \`npm run bench\`: what stands in one table was
measured in one run, with the same n8n, against the same service on the same machine. What is claimed are
the ratios; times depend on the machine.

Package ${version}, n8n ${n8n}, Node ${stdout.trim()}, ${availableParallelism()} CPUs, ${process.platform} ${process.arch}.
`;
}

const marker = (section: Section): string => `<!-- ${section} -->`;

/** The sections as they were measured last. */
async function known(): Promise<Map<Section, string>> {
	const text = await readFile(page, 'utf8').catch(() => '');
	const found = new Map<Section, string>();
	for (const piece of text.split(/^(?=<!-- \w+ -->$)/m).slice(1)) {
		const [, name = ''] = /^<!-- (\w+) -->/.exec(piece) ?? [];
		if (isSection(name)) found.set(name, piece);
	}
	return found;
}

async function pageWith(version: string, measured: ReadonlyMap<Section, string>): Promise<string> {
	const all = new Map([...(await known()), ...measured]);
	const sections = SECTIONS.map((section) => all.get(section)).filter((text) => text !== undefined);
	return [await introduction(version), ...sections].join('\n');
}

async function main(): Promise<void> {
	const { quick, sections, runs, rows: rowsToWrite, largest, folder } = readOptions();
	const isShownOnly = quick || folder !== repositoryFolder;
	await installN8n();
	const packed = await packPackage(console.log, folder);
	await clearUserFolder();
	const sandbox = await startSandbox();
	const setting: Setting = { sandbox, packed, report: console.log };
	const measures: Record<Section, () => Promise<string>> = {
		resumes: async () => await resumes(setting, { count: quick ? 20 : 200, runs }),
		many: async () => await many(setting, { count: quick ? 200 : 10_000 }),
		delay: async () =>
			await delay(setting, { count: quick ? 20 : 200, size: (quick ? 8 : 256) * MEBIBYTE }),
		stores: async () => await stores(setting, { size: (quick ? 32 : 512) * MEBIBYTE, largest }),
		parts: async () => await parts(setting, { count: rowsToWrite }),
		file: async () => await file(setting, { size: (quick ? 32 : 1024) * MEBIBYTE, runs }),
		rows: async () => await rows(setting, { count: quick ? 20_000 : 1_000_000, runs }),
		loading: async () => await loading(setting, { runs: quick ? 3 : 15 }),
	};
	try {
		const measured = new Map<Section, string>();
		for (const section of sections) {
			measured.set(section, `${marker(section)}\n\n${await measures[section]()}`);
			// What has been measured is kept, whatever becomes of the rest.
			const text = await pageWith(packed.version, measured);
			if (!isShownOnly) await writeFile(page, await format(text, { parser: 'markdown' }));
		}
		console.log(`\n${[...measured.values()].join('\n')}`);
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
