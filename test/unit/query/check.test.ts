import { checkQuery, parseQuery } from '../../../nodes/PartnerCenterInsights/insights/query';
import type { Dataset, Query } from '../../../nodes/PartnerCenterInsights/insights/query';
import { closestName } from '../../../nodes/PartnerCenterInsights/insights/query/names';
import fc from '../fastCheck';
import { tries } from '../tries';

const catalogue: Dataset[] = [
	{
		DatasetName: 'CustomersAndTenants',
		SelectableColumns: ['MpnId', 'CustomerName', 'CustomerMarket', 'SKU', 'Month', 'EOU'],
		AvailableMetrics: ['CustomerCount', 'BilledRevenueUSD'],
		AvailableDateRanges: ['LAST_MONTH', 'LAST_3_MONTHS', 'LAST_2_YEARS'],
		MinimumRecurrenceInterval: 24,
	},
	{
		DatasetName: 'ISVOfferRetention',
		SelectableColumns: ['OfferName', 'Offset'],
		AvailableMetrics: ['RevenueGenerated(USD)'],
		AvailableDateRanges: ['LAST_MONTH', 'LIFETIME'],
	},
	{
		DatasetName: 'ISVLicense',
		SelectableColumns: [],
		AvailableMetrics: [],
		AvailableDateRanges: [],
	},
	{
		DatasetName: 'LostColumns',
		SelectableColumns: [],
		AvailableMetrics: ['Revenue'],
		AvailableDateRanges: ['LAST_MONTH'],
	},
];

/** Each finding as "message (line:column)". */
function findings(text: string): string[] {
	const result = parseQuery(text);
	if (!result.ok) throw new Error(result.problems[0]?.message);
	return checkQuery(result.query, catalogue).map(
		({ message, at }) => `${message} (${at?.line}:${at?.column})`,
	);
}

