import {
	PAUSES,
	retreatLater,
} from '../../../nodes/PartnerCenterInsights/trigger/callback/retreat';

/** What comes of taking an address out, attempt by attempt. */
async function retreat(outcomes: Array<boolean | Error>, goesOn: () => boolean = () => true) {
	const waits: number[] = [];
	let attempts = 0;
	const isOut = await retreatLater(
		async () => {
			const outcome = outcomes[attempts++] ?? false;
			if (outcome instanceof Error) throw outcome;
			return await Promise.resolve(outcome);
		},
		goesOn,
		async (ms) => {
			waits.push(ms);
			await Promise.resolve();
		},
	);
	return { isOut, attempts, waits };
}

describe('an address that could not be taken out', () => {
	it('is taken out as soon as that can be done, and not before a minute is over', async () => {
		expect(await retreat([new Error('unreachable'), false, true])).toEqual({
			isOut: true,
			attempts: 3,
			waits: PAUSES.slice(0, 3),
		});
		expect(PAUSES[0]).toBe(60_000);
	});

	it('is left alone once the workflow is active again', async () => {
		let looks = 0;
		expect(await retreat([false, true], () => ++looks < 2)).toMatchObject({
			isOut: false,
			attempts: 1,
		});
	});

	it('is given up after a day', async () => {
		const { isOut, waits } = await retreat([]);
		expect(isOut).toBe(false);
		const hours = waits.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
		expect(hours).toBeGreaterThan(24);
		expect(hours).toBeLessThan(25);
	});
});
