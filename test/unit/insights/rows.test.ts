import { Readable } from 'node:stream';
import {
	type RowOptions,
	readRows,
} from '../../../nodes/PartnerCenterInsights/insights/files/rows';

const read = async (text: string, options: RowOptions = {}) =>
	await readRows({ content: Readable.from([Buffer.from(text)]), delimiter: ',' }, options);

describe('the rows of a file', () => {
	it('keep the values of a column that has more than are remembered', async () => {
		const rows = Array.from({ length: 10_000 }, (_, i) => ({
			Id: `id-${i}`,
			Month: `2026-${i % 12}`,
			Late: i < 5_000 ? `a-${i}` : 'the same',
		}));
		const lines = rows.map(({ Id, Month, Late }) => `${Id},${Month},${Late}`);
		const text = ['Id,Month,Late', ...lines, ''].join('\r\n');
		expect(await read(text)).toEqual({ rows, cut: false });
	});

	it('have numbers where that is asked for, also where a value comes again', async () => {
		const { rows } = await read('a,b\n1,x\n1,007\n1.5,1\n', { parseNumbers: true });
		expect(rows).toEqual([
			{ a: 1, b: 'x' },
			{ a: 1, b: '007' },
			{ a: 1.5, b: 1 },
		]);
	});

	it('have no value where the record ends before its time, and none beyond the header', async () => {
		const { rows } = await read('a,b,c\n1\n1,2,3,4\n,,\n');
		expect(rows).toEqual([{ a: '1' }, { a: '1', b: '2', c: '3' }, { a: '', b: '', c: '' }]);
	});

	it('have columns of any name', async () => {
		const { rows } = await read('__proto__,2,constructor,a b\nx,y,z,\n');
		expect(Object.entries(rows[0] ?? {}).sort()).toEqual([
			['2', 'y'],
			['__proto__', 'x'],
			['a b', ''],
			['constructor', 'z'],
		]);
	});

	it('are none in a file without any, with or without a header', async () => {
		expect(await read('')).toEqual({ rows: [], cut: false });
		expect(await read('a,b\n')).toEqual({ rows: [], cut: false });
	});

	it('are cut at the limit only when there are more', async () => {
		expect(await read('a\n1\n2\n', { limit: 2 })).toMatchObject({ cut: false });
		expect(await read('a\n1\n2\n', { limit: 1 })).toEqual({ rows: [{ a: '1' }], cut: true });
	});
});
