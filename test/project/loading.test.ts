import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');
const FILES = [
	'credentials/PartnerCenterInsightsApi.credentials.ts',
	'credentials/PartnerCenterInsightsOAuth2Api.credentials.ts',
	'nodes/PartnerCenterInsights/PartnerCenterInsights.node.ts',
	'nodes/PartnerCenterInsights/PartnerCenterInsightsTrigger.node.ts',
];

/**
 * Prints what these files ask for while they are loaded, beside files of the package. The requests are
 * told rather than what is in memory: n8n-workflow brings a luxon of its own.
 */
const LOAD = `
	const Module = require('node:module');
	const load = Module._load;
	const asked = new Set();
	Module._load = function (request, parent, ...rest) {
		const isOurs = parent?.filename?.startsWith(process.cwd()) && !parent.filename.includes('node_modules');
		if (isOurs && !request.startsWith('.') && !Module.isBuiltin(request)) asked.add(request);
		return load.call(this, request, parent, ...rest);
	};
	const files = process.argv.slice(1);
	for (const file of files) require(file);
	console.log(JSON.stringify([...asked].filter((request) => !files.includes(request))));
`;

it('loads no package but n8n-workflow until an operation needs one', async () => {
	const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
	const { stdout } = await promisify(execFile)(
		process.execPath,
		['--import', loader, '-e', LOAD, ...FILES.map((file) => join(ROOT, file))],
		{ cwd: ROOT },
	);
	expect(JSON.parse(stdout)).toEqual(['n8n-workflow']);
}, 60_000);
