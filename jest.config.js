const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/{unit,engine}/**/*.test.ts'],
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
	testTimeout: 30_000,
	// Jest leaves one core to itself, which on two cores is half of the machine.
	maxWorkers: Math.max(2, availableParallelism() - 1),
};
