import { parse } from 'csv-parse/sync';
import { Table } from '../../../nodes/PartnerCenterInsights/insights/files/table';
import { createValueReader } from '../../../nodes/PartnerCenterInsights/insights/files/values';
import { settle } from '../../../nodes/PartnerCenterInsights/insights/settle';
import fc from '../fastCheck';
import { streamOf } from './bytes';
import { tries } from '../tries';

/** All records of a file, its header among them. */
async function recordsOf(text: string, size: number): Promise<string[][]> {
	const table = await Table.open(streamOf(text, size), ',');
	if (table.columns === 0) return [];
	const found = [table.headerText];
	for await (const records of table.records()) found.push(...records);
	return (await createValueReader(','))(found);
}

describe('the values of a record', () => {
	it.each<[string, string[]]>([
		['', ['']],
		[',', ['', '']],
		['a,,b', ['a', '', 'b']],
		['"",""', ['', '']],
		['"a,b",c', ['a,b', 'c']],
		['"a""b","""",""""""', ['a"b', '"', '""']],
		['"a\r\nb",c', ['a\r\nb', 'c']],
		['5" disk,"x" y,z"', ['5" disk', '"x" y', 'z"']],
		[' "a",b', [' "a"', 'b']],
		['"a",', ['a', '']],
	])('of %j', async (record, values) => {
		const read = await createValueReader(',');
		expect(read([record])).toEqual([values]);
		// Beside others, with quotes and without.
		expect(read(['x', record, '"y"', 'z'])).toEqual([['x'], values, ['y'], ['z']]);
		const readTabs = await createValueReader('\t');
		expect(readTabs([record.replaceAll(',', '\t')])).toEqual([
			values.map((value) => value.replaceAll(',', '\t')),
		]);
	});

	it('are none without records', async () => {
		expect((await createValueReader(','))([])).toEqual([]);
	});

	it('are those that csv-parse finds, in every file that is read as rows', async () => {
		const piece = fc.constantFrom('"', '""', ',', '\n', '\r', '\r\n', 'a', ' ', 'é', '\ufeff');
		const parsed = (text: string) =>
			parse(text, {
				bom: true,
				record_delimiter: ['\r\n', '\n', '\r'],
				relax_column_count: true,
				relax_quotes: true,
				skip_empty_lines: true,
			});
		let compared = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.array(piece, { maxLength: 16 }),
				fc.integer({ min: 1, max: 5 }),
				async (pieces, size) => {
					// Of several columns: in one column an empty line is a row, wherever it stands.
					const text = `a,b\n${pieces.join('')}`;
					const outcome = await settle(recordsOf(text, size));
					if ('error' in outcome) return;
					compared++;
					expect(outcome.value).toEqual(parsed(text));
				},
			),
			{ numRuns: tries(500) },
		);
		expect(compared).toBeGreaterThan(100);
	});
});
