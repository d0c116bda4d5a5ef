import { matchingEntries } from '../../../nodes/PartnerCenterInsights/n8n/listSearch';

const ENTRIES = [
	{ name: 'usage weekly · Active', value: 'id-3' },
	{ name: 'CSP revenue daily · Paused', value: 'id-1' },
	{ name: 'Ärger · Inactive', value: 'ID-2' },
	{ name: 'CSP revenue daily · Active', value: 'id-10' },
];

const names = (filter?: string) => matchingEntries(ENTRIES, filter).results.map(({ name }) => name);

describe('the list of the editor', () => {
	it.each([undefined, '', '  '])('shows all by name when the filter is %j', (filter) => {
		expect(names(filter)).toEqual([
			'Ärger · Inactive',
			'CSP revenue daily · Active',
			'CSP revenue daily · Paused',
			'usage weekly · Active',
		]);
	});

	it.each([
		['csp REVENUE', 2],
		[' paused ', 1],
		['ärger', 1],
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
});
