/**
 * n8n-workflow as unit tests load it: what a test uses comes from the file that has it. The index loads
 * all of n8n's expressions, which takes half a second in each test file.
 */
const { dirname, join } = require('node:path');

// Not by its name, which leads here.
const folder = join(dirname(require.resolve('n8n-workflow/package.json')), 'dist/cjs');

const FILES = {
	NodeApiError: 'errors/node-api.error.js',
	NodeOperationError: 'errors/node-operation.error.js',
	NodeConnectionTypes: 'interfaces.js',
	NodeHelpers: 'node-helpers.js',
	displayParameter: 'node-helpers.js',
};

/** What the index puts out as a whole, in place of its parts. */
const WHOLE = new Set(['NodeHelpers']);

module.exports = new Proxy(
	{},
	{
		get(_target, name) {
			if (name === '__esModule') return true;
			const part = require(join(folder, FILES[name] ?? 'index.js'));
			return WHOLE.has(name) ? part : part[name];
		},
	},
);
