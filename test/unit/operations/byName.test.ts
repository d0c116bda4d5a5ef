import type { InsightsClient } from '../../../nodes/PartnerCenterInsights/insights/client';
import type { InputError } from '../../../nodes/PartnerCenterInsights/insights/errors';
import { asReportId } from '../../../nodes/PartnerCenterInsights/insights/ids';
import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import { namesOf } from '../../../nodes/PartnerCenterInsights/operations/byName';

const id = (digit: number) => `${digit}b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11`;

const REPORTS = [
	{ ReportId: id(1), ReportName: 'CSP revenue daily' },
	{ ReportId: id(2), ReportName: 'Twice' },
	{ ReportId: id(3), ReportName: ' TWICE ' },
	{ ReportId: id(4), ReportName: 'CSP revenue daily (old)' },
];

/** A client whose lists hold these, with the count of how often they were read. */
function listing(records: InsightsRecord[], failures = 0) {
	const read = { count: 0 };
	const list = async () => {
		read.count += 1;
		if (read.count <= failures) throw new Error('busy');
		return await Promise.resolve(records);
	};
	const client = { reports: { list }, queries: { list } } as unknown as InsightsClient;
	return { ...namesOf(client), read };
}

describe('a name', () => {
	it.each(['CSP revenue daily', 'csp REVENUE daily', ' CSP revenue daily '])(
		'finds the ID of what is called exactly so: %j',
		async (name) => {
			expect(await listing(REPORTS).reportIdOf({ name })).toBe(id(1));
		},
	);

	it.each(['Umsatz Straße', 'ΟΔΟΣ Α', 'Ελλάς', 'Ærø'])(
		'is found in capitals: %j',
		async (stored) => {
			const { reportIdOf } = listing([{ ReportId: id(1), ReportName: stored }]);
			for (const name of [stored.toUpperCase(), stored.toLowerCase()]) {
				expect(await reportIdOf({ name })).toBe(id(1));
			}
		},
	);

	it('finds what two pages of a list have', async () => {
		const { reportIdOf } = listing([...REPORTS, { ...REPORTS[0], ReportId: id(1).toUpperCase() }]);
		expect(await reportIdOf({ name: 'CSP revenue daily' })).toBe(id(1));
	});

	it('finds queries, also those of the service', async () => {
		const { queryIdOf } = listing([{ QueryId: 'q9df4939-v2c8', Name: 'Quality' }]);
		expect(await queryIdOf({ name: 'quality' })).toBe('q9df4939-v2c8');
	});

	it.each<[string, InsightsRecord[string], string]>([
		['of another form', 'system_query_1', 'system_query_1'],
		[
			'in braces',
			'{6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11}',
			'{6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11}',
		],
		['that is a number', 17, '17'],
	])('finds an ID %s, as the service gives it', async (_form, given, found) => {
		const { queryIdOf, reportIdOf } = listing([
			{ QueryId: given, ReportId: given, Name: 'X', ReportName: 'X' },
		]);
		expect(await queryIdOf({ name: 'X' })).toBe(found);
		expect(await reportIdOf({ name: 'X' })).toBe(found);
	});

	it.each([
		['with an accent of its own', 'Re\u0301gions', 'R\u00e9gions'],
		['with a space that does not break', 'CSP\u00a0revenue', 'CSP revenue'],
		['with a sign without width at its end', 'CSP revenue\u200b', 'CSP revenue'],
	])('finds what looks the same: %s', async (_what, one, other) => {
		for (const [name, stored] of [
			[one, other],
			[other, one],
		]) {
			const { reportIdOf } = listing([{ ReportId: id(1), ReportName: stored }]);
			expect(await reportIdOf({ name })).toBe(id(1));
		}
	});

	it('of what has no ID in its record is told so', async () => {
		const { queryIdOf } = listing([{ QueryId: null, Name: 'X' }]);
		await expect(queryIdOf({ name: 'X' })).rejects.toThrow(
			'The query called "X" has no ID in its record',
		);
	});

	it('that nothing has is told with the names that there are, like ones first', async () => {
		const { reportIdOf } = listing(REPORTS);
		await expect(reportIdOf({ name: 'revenue' })).rejects.toMatchObject({
			name: 'InputError',
			message: `'Report': no report is called "revenue". There are: "CSP revenue daily", "CSP revenue daily (old)", "Twice", "TWICE"`,
		});
	});

	it('that nothing has is told with ten names at most', async () => {
		const many = Array.from({ length: 13 }, (_, index) => ({
			ReportId: id(1),
			ReportName: `R${index + 10}`,
		}));
		const failure = (await listing(many)
			.reportIdOf({ name: 'x' })
			.catch((error: unknown) => error)) as InputError;
		expect(failure.message).toContain('"R19" and 3 more');
		expect(failure.message).not.toContain('"R20"');
	});

	it('in a program without any is told so', async () => {
		await expect(listing([]).queryIdOf({ name: 'x' })).rejects.toThrow(
			`'Query': no query is called "x". The program has no queries`,
		);
	});

	it('that several have is told with their IDs', async () => {
		await expect(listing(REPORTS).reportIdOf({ name: 'twice' })).rejects.toThrow(
			`'Report': 2 reports are called "twice": ${id(2)}, ${id(3)}`,
		);
	});

	it('is looked up in one list for all', async () => {
		const { reportIdOf, read } = listing(REPORTS);
		await Promise.all([reportIdOf({ name: 'CSP revenue daily' }), reportIdOf({ name: 'x' })]).catch(
			() => undefined,
		);
		await reportIdOf({ name: 'CSP revenue daily' });
		expect(read.count).toBe(1);
	});

	it('is looked up anew where the list could not be read', async () => {
		const { reportIdOf } = listing(REPORTS, 1);
		await expect(reportIdOf({ name: 'CSP revenue daily' })).rejects.toThrow('busy');
		expect(await reportIdOf({ name: 'CSP revenue daily' })).toBe(id(1));
	});

	it('is not looked up where an ID is given', async () => {
		const { reportIdOf, read } = listing(REPORTS);
		const given = asReportId(id(9));
		expect(given && (await reportIdOf({ id: given }))).toBe(id(9));
		expect(read.count).toBe(0);
	});
});
