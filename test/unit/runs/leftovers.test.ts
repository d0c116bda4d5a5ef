import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import {
	leftQueries,
	leftReports,
	tidyUp,
} from '../../../nodes/PartnerCenterInsights/insights/runs/leftovers';
import {
	runNames,
	timesOfQuery,
	timesOfReport,
} from '../../../nodes/PartnerCenterInsights/insights/runs/runNames';
import type { Outcome } from '../../../nodes/PartnerCenterInsights/insights/http/transport';
import fc from '../fastCheck';
import { answer, dropped, refusal, success } from '../insights/fakeService';
import { clientOf, REPORT } from './service';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 25, 21, 44);
const named = (age: number, isKept = false) => runNames(NOW - age, isKept);
const timed = (age: number) => new Date(NOW - age).toISOString();

const report = (fields: InsightsRecord = {}): InsightsRecord => ({
	ReportId: 'r',
	ReportName: named(25 * HOUR).report,
	ExecuteNow: true,
	CreatedTime: timed(25 * HOUR),
	QueryId: 'q',
	...fields,
});
const query = (fields: InsightsRecord = {}): InsightsRecord => ({
	QueryId: 'q',
	Name: named(25 * HOUR).query,
	Type: 'userDefined',
	CreatedTime: timed(25 * HOUR),
	...fields,
});

describe('the names of a run', () => {
	it('tell its time, in what the service takes', () => {
		const { report: reportName, query: queryName } = runNames(NOW, false);
		expect(reportName).toMatch(/^n8n-run-20261125T214400Z-[0-9a-f]{8}$/);
		expect(queryName).toMatch(/^n8n run 20261125T214400Z [0-9a-f]{8}$/);
		const times = { began: NOW, over: NOW + 24 * HOUR };
		expect([timesOfReport(reportName), timesOfQuery(queryName)]).toEqual([times, times]);
	});

	it('tell until when it waits where that is longer than usual', () => {
		const { report: reportName, query: queryName } = runNames(NOW, false, 48 * HOUR);
		expect(reportName).toMatch(/^n8n-run-20261125T214400Z-until-20261127T214400Z-[0-9a-f]{8}$/);
		expect(queryName).toMatch(/^n8n run 20261125T214400Z until 20261127T214400Z [0-9a-f]{8}$/);
		const times = { began: NOW, over: NOW + 52 * HOUR };
		expect([timesOfReport(reportName), timesOfQuery(queryName)]).toEqual([times, times]);
		expect(timesOfReport(runNames(NOW, false, Infinity).report)?.over).toBeGreaterThan(
			Date.UTC(9999, 0),
		);
	});

	it('say that it is kept where it is', () => {
		const { report: reportName, query: queryName } = runNames(NOW, true);
		expect(reportName).toMatch(/^n8n-kept-20261125T214400Z-[0-9a-f]{8}$/);
		expect(queryName).toMatch(/^n8n kept 20261125T214400Z [0-9a-f]{8}$/);
		expect([timesOfReport(reportName), timesOfQuery(queryName)]).toEqual([undefined, undefined]);
	});

	it('are told from all others', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(runNames(NOW, false).report, runNames(NOW, false).query),
				fc.nat(40),
				fc.constantFrom('', 'x', 'Z', '-', ' ', '\n', 'N', '0a', 'é'),
				fc.nat(2),
				(name, at, piece, removed) => {
					const other = name.slice(0, at) + piece + name.slice(at + removed);
					const isName = /^n8n([- ])run\1\d{8}T\d{6}Z\1[0-9a-f]{8}$/.test(other);
					const found = (timesOfReport(other) ?? timesOfQuery(other))?.began;
					if (other === name) expect(found).toBe(NOW);
					else if (!isName || other.endsWith('\n')) expect(found).toBeUndefined();
				},
			),
			{ numRuns: 1_000 },
		);
	});

	it.each([
		'N8N-RUN-20261124T204400Z-0a1b2c3d',
		'n8n-run-20261124T204400z-0a1b2c3d',
		'n8n-run-20261124T204400Z-0A1B2C3D',
		'n8n-run-20261124T204400Z-0a1b2c3',
		'n8n-run-20261124T204400Z-0a1b2c3d4',
		'n8n-run-20261124T204400Z-0a1b2c3d (copy)',
		'my n8n-run-20261124T204400Z-0a1b2c3d',
		' n8n-run-20261124T204400Z-0a1b2c3d',
		'n8n-run-20261124T204400Z-0a1b2c3d\n',
		'n8n run 20261124T204400Z 0a1b2c3d',
		'n8n-run-0a1b2c3d',
		'n8n-run-20261324T204400Z-0a1b2c3d',
		'n8n-run-20260230T204400Z-0a1b2c3d',
		'n8n-run-20261124T244400Z-0a1b2c3d',
		'n8n-run-20261124T204400Z-until-0a1b2c3d',
		'n8n-run-20261124T204400Z-until-20260230T204400Z-0a1b2c3d',
		'n8n-kept-20261124T204400Z-0a1b2c3d',
		'',
		undefined,
		7,
	])('are not %j', (name) => {
		expect(timesOfReport(name)).toBeUndefined();
	});
});

