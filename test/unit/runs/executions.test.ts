import {
	completedExecution,
	completedExecutions,
	generatedTime,
	isCompleted,
	latestCompleted,
	latestExecution,
	listExecutions,
	newestFirst,
	readAgain,
} from '../../../nodes/PartnerCenterInsights/insights/runs/executions';
import fc from '../fastCheck';
import { refusal } from '../insights/fakeService';
import type { ExecutionId } from '../../../nodes/PartnerCenterInsights/insights/ids';
import {
	clientOf,
	execution,
	executionsOf,
	type FilterFault,
	pending,
	REPORT,
	type SentExecution,
} from './service';

const LINK = 'https://files.example/a.csv';
const FAULTS: FilterFault[] = ['works', 'ignored', 'finds nothing'];

const idsOf = (list: Array<{ ExecutionId?: unknown }>) => list.map(({ ExecutionId: id }) => id);
const clientWith = (list: SentExecution[], fault: FilterFault = 'works') =>
	clientOf(executionsOf(() => list, fault)).client;

describe('an execution', () => {
	it.each([
		[true, { ExecutionStatus: 'Completed', ReportAccessSecureLink: LINK }],
		[true, { ExecutionStatus: ' completed', ReportAccessSecureLink: LINK }],
		[false, { ExecutionStatus: 'Completed', ReportAccessSecureLink: null }],
		[false, { ExecutionStatus: 'Completed', ReportAccessSecureLink: '  ' }],
		[false, { ExecutionStatus: 'Completed' }],
		[false, { ExecutionStatus: 'Pending', ReportAccessSecureLink: LINK }],
		[false, { ReportAccessSecureLink: LINK }],
	])('is completed (%s) by its own record: %j', (expected, record) => {
		expect(isCompleted(record)).toBe(expected);
	});

	it.each([
		['2022-09-16T17:20:48Z', Date.UTC(2022, 8, 16, 17, 20, 48)],
		['2022-09-16T17:20:48.1234567Z', Date.UTC(2022, 8, 16, 17, 20, 48, 123)],
		['2022-09-16T19:20:48+02:00', Date.UTC(2022, 8, 16, 17, 20, 48)],
		['2022-09-16T17:20:48', Date.UTC(2022, 8, 16, 17, 20, 48)],
		['0001-01-01T00:00:00Z', undefined],
		['9999-12-31T23:59:59Z', undefined],
		['soon', undefined],
		[null, undefined],
	])('was generated at %s: %s', (ReportGeneratedTime, expected) => {
		expect(generatedTime({ ReportGeneratedTime })).toBe(expected);
	});
});

describe('the order of executions', () => {
	const at = (ReportGeneratedTime: string | null, ExecutionStatus = 'Completed') => ({
		ReportGeneratedTime,
		ExecutionStatus,
		ReportAccessSecureLink: ExecutionStatus === 'Completed' ? LINK : null,
	});

	it('is by time, not by text; what is under way comes first, an impossible time last', () => {
		const sorted = [
			at('2026-03-01T23:30:00-02:00'), // 01:30 UTC of the 2nd
			at(null, 'Running'),
			at('2026-03-02T02:30:00+02:00'), // 00:30 UTC
			at('2026-03-02T01:00:00Z'),
			at('9999-12-31T23:59:59Z'),
			at('0001-01-01T00:00:00Z'),
		].sort(newestFirst);
		expect(sorted.map(({ ReportGeneratedTime: time }) => time)).toEqual([
			null,
			'2026-03-01T23:30:00-02:00',
			'2026-03-02T01:00:00Z',
			'2026-03-02T02:30:00+02:00',
			'9999-12-31T23:59:59Z',
			'0001-01-01T00:00:00Z',
		]);
	});

	it('is an order: a sorted list is sorted whatever it holds', () => {
		const time = fc.oneof(
			fc.constantFrom(null, '', 'x', '0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z'),
			fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
		);
		const record = fc
			.tuple(time, fc.constantFrom('Completed', 'Pending'))
			.map((made) => at(...made));
		fc.assert(
			fc.property(record, record, record, (a, b, c) => {
				expect(Math.sign(newestFirst(a, b))).toBe(-Math.sign(newestFirst(b, a)) + 0);
				if (newestFirst(a, b) <= 0 && newestFirst(b, c) <= 0) {
					expect(newestFirst(a, c)).toBeLessThanOrEqual(0);
				}
			}),
		);
	});
});

