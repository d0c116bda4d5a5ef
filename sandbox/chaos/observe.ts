/** Looks at what is left when a plan has been played: in n8n, and on the service. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData } from 'n8n-workflow';

import { itemsOf, type Execution } from '../n8n/execution';
import { secretsIn } from '../n8n/secrets';
import type { JournalEntry } from '../service/client';
import type { Creation, Emission, ItemEnd, Observation, WatchedRun, WorkEnd } from './model';
import { INSIGHTS, ROWS, TRIGGER, working } from './workflows';
import {
	deactivate,
	FOREIGN_ADDRESS,
	looksAt,
	storeCredential,
	waitFor,
	type Started,
	type Watch,
	type World,
} from './world';

/** An execution as n8n lists it. */
interface Listed {
	id: string;
	startedAt: string | null;
	createdAt?: string;
	status: string;
}

/** n8n lists at most so many at once. */
const PAGE = 100;
/**
 * How long a trigger may take to find what is there in calm, in ms: n8n repeats a refused activation late,
 * and takes up one that a kill cut short after two minutes.
 */
const LATEST = 200_000;
/** How long the deactivation of a workflow may take, in ms. */
const AFTERWARDS = 30_000;
const UNFINISHED = ['new', 'running', 'waiting'];

async function executionsOf({ n8n }: World, workflowId: string): Promise<Listed[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const found: Listed[] = [];
	for (;;) {
		const last = found.at(-1)?.id;
		const page = await n8n.rest.call<{ results: Listed[] }>(
			'GET',
			`/rest/executions?filter=${filter}&limit=${PAGE}${last === undefined ? '' : `&lastId=${last}`}`,
		);
		found.push(...page.results);
		if (page.results.length < PAGE) return found;
	}
}

/** The items that a trigger started an execution with. A killed one has kept them as what it was to do. */
function triggerItems({ data }: Execution): INodeExecutionData[] {
	const items = itemsOf(data, TRIGGER);
	if (items.length > 0) return items;
	const [first] = data.executionData?.nodeExecutionStack ?? [];
	return first?.data.main?.[0] ?? [];
}

async function expectedRuns(world: World, watch: Watch): Promise<WatchedRun[]> {
	const { sandbox, askedAt } = world;
	const runs: WatchedRun[] = [];
	for (const reportId of watch.reportIds) {
		for (const { executionId, executionStatus } of await sandbox.executions('mpn', reportId)) {
			if (executionStatus !== 'Completed' || watch.before.has(executionId)) continue;
			const since = askedAt.get(executionId) ?? 0;
			runs.push({ trigger: watch.name, runId: executionId, reportId, since });
		}
	}
	return runs;
}

const timeOf = ({ startedAt, createdAt }: Listed): number =>
	Date.parse(startedAt ?? createdAt ?? '');

/** Whether an item has its whole file, or says why not. */
const isServed = ({ json, binary }: INodeExecutionData, bytes: number): boolean =>
	binary?.data === undefined
		? typeof json.FileError === 'string' && json.FileError !== ''
		: binary.data.bytes === bytes;

/** What a trigger has emitted. An execution that has ended is read once. */
async function emissionsOf(world: World, watch: Watch, bytes: number): Promise<Emission[]> {
	const { n8n, itemsOfExecution } = world;
	const emissions: Emission[] = [];
	for (const listed of await executionsOf(world, watch.workflowId)) {
		const known = itemsOfExecution.get(listed.id);
		const items = known ?? triggerItems(await n8n.rest.execution(listed.id));
		if (!UNFINISHED.includes(listed.status)) itemsOfExecution.set(listed.id, items);
		const idOf = ({ json }: INodeExecutionData) => String(json.ExecutionId);
		// A poll that failed is an execution too, with the error as its item.
		const isFailure = listed.status === 'error' && items.every(({ json }) => !json.ExecutionId);
		if (items.length === 0 || isFailure) continue;
		emissions.push({
			trigger: watch.name,
			execution: listed.id,
			startedAt: timeOf(listed),
			runIds: items.map(idOf),
			withoutFile: watch.hasFiles ? items.filter((item) => !isServed(item, bytes)).map(idOf) : [],
		});
	}
	return emissions;
}

