const { join } = require('node:path');

const { projects } = require('../../jest.config.js');
const { modulePathIgnorePatterns: _reference, ...engine } = projects.find(
	({ displayName }) => displayName === 'engine',
);
const packages = join(__dirname, '../../sandbox/n8n-1.123/node_modules');

/**
 * The tests of the engine on that of the oldest n8n, as it is installed for the end-to-end tests.
 *
 * @type {import('jest').Config}
 */
module.exports = {
	...engine,
	displayName: 'n8n 1.123',
	rootDir: '../..',
	// Jest reads all that lies below: not the two n8n.
	roots: ['test', 'nodes', 'credentials'].map((folder) => `<rootDir>/${folder}`),
	moduleNameMapper: {
		...engine.moduleNameMapper,
		'^(n8n-core|n8n-workflow|@n8n/di)$': `${packages}/$1`,
		'^n8n-nodes-base/(.*)$': `${packages}/n8n-nodes-base/$1`,
	},
	testTimeout: 60_000,
};
