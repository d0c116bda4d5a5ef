/** @jest-environment node */
import { isDeepStrictEqual } from 'node:util';

import { type N8nHost, startHost } from '../../sandbox/n8n/host';
import type { FaultInput, ReportRecord } from '../../sandbox/service/client';
import { type Bench, startBench } from './bench';
import { currentRun } from './run';
import { emptyUserFolder } from './userFolder';
import { until } from './waiting';
import { chain, insights, items } from './workflows';

const HOUR = 3_600_000;
/** Longer than any test here takes, in ms. */
const FOR_EVER = HOUR;
/** For a machine that has other things to do, in ms. */
const PATIENCE = 60_000;

const REPORTS = '/insights/v1/mpn/ScheduledReport';
const QUERIES = '/insights/v1/mpn/ScheduledQueries';

interface Made {
	queries: number;
	reports: number;
}

/** Where a run is held, and what it has made by then. */
interface Moment {
	name: string;
	fault?: FaultInput;
	/** How long the report waits for its execution, in ms. */
	pendingMs?: number;
	/** The request that shows that it is there. */
	seen: { host: 'api' | 'blob'; method: string; path: string };
	made: Made;
}

const MOMENTS: Moment[] = [
	{
		name: 'after the query was created',
		fault: { kind: 'hang', match: { method: 'POST', path: `${REPORTS}$` } },
		seen: { host: 'api', method: 'POST', path: `${REPORTS}$` },
		made: { queries: 1, reports: 0 },
	},
	{
		name: 'after the report was created, before it knows',
		fault: {
			kind: 'slowBody',
			durationMs: FOR_EVER,
			match: { method: 'POST', path: `${REPORTS}$` },
		},
		seen: { host: 'api', method: 'POST', path: `${REPORTS}$` },
		made: { queries: 1, reports: 1 },
	},
	{
		name: 'while it waits for the execution',
		pendingMs: 100 * HOUR,
		seen: { host: 'api', method: 'GET', path: `${REPORTS}/execution/` },
		made: { queries: 1, reports: 1 },
	},
	{
		name: 'in the middle of the download',
		fault: { kind: 'slowBody', durationMs: FOR_EVER, match: { host: 'blob' } },
		seen: { host: 'blob', method: 'GET', path: '/' },
		made: { queries: 1, reports: 1 },
	},
	{
		name: 'in the middle of the clean-up',
		fault: { kind: 'hang', match: { method: 'DELETE', path: `${QUERIES}/` } },
		seen: { host: 'api', method: 'DELETE', path: `${QUERIES}/` },
		made: { queries: 1, reports: 0 },
	},
];

/** A time as it stands in the names of a run. */
const inName = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');

