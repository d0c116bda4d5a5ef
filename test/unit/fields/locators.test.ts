import { Script } from 'node:vm';
import { displayParameter, type INodeParameters } from 'n8n-workflow';
import { datasetName } from '../../../nodes/PartnerCenterInsights/fields/dataset';
import { queryId } from '../../../nodes/PartnerCenterInsights/fields/query';
import { optionalReference } from '../../../nodes/PartnerCenterInsights/fields/reference';
import { reportId } from '../../../nodes/PartnerCenterInsights/fields/report';
import { PartnerCenterInsights } from '../../../nodes/PartnerCenterInsights/PartnerCenterInsights.node';
import { node } from '../node/node';
import type { InputError } from '../../../nodes/PartnerCenterInsights/insights/errors';
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
		expect(parsed(reportId, value)).toEqual({ id: ID });
	});

	it.each(['', '  ', '\u00a0\u200b', ...NOTHING])('is empty when it is %j', (value) => {
		expect(refusalOf(reportId, value)).toBe("'Report' is empty");
		expect(refusalOf(reportId, locator(value))).toBe("'Report' is empty");
		expect(refusalOf(reportId, locator(value, 'list'))).toBe("'Report' is empty");
	});

	it('is empty when the parameter is not there', () => {
		expect(refusal(() => reportId.read(valuesOf({})))).toBe("'Report' is empty");
	});

	it.each([5, true, {}, [], [ID], { id: ID }, NaN, 5n, '[object Object]'])(
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
	])('is no ID when it is %j, also picked from the list', (value) => {
		expect(refusalOf(reportId, locator(value))).toMatch(/^'Report' is not a report ID/);
		expect(refusalOf(reportId, locator(value, 'list'))).toMatch(/^'Report' is not a report ID/);
	});

	it('is quoted in the refusal, but not at any length', () => {
		const message = refusalOf(reportId, `x${'y'.repeat(10_000)}`);
		expect(message).toContain('"xyyy');
		expect(message.length).toBeLessThan(200);
	});
});

describe('an ID', () => {
	it('may have signs without width at its ends, which come along from a page', () => {
		const copied = `\u200b${ID}\u2060\ufeff\n`;
		expect(parsed(reportId, locator(copied))).toEqual({ id: ID });
		expect(parsed(queryId, locator(copied))).toEqual({ id: ID });
		expect(parsed(datasetName, locator('\u200bAzureUsage'))).toBe('AzureUsage');
	});
});

describe('a name in place of an ID', () => {
	it.each([
		['trimmed', ' CSP revenue daily\n', 'CSP revenue daily'],
		['as it is written, though it looks like an ID', ID, ID],
		['of a number', 2026, '2026'],
	])('is read %s', (_how, value, name) => {
		expect(parsed(reportId, locator(value, 'name'))).toEqual({ name });
		expect(parsed(queryId, locator(value, 'name'))).toEqual({ name });
	});

	it('is read whatever the case of the way in which it is given', () => {
		expect(parsed(reportId, locator('Sales', 'Name'))).toEqual({ name: 'Sales' });
	});

	it.each(['', '  ', ...NOTHING])('is empty when it is %j', (value) => {
		expect(refusalOf(reportId, locator(value, 'name'))).toBe("'Report' is empty");
	});

	it('is told of where an ID belongs', () => {
		const advice = (value: unknown) => {
			try {
				parsed(reportId, value);
			} catch (error) {
				return (error as InputError).advice;
			}
			return '';
		};
		expect(advice('CSP revenue daily')).toContain("'By name'");
		expect(advice(locator('CSP revenue daily'))).toContain("'From list'");
	});
});

describe('a query as a filter', () => {
	const filter = optionalReference(queryId, 'Only those');

	it('may be empty, or anything that names a query', () => {
		expect(parsed(filter, '')).toBeUndefined();
		expect(parsed(filter, locator('', 'list'))).toBeUndefined();
		expect(parsed(filter, ID)).toEqual({ id: ID });
		expect(parsed(filter, locator('Mine', 'name'))).toEqual({ name: 'Mine' });
	});

	it.each(NOTHING)('is not left out where an expression found %j', (value) => {
		expect(refusalOf(filter, value)).toMatch(/found nothing/);
		expect(refusalOf(filter, locator(value))).toMatch(/found nothing/);
	});

	it('is not one that must be given', () => {
		expect(filter.property).toMatchObject({ required: false, description: 'Only those' });
	});
});

