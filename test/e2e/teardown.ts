/** Set-up and tear-down share a process, but not their modules. */
const shared = globalThis as { stopHost?: () => Promise<void> };

export function leaveRunning(stop: () => Promise<void>): void {
	shared.stopHost = stop;
}

export default async function tearDown(): Promise<void> {
	await shared.stopHost?.();
}
