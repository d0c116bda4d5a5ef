import { spellRecord } from '../../../nodes/PartnerCenterInsights/insights/records';

/** Records with every field that the reference names, as its pages spell them. */
const REFERENCE: Record<string, string[]> = {
	dataset: [
		'DatasetName',
		'SelectableColumns',
		'AvailableMetrics',
		'AvailableDateRanges',
		'MinimumRecurrenceInterval',
	],
	query: ['QueryId', 'Name', 'Type', 'Description', 'Query', 'User', 'CreatedTime', 'ModifiedTime'],
	report: [
		'ReportId',
		'ReportName',
		'ReportStatus',
		'Description',
		'QueryId',
		'Query',
		'User',
		'CreatedTime',
		'ModifiedTime',
		'ExecuteNow',
		'QueryStartTime',
		'QueryEndTime',
		'StartTime',
		'EndTime',
		'RecurrenceInterval',
		'RecurrenceCount',
		'TotalRecurrenceCount',
		'NextExecutionStartTime',
		'CallbackUrl',
		'CallbackMethod',
		'Format',
	],
	execution: [
		'ExecutionId',
		'ReportId',
		'ExecutionStatus',
		'RecurrenceInterval',
		'RecurrenceCount',
		'CallbackUrl',
		'CallbackMethod',
		'Format',
		'ReportLocation',
		'ReportAccessSecureLink',
		'ReportExpiryTime',
		'ReportGeneratedTime',
		'IsPublicInOrg',
	],
};

const recordOf = (keys: string[]) => Object.fromEntries(keys.map((key, i) => [key, `value ${i}`]));

describe.each(Object.keys(REFERENCE))('the keys of a %s', (kind) => {
	const documented = REFERENCE[kind];

	it.each<[string, (key: string) => string]>([
		['camelCase', (key) => key[0].toLowerCase() + key.slice(1)],
		['PascalCase', (key) => key],
		['lower case', (key) => key.toLowerCase()],
		['stray spaces', (key) => ` ${key} `],
	])('come out as documented from %s, in their order', (_casing, spell) => {
		const spelled = spellRecord(recordOf(documented.map(spell)));
		expect(Object.entries(spelled)).toEqual(Object.entries(recordOf(documented)));
	});
});

describe('a record', () => {
	it.each<[string, string[], string[]]>([
		[
			'report',
			['user', 'reportStatus', 'queryId', 'reportName', 'x', 'reportId'],
			['ReportId', 'ReportName', 'ReportStatus', 'User', 'QueryId', 'x'],
		],
		[
			'execution',
			['reportId', 'format', 'executionStatus', 'executionId'],
			['ExecutionId', 'ReportId', 'ExecutionStatus', 'Format'],
		],
		['query', ['user', 'type', 'name', 'queryId'], ['QueryId', 'Name', 'Type', 'User']],
		['dataset', ['availableMetrics', 'datasetName'], ['DatasetName', 'AvailableMetrics']],
		['something else', ['b', 'a'], ['b', 'a']],
	])('of a %s begins with its ID, name and state, whatever came first', (_kind, sent, keys) => {
		expect(Object.keys(spellRecord(recordOf(sent)))).toEqual(keys);
	});

	it('keeps keys that the reference does not name', () => {
		const record = {
			remainingRecurrenceCount: 3,
			NextExecutionStartTime: 'x',
			' odd key ': 1,
			report_id: 2,
			'': 3,
		};
		expect(Object.entries(spellRecord(record))).toEqual(Object.entries(record));
	});

	it('keeps every value, with the keys inside it', () => {
		const nested = { reportId: 1, list: [{ queryId: null }], 'another key': { name: 'x' } };
		expect(
			spellRecord({
				reportId: null,
				reportName: '',
				executeNow: false,
				recurrenceInterval: -1,
				selectableColumns: ['customerName', 'reportName'],
				user: nested,
			}),
		).toEqual({
			ReportId: null,
			ReportName: '',
			ExecuteNow: false,
			RecurrenceInterval: -1,
			SelectableColumns: ['customerName', 'reportName'],
			User: nested,
		});
	});

	it.each([
		[{ reportId: '1', REPORTID: null }, { ReportId: '1' }],
		[{ ReportId: null, reportId: '1' }, { ReportId: '1' }],
		[{ description: 'x', Description: '' }, { Description: 'x' }],
		[{ availableMetrics: ['A'], AvailableMetrics: [] }, { AvailableMetrics: ['A'] }],
		[{ executeNow: true, ExecuteNow: false }, { ExecuteNow: false }],
	])('loses no value to the same key in another case that has none: %j', (sent, record) => {
		expect(spellRecord(sent)).toEqual(record);
	});

	it('does not change what it was given', () => {
		const record = Object.freeze({ reportId: '1' });
		expect(spellRecord(record)).toEqual({ ReportId: '1' });
		expect(record).toEqual({ reportId: '1' });
	});

	it('does not take over the prototype of what the service sent', () => {
		const record = spellRecord(JSON.parse('{"__proto__":{"polluted":true},"reportId":"1"}'));
		expect(record.ReportId).toBe('1');
		expect(record.polluted).toBeUndefined();
		expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
	});

	it.each([['text'], [5], [true], [null], [[{ reportId: 1 }]]])(
		'that is %j becomes an item of its own',
		(element) => {
			expect(spellRecord(element)).toEqual({ Value: element });
		},
	);
});