/** Whether a result belongs to the item that it is paired with. */
function fits(
	{ work, items, execution }: Started,
	json: INodeExecutionData['json'],
	index: number,
) {
	const item = items[index];
	switch (work) {
		case 'resume':
		case 'pause':
		case 'download':
			return json.ReportId === item?.id;
		case 'create':
			return json.ReportName === `Chaos ${execution} ${item?.n}`;
		case 'run':
			return 'CustomerName' in json;
	}
}

function itemEnds(started: Started, outputs: INodeExecutionData[]): ItemEnd[] {
	const ends = started.items.map((): ItemEnd => ({ results: 0, errors: [], strange: 0 }));
	for (const { json, pairedItem, error } of outputs) {
		const index =
			typeof pairedItem === 'object' && 'item' in pairedItem ? pairedItem.item : pairedItem;
		const end = ends[typeof index === 'number' ? index : -1] ?? ends[0];
		if (end === undefined) continue;
		const message = error?.message ?? json.error;
		if (message !== undefined) end.errors.push(String(message));
		else if (typeof index === 'number' && fits(started, json, index)) end.results += 1;
		else end.strange += 1;
	}
	return ends;
}

const namedIn = (text: string, names: readonly string[]): string[] =>
	names.filter((name) => text.includes(name));

async function workEnd(
	{ n8n, stuck }: World,
	started: Started,
): Promise<{ end: WorkEnd; stored: string }> {
	const { work, execution, startedAt } = started;
	let found: Execution | undefined;
	const hasEnded = await waitFor(async () => {
		found = await n8n.rest.execution(execution);
		return !UNFINISHED.includes(found.status);
	});
	// What ran when n8n was killed runs no more. n8n notes so at its start, but of what had just begun only
	// at the start after that one.
	const wasKilled = n8n.kills.some((kill) => kill >= startedAt);
	if (!hasEnded && !wasKilled) {
		stuck.push(`execution ${execution} (${work}) is ${found?.status ?? 'unknown'}`);
	}
	const isWhole = found?.status === 'success';
	return {
		end: {
			work,
			execution,
			startedAt,
			status: found?.status ?? 'unknown',
			items: found && isWhole ? itemEnds(started, itemsOf(found.data, INSIGHTS)) : [],
			resultsOfItem: work === 'run' || work === 'download' ? ROWS : 1,
		},
		stored: found?.stored ?? '',
	};
}

function creationsIn(journal: JournalEntry[]): Creation[] {
	return journal
		.filter(({ host, method }) => host === 'api' && method === 'POST')
		.map(({ body, status }) => {
			const { ReportName, Name } = body as { ReportName?: string; Name?: string };
			return { name: ReportName ?? Name ?? '', status };
		});
}

/** What runs of queries have made and is on the service. */
async function leftOn({ sandbox }: World): Promise<string[]> {
	const reports = (await sandbox.reports('mpn')).map(({ reportName }) => reportName);
	const queries = (await sandbox.queries('mpn')).map(({ name }) => name);
	return [...reports, ...queries].filter((name) => /^n8n[- ]run[- ]/.test(name));
}

/** Runs a query a day later, as another account: n8n tidies up for each of them once an hour. */
async function tidyLater(world: World): Promise<string[]> {
	const { n8n, sandbox, stuck } = world;
	await sandbox.advanceClock({ hours: 26 });
	const credentialId = await storeCredential(world, sandbox.tenantId);
	const workflowId = await n8n.rest.createWorkflow(
		working('run', credentialId, [{ n: 0, timespan: 'LAST_MONTH' }]),
	);
	const { status } = await n8n.rest.runWorkflow(workflowId);
	if (status !== 'success') stuck.push(`the run a day later ended as ${status}`);
	return await leftOn(world);
}