describe.each(FAULTS)('where the status filter %s', (fault) => {
	const old = execution('a', { reportGeneratedTime: '2026-01-01T00:00:00Z' });
	const young = execution('b', { reportGeneratedTime: '2026-02-01T00:00:00Z' });
	const linkless = execution('c', {
		reportGeneratedTime: '2026-03-01T00:00:00Z',
		reportAccessSecureLink: null,
	});

	it('the latest completed execution is the newest with a link', async () => {
		const client = clientWith([old, young, linkless, pending('d')], fault);
		expect((await latestCompleted(client, REPORT))?.ExecutionId).toBe('b');
	});

	it('what is under way is not completed', async () => {
		const client = clientWith([pending('d'), linkless], fault);
		expect(await latestCompleted(client, REPORT)).toBeUndefined();
		expect(await completedExecution(client, REPORT, 'd' as ExecutionId)).toBeUndefined();
		expect(await completedExecutions(client, REPORT)).toEqual([]);
	});

	it('a named execution is that one', async () => {
		const client = clientWith([old, young, pending('d')], fault);
		expect((await completedExecution(client, REPORT, 'a' as ExecutionId))?.ExecutionId).toBe('a');
	});

	it('an execution of another report is none of the report', async () => {
		const other = execution('x', {
			reportId: '00000000-0000-4000-8000-000000000000',
			reportGeneratedTime: '2026-02-15T00:00:00Z',
		});
		const own = execution('b', { reportId: REPORT.toUpperCase() });
		const client = clientWith([other, own, old, pending('d')], fault);
		expect((await latestCompleted(client, REPORT))?.ExecutionId).toBe('b');
		expect(idsOf(await completedExecutions(client, REPORT))).toEqual(['b', 'a']);
		expect(idsOf(await listExecutions(client, REPORT))).toEqual(['d', 'b', 'a']);
		const alone = clientWith([other], fault);
		expect(await latestCompleted(alone, REPORT)).toBeUndefined();
		expect(await completedExecution(alone, REPORT, 'x' as ExecutionId)).toBeUndefined();
		expect(await latestExecution(alone, REPORT)).toBeUndefined();
	});

	it('all completed ones come out once, newest first', async () => {
		const client = clientWith([old, young, young, linkless, pending('d')], fault);
		expect(idsOf(await completedExecutions(client, REPORT))).toEqual(['b', 'a']);
	});

	it('a list holds the wanted states only', async () => {
		const client = clientWith([old, young, pending('d')], fault);
		expect(idsOf(await listExecutions(client, REPORT, ['Completed']))).toEqual(['b', 'a']);
		expect(idsOf(await listExecutions(client, REPORT, ['Pending']))).toEqual(['d']);
		expect(idsOf(await listExecutions(client, REPORT))).toEqual(['d', 'b', 'a']);
	});
});

it('a list of all is not asked for where the filter has found one', async () => {
	const { client, service } = clientOf(executionsOf(() => [execution('a')]));
	await latestCompleted(client, REPORT);
	await completedExecution(client, REPORT, 'a' as ExecutionId);
	await completedExecutions(client, REPORT);
	expect(service.requests.map(({ query }) => query?.executionStatus)).toEqual([
		'Completed',
		'Completed',
		'Completed',
	]);
});

it('an execution that is listed twice, each time with a link of its own, comes out once', async () => {
	const again = execution('a', { reportAccessSecureLink: 'https://files.example/a.csv?again' });
	const client = clientWith([execution('a'), again]);
	expect(idsOf(await completedExecutions(client, REPORT))).toEqual(['a']);
	expect(idsOf(await listExecutions(client, REPORT))).toEqual(['a']);
});

