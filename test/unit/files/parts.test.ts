import { Readable } from 'node:stream';
import { buffer, text as textOf } from 'node:stream/consumers';
import { type Part, storeParts } from '../../../nodes/PartnerCenterInsights/insights/files/parts';
import { readRows } from '../../../nodes/PartnerCenterInsights/insights/files/rows';
import fc from '../fastCheck';
import { streamOf } from './bytes';
import { tries } from '../tries';

interface Stored {
	name: string;
	text: string;
}

async function cut(
	content: string | Buffer,
	rowsPerFile: number,
	size = 64 * 1024,
	parts: Array<Part<Stored>> = [],
) {
	let stored = 0;
	await storeParts(
		{
			content: streamOf(content, size),
			delimiter: ',',
			fileName: 'Sales.csv',
			mimeType: 'text/csv',
		},
		rowsPerFile,
		parts,
		async (part, name) => {
			stored++;
			return { name, text: await textOf(part) };
		},
	);
	return { parts, stored };
}

const textsOf = (parts: Array<Part<Stored>>) => parts.map(({ stored: { text } }) => text);

describe('a file in parts', () => {
	it('is cut between records, each part with the header and a name of its own', async () => {
		const { parts } = await cut('a,b\r\n1,2\r\n3,4\r\n5,6\r\n', 2);
		expect(parts).toMatchObject([
			{
				stored: { name: 'Sales-part-0001.csv', text: 'a,b\r\n1,2\r\n3,4\r\n' },
				firstRow: 1,
				rows: 2,
			},
			{ stored: { name: 'Sales-part-0002.csv', text: 'a,b\r\n5,6\r\n' }, firstRow: 3, rows: 1 },
		]);
	});

	it.each<[string, string, number, string[]]>([
		['exactly full parts', 'a\n1\n2\n', 1, ['a\n1\n', 'a\n2\n']],
		['no line end at the end', 'a\n1\n2', 1, ['a\n1\n', 'a\n2']],
		['a header alone', 'a,b\n', 5, ['a,b\n']],
		['a header alone, without line end', 'a,b', 5, ['a,b']],
		['nothing at all', '', 5, ['']],
		['a line break in quotes', 'a,b\n"1\n2",3\n4,5\n', 1, ['a,b\n"1\n2",3\n', 'a,b\n4,5\n']],
		['mixed line ends', 'a,b\r\n1,2\r3,4\n5,6', 1, ['a,b\r\n1,2\r', 'a,b\r\n3,4\n', 'a,b\r\n5,6']],
		['a header that ends in CR', 'a\r1\r\n\n2', 1, ['a\r1\r\n', 'a\r\n\n', 'a\r2']],
		['CR alone', 'a\r1\r2\r', 1, ['a\r1\r', 'a\r2\r']],
		['empty lines, which are no rows', 'a,b\n\n1,2\n\n3,4\n\n', 1, ['a,b\n1,2\n', 'a,b\n3,4\n']],
		['empty lines, which are rows', 'a\n1\n\n2\n', 2, ['a\n1\n\n', 'a\n2\n']],
	])('is whole with %s', async (_what, content, rowsPerFile, expected) => {
		for (const size of [1, 2, 3, 64]) {
			const { parts } = await cut(content, rowsPerFile, size);
			expect(textsOf(parts)).toEqual(expected);
		}
	});

	it('has the same rows as the file, once and in order, however it arrives', async () => {
		const value = fc.constantFrom('', 'a', '"x\ny"', '"a,b"', '"say ""hi"""', 'é');
		const end = fc.constantFrom('\n', '\r\n', '\r');
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(value, value, end), { maxLength: 12 }),
				fc.integer({ min: 1, max: 5 }),
				fc.integer({ min: 1, max: 9 }),
				async (records, rowsPerFile, size) => {
					const content = `x,y\n${records.map(([x, y, e]) => `${x},${y}${e}`).join('')}`;
					const rowsIn = async (text: string) =>
						(await readRows({ content: streamOf(text, 7), delimiter: ',' }, {})).rows;
					const { parts } = await cut(content, rowsPerFile, size);
					const rows = await Promise.all(textsOf(parts).map(rowsIn));
					expect(rows.flat()).toEqual(await rowsIn(content));
					expect(rows.map(({ length }) => length)).toEqual(parts.map((part) => part.rows));
					expect(parts.slice(0, -1).every((part) => part.rows === rowsPerFile)).toBe(true);
					let next = 1;
					for (const { firstRow, rows: count } of parts) {
						expect(firstRow).toBe(next);
						next += count;
					}
				},
			),
			{ numRuns: tries(100) },
		);
	});

	it('is not cut where a quote would swallow records', async () => {
		await expect(cut('a,b\n1,2\n"odd,3\n4,5\n', 1)).rejects.toMatchObject({ kind: 'malformed' });
	});

	it('is stored on from where an earlier attempt broke off', async () => {
		const content = 'a,b\n1,2\n3,4\n5,6\n';
		const { parts } = await cut(content, 1);
		const again = await cut(content, 1, 5, parts.slice(0, 2));
		expect(again.stored).toBe(1);
		expect(textsOf(again.parts)).toEqual(textsOf(parts));
	});

	it.each(['a,b\n1,2\n3,5\n5,6\n', 'a,b\n1,2\n', 'a,c\n1,2\n3,4\n'])(
		'is not mixed with parts of another file: %j',
		async (other) => {
			const { parts } = await cut('a,b\n1,2\n3,4\n5,6\n', 1);
			await expect(cut(other, 1, 64, parts)).rejects.toThrow('is another one than before');
		},
	);

	it('takes one part at a time from the transfer', async () => {
		const piece = Buffer.from('value,value\n'.repeat(5_000));
		const pieces = 80;
		let sent = 0;
		const transfer = function* () {
			yield Buffer.from('a,b\n');
			for (; sent < pieces; sent++) yield piece;
		};
		const ahead: number[] = [];
		let taken = 0;
		await storeParts(
			{
				content: Readable.from(transfer(), { highWaterMark: 1 }),
				delimiter: ',',
				fileName: 'Sales.csv',
				mimeType: 'text/csv',
			},
			50_000,
			[],
			async (part) => {
				taken += (await buffer(part)).length / piece.length;
				ahead.push(sent - taken);
			},
		);
		expect(ahead).toHaveLength(8);
		expect(Math.max(...ahead)).toBeLessThan(4);
	});
});
