import {
	type RowOptions,
	readRows,
} from '../../../nodes/PartnerCenterInsights/insights/files/rows';
import fc from '../fastCheck';
import { streamOf } from './bytes';

const readIn = async (size: number, text: string | Buffer, options: RowOptions = {}) =>
	await readRows({ content: streamOf(text, size), delimiter: ',' }, options);
const read = async (text: string | Buffer, options: RowOptions = {}) =>
	await readIn(64 * 1024, text, options);
/** The rows of a file, whichever way it arrives. */
const rowsOf = async (text: string, options: RowOptions = {}) => {
	const { rows } = await read(text, options);
	for (const size of [1, 2, 3]) expect((await readIn(size, text, options)).rows).toEqual(rows);
	return rows;
};

describe('the rows of a file', () => {
	it('keep the values of a column that has more than are remembered', async () => {
		const rows = Array.from({ length: 10_000 }, (_, i) => ({
			Id: `id-${i}`,
			Month: `2026-${i % 12}`,
			Late: i < 5_000 ? `a-${i}` : 'the same',
		}));
		const lines = rows.map(({ Id, Month, Late }) => `${Id},${Month},${Late}`);
		const text = ['Id,Month,Late', ...lines, ''].join('\r\n');
		expect(await read(text)).toMatchObject({ rows, cut: false, longer: 0, shorter: 0 });
	});

	it('have numbers where that is asked for, also where a value comes again', async () => {
		const { rows } = await read('a,b\n1,x\n1,007\n1.5,1\n', { parseNumbers: true });
		expect(rows).toEqual([
			{ a: 1, b: 'x' },
			{ a: 1, b: '007' },
			{ a: 1.5, b: 1 },
		]);
	});

	it.each<[string, string | number]>([
		['123456789012345', 123_456_789_012_345],
		['-12345678901.2345', -12_345_678_901.2345],
		// A number would not keep all of its digits.
		['1234567890123456', '1234567890123456'],
		['0.1234567890123456', '0.1234567890123456'],
		['1,5', '1,5'],
		['1e5', '1e5'],
		['.5', '.5'],
		[' 5', ' 5'],
		['', ''],
	])(
		'have a number where the text is one that a number holds without loss: %j',
		async (text, value) => {
			const { rows } = await read(`a,b\n"${text}",\n`, { parseNumbers: true });
			expect(rows).toEqual([{ a: value, b: '' }]);
		},
	);

	it('are none of a file whose first line does not end', async () => {
		await expect(read('a,b '.repeat(1_100_000))).rejects.toMatchObject({
			kind: 'malformed',
			message: 'The report file cannot be read as rows: its first line has no end',
		});
	});

	it('have no value where the record ends before its time, and are counted', async () => {
		const { rows, shorter, longer } = await read('a,b,c\n1\n1,2,3\n,,\n');
		expect(rows).toEqual([{ a: '1' }, { a: '1', b: '2', c: '3' }, { a: '', b: '', c: '' }]);
		expect({ shorter, longer }).toEqual({ shorter: 1, longer: 0 });
	});

	it('have values beyond the header under their place, and are counted', async () => {
		const { rows, longer } = await read('a,Column 3\n1,2,3,4\n5,6\n7,8,\n');
		expect(rows).toEqual([
			{ a: '1', 'Column 3': '2', 'Column 3_2': '3', 'Column 4': '4' },
			{ a: '5', 'Column 3': '6' },
			{ a: '7', 'Column 3': '8', 'Column 3_2': '' },
		]);
		expect(longer).toBe(2);
	});

	it.each(['\0\0\0\0', '\x1a', '\0'.repeat(300)])(
		'end before the padding that fills the file up: %j',
		async (padding) => {
			expect(await rowsOf(`a,b\n1,2\n3,x\0y\n${padding}`)).toEqual([
				{ a: '1', b: '2' },
				{ a: '3', b: 'x\0y' },
			]);
			expect(await rowsOf(`a\n1\n${padding}`)).toEqual([{ a: '1' }]);
		},
	);

	it.each<[boolean, string | Buffer]>([
		[false, 'Näme,b\n€,😀\n'],
		[false, Buffer.from('\ufeffNäme,b\n1,2\n', 'utf16le')],
		[true, Buffer.from('\ufeffa,b\n1,Weiß', 'utf16le').subarray(0, -1)],
		[true, Buffer.from('\ufeffa,b\n1,Weiß\n', 'utf16le').subarray(0, -3)],
		[true, Buffer.from('\ufeffa,b\n1,😀', 'utf16le').subarray(0, -2)],
		[true, Buffer.from('a,b\n1,Weiß').subarray(0, -1)],
		[true, Buffer.from('a,b\n1,Näme\n', 'latin1')],
		[true, Buffer.from('Näme,b\n1,2\n', 'latin1')],
		[true, Buffer.from('a,b\n1,2,Näme\n', 'latin1')],
	])('say whether (%p) a character could not be read', async (isDamaged, content) => {
		expect(await read(content)).toMatchObject({ isDamaged });
	});

	it('have columns of any name', async () => {
		const { rows } = await read('__proto__,2,constructor,a b\nx,y,z,\n');
		expect(Object.entries(rows[0] ?? {}).sort()).toEqual([
			['2', 'y'],
			['__proto__', 'x'],
			['a b', ''],
			['constructor', 'z'],
		]);
		const { rows: narrow } = await read('a,__proto__,c\nx,y\n');
		expect(Object.entries(narrow[0] ?? {})).toEqual([
			['a', 'x'],
			['__proto__', 'y'],
		]);
	});

	it.each([
		['Name,Name', ['Name', 'Name_2'], ['Name_2']],
		['Name,Name,Name', ['Name', 'Name_2', 'Name_3'], ['Name_2', 'Name_3']],
		['Name,Name,Name_2', ['Name', 'Name_3', 'Name_2'], ['Name_3']],
		['Name_2,Name,Name', ['Name_2', 'Name', 'Name_3'], ['Name_3']],
		['a,,', ['a', 'Column 2', 'Column 3'], ['Column 2', 'Column 3']],
		['constructor,constructor', ['constructor', 'constructor_2'], ['constructor_2']],
		['a,b', ['a', 'b'], []],
	])('have each column, also of a repeated name or none: %s', async (header, names, renamed) => {
		const values = names.map((_, index) => String(index));
		const found = await read(`${header}\n${values.join(',')}\n`);
		expect(found.rows).toEqual([Object.fromEntries(names.map((name, i) => [name, values[i]]))]);
		expect(found.renamed).toEqual(renamed);
	});

	it('are none in a file without any, with or without a header', async () => {
		for (const text of ['', '\n', 'a,b\n', 'a,b', '\ufeffa,b\r\n', '\ufeff']) {
			expect(await rowsOf(text)).toEqual([]);
		}
	});

	it('are cut at the limit only when there are more', async () => {
		expect(await read('a\n1\n2\n', { limit: 2 })).toMatchObject({ cut: false });
		expect(await read('a\n1\n2\n', { limit: 1 })).toMatchObject({ rows: [{ a: '1' }], cut: true });
	});

	it('are a window of the file', async () => {
		const text = 'a\n1\n2\n3\n4\n';
		const window = async (firstRow: number, limit?: number) => {
			const { rows, cut } = await read(text, { firstRow, limit });
			return [rows.map(({ a }) => a).join(''), cut];
		};
		expect(await window(1, 2)).toEqual(['12', true]);
		expect(await window(3, 2)).toEqual(['34', false]);
		expect(await window(4)).toEqual(['4', false]);
		expect(await window(5, 2)).toEqual(['', false]);
	});
});

