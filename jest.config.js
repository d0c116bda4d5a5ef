const { availableParallelism } = require('node:os');

const project = (name, more = {}) => ({
	displayName: name,
	testEnvironment: '<rootDir>/test/environment.ts',
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	transform: {
		'^.+\\.[cm]?[jt]s$': [
			'@swc/jest',
			{ jsc: { target: 'es2022', parser: { syntax: 'typescript' } } },
		],
	},
	// Packages that ship ES modules only.
	transformIgnorePatterns: ['/node_modules/(?!(fast-check|pure-rand)/)'],
	modulePathIgnorePatterns: [
		'<rootDir>/dist/',
		'<rootDir>/sandbox/n8n[^/]*/node_modules/',
		'<rootDir>/sandbox/.state/',
	],
	...more,
});

/** @type {import('jest').Config} */
module.exports = {
	projects: [
		project('unit'),
		project('sandbox'),
		project('project'),
		// Nobody waits there: the clock is turned instead.
		project('engine', { setupFiles: ['<rootDir>/test/engine/time/setup.ts'] }),
	],
	testTimeout: 30_000,
	// Jest leaves one core to itself, which on two cores is half of the machine.
	maxWorkers: Math.max(2, availableParallelism() - 1),
};
