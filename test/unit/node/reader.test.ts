import { InputError } from '../../../nodes/PartnerCenterInsights/insights/errors';
import { toNodeError } from '../../../nodes/PartnerCenterInsights/n8n/nodeErrors';
import {
	createParameterReader,
	type ParameterReader,
} from '../../../nodes/PartnerCenterInsights/parameters/reader';
import { node } from './node';

const ID = '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11';

/** A reader of these parameters; like n8n it gives the fallback only for what is not there at all. */
const readerOf = (parameters: Record<string, unknown>): ParameterReader =>
	createParameterReader(
		(name, fallback) => (name in parameters ? parameters[name] : fallback),
		'Europe/Berlin',
	);

/** The refusal as the user reads it at the third item. */
function refusal(read: () => unknown): string {
	try {
		read();
	} catch (error) {
		expect(error).toBeInstanceOf(InputError);
		const nodeError = toNodeError(node, error, 2);
		expect(nodeError.name).toBe('NodeOperationError');
		expect(nodeError.context.itemIndex).toBe(2);
		expect(nodeError.message).toMatch(/item 2\b/);
		return nodeError.message;
	}
	throw new Error('It was accepted');
}

const locator = (value: unknown, mode = 'id') => ({ __rl: true, mode, value });

describe('the report', () => {
	it.each<[string, unknown]>([
		['an ID', locator(ID)],
		['a choice from the list', { ...locator(ID, 'list'), cachedResultName: 'a name' }],
		['a plain text by expression', ID],
		['capitals', locator(ID.toUpperCase())],
		['white space around it', ` ${ID}\n`],
	])('is read from %s', (_what, reportId) => {
		expect(readerOf({ reportId }).reportId()).toBe(ID);
	});

	const EMPTY: unknown[] = ['', undefined, null, 'undefined'];
	it.each([...EMPTY, ...EMPTY.map((value) => locator(value)), locator('', 'list')])(
		'is empty when it is %j',
		(reportId) => {
			expect(refusal(() => readerOf({ reportId }).reportId())).toMatch(/^'Report' is empty/);
		},
	);

	it('is empty when the parameter is not there', () => {
		expect(refusal(() => readerOf({}).reportId())).toMatch(/^'Report' is empty/);
	});

	it.each([5, true, {}, [], [ID], { id: ID }, '  ', NaN])('is no text when it is %j', (value) => {
		const message = /^'Report' must be a text.*, but is "/;
		expect(refusal(() => readerOf({ reportId: locator(value) }).reportId())).toMatch(message);
		expect(refusal(() => readerOf({ reportId: value }).reportId())).toMatch(message);
	});

	it.each([
		'report',
		'null',
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
		const message = refusal(() => readerOf({ reportId: locator(value) }).reportId());
		expect(message).toMatch(/^'Report' is not a report ID/);
	});

	it('is quoted in the refusal, but not at any length', () => {
		const message = refusal(() => readerOf({ reportId: `x${'y'.repeat(10_000)}` }).reportId());
		expect(message).toContain('"xyyy');
		expect(message.length).toBeLessThan(200);
	});
});

describe('the query', () => {
	it.each([ID, 'a1b2c3d4-xyz0-4a53-9f0e-2c1f6f1f8a11'])('may be %s', (queryId) => {
		expect(readerOf({ queryId: locator(queryId) }).queryId()).toBe(queryId);
	});

	it.each(['../x', `${ID}/x`, 'a b', `${ID};${ID}`, 'a?b', 'é'])('may not be %j', (queryId) => {
		expect(refusal(() => readerOf({ queryId }).queryId())).toMatch(/^'Query' is not a query ID/);
	});
});

describe('the dataset', () => {
	it.each(['../x', 'a b', 'a;b', 'a&b', 'a/b'])('may not be %j', (datasetName) => {
		expect(refusal(() => readerOf({ datasetName }).datasetName())).toMatch(
			/^'Dataset' is not a dataset name/,
		);
	});

	it('keeps its casing', () => {
		expect(readerOf({ datasetName: locator('CustomersAndTenants') }).datasetName()).toBe(
			'CustomersAndTenants',
		);
	});
});

describe('the program', () => {
	it.each(['mpn', 'cmp'])('may be %s', (program) => {
		expect(readerOf({ program }).program()).toBe(program);
	});

	it('is mpn when the parameter is not there', () => {
		expect(readerOf({}).program()).toBe('mpn');
	});

	it.each(['', 'MPN', 'csp', undefined, null, 1, {}, () => 'mpn'])('may not be %p', (program) => {
		expect(refusal(() => readerOf({ program }).program())).toMatch(
			/^'Program' must be mpn or cmp.*, but is "/,
		);
	});
});

describe('the limit', () => {
	it.each<[number | undefined, Record<string, unknown>]>([
		[undefined, { returnAll: true }],
		[undefined, { returnAll: true, limit: 'nonsense' }],
		[7, { returnAll: false, limit: 7 }],
		[7, { returnAll: false, limit: '7' }],
		[50, { returnAll: false }],
		[50, {}],
	])('is %p for %j', (limit, parameters) => {
		expect(readerOf(parameters).limit()).toBe(limit);
	});

	it.each([0, -1, 1.5, NaN, 'many', '', null, undefined, {}, [], [7], true])(
		'may not be %p',
		(limit) => {
			expect(refusal(() => readerOf({ returnAll: false, limit }).limit())).toMatch(
				/^'Limit' must be a whole number of at least 1.*, but is "/,
			);
		},
	);
});

describe('a collection', () => {
	it('is what it is', () => {
		expect(readerOf({ options: { maxRetries: 1 } }).collection('options')).toEqual({
			maxRetries: 1,
		});
	});

	it.each([{}, { options: undefined }, { options: null }])('is empty for %j', (parameters) => {
		expect(readerOf(parameters).collection('options')).toEqual({});
	});
});