describe('lines', () => {
	it('end in CRLF, LF and CR, each by itself', async () => {
		expect(await rowsOf('a,b\r\n1,2\n3,4\r5,6\r\n\r\n\n\r7,8')).toEqual([
			{ a: '1', b: '2' },
			{ a: '3', b: '4' },
			{ a: '5', b: '6' },
			{ a: '7', b: '8' },
		]);
	});

	it.each(['\n', '\r\n', '\r'])(
		'that are empty are rows in a file of one column: %j',
		async (end) => {
			const text = ['a', '1', '', '""', '2', ''].join(end);
			expect(await rowsOf(text)).toEqual([{ a: '1' }, { a: '' }, { a: '' }, { a: '2' }]);
		},
	);

	it('of one quoted empty value are rows', async () => {
		expect(await rowsOf('a,b\n""\n\n"",""\n')).toEqual([{ a: '' }, { a: '', b: '' }]);
	});

	it('are left out before the header and behind the last row', async () => {
		expect(await rowsOf('\n\r\na,b\n1,2\n\n\n')).toEqual([{ a: '1', b: '2' }]);
		expect(await rowsOf('\ufeff\na\n1\n')).toEqual([{ a: '1' }]);
	});
});

describe('quotes', () => {
	it('keep delimiters, line ends and quotes', async () => {
		expect(await rowsOf('"a","b"\r\n"1,\r\n2\r3\n4","say ""hi"""\n')).toEqual([
			{ a: '1,\r\n2\r3\n4', b: 'say "hi"' },
		]);
	});

	it('within a value stand for themselves', async () => {
		expect(await rowsOf('a,b\n5" disk,x"y\n"Contoso" Ltd,"a" "b"\n')).toEqual([
			{ a: '5" disk', b: 'x"y' },
			{ a: '"Contoso" Ltd', b: '"a" "b"' },
		]);
	});

	it.each([
		['never closed', 'a,b\n1,2\n"odd,3\nb,4\n', 3],
		['never closed, in the last value', 'a,b\n1,"odd', 2],
		['followed by a quoted value', 'a,b\n"odd,1\nb,"x, y"\nc,3\n', 2],
		['followed by a quoted value in the same line', 'a,b\n1,2\n"odd,"x, y"\n', 3],
		['followed by two quotes', 'a,b\n"odd,1\nb,""\nc,3\n', 2],
		['closed by a stray one at the end of a line', 'a,b\n1,2\n"odd,3\nb,4"\nc,5\n', 3],
		['closed by a stray one in an earlier column', 'a,b\n1,"odd\nb",4\nc,5\n', 2],
		['behind other kinds of line ends', 'a,b\r1,2\r\n3,4\n"odd,5\r', 4],
		['behind a value of several lines', 'a,b\n"1\n2",3\n"odd,5\n', 4],
		['in the header', '"a,b\n1,2\n', 1],
		['with a doubled one and more behind it', 'a,b\n"a""b" c,1\n', 2],
	])('that would swallow rows are an error with their line: %s', async (_how, text, line) => {
		for (const size of [1, 2, 64]) {
			await expect(readIn(size, text)).rejects.toMatchObject({
				name: 'InsightsError',
				kind: 'malformed',
				message: expect.stringMatching(
					new RegExp(`^The report file cannot be read as rows: the quote .* line ${line} `),
				) as unknown,
			});
		}
	});

	it('that may have swallowed whole rows are told by the line, and by no other', async () => {
		for (const size of [1, 2, 64]) {
			const { rows, suspectLine } = await readIn(size, 'a,b\n1,2\n3,"odd\n4,x\n5,y"\n6,"z\n7,z"\n');
			expect(rows).toHaveLength(3);
			expect(suspectLine).toBe(3);
		}
	});

	it.each([
		['in the header', 'a,b,"c\n1,2,3\n4,5,6"\n7,8,9\n', 1],
		['in a header that goes on to the end of the file', 'a,"b\n1,2\n3,4"\n', 1],
		['in a header of one name', '"Name\nContoso\nFabrikam"\nTailwind\n', 1],
		['in a header behind empty lines', '\n\na,"b\n1,2"\n3,4\n', 3],
		['with an empty line among them', 'a,b\n1,"odd\n\n2,x\n3,y"\n', 2],
		['with line ends of two kinds', 'a,b\r\r\n1,"odd\r\r\n2,x\r\r\n3,y"\r\r\n', 3],
		['of one column', 'Name\nContoso\n"odd\nFabrikam\nTail"\nWind\n', 3],
		['of two values', 'a\n"1\n2"\n', 2],
		['with a longer one among them', 'a,b,c\n1,"odd,3\n4,5,6,7\n7,8",9\n', 2],
		['with a shorter one among them', 'a,b,c\n1,"odd,3\n4,5\n7,8",9\n', 2],
		['of which the first is shorter', 'a,b,c\n1,"odd\n4,5,6\n7,8",9\n', 2],
		['of which the last is longer', 'a,b,c\n1,"odd,3\n4,5,6\n7,8,9",10\n', 2],
		['that make a longer one', 'a,b\n1,"odd\n2,x",3\n', 2],
	])('that may have swallowed rows are told: %s', async (_how, text, line) => {
		for (const size of [1, 2, 64]) expect((await readIn(size, text)).suspectLine).toBe(line);
	});

	it.each([
		['in the last column', 'a,b\n1,"2\n3"\n'],
		['in the first column', 'a,b\n"4\n5",6\n'],
		['in both', 'a,b\n"1\n2","3\n4"\n'],
		['of several lines and commas', 'a,b,c\n1,"Dear all,\n\nit works, thanks.\n\nBye",3\n'],
		['with quotes of its own', 'a,b,c\n1,2,"He said\n""no, never""\nand left"\n'],
	])('around a text of several lines are no reason for a hint: %s', async (_where, text) => {
		for (const size of [1, 2, 64]) expect((await readIn(size, text)).suspectLine).toBe(0);
	});

	it('may hold a line end in a record that is longer than the header', async () => {
		expect(await rowsOf('a,b\n"1\n2",3,4\n')).toEqual([{ a: '1\n2', b: '3', 'Column 3': '4' }]);
	});

	it('that are never closed do not take the whole file into memory', async () => {
		const text = `a,b\n"odd,1\n${'x,y\n'.repeat(1_200_000)}`;
		await expect(read(text)).rejects.toThrow('line 2 is never closed');
	});

	it('are told in words of this client for whatever text', async () => {
		const piece = fc.constantFrom('"', '""', ',', '\n', '\r', '\r\n', 'a', ' ', '\u00e9');
		await fc.assert(
			fc.asyncProperty(
				fc.array(piece, { maxLength: 14 }),
				fc.integer({ min: 1, max: 4 }),
				async (pieces, size) => {
					const text = `a,b\n${pieces.join('')}`;
					const outcome = await readIn(size, text).then(
						({ rows }) => rows,
						(error: unknown) => error,
					);
					const whole = await read(text).then(
						({ rows }) => rows,
						(error: unknown) => error,
					);
					expect(outcome).toEqual(whole);
					if (!Array.isArray(outcome)) expect(outcome).toMatchObject({ kind: 'malformed' });
				},
			),
			{ numRuns: 150 },
		);
	});

	it('bring back whatever was written', async () => {
		const value = fc.string({
			unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é'),
			maxLength: 6,
		});
		const written = (text: string) => `"${text.replaceAll('"', '""')}"`;
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(value, value, value), { maxLength: 6 }),
				fc.constantFrom('\n', '\r\n', '\r'),
				async (records, end) => {
					const lines = [['x', 'y', 'z'], ...records].map((record) =>
						record.map(written).join(','),
					);
					const { rows } = await read(lines.join(end));
					expect(rows.map(({ x, y, z }) => [x, y, z])).toEqual(records);
				},
			),
			{ numRuns: 150 },
		);
	});
});

