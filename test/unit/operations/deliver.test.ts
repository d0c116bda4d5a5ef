import { buffer } from 'node:stream/consumers';
import type { ReportId } from '../../../nodes/PartnerCenterInsights/insights/ids';
import type { OutputChoice } from '../../../nodes/PartnerCenterInsights/fields/fileOutput';
import { deliver } from '../../../nodes/PartnerCenterInsights/operations/deliver';
import type { ItemContext } from '../../../nodes/PartnerCenterInsights/operations/operation';
import { streamOf } from '../files/bytes';

const REPORT = '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11' as ReportId;

/** Rows of a file, with what is hinted beside them. */
async function rowsOf(
	csv: string,
	{
		columns = [],
		addRecordFields = false,
		isFilterLame = false,
	}: { columns?: string[]; addRecordFields?: boolean; isFilterLame?: boolean },
) {
	const hints: string[] = [];
	const item: Partial<ItemContext> = {
		client: {
			reports: {
				list: async ({ reportId }: { reportId?: string } = {}) =>
					isFilterLame && reportId !== undefined
						? []
						: [
								{ ReportId: 'another', ReportName: 'Another' },
								{ ReportId: REPORT.toUpperCase(), ReportName: 'Sales' },
							],
			},
		} as unknown as ItemContext['client'],
		fetchFile: async () => ({ response: { status: 200, headers: {}, body: streamOf(csv) } }),
		maxRetries: 0,
		hint: (message) => hints.push(message),
	};
	const execution = { ExecutionId: 'e', ReportAccessSecureLink: 'https://files.example/a.csv' };
	// The rows of a file take no more of an item than this.
	const rows = await deliver(item as ItemContext, REPORT, execution, {
		output: 'rows',
		binaryPropertyName: '',
		rowsPerFile: 0,
		rows: { columns },
		addRecordFields,
	});
	return { rows: rows.map(({ json }) => json), hints };
}

describe('rows with more values than the header has names', () => {
	it('have them in fields of their own, which is hinted', async () => {
		expect(await rowsOf('a,b\n1,2,3\n', {})).toEqual({
			rows: [{ a: '1', b: '2', 'Column 3': '3' }],
			hints: [
				"1 row has more values than the file's header has names: they are in fields called 'Column' and their place.",
			],
		});
	});

	it('lack them where columns are picked, which is hinted', async () => {
		expect(await rowsOf('a,b\n1,2,3\n', { columns: ['b'] })).toEqual({
			rows: [{ b: '2' }],
			hints: ["1 row has more values than the file's header has names: 'Columns' left them out."],
		});
	});
});

/** What is hinted of a file that comes out as such, unless another output is chosen. */
async function hintsOf(choice: Partial<OutputChoice>, csv = 'a\n1\n') {
	const hints: string[] = [];
	const item: Partial<ItemContext> = {
		fetchFile: async () => ({ response: { status: 200, headers: {}, body: streamOf(csv) } }),
		maxRetries: 0,
		hint: (message) => hints.push(message),
		storeFile: async ({ content, mimeType }) => {
			await buffer(content);
			return { data: '', mimeType };
		},
	};
	const execution = { ExecutionId: 'e', ReportAccessSecureLink: 'https://files.example/a.csv' };
	await deliver(item as ItemContext, REPORT, execution, {
		output: 'file',
		binaryPropertyName: 'data',
		rowsPerFile: 0,
		rows: { firstRow: 1, columns: [], parseNumbers: false },
		addRecordFields: false,
		...choice,
	});
	return hints;
}

describe('a limit of rows', () => {
	it.each([
		[{ limit: 1 }, ["The report has more than 1 row: 'Row Limit' left the others out."]],
		[{ limit: 2 }, ["The report has more than 2 rows: 'Row Limit' left the others out."]],
		[
			{ firstRow: 2, limit: 1 },
			["The report has more rows behind its row 2: 'Row Limit' left them out."],
		],
		[{ firstRow: 2, limit: 2 }, []],
		[{ limit: 3 }, []],
	])('tells how far the report has come out where it goes on: %j', async (rows, hints) => {
		expect(await hintsOf({ output: 'rows', rows }, 'a\n1\n2\n3\n')).toEqual(hints);
	});
});

describe('a value that holds what looks like whole rows', () => {
	const file = 'a,b\n1,2\n"odd,3\n4",5\n6,7\n';

	it('is hinted where the rows are counted: for rows and for parts', async () => {
		const line = 'The value that begins in line 3 of the file goes on in further lines';
		for (const choice of [{ output: 'rows' }, { rowsPerFile: 1 }] as const) {
			expect(await hintsOf(choice, file)).toEqual([expect.stringContaining(line)]);
		}
	});

	it('is none of the business of who takes the file as it is', async () => {
		expect(await hintsOf({}, file)).toEqual([]);
	});
});

describe('options of the other output', () => {
	it('are hinted to have no effect', async () => {
		expect(
			await hintsOf({
				addRecordFields: true,
				rows: { firstRow: 2, limit: 5, columns: ['a'], parseNumbers: true },
			}),
		).toEqual([
			"'Add Record Fields', 'Columns', 'First Row', 'Parse Numbers', 'Row Limit' had no effect: for 'Output' Rows only.",
		]);
		expect(await hintsOf({ output: 'rows', rowsPerFile: 5 })).toEqual([
			"'Rows per File' had no effect: for 'Output' File only.",
		]);
	});

	it('are not hinted where they are as they were', async () => {
		expect(await hintsOf({})).toEqual([]);
		expect(await hintsOf({ output: 'rows' })).toEqual([]);
	});
});

describe('the record fields of rows', () => {
	it.each([
		['whatever else the service sends', false],
		['also where the filter by ID finds nothing', true],
	])('are of the report that was asked for, %s', async (_how, isFilterLame) => {
		const { rows } = await rowsOf('a\n1\n', { addRecordFields: true, isFilterLame });
		expect(rows).toEqual([
			{
				a: '1',
				ReportId: REPORT,
				ReportName: 'Sales',
				ExecutionId: 'e',
				ReportGeneratedTime: null,
			},
		]);
	});
});
