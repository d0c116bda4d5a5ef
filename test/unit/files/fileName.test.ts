import {
	describeFile,
	partName,
} from '../../../nodes/PartnerCenterInsights/insights/files/fileName';
import { anyText } from '../anyText';
import fc from '../fastCheck';

const HOST = 'https://files.blob.core.windows.net/programmatic-export';
const nameOf = (path: string, fields = {}) =>
	describeFile({ ExecutionId: 'e1', Format: 'csv', ...fields }, `${HOST}/${path}?sig=x`).fileName;

describe('the name of a report file', () => {
	it.each([
		['Sales_1.csv', 'Sales_1.csv'],
		['Sales%20in%20M%C3%BCnchen.csv', 'Sales in München.csv'],
		['M%FCnchen%20%E2%82%AC.csv', 'M%FCnchen €.csv'],
		['%E9.csv', '%E9.csv'],
		['%C3%A9%E9.csv', 'é%E9.csv'],
		['%ED%A0%80.csv', '%ED%A0%80.csv'],
		['100%.csv', '100%.csv'],
		['%F0%9F%93%88.csv', '📈.csv'],
		['..%2Fa%5Cb.csv', '.._a_b.csv'],
		['Sales%3A%20%22EMEA%22%3F.csv', 'Sales: "EMEA"?.csv'],
		['a%00b%0D%0Ac%7Fd%C2%85e.csv', 'abcde.csv'],
		['a%E2%80%AEvsc.csv', 'avsc.csv'],
		['Sales.csv.gz', 'Sales.csv'],
		['Sales', 'Sales.csv'],
		['', 'report_e1.csv'],
		['%0A', 'report_e1.csv'],
	])('is what the link says, as far as it can be read: %s', (path, name) => {
		expect(nameOf(path)).toBe(name);
	});

	it('follows the format of the record, else the link', () => {
		expect(nameOf('Sales', { Format: 'TSV' })).toBe('Sales.tsv');
		const { delimiter, mimeType } = describeFile({}, `${HOST}/Sales.tsv`);
		expect({ delimiter, mimeType }).toEqual({
			delimiter: '\t',
			mimeType: 'text/tab-separated-values',
		});
	});

	it('never decides whether the data is had', () => {
		fc.assert(
			fc.property(anyText(), fc.string(), (path, rest) => {
				const { fileName } = describeFile({}, `${HOST}/${path}%${rest}`);
				expect(fileName).not.toMatch(/\p{Cc}/u);
				expect(fileName).toMatch(/\.(csv|tsv)$/i);
			}),
		);
	});

	it('of parts sorts in their order, up to 9,999 of them', () => {
		const names = [1, 2, 10, 9_999].map((part) => partName('Sales.v2.csv', part));
		expect(names).toEqual([
			'Sales.v2-part-0001.csv',
			'Sales.v2-part-0002.csv',
			'Sales.v2-part-0010.csv',
			'Sales.v2-part-9999.csv',
		]);
		expect([...names].reverse().sort()).toEqual(names);
	});
});

it.each([
	['https://files.example/x/Sales.CSV', {}, 'Sales.CSV', 'text/csv', ','],
	['https://files.example/x/Sales.TSV', {}, 'Sales.TSV', 'text/tab-separated-values', '\t'],
	['https://files.example/', {}, 'report_e.csv', 'text/csv', ','],
	['https://files.example/', { Format: 'TSV' }, 'report_e.tsv', 'text/tab-separated-values', '\t'],
])('the file of %s with %j is called %s', (link, fields, fileName, mimeType, delimiter) => {
	expect(describeFile({ ExecutionId: 'e', ...fields }, link)).toEqual({
		fileName,
		mimeType,
		delimiter,
	});
});
