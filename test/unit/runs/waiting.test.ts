import type {
	Outcome,
	ServiceRequest,
} from '../../../nodes/PartnerCenterInsights/insights/http/transport';
import {
	waitForExecution,
	type WaitSettings,
} from '../../../nodes/PartnerCenterInsights/insights/runs/waiting';
import { refusal, success } from '../insights/fakeService';
import { clientOf, execution, executionsOf, pending, REPORT, type SentExecution } from './service';
import type { ExecutionId } from '../../../nodes/PartnerCenterInsights/insights/ids';

const MINUTE = 60_000;

/** Waits an hour at most for a report whose executions change with time. */
async function waitFor(
	executions: (minutes: number) => SentExecution[],
	{
		report = {},
		look = () => success({ reportId: REPORT.toUpperCase(), recurrenceInterval: 24, ...report }),
		...settings
	}: Partial<WaitSettings> & {
		report?: Record<string, unknown>;
		look?: (request: ServiceRequest) => Outcome;
	} = {},
	fault: Parameters<typeof executionsOf>[1] = 'works',
) {
	let began = 0;
	const answer = (request: ServiceRequest): Outcome | undefined =>
		request.path.endsWith('/ScheduledReport')
			? look(request)
			: executionsOf(() => executions((clock.now() - began) / MINUTE), fault)(request);
	const { client, clock, service } = clientOf(answer);
	began = clock.now();
	const found = await clock.run(
		waitForExecution({
			client,
			reportId: REPORT,
			timeout: 60 * MINUTE,
			poll: MINUTE,
			clock,
			...settings,
		}),
	);
	return {
		id: found.ExecutionId,
		waits: clock.waits.length,
		longest: Math.max(0, ...clock.waits),
		requests: service.requests.length,
	};
}

