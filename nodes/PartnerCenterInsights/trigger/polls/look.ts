import type { INodeExecutionData, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { isFailure } from '../../insights/errors';
import { listExecutions } from '../../insights/runs/executions';
import type { InsightsRecord } from '../../insights/records';
import { type Connection, storeFile } from '../connection';
import { executionItem, statusItem } from './items';
import type { Memory } from '../memory/memory';
import type { TriggerSettings } from '../settings';
import type { PollTime } from './pollTime';
import { unseenExecutions } from '../memory/seenExecutions';
import {
	idOf,
	missingReports,
	newExecutions,
	visitingOrder,
	type Watch,
	watchedReports,
	withFindings,
	withReports,
	withStatuses,
} from '../memory/state';
import { asError, visitReports } from './visits';

/** What a look at the service brought. Both can be there: what was found is handed over, and the failure told. */
export interface Outcome {
	items: INodeExecutionData[];
	/** The reports that are watched, as they are now. */
	watched: InsightsRecord[];
	failure?: Error;
}

/** Looks for reports that were created, changed or deleted. */
export async function lookForChanges(
	{ client, scope }: Connection,
	settings: TriggerSettings,
	memory: Memory,
	time: PollTime,
): Promise<Outcome> {
	const watch: Watch = { scope, ...settings };
	const listed = await client.reports.list();
	// A list can be incomplete for a moment; a report that is gone is not found by its ID either.
	const missing = missingReports(memory.read(), watch, listed);
	const { findings, failure } = await visitReports(missing, time, async (id) =>
		(await client.reports.list({ reportId: id })).filter((report) => idOf(report) === id),
	);
	listed.push(...Array.from(findings.values()).flat());
	const gone = Array.from(findings).filter(([, reports]) => reports.length === 0);
	const deleted = new Set(gone.map(([id]) => id));
	// From here on without a pause, so that polls that overlap do not emit a change twice.
	const { state, changes } = withStatuses(memory.read(), watch, listed, deleted);
	memory.write(state);
	return { items: changes.map(statusItem), watched: watchedReports(watch, listed), failure };
}

/**
 * Looks for executions that were completed.
 *
 * @param of the reports to look at, of those that are watched; undefined for all
 */
export async function lookForExecutions(
	context: IPollFunctions | IWebhookFunctions,
	connection: Connection,
	settings: TriggerSettings,
	memory: Memory,
	time: PollTime,
	of?: ReadonlySet<string>,
): Promise<Outcome> {
	const { client, scope } = connection;
	const watch: Watch = { scope, ...settings };
	const listed = await client.reports.list();
	const known = withReports(memory.read(), watch, listed);
	const watched = watchedReports(watch, listed);
	const ids = watched.map(idOf).filter((id) => of?.has(id) ?? true);

	const visits = await visitReports(visitingOrder(known, ids), time, async (id) => {
		const executions = await listExecutions(client, id, ['Completed']);
		const seen = known.reports[id]?.executions;
		if (seen !== undefined && unseenExecutions(seen, executions).length > 0) time.hurry();
		return executions;
	});
	const { findings, last } = visits;
	let { failure } = visits;

	const files = new Map<InsightsRecord, INodeExecutionData['binary']>();
	const left = new Set<InsightsRecord>();
	if (settings.fileField !== undefined) {
		for (const { reportId, execution } of newExecutions(known, findings)) {
			if (files.size > 0 && time.isOver()) {
				left.add(execution);
				continue;
			}
			await storeFile(context, connection, time, reportId, execution).then(
				(file) => files.set(execution, { [settings.fileField ?? '']: file }),
				(error: unknown) => {
					failure ??= asError(error);
					left.add(execution);
				},
			);
		}
	}

	// From here on without a pause, so that polls that overlap do not emit an execution twice.
	const state = withReports(memory.read(), watch, listed);
	const reports = new Map(listed.map((report) => [idOf(report), report]));
	const items = newExecutions(state, findings)
		.filter(({ execution }) => !left.has(execution))
		.map(({ reportId, execution }) => ({
			...executionItem(execution, reports.get(reportId)),
			...(files.has(execution) && { binary: files.get(execution) }),
		}));
	memory.write({
		...withFindings(state, findings, left),
		...(last !== undefined && of === undefined && { last }),
	});
	const isBusy = isFailure(failure, 'busy');
	return { items, watched, ...(!(isBusy && findings.size > 0) && { failure }) };
}
