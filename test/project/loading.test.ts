import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PartnerCenterInsights } from '../../nodes/PartnerCenterInsights/PartnerCenterInsights.node';
import { PartnerCenterInsightsTrigger } from '../../nodes/PartnerCenterInsights/PartnerCenterInsightsTrigger.node';
import { n8n } from '../../package.json';

const ROOT = join(__dirname, '../..');

/**
 * Prints what is loaded of the package until there is an object of each class in these files, as n8n makes
 * them at its start: files of the package, and what they ask for beside. Requests are told rather than
 * what is in memory: n8n-workflow brings a luxon of its own.
 */
const LOAD = `
	const Module = require('node:module');
	const load = Module._load;
	const files = new Set();
	const packages = new Set();
	Module._load = function (request, parent, ...rest) {
		const isOurs = parent?.filename?.startsWith(process.cwd()) && !parent.filename.includes('node_modules');
		if (isOurs && request.startsWith('.')) files.add(Module._resolveFilename(request, parent));
		else if (isOurs && !Module.isBuiltin(request)) packages.add(request);
		return load.call(this, request, parent, ...rest);
	};
	for (const file of process.argv.slice(1)) {
		files.add(require.resolve(file));
		for (const Class of Object.values(load(file))) new Class();
	}
	console.log(JSON.stringify({ files: [...files], packages: [...packages] }));
`;

const DESCRIBE = `
	const nodes = process.argv.slice(1).flatMap((file) => Object.values(require(file)));
	console.log(JSON.stringify(nodes.map((Node) => new Node().description)));
`;

const run = async (folder: string, ...args: string[]): Promise<string> =>
	(await promisify(execFile)(process.execPath, args, { cwd: folder })).stdout;

/** The package's code as `npm run build` makes it, in a folder of its own. */
async function built(): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), 'insights-loading-'));
	for (const sources of ['nodes', 'credentials']) {
		cpSync(join(ROOT, sources), join(folder, sources), { recursive: true });
	}
	symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
	const gulp = join(ROOT, 'node_modules/gulp/bin/gulp.js');
	await run(folder, gulp, '--gulpfile', join(ROOT, 'gulpfile.js'), '--cwd', folder, 'compile');
	return folder;
}

describe('at the start of n8n', () => {
	let folder = '';
	let loaded: { files: string[]; packages: string[] };

	beforeAll(async () => {
		folder = await built();
		const files = [...n8n.credentials, ...n8n.nodes].map((file) => join(folder, file));
		loaded = JSON.parse(await run(folder, '-e', LOAD, ...files)) as typeof loaded;
	}, 120_000);
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it('no package is loaded but n8n-workflow: the others when an operation needs them', () => {
		expect(loaded.packages).toEqual(['n8n-workflow']);
	});

	it('few of the files are loaded, and none of what only runs or makes the descriptions', () => {
		const all = readdirSync(join(folder, 'dist'), { recursive: true }).filter((file) =>
			String(file).endsWith('.js'),
		);
		expect(all.length).toBeGreaterThan(100);
		expect(loaded.files.length).toBeLessThan(20);
		const unneeded = /\/(insights\/(api|http|files|query|runs)|run|trigger|fields|operations)\//;
		expect(loaded.files.filter((file) => unneeded.test(file))).toEqual([]);
	});

	it('n8n gets the descriptions that the sources make', async () => {
		const descriptions = JSON.parse(
			await run(folder, '-e', DESCRIBE, ...n8n.nodes.map((file) => join(folder, file))),
		) as unknown[];
		expect(descriptions).toStrictEqual(
			[new PartnerCenterInsights(), new PartnerCenterInsightsTrigger()].map(
				({ description }) => description,
			),
		);
	});
});
