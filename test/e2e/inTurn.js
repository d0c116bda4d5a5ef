const { readFileSync } = require('node:fs');
const Sequencer = require('@jest/test-sequencer').default;

const hasOwnN8n = ({ path }) =>
	readFileSync(path, 'utf8').startsWith('/** @jest-environment node */');

const takesLongest = ({ path }) => path.endsWith('chaos.e2e.ts');

/** Files that share n8n and files that start their own in turn, so that there are always both to run. */
module.exports = class InTurn extends Sequencer {
	sort(tests) {
		const sorted = super.sort(tests);
		// Jest takes large files for long ones. This one is short and takes the longest, most of it waiting.
		const longest = sorted.filter(takesLongest);
		const own = sorted.filter((test) => hasOwnN8n(test) && !takesLongest(test));
		const shared = sorted.filter((test) => !hasOwnN8n(test));
		const each = Math.max(1, Math.round(shared.length / (own.length + 1)));
		const ordered = longest;
		while (own.length > 0 || shared.length > 0) {
			ordered.push(...own.splice(0, 1), ...shared.splice(0, each));
		}
		return ordered;
	}
};
