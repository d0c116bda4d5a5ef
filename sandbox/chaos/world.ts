/** The actors of a plan: the service, an n8n with workflows in it, and the persons who use them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData } from 'n8n-workflow';

import { sandboxCredential } from '../engine/sandboxCredential';
import type { Sandbox } from '../service/client';
import type { MortalN8n } from './mortalN8n';
import { TRIGGERS, WATCHED, type Happening, type Plan, type Work } from './plan';
import { ROWS, watching, working } from './workflows';

/** Items that a workflow is given: few of what the service counts by the hour. */
const ITEMS: Record<Work, number> = { resume: 6, pause: 6, create: 3, run: 2, download: 4 };
/** Reports beside those that are watched, for persons to work with. */
const OTHERS = 8;
/** Where one of the watched reports calls before any of this. */
export const FOREIGN_ADDRESS = 'https://example.com/ours';
/** A system query of the service. */
const QUERY = '20f5da57-3c2a-481b-b6a0-ec34d6db14e2';
/** How long n8n may take over what must come, in ms. */
export const PATIENCE = 120_000;
/** How long an activation may take; one that a kill cuts short takes longer. ms */
const PUBLISHED_WITHIN = 20_000;
/** How often a workflow is activated before it is given up. */
const ACTIVATIONS = 3;
/** How long n8n may take to store the first poll, in ms. */
const ACTIVATION_LIMIT = 60_000;

/** A workflow with a trigger, and the reports that it watches. */
export interface Watch {
	name: string;
	workflowId: string;
	reportIds: string[];
	hasFiles: boolean;
	/** Runs that were there before. */
	before: Set<string>;
}

/** A workflow that a person has started. */
export interface Started {
	work: Work;
	execution: string;
	startedAt: number;
	items: Array<Record<string, string | number>>;
}

export interface World {
	n8n: MortalN8n;
	sandbox: Sandbox;
	watches: Watch[];
	started: Started[];
	/** When a run was asked for, by its ID. */
	askedAt: Map<string, number>;
	/** What n8n did not do in time. */
	stuck: string[];
	/** The watched reports. */
	reportIds: string[];
	/** What triggers have started executions with that have ended, by their IDs. */
	itemsOfExecution: Map<string, INodeExecutionData[]>;
}

/** Waits until something holds; whether it did in time. A question that n8n is too dead to answer is no. */
export async function waitFor(holds: () => Promise<boolean>, limit = PATIENCE): Promise<boolean> {
	const deadline = Date.now() + limit;
	for (;;) {
		if (await holds().catch(() => false)) return true;
		if (Date.now() > deadline) return false;
		await sleep(400);
	}
}

/** Tells n8n to do something, again where it was dead or dies over it. */
async function insist<T>(
	{ n8n }: Pick<World, 'n8n'>,
	ask: () => Promise<T>,
	limit = PATIENCE,
): Promise<T | undefined> {
	const deadline = Date.now() + limit;
	for (;;) {
		await n8n.whenUp();
		try {
			return await ask();
		} catch {
			if (Date.now() > deadline) return undefined;
			await sleep(1_000);
		}
	}
}

const isActive = async ({ n8n }: World, { workflowId }: Watch): Promise<boolean> =>
	(await n8n.rest.workflow(workflowId)).active;

/** How often n8n has failed by a fault of its own, which it meets when it polls during an activation. */
const bridgeFailures = async ({ n8n }: World): Promise<number> =>
	(await n8n.log()).split('No bridge acquired for this context').length;

/** Whether n8n has failed to activate a workflow by its own fault; what is not known in time has not. */
async function hasFailedByItself(
	world: World,
	{ workflowId }: Watch,
	failedBefore: number,
): Promise<boolean> {
	let status = 'in_progress';
	await waitFor(async () => {
		status = await world.n8n.rest.publicationStatus(workflowId);
		return status !== 'in_progress';
	}, PUBLISHED_WITHIN);
	const hasEnded = status !== 'in_progress' && status !== 'published';
	return hasEnded && (await bridgeFailures(world)) > failedBefore;
}

/**
 * Activates a trigger's workflow as a person does who wants it to be: until n8n says that it is, and again
 * where the editor shows that it failed by n8n's own fault.
 */
async function activate(world: World, watch: Watch, clicks = 1): Promise<void> {
	const { n8n, stuck } = world;
	for (let tries = 0; tries < ACTIVATIONS; tries++) {
		const failedBefore = await bridgeFailures(world);
		const done = await insist(world, async () => {
			const click = async () => await n8n.rest.startActivation(watch.workflowId);
			await Promise.allSettled(Array.from({ length: clicks }, click));
			if (!(await isActive(world, watch))) await click();
			return true;
		});
		if (done === undefined) stuck.push(`n8n did not activate ${watch.name}`);
		if (done === undefined || !(await hasFailedByItself(world, watch, failedBefore))) return;
		await deactivate(world, watch);
	}
}