describe('what a killed n8n leaves behind', () => {
	let bench: Bench;
	let host: N8nHost & { stop: () => Promise<void>; kill: () => Promise<void> };
	let start: () => Promise<void>;
	let credentialId: string;

	beforeAll(async () => {
		const options = { userFolder: await emptyUserFolder('killed'), packed: currentRun().packed };
		start = async () => {
			host = await startHost(options);
		};
		await start();
		bench = await startBench(host);
		credentialId = await bench.credential();
		await bench.sandbox.reset('empty');
		// So that a run comes to its file at once.
		await bench.sandbox.setOptions({ pendingMs: 0, runningMs: 0 });
	});
	afterAll(async () => {
		await bench?.stop();
		await host?.stop();
	});

	const workflow = async (name: string, options: object = {}): Promise<string> =>
		await host.rest.createWorkflow(
			chain(
				name,
				items([{}]),
				insights('run', credentialId, {
					resource: 'reportData',
					query: 'SELECT CustomerName, ACR_USD FROM AzureUsage TIMESPAN LAST_MONTH',
					output: 'file',
					// They are held for as long as it takes.
					options: { pollSeconds: 1, timeoutSeconds: 3_600, ...options },
				}),
			),
		);
	const names = async () => ({
		reports: (await bench.sandbox.reports('mpn')).map(({ reportName }) => reportName).sort(),
		queries: (await bench.sandbox.queries('mpn')).map(({ name }) => name).sort(),
	});

	/** Creates a query as a person does. */
	async function createQuery(Name: string): Promise<string> {
		const answer = await fetch(`${bench.sandbox.apiUrl}${QUERIES}`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${await bench.sandbox.issueToken()}`,
				'content-type': 'application/json',
			},
			body: JSON.stringify({
				Name,
				Query: 'SELECT CustomerName FROM AzureUsage TIMESPAN LAST_MONTH',
			}),
		});
		expect(answer.status).toBe(200);
		const { value } = (await answer.json()) as { value: Array<{ queryId: string }> };
		return value[0]?.queryId ?? '';
	}

	it('is nothing that was to be kept', async () => {
		const { status } = await host.rest.runWorkflow(await workflow('Kept', { cleanUp: false }));
		expect(status).toBe('success');
		expect(await names()).toEqual({
			reports: [expect.stringMatching(/^n8n-kept-/)],
			queries: [expect.stringMatching(/^n8n kept /)],
		});
	});

	/** Begins a run and comes back when it is at that moment. */
	async function begin({ name, fault, pendingMs = 0, seen }: Moment): Promise<string> {
		const before = await bench.sandbox.countRequests(seen);
		await bench.sandbox.setOptions({ pendingMs });
		if (fault) await bench.sandbox.addFault(fault);
		const workflowId = await workflow(name);
		await host.rest.startWorkflow(workflowId);
		await until(async () => (await bench.sandbox.countRequests(seen)) > before, PATIENCE);
		return workflowId;
	}

	it('is what its runs have made by then, each at another moment', async () => {
		const workflowIds: string[] = [];
		let made: Made = { queries: 1, reports: 1 };
		for (const moment of MOMENTS) {
			workflowIds.push(await begin(moment));
			const { queries, reports } = moment.made;
			made = { queries: made.queries + queries, reports: made.reports + reports };
			const count = async () => {
				const { queries, reports } = await names();
				return { queries: queries.length, reports: reports.length };
			};
			// It shows a moment later than the request.
			await until(async () => isDeepStrictEqual(await count(), made), PATIENCE);
		}
		const before = await names();
		await host.kill();
		await bench.sandbox.clearFaults();
		await bench.sandbox.setOptions({ pendingMs: 0 });
		await start();
		for (const workflowId of workflowIds) {
			const isCrashed = async () =>
				(await host.rest.executionsOf(workflowId))[0]?.status === 'crashed';
			await until(isCrashed, PATIENCE);
		}
		expect(await names()).toEqual(before);
	});

	it('is removed by a run a day later, and nothing else is', async () => {
		const { sandbox } = bench;
		const before = await names();
		const now = Date.parse(await sandbox.now());
		const old = (tail: string) => `n8n-run-${inName(now)}-${tail}`;
		const query = (tail: string) => `n8n run ${inName(now)} ${tail}`;
		const used = await createQuery(query('0a1b2c3d'));
		const queries = [
			query('0a1b2c3d'),
			query('0A1B2C3D'),
			`${query('0a1b2c3d')} copy`,
			`n8n kept ${inName(now)} 0a1b2c3d`,
		];
		for (const other of queries.slice(1)) await createQuery(other);

		await sandbox.advanceClock({ hours: 25 });
		const later = Date.parse(await sandbox.now());
		const oneOff = (hoursAgo: number): Partial<ReportRecord> => ({
			executeNow: true,
			reportStatus: 'Inactive',
			createdTime: `${new Date(later - hoursAgo * HOUR).toISOString().slice(0, 19)}Z`,
		});
		const young = `n8n-run-${inName(later - 23 * HOUR)}-0a1b2c3d`;
		const bystanders: Array<Partial<ReportRecord>> = [
			{ ...oneOff(25), reportName: old('0A1B2C3D') },
			{ ...oneOff(25), reportName: `${old('0a1b2c3d')} copy` },
			{ ...oneOff(25), reportName: `my-${old('0a1b2c3d')}` },
			{ ...oneOff(25), reportName: query('0a1b2c3d') },
			{ ...oneOff(25), reportName: `n8n-kept-${inName(now)}-0a1b2c3d` },
			{ ...oneOff(25), reportName: 'Revenue of yesterday' },
			{ ...oneOff(25), reportName: old('11111111'), executeNow: false },
			{ ...oneOff(23), reportName: old('22222222') },
			{ ...oneOff(25), reportName: young },
			// Its run may wait for another three days.
			{
				...oneOff(25),
				reportName: old(`until-${inName(later + 72 * HOUR)}-33333333`),
			},
			{ ...oneOff(25), reportName: 'With a query of a name like that', queryId: used },
		];
		for (const report of bystanders) await sandbox.seedReport('mpn', report);
		await sandbox.seedReport('cmp', { ...oneOff(25), reportName: old('44444444') });

		// What it does for itself succeeds whether it can tidy or not, see the unit tests.
		const { status } = await host.rest.runWorkflow(await workflow('A day later'));
		expect(status).toBe('success');
		const kept = (list: string[]) => list.filter((name) => /^n8n.kept/.test(name));
		const rest = {
			reports: [
				...kept(before.reports),
				...bystanders.map(({ reportName = '' }) => reportName),
			].sort(),
			queries: [...kept(before.queries), ...queries].sort(),
		};
		const isRest = async () => isDeepStrictEqual(await names(), rest);
		// What differs says more than that something does.
		await until(isRest, PATIENCE).catch(() => undefined);
		expect(await names()).toEqual(rest);
		expect((await sandbox.reports('cmp')).map(({ reportName }) => reportName)).toEqual([
			old('44444444'),
		]);
		expect(before.reports.length - kept(before.reports).length).toBe(3);
		expect(before.queries.length - kept(before.queries).length).toBe(5);
	});
});
