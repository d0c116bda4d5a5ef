import {
	datasetEntry,
	describeDataset,
	distinct,
	entryOf,
	matchingEntries,
	pickable,
} from '../../../nodes/PartnerCenterInsights/n8n/listSearch';

const dataset = (columns: number, least?: number) => ({
	DatasetName: 'X',
	SelectableColumns: Array.from({ length: columns }, (_, index) => `C${index}`),
	AvailableMetrics: [],
	AvailableDateRanges: [],
	...(least !== undefined && { MinimumRecurrenceInterval: least }),
});

const ENTRIES = [
	{ name: 'usage weekly', value: 'id-3', description: 'Active' },
	{ name: 'CSP revenue daily', value: 'id-1', description: 'Paused' },
	{ name: 'Ärger', value: 'ID-2', description: 'Inactive' },
	{ name: 'CSP revenue hourly', value: 'id-10', description: 'Active' },
];

const names = (filter?: string) => matchingEntries(ENTRIES, filter).results.map(({ name }) => name);

describe('the list of the editor', () => {
	it.each([undefined, '', '  '])('shows all by name when the filter is %j', (filter) => {
		expect(names(filter)).toEqual([
			'Ärger',
			'CSP revenue daily',
			'CSP revenue hourly',
			'usage weekly',
		]);
	});

	it.each([
		['csp REVENUE', 2],
		[' paused ', 1],
		// Not the inactive one: a state is found by the beginning of its word.
		['active', 2],
		['inact', 1],
		['ärger', 1],
		['a\u0308rger', 1],
		['csp\u00a0revenue', 2],
		['id-1', 2],
		['id-2', 1],
		['nothing', 0],
		['.*', 0],
		// Not across the border of name and ID.
		['Activeid', 0],
	])('filtered by %j shows %d', (filter, count) => {
		expect(names(filter)).toHaveLength(count);
	});

	it('hands the entries on with their values', () => {
		expect(matchingEntries(ENTRIES, 'weekly')).toEqual({ results: [ENTRIES[0]] });
	});

	it('leaves the entries that it was given in their order', () => {
		const before = [...ENTRIES];
		matchingEntries(ENTRIES, '');
		expect(ENTRIES).toEqual(before);
	});

	it('has the ID of a record though the service writes a number', () => {
		const entry = entryOf('QueryId', 'Name', 'Type');
		expect(entry({ QueryId: 7, Name: 'Seven', Type: 'system' })).toEqual({
			name: 'Seven',
			value: '7',
			description: 'system',
		});
		expect(entry({ QueryId: {}, Name: 'None' })).toEqual({ name: 'None', value: '' });
	});

	it('offers what has an ID, and each once', () => {
		const [usage, revenue] = [
			{ name: 'Usage', value: 'ID-1' },
			{ name: 'Revenue', value: 'id-2' },
		];
		const nameless = { name: '', value: '' };
		expect(pickable([usage, revenue, nameless, { ...usage, value: 'id-1' }, nameless])).toEqual([
			{ name: 'Usage', value: 'id-1' },
			revenue,
		]);
	});

	it('tells entries of the same name apart by what does not change', () => {
		const entries = [
			{ name: 'Usage', value: '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11', description: 'Paused' },
			{ name: 'usage', value: 'd1a4d75e-5ca8-4847-845f-ee0a9be6f07b' },
			{ name: 'Other', value: '00000000-5ca8-4847-845f-ee0a9be6f07b' },
		];
		expect(distinct(entries).map(({ name }) => name)).toEqual([
			'Usage · 6b6a1e0a',
			'usage · d1a4d75e',
			'Other',
		]);
	});

	it.each([
		[dataset(38, 24), '38 columns, shortest interval 24 hours'],
		[dataset(1, 1), '1 column, shortest interval 1 hour'],
		[dataset(0), '0 columns'],
	])('says what a dataset is like', (record, words) => {
		expect(describeDataset(record)).toBe(words);
	});

	it.each([
		[dataset(38, 24), 'X · 38 columns, interval ≥ 24 h'],
		[dataset(1, 1), 'X · 1 column, interval ≥ 1 h'],
		[dataset(0), 'X · 0 columns'],
	])('says it so short that a narrow field shows the most of it', (record, name) => {
		expect(datasetEntry(record)).toMatchObject({ name, value: 'X' });
	});

	it.each(['24 hours', '24 h', '38 columns', 'shortest interval'])(
		'finds a dataset by %j, in full or as it is shown',
		(filter) => {
			expect(matchingEntries([datasetEntry(dataset(38, 24))], filter).results).toHaveLength(1);
		},
	);
});
