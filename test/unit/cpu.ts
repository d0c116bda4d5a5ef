/** CPU time of this process, in ms: the load of the machine does not count. */
export function cpuOf(work: () => unknown): number {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1_000;
}
