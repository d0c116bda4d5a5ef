import type { INodeExecutionData } from 'n8n-workflow';
import type { InsightsClient } from '../../insights/client';
import { isFailure } from '../../insights/errors';
import type { ReportId } from '../../insights/ids';
import { type InsightsRecord, text } from '../../insights/records';
import { completedExecutions } from '../../insights/runs/executions';
import { newExecutions, withFindings, withUnvisited } from '../memory/findings';
import { keyOf, unseenExecutions } from '../memory/seenExecutions';
import { type TriggerState, withReports } from '../memory/state';
import { idOf, type Watch, watchedReports } from '../memory/watch';
import type { Service } from '../service';
import { type FileOutcome, type Files, forgetFiles, receiveFiles } from './files';
import { executionItem, withFile, withoutFile } from './items';
import { type Circumstances, type News, NO_NEWS, warnOfNone } from './news';
import { inTurn, lastInTurn, visitingOrder } from './order';
import type { PollTime } from './pollTime';
import { visitReports, type Visits } from './visits';

type Executions = Visits<ReportId, InsightsRecord[]>;

const NO_FILES: Files = { outcomes: new Map(), left: new Set(), failures: [] };

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
 * Reads the executions of reports in their turn, as far as the poll comes, and notes for the next one where
 * to go on, and what could not be read.
 *
 * @param isWhole whether the reports are all that are watched
 */
async function readInTurn(
	known: TriggerState,
	ids: readonly ReportId[],
	isWhole: boolean,
	{ service: { client }, here, time }: Circumstances,
): Promise<Executions> {
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
	if (isWhole) {
		const isVisited = (id: ReportId) => findings.has(id) || failures.has(id);
		here.last = lastInTurn(known, order, isVisited, here.last, here.unreadable);
	}
	return { findings, failures };
}

/** An execution as it is emitted, with its file or the reason why there is none, where files are wanted. */
function itemOf(
	execution: InsightsRecord,
	report: InsightsRecord | undefined,
	outcome: FileOutcome | undefined,
	fileField: string | undefined,
): INodeExecutionData {
	const item = executionItem(execution, report);
	if (outcome === undefined || fileField === undefined) return item;
	return 'file' in outcome
		? withFile(item, fileField, outcome.file)
		: withoutFile(item, outcome.reason);
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

/** Tells what could not be read, where other reports could, and which file is still to come. */
function warnOfFailures(
	{ warn }: Service,
	{ findings, failures }: Executions,
	[fileFailure]: readonly Error[],
	watched: readonly InsightsRecord[],
): void {
	const [failure] = failures.values();
	const isAllBusy = Array.from(failures.values()).every((error) => isFailure(error, 'busy'));
	if (failure !== undefined && findings.size > 0 && !isAllBusy) {
		warn(
			`Not every report could be read: ${namesOf(failures.keys(), watched)}. Later polls try again. ${failure.message}`,
		);
	}
	if (fileFailure !== undefined) {
		warn(`A report file could not be had yet; later polls try again. ${fileFailure.message}`);
	}
}

/**
 * Looks for executions that were completed.
 *
 * @param of the reports to look at, of those that are watched; undefined for all
 */
export async function lookForExecutions(
	circumstances: Circumstances,
	of?: ReadonlySet<string>,
): Promise<News> {
	const { service, settings, memory, here, time, isCurrent } = circumstances;
	const { fileField } = settings;
	const watch: Watch = { scope: service.scope, ...settings };
	const listed = await service.client.reports.list();
	const listedAt = service.now();
	const known = withReports(memory.read(), watch, listed, listedAt);
	const watched = watchedReports(watch, listed);
	const ids = watched.map(idOf).filter((id) => of?.has(id) ?? true);

	const executions = await readInTurn(known, ids, of === undefined, circumstances);
	const { findings, failures } = executions;
	const news = newExecutions(known, findings);
	const files =
		fileField === undefined
			? NO_FILES
			: await receiveFiles(news, service.storeFile, here.downloads, time);

	if (!isCurrent()) return NO_NEWS;
	// From here on without a pause, so that polls that overlap do not emit an execution twice.
	const state = withReports(memory.read(), watch, listed, listedAt);
	const reports = new Map(listed.map((report) => [idOf(report), report]));
	const items = newExecutions(state, findings)
		.filter(({ execution }) => !files.left.has(keyOf(execution)))
		.map(({ execution, reportId }) =>
			itemOf(execution, reports.get(reportId), files.outcomes.get(keyOf(execution)), fileField),
		);
	const marked = withFindings(state, findings, service.now(), files.left);
	memory.write(withUnvisited(marked, watch, listedAt));
	for (const key of files.outcomes.keys()) here.downloads.delete(key);
	forgetFiles(here.downloads, news, (id) => findings.has(id as ReportId), time.now());

	warnOfNone(service, settings, watched);
	warnOfFailures(service, executions, files.failures, watched);
	const [failure] = failures.values();
	return { items, watched, ...(findings.size === 0 && failure !== undefined && { failure }) };
}
