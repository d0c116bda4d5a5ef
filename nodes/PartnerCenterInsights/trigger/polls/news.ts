import type { INodeExecutionData } from 'n8n-workflow';
import type { InsightsClient } from '../../insights/client';
import { isFailure } from '../../insights/errors';
import type { ReportId } from '../../insights/ids';
import { PROGRAM_NAMES } from '../../insights/program';
import { type InsightsRecord, text } from '../../insights/records';
import { completedExecutions } from '../../insights/runs/executions';
import type { Memory } from '../memory/memory';
import { keyOf, unseenExecutions } from '../memory/seenExecutions';
import {
	idOf,
	lastInTurn,
	missingReports,
	newExecutions,
	type TriggerState,
	visitingOrder,
	type Watch,
	watchedReports,
	withFindings,
	withReports,
	withStatuses,
	withUnvisited,
} from '../memory/state';
import type { InThisProcess } from '../memory/thisProcess';
import type { Service } from '../service';
import type { TriggerSettings } from '../settings';
import { type FileOutcome, forgetFiles, receiveFiles } from './files';
import { executionItem, statusItem, withFile, withoutFile } from './items';
import type { PollTime } from './pollTime';
import { inTurn, visitReports } from './visits';

/** What a look at the service works with. */
export interface Circumstances {
	service: Service;
	settings: TriggerSettings;
	memory: Memory;
	here: InThisProcess;
	time: PollTime;
	/**
	 * Whether this still is the poll or the call that may emit. A workflow that was edited meanwhile has a
	 * memory of its own, and finds the same.
	 */
	isCurrent: () => boolean;
}

/** What a look at the service brought. */
export interface News {
	items: INodeExecutionData[];
	/** The reports that are watched, as they are now. */
	watched: InsightsRecord[];
	/** There where none of the reports could be read, and nothing is known of any. */
	failure?: Error;
}

/** Reports as they are named in the log, the first few. */
function namesOf(ids: Iterable<string>, reports: readonly InsightsRecord[]): string {
	const names = Array.from(ids, (id) => {
		const report = reports.find((record) => idOf(record) === id);
		return `"${text(report?.ReportName) || id}"`;
	});
	const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
	return names.slice(0, 3).join(', ') + more;
}

/** Tells where nothing can come any more, unless the reports come back: an idle workflow does not show it. */
function warnOfNone(
	{ warn }: Service,
	{ reportIds, program }: TriggerSettings,
	watched: readonly InsightsRecord[],
): void {
	if (reportIds === undefined || watched.length > 0) return;
	warn(`None of the selected reports exists in ${PROGRAM_NAMES[program]}. Later polls look again.`);
}

/**
 * Which of the missing reports are deleted. The service also answers that nothing was found when it
 * fails for a moment: only what is not found by its ID by two polls in a row is believed to be gone.
 */
async function lookForMissing(
	missing: readonly ReportId[],
	{ service, here, time }: Circumstances,
): Promise<{ found: InsightsRecord[]; deleted: Set<string> }> {
	const { findings, failures } = await visitReports(missing, time, async (id) =>
		(await service.client.reports.list({ reportId: id })).filter((report) => idOf(report) === id),
	);
	const [failure] = failures.values();
	if (failure !== undefined) {
		service.warn(`Whether missing reports are deleted is not known yet. ${failure.message}`);
	}
	const gone = Array.from(findings)
		.filter(([, reports]) => reports.length === 0)
		.map(([id]) => id);
	const deleted = new Set(gone.filter((id) => here.gone.has(id)));
	const stillMissing = new Set<string>(missing);
	for (const id of here.gone) if (!stillMissing.has(id)) here.gone.delete(id);
	for (const [id, reports] of findings) {
		if (reports.length === 0 && !deleted.has(id)) here.gone.add(id);
		else here.gone.delete(id);
	}
	return { found: Array.from(findings.values()).flat(), deleted };
}

/** Looks for reports that were created, changed or deleted. */
export async function lookForChanges(circumstances: Circumstances): Promise<News> {
	const { service, settings, memory, isCurrent } = circumstances;
	const watch: Watch = { scope: service.scope, ...settings };
	const all = await service.client.reports.list();
	const listedAt = service.now();
	const missing = missingReports(memory.read(), watch, all);
	const { found, deleted } = await lookForMissing(missing, circumstances);
	const listed = all.concat(found);
	if (!isCurrent()) return { items: [], watched: [] };
	// From here on without a pause, so that polls that overlap do not emit a change twice.
	const { state, changes } = withStatuses(memory.read(), watch, listed, deleted, listedAt);
	memory.write(state);
	const watched = watchedReports(watch, listed);
	warnOfNone(service, settings, watched);
	return { items: changes.map(statusItem), watched };
}

