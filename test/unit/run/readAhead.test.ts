import { setTimeout as delay } from 'node:timers/promises';
import { readAhead } from '../../../nodes/PartnerCenterInsights/run/readAhead';

/** Reads items as their numbers and remembers which were read. */
function counted(read = (itemIndex: number): unknown => itemIndex) {
	const reads: number[] = [];
	return {
		reads,
		read: (itemIndex: number) => {
			reads.push(itemIndex);
			return read(itemIndex);
		},
	};
}

/** Of a clock that stands still. */
const now = () => 0;

/** Until the timers that were set so far have rung. */
const aMoment = async () => await delay(30);

describe('reading ahead', () => {
	it('reads an item while the one before it is under way, and takes what was read', async () => {
		const { reads, read } = counted();
		const inputs = readAhead(3, 1, read, now);
		expect(inputs.take(0)).toBe(0);
		expect(reads).toEqual([0]);
		await aMoment();
		expect(reads).toEqual([0, 1]);
		expect(inputs.take(1)).toBe(1);
		expect(reads).toEqual([0, 1]);
		inputs.end();
	});

	it('reads as many ahead as are worked on at once, and none that is not there', async () => {
		const { reads, read } = counted();
		const inputs = readAhead(5, 2, read, now);
		inputs.take(0);
		inputs.take(1);
		await aMoment();
		expect(reads).toEqual([0, 1, 2, 3]);
		for (const itemIndex of [2, 3, 4]) inputs.take(itemIndex);
		await aMoment();
		expect(reads).toEqual([0, 1, 2, 3, 4]);
	});

	it('reads no further ahead after many that were over at once', async () => {
		const { reads, read } = counted();
		const inputs = readAhead(20, 2, read, now);
		for (const itemIndex of [0, 1, 2, 3, 4]) inputs.take(itemIndex);
		await aMoment();
		expect(reads).toEqual([0, 1, 2, 3, 4, 5, 6]);
	});

	it.each([
		['lay too long: an expression may tell the time', 1_500],
		['was read before the clock was set back', -3_600_000],
	])('reads again what %s', async (_case, later) => {
		let time = 0;
		const inputs = readAhead(
			3,
			2,
			() => time,
			() => time,
		);
		inputs.take(0);
		inputs.take(1);
		await aMoment();
		time = later;
		expect(inputs.take(2)).toBe(later);
		inputs.end();
	});

	it('fails for what cannot be read when it is its turn, and not before', async () => {
		const { reads, read } = counted((itemIndex) => {
			if (itemIndex === 1) throw new Error('no such field');
			return itemIndex;
		});
		const inputs = readAhead(3, 1, read, now);
		inputs.take(0);
		await aMoment();
		expect(() => inputs.take(1)).toThrow('no such field');
		expect(reads).toEqual([0, 1, 1]);
		expect(inputs.take(2)).toBe(2);
		inputs.end();
	});

	it('never takes an item for another one where items are taken before they are read', async () => {
		const inputs = readAhead(4, 2, (itemIndex) => itemIndex, now);
		expect([0, 1, 2, 3].map(inputs.take)).toEqual([0, 1, 2, 3]);
		await aMoment();
		inputs.end();
	});

	it('reads nothing more when it has ended', async () => {
		const { reads, read } = counted();
		const inputs = readAhead(3, 1, read, now);
		inputs.take(0);
		inputs.end();
		await aMoment();
		expect(reads).toEqual([0]);
	});
});