describe('a wait for a run', () => {
	it('ends with the next one that is completed, not with one that was before', async () => {
		const { id, waits } = await waitFor((minutes) =>
			minutes < 3
				? [execution('old'), pending('new')]
				: [execution('old'), execution('new', { reportGeneratedTime: '2026-03-02T00:00:00Z' })],
		);
		expect({ id, waits }).toEqual({ id: 'new', waits: 3 });
	});

	it('takes no earlier one for the next, which a short list shows in place of the last', async () => {
		const last = execution('last', { reportGeneratedTime: '2026-03-02T00:00:00Z' });
		const next = execution('next', { reportGeneratedTime: '2026-03-03T00:00:00Z' });
		const { id, waits } = await waitFor((minutes) =>
			minutes < 1 ? [execution('old'), last] : minutes < 2 ? [execution('old')] : [last, next],
		);
		expect({ id, waits }).toEqual({ id: 'next', waits: 2 });
	});

	it.each([
		['empty', []],
		['short', [execution('old', { reportGeneratedTime: '2025-12-01T00:00:00Z' })]],
	])('takes none of long before for the next, where the first list is %s', async (_how, first) => {
		const last = execution('last', { reportGeneratedTime: '2026-02-20T00:00:00Z' });
		const next = execution('next', { reportGeneratedTime: '2026-03-01T08:10:00Z' });
		const { id, waits } = await waitFor((minutes) =>
			minutes < 1 ? [...first] : [...first, last, ...(minutes < 10 ? [] : [next])],
		);
		expect({ id, waits }).toEqual({ id: 'next', waits: 10 });
	});

	it('ends with the one run of a report that is known to run once, whatever n8n takes for the time', async () => {
		const only = execution('only', { reportGeneratedTime: '2026-02-01T00:00:00Z' });
		const found = await waitFor((minutes) => (minutes < 2 ? [] : [only]), { runsOnce: true });
		expect(found).toMatchObject({ id: 'only', waits: 2 });
	});

	it('ends at once where the one run is over and the filter by ID finds no report', async () => {
		const look = ({ query }: ServiceRequest) =>
			query?.reportId === undefined
				? success({ reportId: REPORT, executeNow: true })
				: refusal(404, 'No item found with given filters');
		expect(await waitFor(() => [execution('only')], { look })).toMatchObject({
			id: 'only',
			waits: 0,
		});
	});

	it('ends at once where the run itself tells that it is the only one, though the report cannot be read', async () => {
		const only = [execution('only', { recurrenceInterval: -1 })];
		expect(await waitFor(() => only, { look: () => refusal(403, 'no') })).toMatchObject({
			id: 'only',
			waits: 0,
		});
	});

	describe('for a report that', () => {
		const absent = refusal(404, 'No item found with given filters.');
		const present = success({ reportId: REPORT, recurrenceInterval: 24 });
		/** Waits by a service that knows the report or not, minute by minute. */
		const waitWhile = async (isThere: (look: number) => boolean, settings = {}) => {
			let looks = 0;
			const look = ({ query }: ServiceRequest) => {
				if (query?.reportId !== undefined) looks++;
				return isThere(looks) ? present : absent;
			};
			return await waitFor((minutes) => (minutes < 20 ? [] : [execution('new')]), {
				look,
				...settings,
			});
		};

		it.each([
			['the next run', {}],
			['one run', { executionId: 'new' as ExecutionId }],
			['the run of a report that runs once', { runsOnce: true }],
		])('is deleted meanwhile, is given up after three looks: %s', async (_what, settings) => {
			let looks = 0;
			const isThere = (look: number) => (looks = look) < 3;
			await expect(waitWhile(isThere, settings)).rejects.toMatchObject({
				kind: 'notFound',
				message: expect.stringContaining(`Scheduled report ${REPORT} was not found`) as unknown,
				advice: expect.stringContaining('It has been deleted since') as unknown,
			});
			expect(looks).toBe(5);
		});

		it('is not found, but whose run is listed meanwhile, is not given up', async () => {
			const old = execution('old');
			const next = execution('next', { reportGeneratedTime: '2026-03-02T00:00:00Z' });
			const seen = (minutes: number) => (minutes === 0 || minutes === 3 ? [old] : []);
			const found = waitFor((minutes) => (minutes < 6 ? seen(minutes) : [next]), {
				look: ({ query }) => (query?.reportId === undefined ? success() : absent),
			});
			expect(await found).toMatchObject({ id: 'next', waits: 6 });
		});

		it('is not found for a moment, goes on', async () => {
			const found = await waitWhile((look) => look % 3 === 1);
			expect(found).toMatchObject({ id: 'new', waits: 20 });
		});

		it('was just created and is listed late, goes on', async () => {
			expect(await waitWhile(() => false, { runsOnce: true })).toMatchObject({ id: 'new' });
		});

		it('is looked at often, is itself looked for once a minute', async () => {
			const { requests } = await waitWhile(() => true, { poll: 10_000 });
			// Two for each look, and one for each of 20 minutes.
			expect(requests).toBeLessThanOrEqual(2 * 121 + 21);
		});
	});

	it.each(['ignored', 'finds nothing'] as const)(
		'does not run out where the filter is %s',
		async (fault) => {
			const look = (minutes: number) => [minutes < 2 ? pending('new') : execution('new')];
			expect(await waitFor(look, {}, fault)).toMatchObject({ id: 'new', waits: 2 });
		},
	);

	it('goes by no record of another report, whatever the service answers', async () => {
		const report = { reportId: '0f6a9d1e-8c3b-4b57-9a42-5d1c7e3f2b60', executeNow: true };
		const next = execution('next', { reportGeneratedTime: '2026-03-02T00:00:00Z' });
		const look = (minutes: number) => [execution('old'), ...(minutes < 2 ? [] : [next])];
		expect(await waitFor(look, { report })).toMatchObject({ id: 'next', waits: 2 });
	});

	it.each([
		['its record says so', { executeNow: true }, {}],
		['its record says so in text', { executeNow: 'true' }, {}],
		['its interval is -1', { recurrenceInterval: -1 }, {}],
		['its interval is -1, in text', { recurrenceInterval: '-1' }, {}],
		['it has one run in all', { totalRecurrenceCount: 1, recurrenceCount: 0 }, {}],
		['it has one run', { recurrenceCount: 1 }, {}],
		['it has one run, in text', { recurrenceCount: '1' }, {}],
		['the caller knows', {}, { runsOnce: true }],
		['it has used up its runs', { reportStatus: 'Inactive', recurrenceInterval: 24 }, {}],
		['it is inactive, in text of another case', { reportStatus: ' INACTIVE' }, {}],
	])('ends at once where the one run is over: %s', async (_why, report, settings) => {
		const found = await waitFor(() => [execution('only')], { report, ...settings });
		expect(found).toMatchObject({ id: 'only', waits: 0 });
	});

	it('ends with the next one where executions have no ID', async () => {
		const unnamed = (reportGeneratedTime: string | null) =>
			execution('new', { executionId: undefined, reportGeneratedTime });
		const first = await waitFor((minutes) => (minutes < 2 ? [] : [unnamed(null)]));
		expect(first).toMatchObject({ waits: 2 });
		const next = await waitFor((minutes) => [
			unnamed(minutes < 2 ? '2026-03-01T08:00:00Z' : '2026-03-02T08:00:00Z'),
		]);
		expect(next).toMatchObject({ waits: 2 });
	});

	it.each(['works', 'ignored', 'finds nothing'] as const)(
		'is for the last run of an inactive report where that is under way and the filter %s',
		async (fault) => {
			const last = execution('last', { reportGeneratedTime: '2026-03-02T00:00:00Z' });
			const found = await waitFor(
				(minutes) => [execution('old'), minutes < 2 ? pending('last') : last],
				{ report: { reportStatus: 'Inactive' } },
				fault,
			);
			expect(found).toMatchObject({ id: 'last', waits: 2 });
		},
	);

	it.each(['Active', 'Paused'])(
		'is for the next run of a report that is %s',
		async (reportStatus) => {
			const waiting = waitFor(() => [execution('old')], {
				report: { reportStatus },
				timeout: 5 * MINUTE,
			});
			await expect(waiting).rejects.toMatchObject({ kind: 'notReady' });
		},
	);

	it('is for the next run where one of several is left', async () => {
		const waiting = waitFor(() => [execution('old')], {
			report: { totalRecurrenceCount: 10, recurrenceCount: 1 },
			timeout: 5 * MINUTE,
		});
		await expect(waiting).rejects.toMatchObject({ kind: 'notReady', timedOut: true });
	});

	it.each([
		[undefined, /Active and when its next run is due/],
		[true, /ask for less/],
	])(
		'that runs out is told with what can be done: known to run once %s',
		async (runsOnce, advice) => {
			const waiting = waitFor(() => [pending('new')], { runsOnce, timeout: 5 * MINUTE });
			await expect(waiting).rejects.toMatchObject({
				message: 'The report was not ready after 5 minutes',
				advice: expect.stringMatching(advice) as unknown,
			});
		},
	);

	it('asks for the record of the report once only', async () => {
		const { requests } = await waitFor((minutes) =>
			minutes < 4 ? [execution('old')] : [execution('new')],
		);
		expect(requests).toBe(6);
	});

	it.each([[undefined], ['a' as ExecutionId]])(
		'ends at once where there is no such report, and waits for no run of it: %s',
		async (executionId) => {
			const { client, clock, service } = clientOf(() => undefined);
			const waiting = waitForExecution({
				client,
				reportId: REPORT,
				executionId,
				timeout: 60 * MINUTE,
				poll: MINUTE,
				clock,
			});
			await expect(clock.run(waiting)).rejects.toMatchObject({
				kind: 'notFound',
				subject: 'scheduled report',
			});
			expect(clock.waits).toEqual([]);
			// Two for runs, one for the report, one for all reports.
			expect(service.requests).toHaveLength(4);
		},
	);

	it('goes on where the report cannot be looked at, or only the list of all has it', async () => {
		const looks: Array<(request: ServiceRequest) => Outcome> = [
			() => refusal(500, 'no'),
			({ query = {} }) => (query.reportId === undefined ? success() : refusal(500, 'no')),
			({ query = {} }) =>
				query.reportId === undefined ? refusal(500, 'no') : refusal(404, 'none'),
			({ query = {} }) =>
				query.reportId === undefined ? success({ reportId: REPORT }) : refusal(404, 'none'),
		];
		for (const look of looks) {
			const { id } = await waitFor((minutes) => (minutes < 2 ? [] : [execution('a')]), { look });
			expect(id).toBe('a');
		}
	});

	it('ends with a named run, also one that was completed before', async () => {
		const newer = execution('b', { reportGeneratedTime: '2026-03-02T00:00:00Z' });
		const found = await waitFor(() => [newer, execution('a')], {
			executionId: 'a' as ExecutionId,
		});
		expect(found).toMatchObject({ id: 'a', waits: 0 });
	});

	it.each([2.5, 0.02])(
		'gives up when its time of %d minutes is up, and does not wait beyond it',
		async (minutes) => {
			await expect(waitFor(() => [pending('a')], { timeout: minutes * MINUTE })).rejects.toThrow(
				`The report was not ready after ${minutes} minutes`,
			);
		},
	);

	it('makes no pause that is too long for a timer', async () => {
		const { longest } = await waitFor((minutes) => [minutes < 60 ? pending('a') : execution('a')], {
			poll: 1e12,
			timeout: 1e12,
		});
		expect(longest).toBeLessThan(2 ** 31);
	});

	it('fails when a look fails', async () => {
		const { client, clock } = clientOf(() => refusal(403, 'no'));
		const waiting = waitForExecution({
			client,
			reportId: REPORT,
			timeout: MINUTE,
			poll: MINUTE,
			clock,
		});
		await expect(clock.run(waiting)).rejects.toMatchObject({ status: 403 });
	});
});