/**
 * Looks once more at reports whose history is marked now and was empty. The service was seen to answer
 * that there is nothing where there is something, and what is not marked comes out as new.
 */
async function lookAgain(
	{ reports }: TriggerState,
	findings: Map<ReportId, InsightsRecord[]>,
	time: PollTime,
	client: InsightsClient,
): Promise<void> {
	const empty = Array.from(findings.keys()).filter((id) => {
		const { executions, overlooked } = reports[id] ?? {};
		return executions === undefined && overlooked === undefined && findings.get(id)?.length === 0;
	});
	if (time.isOver()) return;
	const again = await visitReports(
		empty,
		time,
		async (id) => await completedExecutions(client, id),
	);
	for (const [id, executions] of again.findings) findings.set(id, executions);
}

/**
 * Looks for executions that were completed.
 *
 * @param of the reports to look at, of those that are watched; undefined for all
 */
export async function lookForExecutions(
	{ service, settings, memory, here, time, isCurrent }: Circumstances,
	of?: ReadonlySet<string>,
): Promise<News> {
	const { client, scope, storeFile, warn } = service;
	const { fileField } = settings;
	const watch: Watch = { scope, ...settings };
	const listed = await client.reports.list();
	const listedAt = service.now();
	const known = withReports(memory.read(), watch, listed, listedAt);
	const watched = watchedReports(watch, listed);
	const ids = watched.map(idOf).filter((id) => of?.has(id) ?? true);
	const order = visitingOrder(known, ids, here.last);

	const { findings, failures } = await visitReports(
		inTurn(order, here.unreadable, here.polls++),
		time,
		async (id) => {
			const executions = await completedExecutions(client, id);
			const seen = known.reports[id]?.executions;
			if (seen !== undefined && unseenExecutions(seen, executions).length > 0) time.hurry();
			return executions;
		},
	);
	await lookAgain(known, findings, time, client);
	for (const id of findings.keys()) here.unreadable.delete(id);
	for (const id of failures.keys()) {
		here.unreadable.delete(id);
		here.unreadable.add(id);
	}
	if (of === undefined) {
		const isVisited = (id: ReportId) => findings.has(id) || failures.has(id);
		here.last = lastInTurn(known, order, isVisited, here.last, here.unreadable);
	}

	const news = newExecutions(known, findings);
	const files =
		fileField === undefined ? undefined : await receiveFiles(news, storeFile, here.downloads, time);
	const left = files?.left ?? new Set<string>();

	if (!isCurrent()) return { items: [], watched: [] };
	// From here on without a pause, so that polls that overlap do not emit an execution twice.
	const now = service.now();
	const state = withReports(memory.read(), watch, listed, listedAt);
	const reports = new Map(listed.map((report) => [idOf(report), report]));
	const itemOf = (
		execution: InsightsRecord,
		reportId: ReportId,
		outcome: FileOutcome | undefined,
	): INodeExecutionData => {
		const item = executionItem(execution, reports.get(reportId));
		if (outcome === undefined || fileField === undefined) return item;
		return 'file' in outcome
			? withFile(item, fileField, outcome.file)
			: withoutFile(item, outcome.reason);
	};
	const items = newExecutions(state, findings)
		.filter(({ execution }) => !left.has(keyOf(execution)))
		.map(({ execution, reportId }) =>
			itemOf(execution, reportId, files?.outcomes.get(keyOf(execution))),
		);
	const marked = withFindings(state, findings, now, left);
	memory.write(withUnvisited(marked, watch, listedAt));
	for (const key of files?.outcomes.keys() ?? []) here.downloads.delete(key);
	forgetFiles(here.downloads, news, (id) => findings.has(id as ReportId), time.now());

	warnOfNone(service, settings, watched);
	const [failure] = failures.values();
	const isAllBusy = Array.from(failures.values()).every((error) => isFailure(error, 'busy'));
	if (failure !== undefined && findings.size > 0 && !isAllBusy) {
		warn(
			`Not every report could be read: ${namesOf(failures.keys(), watched)}. Later polls try again. ${failure.message}`,
		);
	}
	const [fileFailure] = files?.failures ?? [];
	if (fileFailure !== undefined) {
		warn(`A report file could not be had yet; later polls try again. ${fileFailure.message}`);
	}
	return { items, watched, ...(findings.size === 0 && failure !== undefined && { failure }) };
}
