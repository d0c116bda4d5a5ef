import { createReadAhead } from '../../../nodes/PartnerCenterInsights/run/readAhead';

function readAhead() {
	let time = 0;
	const reads: string[] = [];
	const ahead = createReadAhead(
		(name, itemIndex, fallback) => {
			reads.push(`${name} ${itemIndex}`);
			if (name === 'bad') throw new Error(`No ${name} in item ${itemIndex}`);
			return name === 'missing' ? fallback : `${name} ${itemIndex} at ${time}`;
		},
		() => time,
	);
	return { ...ahead, reads, pass: (ms: number) => (time += ms) };
}

describe('reading parameters ahead', () => {
	it('reads for the next item what the one before has asked for, and once', () => {
		const { readerOf, prepare, reads } = readAhead();
		expect(readerOf(0)('id', null)).toBe('id 0 at 0');
		prepare(1);
		expect(reads).toEqual(['id 0', 'id 1']);
		expect(readerOf(1)('id', null)).toBe('id 1 at 0');
		expect(reads).toEqual(['id 0', 'id 1']);
	});

	it('reads whatever else an item asks for', () => {
		const { readerOf, prepare } = readAhead();
		prepare(1);
		expect(readerOf(1)('id', null)).toBe('id 1 at 0');
	});

	it('reads again what is a second old: an expression may tell the time', () => {
		const { readerOf, prepare, pass } = readAhead();
		readerOf(0)('id', null);
		prepare(1);
		prepare(2);
		pass(999);
		expect(readerOf(1)('id', null)).toBe('id 1 at 0');
		pass(1);
		expect(readerOf(2)('id', null)).toBe('id 2 at 1000');
	});

	it('lets a parameter that cannot be read fail in its turn, and only where it is asked for', () => {
		const { readerOf, prepare } = readAhead();
		expect(() => readerOf(0)('bad', null)).toThrow('No bad in item 0');
		expect(() => prepare(1)).not.toThrow();
		const read = readerOf(1);
		expect(read('id', null)).toBe('id 1 at 0');
		expect(() => read('bad', null)).toThrow('No bad in item 1');
	});

	it('falls back on what the item gives, not on what another one gave', () => {
		const { readerOf, prepare } = readAhead();
		readerOf(0)('missing', 1);
		prepare(1);
		expect(readerOf(1)('missing', 2)).toBe(2);
	});
});