describe('a list of executions', () => {
	const running = { ...pending('r'), executionStatus: 'Running' };
	const failed = { ...pending('f'), executionStatus: 'Failed' };

	it.each(FAULTS)('holds each of several wanted states (the filter %s)', async (fault) => {
		const client = clientWith([running, pending('p'), execution('a')], fault);
		expect(idsOf(await listExecutions(client, REPORT, ['Pending', 'Running']))).toEqual(
			expect.arrayContaining(['p', 'r']),
		);
		expect(await listExecutions(client, REPORT, ['Pending', 'Running'])).toHaveLength(2);
	});

	it('holds one in a state that nothing tells of where all are wanted', async () => {
		for (const fault of FAULTS) {
			expect(idsOf(await listExecutions(clientWith([failed], fault), REPORT))).toEqual(['f']);
		}
	});

	it('holds the completed ones that their filter misses, though others are found', async () => {
		const all = executionsOf(() => [pending('p'), execution('a')]);
		const { client } = clientOf((request) =>
			request.query?.executionStatus === 'Completed' ? undefined : all(request),
		);
		expect(idsOf(await listExecutions(client, REPORT))).toEqual(['p', 'a']);
	});
});

it.each([
	['the first ones under way are as many as wanted', 2, ['Pending'], ['p1', 'p2']],
	['those of two states are as many as wanted', 3, ['Pending', 'Running'], ['p1', 'p2', 'r1']],
	['more may come', 4, ['Pending', 'Running', 'Completed', 'Paused'], ['p1', 'p2', 'r1', 'young']],
])('states are asked for in turn: %s', async (_when, most, asked, ids) => {
	const { client, service } = clientOf(
		executionsOf(() => [
			execution('old', { reportGeneratedTime: '2026-01-01T00:00:00Z' }),
			execution('young'),
			pending('p1'),
			pending('p2'),
			{ ...pending('r1'), executionStatus: 'Running' },
		]),
	);
	expect(idsOf(await listExecutions(client, REPORT, undefined, most))).toEqual(ids);
	expect(service.requests.map(({ query }) => query?.executionStatus)).toEqual(asked);
});

it.each([400, 404])('a list of all that is answered with %i is none', async (status) => {
	const { client } = clientOf(() => refusal(status, 'no'));
	const asked =
		status === 400 ? listExecutions(client, REPORT, []) : latestCompleted(client, REPORT);
	expect(await asked).toEqual(status === 400 ? [] : undefined);
});

it('a refusal of the unfiltered list reads as none, a denial does not', async () => {
	const unfiltered = (status: number) =>
		clientOf(({ query }) =>
			query?.executionStatus === undefined ? refusal(status, 'no') : undefined,
		).client;
	expect(await latestCompleted(unfiltered(400), REPORT)).toBeUndefined();
	await expect(latestCompleted(unfiltered(403), REPORT)).rejects.toMatchObject({ status: 403 });
});

describe('an execution that is read again', () => {
	it('is the same one, though a newer one was completed meanwhile', async () => {
		const client = clientWith([
			execution('new', { reportGeneratedTime: '2026-04-01T00:00:00Z' }),
			execution('a'),
		]);
		expect((await readAgain(client, REPORT, { ExecutionId: 'A' }))?.ExecutionId).toBe('a');
		expect(await readAgain(client, REPORT, { ExecutionId: 'gone' })).toBeUndefined();
	});

	it('is told by its time where it has no ID', async () => {
		const client = clientWith([execution('', { reportGeneratedTime: '2026-04-01T00:00:00Z' })]);
		const read = async (ReportGeneratedTime: string) =>
			await readAgain(client, REPORT, { ReportGeneratedTime });
		expect(await read('2026-04-01T00:00:00Z')).toBeDefined();
		expect(await read('2026-03-01T00:00:00Z')).toBeUndefined();
		const gone = clientWith([]);
		expect(await readAgain(gone, REPORT, { ReportGeneratedTime: null })).toBeUndefined();
	});
});

