import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { toNodeError } from '../../n8n/nodeErrors';
import { enterInNewReports } from '../callback/callback';
import { openConnection } from '../connection';
import { lookForChanges, lookForExecutions, type Outcome } from './look';
import { memoryOf } from '../memory/memory';
import { readSettings } from '../settings';
import { rememberPoller } from './pollers';
import { OutOfTime, startPollTime } from './pollTime';
import { sampleItems } from './sample';
import { asError } from './visits';

/** n8n's start, or a person, waits for the first poll after that: what it leaves comes next. In ms. */
const BRIEF = 20_000;

/**
 * Contexts of polls. n8n makes one when a workflow is activated or n8n starts and uses it for all its
 * polls; newer ways of scheduling make one for each poll.
 */
const used = new WeakSet<IPollFunctions>();
/** Where the last poll has not ended when the next is due. */
const busy = new WeakSet<IPollFunctions>();

async function pollOnce(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const settings = readSettings(context);
	const budget = (context as Partial<IPollFunctions>).getPollBudgetMs?.();
	if (context.getMode() === 'manual') {
		const time = startPollTime(budget, BRIEF);
		const connection = await openConnection(context, settings, time);
		return [await sampleItems(context, connection, settings, time)];
	}
	const staticData = context.getWorkflowStaticData('node');
	const memory = memoryOf(staticData);
	rememberPoller(context, settings, staticData);
	const isFirst = !used.has(context);
	used.add(context);
	const isBrief = isFirst && memory.read() !== undefined;
	const time = startPollTime(budget, isBrief ? BRIEF : undefined);
	const connection = await openConnection(context, settings, time);
	const look =
		settings.event === 'reportStatusChanged'
			? lookForChanges(connection, settings, memory, time)
			: lookForExecutions(context, connection, settings, memory, time);
	const { items, watched, failure } = await look.catch((error: unknown): Outcome => ({
		items: [],
		watched: [],
		failure: asError(error),
	}));
	if (settings.useCallback) {
		await enterInNewReports(context, connection.client, watched, staticData);
	}
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
