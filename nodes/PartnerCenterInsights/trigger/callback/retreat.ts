import { settle } from '../../insights/settle';

const MINUTE = 60_000;

/** How long to wait before each further attempt, in ms: a day in all. */
export const PAUSES: readonly number[] = [
	MINUTE,
	5 * MINUTE,
	15 * MINUTE,
	...new Array<number>(24).fill(60 * MINUTE),
];

/**
 * Takes an address out of the reports later, where the service could not be reached when the workflow was
 * deactivated. An inactive workflow is not called by n8n again, so it happens beside everything else, as
 * long as this process runs.
 *
 * @param takeOut resolves to whether no report is left with the address
 * @param goesOn asked before each attempt; not once the workflow is active again
 * @param wait ms
 * @returns whether the address is out
 */
export async function retreatLater(
	takeOut: () => Promise<boolean>,
	goesOn: () => boolean,
	wait: (ms: number) => Promise<unknown>,
): Promise<boolean> {
	for (const pause of PAUSES) {
		await wait(pause);
		if (!goesOn()) return false;
		const outcome = await settle(takeOut());
		if ('value' in outcome && outcome.value) return true;
	}
	return false;
}