describe('the query', () => {
	it.each([
		ID,
		'a1b2c3d4-xyz0-4a53-9f0e-2c1f6f1f8a11',
		'system_query_1',
		'mpn:Customers.v2~1',
		'x'.repeat(128),
	])('may be %s', (value) => {
		expect(parsed(queryId, locator(value))).toEqual({ id: value });
	});

	it('may be a number, as the service may have given it', () => {
		expect(parsed(queryId, locator(42))).toEqual({ id: '42' });
		expect(parsed(queryId, 42)).toEqual({ id: '42' });
	});

	it.each([0, -1, 4.2, true])('may not be %p, also where the list is chosen', (value) => {
		expect(refusalOf(queryId, locator(value))).toMatch(/^'Query' must be a text/);
		expect(refusalOf(queryId, locator(value, 'list'))).toMatch(/^'Query' must be a text/);
	});

	const names = [
		'../x',
		'..',
		`${ID}/x`,
		'a b',
		`${ID};${ID}`,
		'a?b',
		'a\\b',
		'é',
		'{{ $json.id }}',
	];
	it.each(names)('may not be %j', (value) => {
		expect(refusalOf(queryId, value)).toMatch(/^'Query' is not a query ID/);
	});

	it.each(['sys 1', 'a/b', 'é'])('may be %j where the list has it', (value) => {
		expect(parsed(queryId, locator(value, 'list'))).toEqual({ id: value });
		expect(parsed(queryId, locator(value, 'List'))).toEqual({ id: value });
	});

	it('is not what an expression leaves, also in place of what the list has', () => {
		expect(refusalOf(queryId, locator('[object Object]', 'list'))).toMatch(/must be a text/);
	});
});

describe('the dataset', () => {
	it.each(['../x', 'a b', 'a;b', 'a&b', 'a/b'])('may not be %j', (value) => {
		expect(refusalOf(datasetName, value)).toMatch(/^'Dataset' is not a dataset name/);
	});

	it('keeps its casing', () => {
		expect(parsed(datasetName, locator('CustomersAndTenants'))).toBe('CustomersAndTenants');
	});

	it('may have other signs where the list has it', () => {
		expect(parsed(datasetName, locator('ISV-Order v2', 'list'))).toBe('ISV-Order v2');
	});
});

describe('the sentence below an ID while it is typed', () => {
	const description = new PartnerCenterInsights().description;
	const shownFor = (resource: string, operation: string, field: string, value: unknown) => {
		const parameters = { resource, operation, [field]: value } as INodeParameters;
		return description.properties
			.filter(({ name }) => name === `${field}FormNotice`)
			.filter((notice) => displayParameter(parameters, notice, node, description))
			.map(({ displayName }) => displayName);
	};

	it.each([
		['a name', 'CSP revenue daily'],
		['a part of an ID', ID.slice(0, -1)],
		['more than an ID', `${ID}0`],
		['two IDs', `${ID}\n${ID}`],
	])('says of a report that %s is no ID, and what would do', (_what, value) => {
		expect(shownFor('scheduledReport', 'resume', 'reportId', locator(value))).toEqual([
			"This is not a report ID. An ID has the form 6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11. A report can also be picked 'From list', or given 'By name'.",
		]);
	});

	it.each([
		['an ID', locator(ID)],
		['an ID in capitals, with white space', locator(` ${ID.toUpperCase()}\n`)],
		['nothing', locator('')],
		['an expression', locator('={{ $json.id }}')],
		['an expression over lines', locator('={{\n$json.id\n}}')],
		['a name, where names belong', locator('CSP revenue daily', 'name')],
		['a choice from the list', locator('CSP revenue daily', 'list')],
	])('says nothing of %s', (_what, value) => {
		expect(shownFor('scheduledReport', 'resume', 'reportId', value)).toEqual([]);
	});

	it.each([
		['scheduledReport', 'create', 'queryId', 'a/b'],
		['reportQuery', 'get', 'queryId', 'a b'],
		['dataset', 'get', 'datasetName', 'Customers And Tenants'],
		['reportExecution', 'getAll', 'reportId', 'abc'],
	])('of %s %s marks %s %j', (resource, operation, field, value) => {
		expect(shownFor(resource, operation, field, locator(value))).toHaveLength(1);
	});

	it('takes no pattern where a workflow runs with it: n8n ends one whose pattern takes 250 ms', () => {
		// How n8n runs patterns, with their time limit.
		const pattern = jest.spyOn(Script.prototype, 'runInContext');
		for (const value of [ID, ID.toUpperCase(), '', '={{ $json.id }}']) {
			shownFor('scheduledReport', 'resume', 'reportId', locator(value));
			shownFor('reportQuery', 'get', 'queryId', locator(value));
			shownFor('reportExecution', 'download', 'executionId', value);
		}
		for (const value of ['AzureUsage', 'Azure Usage', 'x'.repeat(100_000)]) {
			shownFor('dataset', 'get', 'datasetName', locator(value));
		}
		expect(pattern).not.toHaveBeenCalled();
		shownFor('scheduledReport', 'resume', 'reportId', locator('a name'));
		expect(pattern).toHaveBeenCalled();
		pattern.mockRestore();
	});

	it('is found in time that grows with the length of what is typed', () => {
		const typed = ' '.repeat(100_000);
		for (const value of [`${typed}!`, `${ID}${typed}!`, `${typed}${ID}${typed}!`]) {
			expect(shownFor('scheduledReport', 'resume', 'reportId', locator(value))).toHaveLength(1);
		}
		expect(shownFor('scheduledReport', 'resume', 'reportId', locator(typed))).toHaveLength(0);
	});

	it('marks an execution ID too, which has no modes', () => {
		const shown = (value: string) =>
			shownFor('reportExecution', 'download', 'executionId', value).length;
		expect([shown('latest'), shown(''), shown(ID), shown('={{ $json.ExecutionId }}')]).toEqual([
			1, 0, 0, 0,
		]);
	});
});