export async function deactivate(world: World, watch: Watch): Promise<void> {
	const { n8n, stuck } = world;
	const done = await insist(world, async () => {
		if (await isActive(world, watch)) await n8n.rest.deactivate(watch.workflowId);
		return true;
	});
	if (done === undefined) stuck.push(`n8n did not deactivate ${watch.name}`);
}

/** How often the triggers have looked at a report. */
export const looksAt = async (sandbox: Sandbox, reportId: string): Promise<number> =>
	await sandbox.countRequests({ host: 'api', path: `/execution/${reportId}`, status: 200 });

async function watch(
	world: World,
	credentialId: string,
	setting: Pick<Watch, 'name' | 'reportIds' | 'hasFiles'>,
): Promise<Watch> {
	const { n8n, sandbox } = world;
	const { name, reportIds, hasFiles } = setting;
	const options = hasFiles ? { downloadFile: true } : { useCallback: true };
	const workflowId = await n8n.rest.createWorkflow(
		watching(name, credentialId, reportIds, options),
	);
	const known = await Promise.all(
		reportIds.map(async (reportId) => await sandbox.executions('mpn', reportId)),
	);
	const before = new Set(known.flat().map(({ executionId }) => executionId));
	const watch: Watch = { ...setting, workflowId, before };
	// n8n answers before the first poll, which sets the mark, and stores it last. Where it polls meanwhile,
	// it may fail at that with "No bridge acquired for this context", and a person activates it again.
	for (let tries = 0; tries < ACTIVATIONS; tries++) {
		await activate(world, watch);
		const isMarked = await waitFor(
			async () => (await n8n.rest.workflow(workflowId)).staticData !== null,
			ACTIVATION_LIMIT,
		);
		if (isMarked) return watch;
		await deactivate(world, watch);
	}
	throw new Error(`The first poll of ${name} was not stored.`);
}

/** A credential for the sandbox; the tenant's spelling tells it apart from others to n8n alone. */
export async function storeCredential(
	{ n8n, sandbox }: Pick<World, 'n8n' | 'sandbox'>,
	tenantId: string,
): Promise<string> {
	const { name, type, data } = sandboxCredential(sandbox, { tenantId });
	return await n8n.rest.createCredential({ name, type, data });
}

/** Makes the world of a plan: a service with reports, and two triggers that watch them. */
export async function createWorld(n8n: MortalN8n, sandbox: Sandbox): Promise<World> {
	await sandbox.reset('empty');
	await sandbox.setOptions({ pendingMs: 200, runningMs: 300 });
	const reportIds: string[] = [];
	for (let i = 0; i < WATCHED; i++) {
		const { reportId } = await sandbox.seedReport('mpn', {
			reportName: `Watched ${i + 1}`,
			reportStatus: 'Active',
			...(i === WATCHED - 1 ? { callbackUrl: FOREIGN_ADDRESS, callbackMethod: 'POST' } : {}),
		});
		await sandbox.seedExecution('mpn', reportId, { status: 'Completed' });
		await sandbox.setReportData(reportId, { rows: ROWS, columns: ['RowNumber', 'CustomerName'] });
		reportIds.push(reportId);
	}
	await sandbox.seedReports('mpn', OTHERS);
	n8n.kills.length = 0;
	const world: World = {
		n8n,
		sandbox,
		watches: [],
		started: [],
		askedAt: new Map(),
		stuck: [],
		reportIds,
		itemsOfExecution: new Map(),
	};
	const credentialId = await storeCredential(world, sandbox.tenantDomain);
	// Both watch one in the middle: polls and callbacks meet there.
	const settings = [
		{ name: 'Watch with files', reportIds: reportIds.slice(0, -1), hasFiles: true },
		{ name: 'Watch with callbacks', reportIds: reportIds.slice(-2), hasFiles: false },
	].slice(0, TRIGGERS);
	for (const setting of settings) world.watches.push(await watch(world, credentialId, setting));
	return world;
}