/** Waits until the triggers have emitted all, and then for two more polls: what comes twice comes then. */
async function letComeOut(world: World, bytes: number): Promise<void> {
	const { sandbox, watches, stuck } = world;
	await waitFor(async () => {
		for (const watch of watches) {
			const emitted = new Set((await emissionsOf(world, watch, bytes)).flatMap((e) => e.runIds));
			const runs = await expectedRuns(world, watch);
			if (!runs.every(({ runId }) => emitted.has(runId))) return false;
		}
		return true;
	}, LATEST);
	for (const { name, reportIds } of watches) {
		// The first and the last one of all reports is watched by one trigger each.
		const own = reportIds.find(
			(id) => watches.filter((other) => other.reportIds.includes(id)).length === 1,
		);
		const before = await looksAt(sandbox, own ?? '');
		const polls = async () => (await looksAt(sandbox, own ?? '')) >= before + 2;
		if (!(await waitFor(polls, LATEST))) stuck.push(`${name} polls no more`);
	}
	await sleep(1_000);
}

/** The size of the file that each run of the watched reports has. */
async function fileSize({ sandbox, reportIds }: World): Promise<number> {
	const [run] = await sandbox.executions('mpn', reportIds[0] ?? '');
	const response = await fetch(run?.reportAccessSecureLink ?? '');
	return (await response.arrayBuffer()).byteLength;
}

/** Secrets in what n8n has written, stored and put out; links in what it has written. */
async function secretsOf({ n8n }: World): Promise<string[]> {
	const log = await n8n.log();
	const database = (await n8n.database()).toString('latin1');
	const links = [...log.matchAll(/[?&]sig=[\w%+/-]{8}/g)].map(() => 'a download link in the log');
	return [
		...secretsIn(log).map((secret) => `${secret} in the log`),
		...secretsIn(database).map((secret) => `${secret} in the database`),
		...new Set(links),
	];
}

/** Addresses that reports have and should not, or have not and should, once n8n has put them in order. */
async function addressesAfterwards({ sandbox, reportIds }: World): Promise<string[]> {
	const wrong = async () =>
		(await sandbox.reports('mpn')).flatMap(({ reportId, callbackUrl }) => {
			const own = reportId === reportIds.at(-1) ? FOREIGN_ADDRESS : null;
			const isRight = callbackUrl === own || !reportIds.includes(reportId);
			return isRight ? [] : [`${callbackUrl ?? 'none'} in place of ${own ?? 'none'}`];
		});
	// n8n answers before a workflow is deactivated.
	await waitFor(async () => (await wrong()).length === 0, AFTERWARDS);
	return await wrong();
}

/** What became of it all. Deactivates the triggers. */
export async function observe(world: World): Promise<Observation> {
	const { n8n, sandbox, watches, started, stuck } = world;
	const works: WorkEnd[] = [];
	let stored = '';
	for (const one of started) {
		const { end, stored: text } = await workEnd(world, one);
		works.push(end);
		stored += text;
	}
	const bytes = await fileSize(world);
	await letComeOut(world, bytes);
	for (const watch of watches) await deactivate(world, watch);
	const runs = (
		await Promise.all(watches.map(async (watch) => await expectedRuns(world, watch)))
	).flat();
	const emissions: Emission[] = [];
	for (const watch of watches) emissions.push(...(await emissionsOf(world, watch, bytes)));
	const addresses = await addressesAfterwards(world);
	const journal = await sandbox.journal();
	const left = await leftOn(world);
	return {
		runs,
		emissions,
		works,
		creations: creationsIn(journal),
		kills: [...n8n.kills],
		looks: journal.flatMap(({ path, at }) => {
			const reportId = /\/execution\/([^/]+)$/.exec(path)?.[1];
			return reportId === undefined ? [] : [{ reportId, at }];
		}),
		left,
		told: namedIn(stored, left),
		leftForGood: left.length > 0 ? await tidyLater(world) : [],
		addresses,
		secrets: await secretsOf(world),
		stuck: [...stuck],
	};
}
