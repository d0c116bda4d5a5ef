import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { nodeForN8n, repositoryFolder } from '../n8n/install';
import type { Setting } from './setting';
import { markdownTable, ratio } from './table';

/** Prints the ms until there is an object of each class in the files given as arguments, in a process that has n8n-workflow already. */
const LOAD = `
	const { createRequire } = require('node:module');
	createRequire(process.argv[1])('n8n-workflow');
	const before = Object.keys(require.cache).length;
	const start = performance.now();
	for (const file of process.argv.slice(1)) for (const Class of Object.values(require(file))) new Class();
	const time = performance.now() - start;
	console.log(JSON.stringify({ time, modules: Object.keys(require.cache).length - before }));
`;

interface Loading {
	/** ms */
	time: number;
	modules: number;
}

interface Contender {
	name: string;
	/** Absolute paths. */
	files: string[];
	runs: Loading[];
}

async function load(files: string[]): Promise<Loading> {
	const { stdout } = await promisify(execFile)(nodeForN8n(), ['-e', LOAD, ...files]);
	return JSON.parse(stdout) as Loading;
}

async function contenders(): Promise<Contender[]> {
	const manifestFile = join(repositoryFolder, 'package.json');
	const { n8n } = JSON.parse(await readFile(manifestFile, 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
	};
	const nodesBase = dirname(createRequire(manifestFile).resolve('n8n-nodes-base/package.json'));
	return [
		{
			name: 'Partner Center Insights: two nodes, two credentials',
			files: [...n8n.credentials, ...n8n.nodes].map((file) => join(repositoryFolder, file)),
			runs: [],
		},
		{
			name: 'Microsoft SharePoint: one node, one credential',
			files: [
				'credentials/MicrosoftSharePointOAuth2Api.credentials.js',
				'nodes/Microsoft/SharePoint/MicrosoftSharePoint.node.js',
			].map((file) => join(nodesBase, 'dist', file)),
			runs: [],
		},
	];
}

/** The one that the machine disturbed least. */
const best = ({ runs }: Contender): Loading =>
	runs.reduce((least, run) => (run.time < least.time ? run : least));

/** @returns the section of the report */
export async function loading(setting: Setting, { runs }: { runs: number }): Promise<string> {
	setting.report('Loading the nodes');
	const all = await contenders();
	// In turn, so that what else the machine does meets both.
	for (let run = 0; run < runs; run++) {
		for (const contender of all) contender.runs.push(await load(contender.files));
	}
	const reference = all.map(best).at(-1);
	return `## Nodes and credentials loaded

What n8n does at its start, in a process of its own that has loaded n8n-workflow; the best of ${runs} runs.

${markdownTable(
	['Files', 'Time to SharePoint', 'Modules', 'Time'],
	all.map((contender) => {
		const { time, modules } = best(contender);
		return [
			contender.name,
			ratio(time, reference?.time ?? time),
			String(modules),
			`${time.toFixed(1)} ms`,
		];
	}),
)}
`;
}
