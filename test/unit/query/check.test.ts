import { checkQuery, parseQuery } from '../../../nodes/PartnerCenterInsights/insights/query';
import type { Dataset, Query } from '../../../nodes/PartnerCenterInsights/insights/query';

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
