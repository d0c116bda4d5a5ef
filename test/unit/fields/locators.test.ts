import { datasetName } from '../../../nodes/PartnerCenterInsights/fields/dataset';
import { queryId } from '../../../nodes/PartnerCenterInsights/fields/query';
import { reportId } from '../../../nodes/PartnerCenterInsights/fields/report';
import { NOTHING, parsed, refusal, refusalOf, valuesOf } from './values';

const ID = '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11';
const locator = (value: unknown, mode = 'id') => ({ __rl: true, mode, value });

describe('the report', () => {
	it.each<[string, unknown]>([
		['an ID', locator(ID)],
		['a choice from the list', { ...locator(ID, 'list'), cachedResultName: 'a name' }],
		['a plain text by expression', ID],
		['capitals', locator(ID.toUpperCase())],
		['white space around it', ` ${ID}\n`],
	])('is read from %s', (_what, value) => {
		expect(parsed(reportId, value)).toBe(ID);
	});

	it.each(['', ...NOTHING])('is empty when it is %j', (value) => {
		expect(refusalOf(reportId, value)).toBe("'Report' is empty");
		expect(refusalOf(reportId, locator(value))).toBe("'Report' is empty");
		expect(refusalOf(reportId, locator(value, 'list'))).toBe("'Report' is empty");
	});

	it('is empty when the parameter is not there', () => {
		expect(refusal(() => reportId.read(valuesOf({})))).toBe("'Report' is empty");
	});

	it.each([5, true, {}, [], [ID], { id: ID }, '  ', NaN, 5n])(
		'is no text when it is %p',
		(value) => {
			const message = /^'Report' must be a text.*, but is "/;
			expect(refusalOf(reportId, locator(value))).toMatch(message);
			expect(refusalOf(reportId, value)).toMatch(message);
		},
	);

	it.each([
		'report',
		'../pause/x',
		`../pause/${ID}`,
		`${ID}/../x`,
		`${ID};${ID}`,
		`${ID}?x=1`,
		`${ID}#`,
		`${ID} ${ID}`,
		`${ID}\n${ID}`,
		ID.slice(0, -1),
		`${ID}0`,
		`{${ID}}`,
		ID.replaceAll('-', ''),
		ID.replace('6', 'g'),
		'[object Object]',
	])('is no ID when it is %j', (value) => {
		expect(refusalOf(reportId, locator(value))).toMatch(/^'Report' is not a report ID/);
	});

	it('is quoted in the refusal, but not at any length', () => {
		const message = refusalOf(reportId, `x${'y'.repeat(10_000)}`);
		expect(message).toContain('"xyyy');
		expect(message.length).toBeLessThan(200);
	});
});

describe('the query', () => {
	it.each([ID, 'a1b2c3d4-xyz0-4a53-9f0e-2c1f6f1f8a11'])('may be %s', (value) => {
		expect(parsed(queryId, locator(value))).toBe(value);
	});

	it.each(['../x', `${ID}/x`, 'a b', `${ID};${ID}`, 'a?b', 'é'])('may not be %j', (value) => {
		expect(refusalOf(queryId, value)).toMatch(/^'Query' is not a query ID/);
	});
});

describe('the dataset', () => {
	it.each(['../x', 'a b', 'a;b', 'a&b', 'a/b'])('may not be %j', (value) => {
		expect(refusalOf(datasetName, value)).toMatch(/^'Dataset' is not a dataset name/);
	});

	it('keeps its casing', () => {
		expect(parsed(datasetName, locator('CustomersAndTenants'))).toBe('CustomersAndTenants');
	});
});
