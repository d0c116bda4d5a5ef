import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { InsightsError } from '../insights/errors';
import { listExecutions } from '../insights/executions';
import type { InsightsRecord } from '../insights/records';
import { toNodeError } from '../nodeErrors';
import { type Connection, openConnection } from './connection';
import { executionItem, statusItem } from './items';
import { readSettings, type TriggerSettings } from './parameters';
import { OutOfTime, type PollTime, startPollTime } from './pollTime';
import { sampleItems } from './sample';
import { unseenExecutions } from './seenExecutions';
import {
	idOf,
	missingReports,
	newExecutions,
	readState,
	type TriggerState,
	visitingOrder,
	type Watch,
	watchedReports,
	withFindings,
	withReports,
	withStatuses,
} from './state';
import { asError, visitReports } from './visits';

/** n8n's start, or a person, waits for the first poll after that: what it leaves comes next. In ms. */
const BRIEF = 20_000;

/**
 * Contexts of polls. n8n makes one when a workflow is activated or n8n starts and uses it for all its
 * polls; newer ways of scheduling make one for each poll.
 */
const used = new WeakSet<IPollFunctions>();
/** Where the last poll has not ended when the next is due. */
const busy = new WeakSet<IPollFunctions>();

/** The workflow's memory of this trigger. */
interface Memory {
	read: () => TriggerState | undefined;
	write: (state: TriggerState) => void;
}

function memoryOf(context: IPollFunctions): Memory {
	return {
		read: () => readState(context.getWorkflowStaticData('node').state),
		write: (state) => {
			context.getWorkflowStaticData('node').state = state;
		},
	};
}

/** What a poll brought. Both can be there: what was found is handed over, and the failure told. */
interface Outcome {
	items: INodeExecutionData[];
	failure?: Error;
}

async function pollStatuses(
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
	return { items: changes.map(statusItem), failure };
}

async function pollExecutions(
	connection: Connection,
	settings: TriggerSettings,
	memory: Memory,
	time: PollTime,
): Promise<Outcome> {
	const { client, scope, storeFile } = connection;
	const watch: Watch = { scope, ...settings };
	const listed = await client.reports.list();
	const known = withReports(memory.read(), watch, listed);
	const ids = watchedReports(watch, listed).map(idOf);

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
			await storeFile(reportId, execution).then(
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
	memory.write({ ...withFindings(state, findings, left), ...(last !== undefined && { last }) });
	const isBusy = failure instanceof InsightsError && failure.status === 429;
	return { items, ...(!(isBusy && findings.size > 0) && { failure }) };
}

async function pollOnce(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const settings = readSettings(context);
	const budget = (context as Partial<IPollFunctions>).getPollBudgetMs?.();
	if (context.getMode() === 'manual') {
		const time = startPollTime(budget, BRIEF);
		return [await sampleItems(await openConnection(context, settings, time), settings, time)];
	}
	const memory = memoryOf(context);
	const isFirst = !used.has(context);
	used.add(context);
	const isBrief = isFirst && memory.read() !== undefined;
	const time = startPollTime(budget, isBrief ? BRIEF : undefined);
	const connection = await openConnection(context, settings, time);
	const poll = settings.event === 'reportStatusChanged' ? pollStatuses : pollExecutions;
	const { items, failure } = await poll(connection, settings, memory, time).catch(
		(error: unknown): Outcome => ({ items: [], failure: asError(error) }),
	);
	if (items.length === 0) {
		if (isBrief && failure instanceof OutOfTime) return null;
		if (failure !== undefined) throw failure;
		return null;
	}
	if (failure !== undefined) {
		const { message } = toNodeError(context.getNode(), failure);
		context.logger.warn(`${context.getNode().name}: ${message}`);
	}
	return [items];
}

/**
 * Looks for what is new. Null when there is nothing, also while the poll before is not over.
 *
 * @throws NodeApiError, NodeOperationError when nothing could be found out
 */
export async function pollForNews(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (busy.has(context)) return null;
	busy.add(context);
	const outcome = await pollOnce(context)
		.then(
			(items) => ({ items }),
			(error: unknown) => ({ error: toNodeError(context.getNode(), error) }),
		)
		.finally(() => busy.delete(context));
	if ('error' in outcome) throw outcome.error;
	return outcome.items;
}
