import { randomUUID } from 'node:crypto';
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { isFailure } from '../../insights/errors';
import type { InsightsRecord } from '../../insights/records';
import { asError, settle } from '../../insights/settle';
import { enterIn } from '../../trigger/callback/entering';
import { canBeCalledFor, readRegistration } from '../../trigger/callback/registration';
import { isCopy, type Memory } from '../../trigger/memory/memory';
import { idOf } from '../../trigger/memory/watch';
import type { InThisProcess } from '../../trigger/memory/thisProcess';
import { lookForExecutions } from '../../trigger/polls/executionNews';
import type { Circumstances, News } from '../../trigger/polls/news';
import { lookForChanges } from '../../trigger/polls/statusNews';
import { OutOfTime, type PollTime, startPollTime } from '../../trigger/polls/pollTime';
import { sampleItems } from '../../trigger/polls/sample';
import type { Service } from '../../trigger/service';
import type { TriggerSettings } from '../../trigger/settings';
import { hereOf, isRestart, memoryIn, ownerIn, settingsOf, unwrapped, warnIn } from './context';
import { openService } from './openService';

/** n8n's start, or a person, waits for the first poll after that: what it leaves comes next. In ms. */
const BRIEF = 20_000;

/** n8n gives an activation up after 84 s: the reports that this one does not come to are next. In ms. */
const FIRST = 45_000;

/**
 * Contexts of polls. n8n makes one when a workflow is activated or n8n starts and uses it for all its
 * polls; newer ways of scheduling make one for each poll.
 */
const used = new WeakSet<IPollFunctions>();
/** What n8n keeps for a node that this process polls, marked as such. */
const marked = new WeakSet<IDataObject>();
/** Where the last poll has not ended when the next is due. */
const busy = new WeakSet<IPollFunctions>();

/** Enters the address in reports that were created since it was entered in the others. */
async function enterInNew(
	context: IPollFunctions,
	{ client, warn }: Service,
	watched: readonly InsightsRecord[],
	here: InThisProcess,
	time: PollTime,
): Promise<void> {
	// n8n 2.41 enters it in the others at the same time.
	await settle(here.entering ?? Promise.resolve());
	const registration = readRegistration(context.getWorkflowStaticData('node').callback);
	if (registration === undefined || here.isLeaving) return;
	const known = new Set([...registration.known, ...here.entered]);
	const created = watched.filter((report) => canBeCalledFor(report) && !known.has(idOf(report)));
	const self = { base: registration.base, owner: ownerIn(context) };
	const goesOn = () => !here.isLeaving && !time.isOver();
	const entering = enterIn(created, self, registration, { client, warn }, goesOn);
	here.entering = entering;
	for (const id of (await entering).dealtWith) here.entered.add(id);
}

/**
 * To be called by each poll: a request that comes in must work on the same memory, which n8n stores
 * only when a poll emits something.
 */
function rememberPolled(
	here: InThisProcess,
	{ useCallback }: TriggerSettings,
	ofNode: IDataObject,
	memory: Memory,
): void {
	// Newer ways of scheduling hand each poll a copy of its own, which nobody else can work on.
	if (!useCallback || isCopy(ofNode)) {
		here.polled = undefined;
		return;
	}
	if (here.polled?.ofNode !== ofNode) here.polled = { ofNode, memory };
	if (marked.has(ofNode)) return;
	marked.add(ofNode);
	// Stored by n8n when the activation is done, and by nothing before a poll emits: it must not change.
	ofNode.polledBy = randomUUID();
}

async function pollOnce(
	context: IPollFunctions,
	here: InThisProcess,
	isFirst: boolean,
): Promise<INodeExecutionData[][] | null> {
	const settings = settingsOf(context);
	const budget = (context as Partial<IPollFunctions>).getPollBudgetMs?.();
	if (context.getMode() === 'manual') {
		const time = startPollTime(budget, BRIEF);
		return [await sampleItems(await openService(context, settings, time), settings, time)];
	}
	const ofNode = context.getWorkflowStaticData('node');
	const memory = memoryIn(context, ofNode);
	rememberPolled(here, settings, ofNode, memory);
	const isBrief = isFirst && memory.read() !== undefined;
	const time = startPollTime(budget, isBrief ? BRIEF : isFirst ? FIRST : undefined);
	const service = await openService(context, settings, time);
	const isCurrent = () => isCopy(ofNode) || here.poller === context;
	const circumstances: Circumstances = { service, settings, memory, here, time, isCurrent };
	const look =
		settings.event === 'reportStatusChanged'
			? lookForChanges(circumstances)
			: lookForExecutions(circumstances);
	const { items, watched, failure } = await look.catch((error: unknown): News => ({
		items: [],
		watched: [],
		failure: asError(error),
	}));
	if (settings.useCallback) await enterInNew(context, service, watched, here, time);
	if (failure === undefined) return items.length === 0 ? null : [items];
	// What there is no time for now is no reason to refuse the activation: the next poll comes.
	const hasNoTime = failure instanceof OutOfTime;
	const isListed = isFirst && watched.length > 0;
	if (isBrief ? hasNoTime : isListed && (hasNoTime || isFailure(failure, 'busy'))) {
		service.warn(failure.message);
		return null;
	}
	throw failure;
}

/**
 * Looks for what is new. Null when there is nothing, also while the poll before is not over.
 *
 * @throws NodeApiError, NodeOperationError when nothing could be found out
 */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (busy.has(context)) return null;
	const here = hereOf(context);
	const isManual = context.getMode() === 'manual';
	const isFirst = !used.has(context);
	const before = here.poller;
	if (!isManual) {
		used.add(context);
		if (isFirst) here.poller = context;
		// n8n can leave a poll function behind that it has registered twice: the latest one polls.
		else if (here.poller !== context) return null;
	}
	busy.add(context);
	const outcome = await settle(pollOnce(context, here, isFirst));
	busy.delete(context);
	if ('error' in outcome && isFirst && !isManual && isRestart(context)) {
		// n8n would not come back to it: the next poll tells what is wrong, if it lasts.
		warnIn(context)(asError(outcome.error).message);
		return null;
	}
	// Its activation is refused, so whatever polled before goes on.
	if ('error' in outcome && isFirst && !isManual) {
		used.delete(context);
		if (here.poller === context) here.poller = before;
	}
	return unwrapped(context, outcome);
}