async function itemsFor(world: World, work: Work): Promise<Started['items']> {
	const { sandbox, reportIds } = world;
	const numbers = Array.from({ length: ITEMS[work] }, (_, i) => i);
	if (work === 'create') return numbers.map((n) => ({ n, queryId: QUERY }));
	if (work === 'run') {
		return numbers.map((n) => ({ n, timespan: n % 2 === 0 ? 'LAST_MONTH' : 'LAST_3_MONTHS' }));
	}
	if (work === 'download') {
		return numbers.map((n) => ({ n, id: reportIds[n % reportIds.length] ?? '' }));
	}
	const others = (await sandbox.reports('mpn')).filter(({ reportName }) =>
		reportName.startsWith('Report '),
	);
	return numbers.map((n) => ({ n, id: others[n % others.length]?.reportId ?? '' }));
}

async function start(world: World, work: Work, credentialId: string): Promise<void> {
	const { n8n, started } = world;
	const items = await itemsFor(world, work);
	await insist(
		world,
		async () => {
			const workflowId = await n8n.rest.createWorkflow(working(work, credentialId, items));
			const startedAt = Date.now();
			const execution = await n8n.rest.startWorkflow(workflowId);
			started.push({ work, execution, startedAt, items });
		},
		30_000,
	);
}

/** Lets something hold for a while. */
async function during(
	{ sandbox }: World,
	settings: Parameters<Sandbox['setOptions']>[0],
	afterwards: Parameters<Sandbox['setOptions']>[0],
	ms: number,
): Promise<void> {
	await sandbox.setOptions(settings);
	await sleep(ms);
	await sandbox.setOptions(afterwards);
}

/** Makes something happen; ends when it has. */
async function happen(world: World, what: Happening, credentialId: string): Promise<void> {
	const { n8n, sandbox, watches, reportIds, askedAt } = world;
	switch (what.kind) {
		case 'runs':
			for (const index of what.reports) {
				const reportId = reportIds[index];
				if (reportId === undefined) continue;
				const since = Date.now();
				const { executionId } = await sandbox.seedExecution('mpn', reportId);
				askedAt.set(executionId, since);
			}
			return;
		case 'work': {
			await start(world, what.work, credentialId);
			return;
		}
		case 'fault':
			await sandbox.addFault(what.fault);
			return;
		case 'slow': {
			await during(world, { latencyMs: what.latencyMs }, { latencyMs: 0 }, what.lastsMs);
			return;
		}
		case 'limit': {
			const rateLimit = { limit: what.limit, windowMs: 1_000 };
			await during(world, { rateLimit }, { rateLimit: null }, what.lastsMs);
			return;
		}
		case 'clock':
			await sandbox.advanceClock({ hours: what.hours });
			return;
		case 'revoke': {
			await sandbox.revokeTokens();
			return;
		}
		case 'reactivate': {
			const watch = watches[what.trigger];
			if (watch === undefined) return;
			await deactivate(world, watch);
			await activate(world, watch, what.twice ? 2 : 1);
			return;
		}
		case 'kill': {
			await n8n.killAndStart(async () => await sleep(what.downMs));
			return;
		}
	}
}

/** So much of a plan's time happens while n8n is dead or starting, in ms; the plan waits for the rest. */
const DEAD = 8_000;

/**
 * Lets a plan happen, each step at its time, and waits for what it has begun. However long n8n takes to
 * start, what happens between its lives stays the same.
 */
export async function play(world: World, { steps, seconds }: Plan): Promise<void> {
	const { n8n, sandbox } = world;
	const credentialId = await storeCredential(world, sandbox.tenantDomain);
	let begun = Date.now();
	const until = async (at: number) => await sleep(Math.max(0, begun + at - Date.now()));
	const happening: Array<Promise<void>> = [];
	/** One after the other: two persons do not click on the same workflow. */
	const last = new Map<string, Promise<void>>();
	let killedAt: number | undefined;
	for (const step of steps) {
		if (killedAt !== undefined && step.at > killedAt + DEAD) {
			await until(killedAt + DEAD);
			const paused = Date.now();
			await n8n.whenUp();
			begun += Date.now() - paused;
			killedAt = undefined;
		}
		await until(step.at);
		if (step.kind === 'kill') killedAt = step.at;
		const queue = step.kind === 'reactivate' ? `reactivate ${step.trigger}` : step.kind;
		const isOrdered = ['reactivate', 'kill', 'slow', 'limit'].includes(step.kind);
		const before = isOrdered ? (last.get(queue) ?? Promise.resolve()) : Promise.resolve();
		const now = before.then(async () => await happen(world, step, credentialId));
		last.set(queue, now);
		happening.push(now);
	}
	await n8n.whenUp();
	// Faults that have hit nothing yet get a little more time.
	await sleep(seconds * 30);
	await sandbox.clearFaults();
	await Promise.all(happening);
	await sandbox.setOptions({ latencyMs: 0, rateLimit: null });
}