describe('what killed runs have left behind', () => {
	const isLeft = (fields: InsightsRecord) => leftReports([report(fields)], NOW).length === 1;

	it('are their reports and queries, a day old', () => {
		const [reports, queries] = [[report()], [query()]];
		expect(leftReports(reports, NOW)).toEqual(reports);
		expect(leftQueries([], queries, NOW)).toEqual(queries);
	});

	it.each<[string, boolean, InsightsRecord]>([
		['without a time of its own', true, { CreatedTime: null }],
		['with an empty time of its own', true, { CreatedTime: '' }],
		['that says it runs once in text', true, { ExecuteNow: 'true' }],
		[
			'exactly a day old',
			true,
			{ ReportName: named(24 * HOUR).report, CreatedTime: timed(24 * HOUR) },
		],
		['younger by its name', false, { ReportName: named(24 * HOUR - 1_000).report }],
		['younger by its record', false, { CreatedTime: timed(24 * HOUR - 1_000) }],
		[
			'younger by its record, without a zone',
			false,
			{ CreatedTime: timed(23 * HOUR).slice(0, 19) },
		],
		['with a time that cannot be read', false, { CreatedTime: 'yesterday' }],
		['of the future', false, { ReportName: named(-25 * HOUR).report }],
		['that runs again and again', false, { ExecuteNow: false }],
		[
			'that runs once by its interval, as where only that is told',
			true,
			{ ExecuteNow: undefined, RecurrenceInterval: -1 },
		],
		['that has an interval', false, { ExecuteNow: undefined, RecurrenceInterval: 24 }],
		['that does not say whether it runs once', false, { ExecuteNow: undefined }],
		['that is kept', false, { ReportName: named(25 * HOUR, true).report }],
		['with a name of its own', false, { ReportName: `${named(25 * HOUR).report} (mine)` }],
		['without an ID', false, { ReportId: '' }],
		[
			'that a run may wait for still',
			false,
			{ ReportName: runNames(NOW - 25 * HOUR, false, 21.5 * HOUR).report },
		],
		[
			'that a run may wait for no more',
			true,
			{ ReportName: runNames(NOW - 25 * HOUR, false, 20.5 * HOUR).report },
		],
	])('a report %s is among them: %s', (_what, expected, fields) => {
		expect(isLeft(fields)).toBe(expected);
	});

	it.each<[string, InsightsRecord[], InsightsRecord]>([
		['younger by its name', [], { Name: named(HOUR).query }],
		['younger by its record', [], { CreatedTime: timed(HOUR) }],
		[
			'of a run that may not be over',
			[],
			{ Name: runNames(NOW - 30 * HOUR, false, 72 * HOUR).query },
		],
		['of the service', [], { Type: 'system' }],
		['that is kept', [], { Name: named(25 * HOUR, true).query }],
		["with a report's name", [], { Name: named(25 * HOUR).report }],
		["that a person's report uses", [report({ ReportName: 'Mine', QueryId: 'Q' })], {}],
		['that a running run uses', [report({ ReportName: named(HOUR).report })], {}],
	])('a query %s is not among them', (_what, reports, fields) => {
		expect(leftQueries(reports, [query(fields)], NOW)).toEqual([]);
	});

	it('is never anything else, whatever there is', () => {
		const age = fc.integer({ min: -48, max: 72 }).map((hours) => hours * HOUR);
		const name = fc.oneof(
			age.map((ms) => named(ms).report),
			age.map((ms) => named(ms, true).report),
			fc.string(),
		);
		const record = fc.record({
			ReportId: fc.uuid(),
			ReportName: name,
			ExecuteNow: fc.constantFrom(true, false, null),
			CreatedTime: fc.oneof(age.map(timed), fc.constantFrom(null, '')),
		});
		fc.assert(
			fc.property(fc.array(record), (reports) => {
				const reportIds = leftReports(reports, NOW).map(({ ReportId: id }) => id);
				for (const { ReportId, ReportName, ExecuteNow, CreatedTime } of reports) {
					if (!reportIds.includes(ReportId)) continue;
					expect(ReportName).toMatch(/^n8n-run-\d{8}T\d{6}Z-[0-9a-f]{8}$/);
					expect(ExecuteNow).toBe(true);
					expect(NOW - (timesOfReport(ReportName)?.began ?? NOW)).toBeGreaterThanOrEqual(24 * HOUR);
					expect(Date.parse(CreatedTime || '1970-01-01')).toBeLessThanOrEqual(NOW - 24 * HOUR);
				}
			}),
		);
	});
});