describe('the latest execution', () => {
	const paused = { ...pending('p'), executionStatus: 'Paused' };
	const old = execution('old', { reportGeneratedTime: '2026-01-01T00:00:00Z' });

	it.each<[string, string | undefined, SentExecution[]]>([
		['the one under way', 'd', [execution('a'), pending('d')]],
		['the one completed last', 'a', [execution('a')]],
		[
			'the one that is running',
			'r',
			[paused, pending('d'), { ...pending('r'), executionStatus: 'Running' }],
		],
		[
			'the one completed last, not one that is held back',
			'a',
			[paused, old, execution('a'), paused],
		],
		['one that is held back, where there is no other', 'p', [paused]],
		['none', undefined, []],
	])('is %s, whatever becomes of the filter', async (_what, id, list) => {
		for (const fault of FAULTS) {
			expect((await latestExecution(clientWith(list, fault), REPORT))?.ExecutionId).toBe(id);
		}
	});

	it.each([
		['a', execution('a')],
		['p', paused],
	])(
		'is found by the filter of its state where the list of all is refused: %s',
		async (id, one) => {
			const { client } = clientOf((request) =>
				request.query?.executionStatus === undefined
					? refusal(400, 'no')
					: executionsOf(() => [one])(request),
			);
			expect((await latestExecution(client, REPORT))?.ExecutionId).toBe(id);
		},
	);

	it('is found by its ID where the parameter for it finds nothing', async () => {
		const { client } = clientOf((request) =>
			request.query?.executionId === undefined
				? executionsOf(() => [execution('a'), execution('b')])(request)
				: refusal(404, 'There are no executions that have occurred'),
		);
		const found = await completedExecution(client, REPORT, 'b' as ExecutionId);
		expect(found?.ExecutionId).toBe('b');
	});

	it('is listed once where it has no ID and the filter is ignored', async () => {
		const unnamed = ['2026-03-01T08:00:00Z', '2026-03-02T08:00:00Z'].map((reportGeneratedTime) =>
			execution('', { executionId: undefined, reportGeneratedTime }),
		);
		expect(await listExecutions(clientWith(unnamed, 'ignored'), REPORT)).toHaveLength(2);
	});

	it.each(['Pending', 'Running'])(
		'is listed as completed where it was %s before',
		async (status) => {
			let requests = 0;
			const { client } = clientOf((request) =>
				executionsOf(() => [
					requests++ < 2 ? { ...pending('b'), executionStatus: status } : execution('b'),
					execution('a', { reportGeneratedTime: '2026-02-01T08:00:00Z' }),
				])(request),
			);
			const listed = await listExecutions(client, REPORT);
			expect(listed.map(({ ExecutionId: id, ExecutionStatus: now }) => [id, now])).toEqual([
				['b', 'Completed'],
				['a', 'Completed'],
			]);
		},
	);

	it.each([
		['Pending', 'Running', 'Completed'],
		['Pending', 'Pending', 'Running'],
		['Pending', 'Running', 'Running'],
		['Running', 'Running', 'Completed'],
		['Running', 'Completed', 'Completed'],
		['Pending', 'Completed', 'Completed'],
	])('is found while it goes from %s to %s to %s', async (...course) => {
		let requests = 0;
		const { client } = clientOf((request) => {
			const status = course[Math.min(requests++, 2)];
			const newest =
				status === 'Completed'
					? execution('b', { reportGeneratedTime: '2026-03-02T08:00:00Z' })
					: { ...pending('b'), executionStatus: status };
			return executionsOf(() => [execution('a'), newest])(request);
		});
		expect((await latestExecution(client, REPORT))?.ExecutionId).toBe('b');
	});

	it('is asked for in two requests where it is running, and in three where all is completed', async () => {
		for (const [list, requests] of [
			[[{ ...pending('r'), executionStatus: 'Running' }], 2],
			[[execution('a')], 3],
		] as const) {
			const { client, service } = clientOf(executionsOf(() => [...list]));
			await latestExecution(client, REPORT);
			expect(service.requests).toHaveLength(requests);
		}
	});
});
