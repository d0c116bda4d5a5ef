const { TestEnvironment } = require('jest-environment-node');
const { mkdir, rmdir } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

/** One for each run: what it runs in has one parent. */
const lock = join(tmpdir(), `insights-e2e-turn-${process.ppid}`);

/**
 * Lets one test file at a time have the n8n that all of them share, while another file tests an n8n of
 * its own: that one names Jest's usual environment.
 */
module.exports = class OneAtATime extends TestEnvironment {
	hasTurn = false;

	async setup() {
		await super.setup();
		while (!this.hasTurn) {
			this.hasTurn = await mkdir(lock).then(
				() => true,
				() => false,
			);
			if (!this.hasTurn) await sleep(200);
		}
	}

	async teardown() {
		if (this.hasTurn) await rmdir(lock);
		await super.teardown();
	}
};