describe('columns', () => {
	const text = 'Name,Amount,name\nx,1,y\n';

	it('that are wanted are kept, in any case and in the order of the file', async () => {
		expect(await rowsOf(text, { columns: ['amount', ' NAME '] })).toEqual([
			{ Name: 'x', Amount: '1', name: 'y' },
		]);
		expect(await rowsOf(text, { columns: ['amount'] })).toEqual([{ Amount: '1' }]);
	});

	it('that the file lacks are refused with those that it has', async () => {
		await expect(read(text, { columns: ['Amount', 'Nmae', 'Amt'] })).rejects.toMatchObject({
			name: 'UnknownColumns',
			unknown: ['Nmae', 'Amt'],
			columns: ['Name', 'Amount', 'name'],
		});
	});

	it('that the file repeats can be wanted by the names they get', async () => {
		expect(await rowsOf('a,a\n1,2\n', { columns: ['a_2'] })).toEqual([{ a_2: '2' }]);
	});
});

describe('values of the record', () => {
	const added = { ReportId: 'r', ReportName: 'Sales', ReportGeneratedTime: null };

	it('are added to each row, also to a short one', async () => {
		expect(await rowsOf('a,b\n1,2\n3\n', { added })).toEqual([
			{ a: '1', b: '2', ...added },
			{ a: '3', ...added },
		]);
	});

	it('give way to columns of the file', async () => {
		const rows = await rowsOf('reportid,ReportName\n1,2\n', { added });
		expect(rows).toEqual([{ reportid: '1', ReportName: '2', ReportGeneratedTime: null }]);
	});
});

