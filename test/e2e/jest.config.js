const {
	projects: [{ displayName: _name, testMatch: _files, ...shared }],
} = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	...shared,
	rootDir: '../..',
	testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
	globalSetup: '<rootDir>/test/e2e/setup.ts',
	globalTeardown: '<rootDir>/test/e2e/teardown.ts',
	// One n8n serves all files, each with a sandbox service of its own.
	maxWorkers: 1,
	testTimeout: 180_000,
};
