import type { INodeExecutionData } from 'n8n-workflow';
import { authentication } from '../fields/connection';
import { isEndedWait, systemClock } from '../insights/clock';
import { settle } from '../insights/settle';
import { messageOf, toNodeError } from '../n8n/nodeErrors';
import type { NodeRun } from '../n8n/nodeRun';
import type { ItemContext, Limits, Operation, Output } from '../operations/operation';
import { createClients } from './clients';
import { inLanes } from './lanes';
import { limitsOfRun } from './limits';
import { readAhead } from './readAhead';
import { sameReportHint } from './sameReport';

/** How often a request of the clean-up is sent again at least: what it leaves counts against quotas. */
const CLEAN_UP_RETRIES = 3;

/** Where no item has options that can be used, and none of them gets further than to say so. */
const ANY_LIMITS: Limits = { maxConcurrency: 1, maxRetries: 0, requestTimeout: 1_000 };

/** What of an operation is needed to run it. */
export type ItemWork = Pick<Operation, 'readLimits' | 'begin'>;

/**
 * Runs an operation for every input item: bounded, paired, in order, and stopped at once on demand.
 *
 * @param clockUntil a clock whose waits end with the signal
 */
export async function runOperation(
	run: NodeRun,
	operation: ItemWork,
	clockUntil = systemClock,
): Promise<INodeExecutionData[]> {
	const { node, itemCount, valuesOf, stop } = run;
	const limits = limitsOfRun(operation, itemCount, valuesOf) ?? ANY_LIMITS;
	const failed = new AbortController();
	const clock = clockUntil(stop ? AbortSignal.any([stop, failed.signal]) : failed.signal);
	const clientFor = createClients(run.connect, limits, stop, clock);
	const clientApart = createClients(
		run.connectApart,
		{ ...limits, maxRetries: Math.max(limits.maxRetries, CLEAN_UP_RETRIES) },
		undefined,
		clockUntil(),
		clientFor,
	);
	const tools = toolsOf(run, limits);

	const read = (itemIndex: number) => {
		const values = valuesOf(itemIndex);
		const { program } = values;
		return { program, credentialType: authentication.read(values), task: operation.begin(values) };
	};
	const inputs = readAhead(itemCount, limits.maxConcurrency, read, clock.now);

	const work = async (itemIndex: number): Promise<Output[]> => {
		// All that the item gives is read before anything is connected or sent for it.
		const { program, credentialType, task } = inputs.take(itemIndex);
		return await task({
			...tools,
			...(await clientFor(credentialType, program)),
			program,
			wait: clock.wait,
			uninterrupted: async () => (await clientApart(credentialType, program)).client,
		});
	};

	const pairedWork = async (itemIndex: number): Promise<INodeExecutionData[]> => {
		const pairedItem = { item: itemIndex };
		const outcome = await settle(work(itemIndex));
		if ('value' in outcome) return outcome.value.map((output) => ({ ...output, pairedItem }));
		// Whoever stopped the execution does not want to read that it was stopped.
		if (stop?.aborted) return [];
		if (run.continuesOnFail()) {
			return [{ json: { error: messageOf(outcome.error, itemIndex) }, pairedItem }];
		}
		// Another item's failure has ended the wait, and is what there is to tell.
		if (failed.signal.aborted && isEndedWait(outcome.error)) throw outcome.error;
		throw toNodeError(node, outcome.error, itemIndex);
	};

	const results = await inLanes(itemCount, limits.maxConcurrency, pairedWork, {
		onFailure: () => failed.abort(),
		isStopped: () => stop?.aborted === true,
	}).finally(inputs.end);
	const hint = sameReportHint(node.parameters, itemCount);
	if (hint !== undefined) tools.hint(hint);
	return results.flat();
}

type Tools = Omit<ItemContext, 'client' | 'scope' | 'names' | 'program' | 'wait' | 'uninterrupted'>;

/** An output of its own for another item that shares a run: a later node may change one of them. */
const copyOf = ({ json, binary }: Output): Output => ({
	json: { ...json },
	...(binary && {
		binary: Object.fromEntries(Object.entries(binary).map(([name, file]) => [name, { ...file }])),
	}),
});

/** What of n8n the items use, the same for all of them. */
function toolsOf(
	{ storeFile, fileTransport, log, hint, stop }: NodeRun,
	{ maxRetries, requestTimeout }: Limits,
): Tools {
	const shared = new Map<string, Promise<Output[]>>();
	const told = new Set<string>();
	return {
		maxRetries,
		abortSignal: stop,
		storeFile,
		fetchFile: fileTransport(requestTimeout),
		share: async (key, make) => {
			const known = shared.get(key);
			if (known !== undefined) return (await known).map(copyOf);
			const outputs = make();
			shared.set(key, outputs);
			return await outputs;
		},
		log,
		hint: (message) => {
			if (told.has(message)) return;
			told.add(message);
			hint(message);
		},
	};
}