describe('checking a query against the catalogue', () => {
	it.each([
		"SELECT CustomerName, BilledRevenueUSD FROM CustomersAndTenants WHERE CustomerCount > 5 AND SKU LIKE '%E5%' ORDER BY Month, CustomerCount LIMIT 5 TIMESPAN LAST_2_YEARS",
		'SELECT customername FROM CUSTOMERSANDTENANTS WHERE sku = 1 ORDER BY MONTH TIMESPAN last_month',
		'SELECT Offset FROM ISVOfferRetention',
		'SELECT Anything FROM ISVLicense WHERE Other = 1 TIMESPAN WHENEVER',
		'SELECT Anything, Revenue FROM LostColumns WHERE Other = 1 TIMESPAN LAST_MONTH',
	])('finds nothing in %s', (text) => {
		expect(findings(text)).toEqual([]);
	});

	it('names an unknown dataset, suggests a close one and stops there', () => {
		expect(findings('SELECT Nothing FROM CustomerAndTenants TIMESPAN NEVER')).toEqual([
			"Dataset 'CustomerAndTenants' is not available to this account. Did you mean 'CustomersAndTenants'? (1:21)",
		]);
		expect(findings('SELECT A FROM AzureUsage')).toEqual([
			"Dataset 'AzureUsage' is not available to this account. (1:15)",
		]);
	});

	it('reports every unknown name and time span in order of position', () => {
		const text = [
			'SELECT CustomerNmae, CustomerName, BiledRevenue',
			'FROM customersandtenants',
			"WHERE CustomerMarkets = 'Germany' AND Zone = 1",
			'ORDER BY Mouth, SKU',
			'TIMESPAN LAST_2_YEAR',
		].join('\r\n');
		expect(findings(text)).toEqual([
			"Column 'CustomerNmae' is not in CustomersAndTenants. Did you mean 'CustomerName'? (1:8)",
			"Column 'BiledRevenue' is not in CustomersAndTenants. (1:36)",
			"Column 'CustomerMarkets' is not in CustomersAndTenants. Did you mean 'CustomerMarket'? (3:7)",
			"Column 'Zone' is not in CustomersAndTenants. (3:39)",
			"Column 'Mouth' is not in CustomersAndTenants. Did you mean 'Month'? (4:10)",
			"Time span 'LAST_2_YEAR' is not available for CustomersAndTenants. Use LAST_MONTH, LAST_3_MONTHS, LAST_2_YEARS. (5:10)",
		]);
	});

	it.each([
		['one letter wrong', 'CustomerNaXe', true],
		['one letter missing', 'CustomrName', true],
		['one letter too many', 'CustomerNamee', true],
		['two letters swapped', 'CustomerNmae', true],
		['three slips', 'CstomerNmaes', true],
		['four slips', 'CstmerNmaes', false],
	])('suggests a name with %s: %s', (_, name, suggested) => {
		const [finding = ''] = findings(`SELECT ${name} FROM CustomersAndTenants`);
		expect(finding.includes("Did you mean 'CustomerName'?")).toBe(suggested);
	});

	it('counts slips as the plain table of all beginnings does', () => {
		/** Letters wrong, missing, too many, or two swapped, between the beginnings of two words. */
		const slipsBetween = (a: string, b: string): number => {
			const table: number[][] = [];
			const at = (row: number, column: number) => table[row]?.[column] ?? Infinity;
			for (let row = 0; row <= a.length; row++) {
				table.push([]);
				for (let column = 0; column <= b.length; column++) {
					const isSame = a[row - 1] === b[column - 1];
					const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
					table[row]?.push(
						row === 0 || column === 0
							? row + column
							: Math.min(
									at(row - 1, column) + 1,
									at(row, column - 1) + 1,
									at(row - 1, column - 1) + (isSame ? 0 : 1),
									row > 1 && column > 1 && isSwapped ? at(row - 2, column - 2) + 1 : Infinity,
								),
					);
				}
			}
			return at(a.length, b.length);
		};
		const word = fc
			.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 14 })
			.map((letters) => letters.join(''));
		/** What has been written, and what there is: mostly with few slips between them. */
		const slipped = fc
			.tuple(word, fc.array(fc.tuple(fc.nat(13), fc.nat(3)), { maxLength: 4 }))
			.map(([meant, slips]): [string, string] => {
				const letters = Array.from(meant);
				for (const [place, kind] of slips) {
					const at = place % Math.max(1, letters.length);
					if (kind === 0) letters.splice(at, 1);
					else if (kind === 1) letters.splice(at, 0, 'a');
					else if (kind === 2) letters.splice(at, 1, 'b');
					else letters.splice(at, 2, ...letters.slice(at, at + 2).reverse());
				}
				return [letters.join(''), meant];
			});
		fc.assert(
			fc.property(slipped, ([written, meant]) => {
				const allowed = Math.min(3, Math.floor(written.length / 3));
				const isClose = slipsBetween(written, meant) <= allowed;
				expect(closestName(written, [meant])).toBe(isClose ? meant : undefined);
			}),
			{ numRuns: tries(1000) },
		);
	});

	it('suggests nothing for a very short name', () => {
		expect(findings('SELECT EO FROM CustomersAndTenants')).toEqual([
			"Column 'EO' is not in CustomersAndTenants. (1:8)",
		]);
	});

	it('explains a metric whose name the service rejects', () => {
		const rejected =
			"Column 'RevenueGenerated(USD)' of ISVOfferRetention cannot be queried: the service accepts only letters, digits and underscores in names. Leave it out.";
		expect(findings('SELECT RevenueGenerated FROM ISVOfferRetention')).toEqual([
			`${rejected} (1:8)`,
		]);

		const query: Query = {
			distinct: false,
			names: [{ text: 'RevenueGenerated(USD)' }],
			from: { text: 'ISVOfferRetention' },
			conditions: [],
			orderBy: [],
		};
		expect(checkQuery(query, catalogue)).toEqual([{ message: rejected }]);
	});
});