describe('tidying up', () => {
	const service = (removed: (path: string) => Outcome) =>
		clientOf(({ method, path }) => {
			if (method === 'DELETE') return removed(path);
			if (path.endsWith('/ScheduledReport')) return success(report(), report({ ReportId: 's' }));
			return path.endsWith('/ScheduledQueries') ? success(query()) : undefined;
		});
	const deleted = ({ requests }: ReturnType<typeof service>['service']) =>
		requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path.split('/').at(-1));
	let scopes = 0;

	it('removes reports first, once an hour for an account', async () => {
		const { client, service: asked } = service(() => success());
		let now = NOW;
		const clock = { now: () => now, wait: () => Promise.resolve() };
		const scope = `account ${scopes++}`;
		await tidyUp(client, scope, clock);
		expect(deleted(asked)).toEqual(['r', 's', 'q']);
		now += HOUR - 1;
		await tidyUp(client, scope, clock);
		expect(asked.requests).toHaveLength(5);
		await tidyUp(client, 'another account', clock);
		expect(asked.requests).toHaveLength(10);
		now += 1;
		await tidyUp(client, scope, clock);
		expect(asked.requests).toHaveLength(15);
	});

	it("goes by the service's time where that is later", async () => {
		const young = { ...report(), ReportName: named(0).report, CreatedTime: timed(0) };
		const { client, service: asked } = clientOf(({ path }) =>
			path.endsWith('/ScheduledReport') ? success(young) : success(),
		);
		const clock = { now: () => NOW, wait: () => Promise.resolve() };
		await tidyUp(client, `account ${scopes++}`, clock);
		expect(deleted(asked)).toEqual([]);
		await tidyUp(client, `account ${scopes++}`, clock, { reportId: REPORT, time: NOW + 25 * HOUR });
		expect(deleted(asked)).toEqual(['r']);
	});

	it("counts that hour by the service's clock, too", async () => {
		const { client, service: asked } = service(() => success());
		const clock = { now: () => NOW, wait: () => Promise.resolve() };
		const scope = `account ${scopes++}`;
		for (const [later, looks] of [
			[0, 1],
			[HOUR - 1, 1],
			[25 * HOUR, 2],
			// A clock that was ahead was set.
			[0, 3],
		] as const) {
			await tidyUp(client, scope, clock, { reportId: REPORT, time: NOW + later });
			const lists = asked.requests.filter(
				({ method, path }) => method === 'GET' && path.endsWith('/ScheduledReport'),
			);
			expect(lists).toHaveLength(looks);
		}
	});

	it('goes by the time in the list of reports where the answer to the create tells none', async () => {
		const young = { ...report(), ReportName: named(0).report, CreatedTime: timed(0) };
		const own = { reportId: REPORT, createdTime: timed(-25 * HOUR) };
		const { client, service: asked } = clientOf(({ path }) =>
			path.endsWith('/ScheduledReport') ? success(young, own) : success(),
		);
		const clock = { now: () => NOW, wait: () => Promise.resolve() };
		await tidyUp(client, `account ${scopes++}`, clock, { reportId: REPORT, time: undefined });
		expect(deleted(asked)).toEqual(['r']);
	});

	it("never removes the run's own report and query, whatever the clocks and the list say", async () => {
		const own = { reportId: REPORT, reportName: named(0).report, executeNow: true, queryId: 'own' };
		const { client, service: asked } = clientOf(({ path }) =>
			path.endsWith('/ScheduledReport')
				? success(own)
				: success(query({ QueryId: 'own', Name: named(0).query, CreatedTime: null })),
		);
		const clock = { now: () => NOW, wait: () => Promise.resolve() };
		await tidyUp(client, `account ${scopes++}`, clock, { reportId: REPORT, time: NOW + 25 * HOUR });
		expect(deleted(asked)).toEqual([]);
	});

	it('goes on where another run was first, and ends where the service refuses', async () => {
		const clock = { now: () => NOW, wait: () => Promise.resolve() };
		const gone = service(() => refusal(404, 'No item found with given filters'));
		await tidyUp(gone.client, `account ${scopes++}`, clock);
		expect(deleted(gone.service)).toEqual(['r', 's', 'q']);
		const denied = service(() => refusal(401, 'no'));
		await expect(tidyUp(denied.client, `account ${scopes++}`, clock)).rejects.toThrow();
		expect(deleted(denied.service)).toEqual(['r']);
	});

	it.each([
		["where n8n's clock is ahead", NOW, 25 * HOUR],
		['where that cannot be true', Date.UTC(9999, 11, 31), 0],
	])("takes nothing for old too early by the service's time: %s", async (_what, time, ahead) => {
		const young = { ...report(), ReportName: named(HOUR).report, CreatedTime: timed(HOUR) };
		const { client, service: asked } = clientOf(({ path }) =>
			path.endsWith('/ScheduledReport') ? success(young) : success(),
		);
		const clock = { now: () => NOW + ahead, wait: () => Promise.resolve() };
		await tidyUp(client, `account ${scopes++}`, clock, { reportId: REPORT, time });
		expect(deleted(asked)).toEqual([]);
	});

	it.each([400, 403, 500])(
		'goes on where one record cannot be removed (HTTP %s), and tells of it at the end',
		async (status) => {
			const clock = { now: () => NOW, wait: () => Promise.resolve() };
			const broken = service((path) =>
				path.endsWith('/r') ? refusal(status, 'It is in use') : success(),
			);
			await expect(tidyUp(broken.client, `account ${scopes++}`, clock)).rejects.toThrow('in use');
			expect(deleted(broken.service)).toEqual(['r', 's', 'q']);
		},
	);

	it.each([
		['nothing comes back for', dropped()],
		['a gateway answers for', answer(404, '<html>No such page</html>')],
	])('goes on where %s one record, and ends with the second', async (_what, outcome) => {
		const clock = { now: () => NOW, wait: () => Promise.resolve() };
		const distinct = (asked: ReturnType<typeof service>['service']) => [...new Set(deleted(asked))];
		const once = service((path) => (path.endsWith('/r') ? outcome : success()));
		await expect(tidyUp(once.client, `account ${scopes++}`, clock)).rejects.toThrow();
		expect(distinct(once.service)).toEqual(['r', 's', 'q']);
		const always = service(() => outcome);
		await expect(tidyUp(always.client, `account ${scopes++}`, clock)).rejects.toThrow();
		expect(distinct(always.service)).toEqual(['r', 's']);
	});

	it('goes on where nothing comes back for one record and the service refuses another', async () => {
		const clock = { now: () => NOW, wait: () => Promise.resolve() };
		const mixed = service((path) => {
			if (path.endsWith('/r')) return dropped();
			return path.endsWith('/s') ? refusal(400, 'It is in use') : success();
		});
		await expect(tidyUp(mixed.client, `account ${scopes++}`, clock)).rejects.toThrow('ECONNRESET');
		expect(deleted(mixed.service)).toEqual(['r', 's', 'q']);
	});

	it('removes reports also where queries cannot be listed', async () => {
		const clock = { now: () => NOW, wait: () => Promise.resolve() };
		const { client, service: asked } = clientOf(({ path }) =>
			path.endsWith('/ScheduledQueries') ? refusal(500, 'broken') : success(report()),
		);
		await expect(tidyUp(client, `account ${scopes++}`, clock)).rejects.toThrow('broken');
		expect(deleted(asked)).toEqual(['r']);
	});

	it.each([
		[false, []],
		[true, ['q']],
	])(
		'removes queries by a list of reports that has its own one: %s',
		async (isListed, expected) => {
			const clock = { now: () => NOW, wait: () => Promise.resolve() };
			const own = { reportId: REPORT.toUpperCase(), reportName: named(0).report, executeNow: true };
			const { client, service: asked } = clientOf(({ path }) => {
				if (path.endsWith('/ScheduledQueries')) return success(query());
				return path.endsWith('/ScheduledReport') && isListed ? success(own) : undefined;
			});
			const created = { reportId: REPORT, time: NOW };
			await tidyUp(client, `account ${scopes++}`, clock, created);
			expect(deleted(asked)).toEqual(expected);
		},
	);
});
