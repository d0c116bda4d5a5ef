import { AsyncLocalStorage } from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';

/** Those that were entered since the last file. */
const entered = new Set<AsyncLocalStorage<unknown>>();

for (const name of ['run', 'enterWith']) {
	const enter = Reflect.get(AsyncLocalStorage.prototype, name) as (...given: unknown[]) => unknown;
	const noted = function (this: AsyncLocalStorage<unknown>, ...given: unknown[]): unknown {
		entered.add(this);
		return enter.apply(this, given);
	};
	Reflect.set(AsyncLocalStorage.prototype, name, noted);
}

/**
 * A worker that has nothing left to do ends at once. By itself Node.js takes its heap of hundreds of MB
 * apart first, and Jest takes one that needs more than half a second for that for a test that has left
 * something open. One that really has does not come here.
 */
if (process.send !== undefined) process.once('beforeExit', () => process.exit());

/**
 * Leaves nothing behind that slows the next files down. Jest makes an AsyncLocalStorage for each file, as
 * packages do, and never lets go of it: on Node.js 20 every promise of the files after it is told to each
 * of them.
 */
export default class extends TestEnvironment {
	override async teardown(): Promise<void> {
		for (const storage of entered) storage.disable();
		entered.clear();
		await super.teardown();
	}
}
