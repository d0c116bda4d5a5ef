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
	// One n8n serves most files, one after the other, each with a sandbox service of its own. Beside them
	// run those that start their own, two at once. Much of all is waiting.
	testEnvironment: '<rootDir>/test/e2e/oneAtATime.js',
	testSequencer: '<rootDir>/test/e2e/inTurn.js',
	maxWorkers: 3,
	testTimeout: 300_000,
};