describe('the text of a file', () => {
	it.each(['utf16le', 'utf8'] as const)('is read in %s with its mark', async (encoding) => {
		const text = '\ufeff"Näme",b\r\n€,2\r\n';
		const { rows } = await read(Buffer.from(text, encoding));
		expect(rows).toEqual([{ Näme: '€', b: '2' }]);
	});

	it('is read with tabs between its values', async () => {
		const { rows } = await readRows(
			{ content: streamOf('a\tb\n1,5\t"x\ty"\n'), delimiter: '\t' },
			{},
		);
		expect(rows).toEqual([{ a: '1,5', b: 'x\ty' }]);
	});

	it.each<[',' | '\t', string, object]>([
		[',', 'a\tb\n1,5\t2\n', { a: '1,5', b: '2' }],
		['\t', '\r\n"a",b\r\n1\t5,2\r\n', { a: '1\t5', b: '2' }],
		[',', 'a\tb\n"1\t5"\t"2\n3"\n', { a: '1\t5', b: '2\n3' }],
		[',', 'a\n1\t5\n', { a: '1\t5' }],
		[',', 'a,b\tc\n1,2\n', { a: '1', 'b\tc': '2' }],
	])('has the delimiter of its header where that is not %j', async (delimiter, text, row) => {
		for (const size of [1, 3, 64]) {
			const { rows } = await readRows({ content: streamOf(text, size), delimiter }, {});
			expect(rows).toEqual([row]);
		}
	});

	it.each([
		[';', 'Month;Revenue\n2024-06;1.5\n'],
		[';', '"Month";"Revenue"\r\n"2024-06";"1,5"\r\n'],
		['|', 'Month|Revenue\n'],
	])('has no rows where %j separates the names of its header', async (delimiter, text) => {
		for (const size of [1, 64]) {
			await expect(
				readRows({ content: streamOf(text, size), delimiter: ',' }, {}),
			).rejects.toMatchObject({
				kind: 'malformed',
				message: `The report file cannot be read as rows: the names in its first line are separated by "${delimiter}"`,
			});
		}
	});

	it('may have such signs among its values, or beside commas', async () => {
		expect(await rowsOf('a\nx;y\n')).toEqual([{ a: 'x;y' }]);
		expect(await rowsOf('a;b,c\n1,2\n')).toEqual([{ 'a;b': '1', c: '2' }]);
	});

	it('begins after every byte order mark', async () => {
		expect(await rowsOf('\ufeff\ufeff"a",b\n1,2\n')).toEqual([{ a: '1', b: '2' }]);
		expect(await rowsOf('\ufeff')).toEqual([]);
	});

	it('ends with the failure of its transfer', async () => {
		const content = streamOf('a,b\n1,2\n', 4);
		const failing = content.map((piece: Buffer) => {
			if (piece.includes('1')) throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
			return piece;
		});
		await expect(readRows({ content: failing, delimiter: ',' }, {})).rejects.toMatchObject({
			code: 'ECONNRESET',
		});
	});
});
