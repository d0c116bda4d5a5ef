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
		project('unit', {
			moduleNameMapper: { '^n8n-workflow$': '<rootDir>/test/unit/n8nWorkflow.js' },
		}),
		project('sandbox'),
		project('project'),
		// Nobody waits there: the clock is turned instead. (A mock would do, too, but Jest then asks for each
		// of the thousand modules of n8n's engine whether it is the one.)
		project('engine', {
			setupFiles: ['<rootDir>/test/engine/time/setup.ts'],
			moduleNameMapper: { '^node:timers/promises$': '<rootDir>/test/engine/time/timers.ts' },
		}),
	],
	testTimeout: 30_000,
	// Jest leaves one core to itself, which on two cores is half of the machine.
	maxWorkers: Math.max(2, availableParallelism() - 1),
};
