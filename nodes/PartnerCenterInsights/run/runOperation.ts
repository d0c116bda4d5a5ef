import { setTimeout as delay } from 'node:timers/promises';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { createInsightsClient, type InsightsClient } from '../insights/client';
import { connect, type CredentialType } from '../n8n/connection';
import { type RequestContext, withoutStop } from '../n8n/contexts';
import { createFileTransport } from '../n8n/fileTransport';
import { toNodeError } from '../n8n/nodeErrors';
import type { Program } from '../insights/program';
import type { Operation, Output } from '../operations/operation';
import { createParameterReader, type ParameterReader } from '../parameters/reader';
import { createReadAhead } from './readAhead';
import { limits as limitProperties } from '../parameters/shared';

interface Limits {
	maxConcurrency: number;
	maxRetries: number;
	/** ms */
	timeout: number;
}

const atLeast = (least: number, value: unknown, fallback: number): number => {
	const number = Number(value ?? fallback);
	return Number.isFinite(number) ? Math.max(least, Math.floor(number)) : fallback;
};

const defaultOf = (name: string): number =>
	Number(limitProperties.find((property) => property.name === name)?.default);

/** The limits hold for the whole run and are read from its first item. */
function readLimits(parameters: ParameterReader, operation: Operation): Limits {
	const options = parameters.collection('options');
	const read = (name: string, least: number) => atLeast(least, options[name], defaultOf(name));
	const timeout = read('timeoutSeconds', 1) * 1_000;
	return {
		maxConcurrency: read('maxConcurrency', 1),
		maxRetries: read('maxRetries', 0),
		timeout:
			options.timeoutSeconds === undefined
				? Math.max(timeout, operation.leastTimeout ?? 0)
				: timeout,
	};
}

/** Time that an item is given to send its request, in ms. */
const UNDER_WAY = 10;

/**
 * Works on the items with a bounded number at once. The results stand in the order of the items.
 *
 * When an item fails, no further one is begun; those under way are waited for, since a change that has
 * been sent cannot be taken back.
 */
async function forEachItem<T>(
	count: number,
	maxConcurrency: number,
	work: (itemIndex: number) => Promise<T>,
	onFailure: () => void,
	isStopped: () => boolean,
	prepare: (itemIndex: number) => void,
): Promise<T[]> {
	const results: T[] = new Array<T>(count);
	const failures: unknown[] = [];
	let next = 0;
	let prepared = 0;
	const timers = new Set<NodeJS.Timeout>();
	/** One of the items that come next, as soon as those that have begun are likely to be waited for. */
	const prepareOne = () => {
		const timer = setTimeout(() => {
			timers.delete(timer);
			prepared = Math.max(prepared, next);
			if (prepared < Math.min(count, next + maxConcurrency)) prepare(prepared++);
		}, UNDER_WAY);
		timers.add(timer);
	};
	const lane = async () => {
		while (next < count && failures.length === 0 && !isStopped()) {
			const itemIndex = next++;
			prepareOne();
			const outcome = await work(itemIndex).then(
				(result) => ({ result }),
				(error: unknown) => ({ error }),
			);
			if ('result' in outcome) {
				results[itemIndex] = outcome.result;
			} else {
				failures.push(outcome.error);
				onFailure();
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(maxConcurrency, count) }, lane));
	timers.forEach(clearTimeout);
	// The first in time: the later ones may only tell that their wait was ended.
	if (failures.length > 0) throw failures[0];
	return results;
}

/** Runs an operation for every input item: bounded, paired, in order, and stopped at once on demand. */
export async function runOperation(
	context: IExecuteFunctions,
	operation: Operation,
): Promise<INodeExecutionData[]> {
	const itemCount = context.getInputData().length;
	if (itemCount === 0) return [];
	const node = context.getNode();
	const readAhead = createReadAhead((name, itemIndex, fallback): unknown =>
		context.getNodeParameter(name, itemIndex, fallback),
	);
	const parametersOf = (itemIndex: number) =>
		createParameterReader(readAhead.readerOf(itemIndex), context.getTimezone());
	const limits = readLimits(parametersOf(0), operation);
	const executionSignal = context.getExecutionCancelSignal();
	const failed = new AbortController();
	const waitSignal = executionSignal
		? AbortSignal.any([executionSignal, failed.signal])
		: failed.signal;

	const wait = async (ms: number) => {
		await delay(ms, undefined, { signal: waitSignal });
	};
	const credentialType = context.getNodeParameter('authentication', 0) as CredentialType;

	const connectRun = (
		connected: RequestContext,
		signal: AbortSignal | undefined,
		pause: (ms: number) => Promise<void>,
	) => {
		const clients = new Map<Program, InsightsClient>();
		const connection = connect(connected, credentialType, limits.timeout, signal);
		// Awaited by the first item that is valid; bad input is told even where the credential is bad too.
		connection.catch(() => undefined);
		return async (program: Program) => {
			const { account, ...transport } = await connection;
			// Not before that: the first items would each get a client of their own, with waits of its own.
			const client =
				clients.get(program) ??
				createInsightsClient({
					...transport,
					program,
					maxRetries: limits.maxRetries,
					wait: pause,
				});
			clients.set(program, client);
			return { client, scope: `${transport.apiBaseUrl}/${program}/${account}` };
		};
	};
	const clientFor = connectRun(context, executionSignal, wait);
	const shared = new Map<string, Promise<Output[]>>();

	const work = async (itemIndex: number): Promise<INodeExecutionData[]> => {
		const outcome = await (async () => {
			const parameters = parametersOf(itemIndex);
			const program = parameters.program();
			const { client, scope } = await clientFor(program);
			return await operation.run({
				client,
				scope,
				uninterrupted: async () => {
					const connectApart = connectRun(withoutStop(context), undefined, delay);
					return (await connectApart(program)).client;
				},
				parameters,
				fetchFile: createFileTransport(
					async (options) => (await context.helpers.httpRequest(options)) as unknown,
					limits.timeout,
					executionSignal,
				),
				maxRetries: limits.maxRetries,
				wait,
				share: async (key, make) => {
					const outputs = shared.get(key) ?? make();
					shared.set(key, outputs);
					return await outputs;
				},
				log: (message) => {
					context.logger.info(message);
					context.sendMessageToUI(message);
				},
				hint: (message) => context.addExecutionHints({ message, location: 'outputPane' }),
				helpers: context.helpers,
				abortSignal: executionSignal,
			});
		})().then(
			(outputs) => ({ outputs }),
			(error: unknown) => ({ error: toNodeError(node, error, itemIndex) }),
		);
		const pairedItem = { item: itemIndex };
		if ('outputs' in outcome) {
			// Items that share a run share its rows, but each has an item of its own.
			return outcome.outputs.map(({ json, binary }) =>
				binary === undefined ? { json, pairedItem } : { json, binary, pairedItem },
			);
		}
		// Whoever stopped the execution does not want to read that it was stopped.
		if (executionSignal?.aborted) return [];
		if (context.continueOnFail()) {
			return [{ json: { error: outcome.error.message }, pairedItem }];
		}
		throw outcome.error;
	};

	const results = await forEachItem(
		itemCount,
		limits.maxConcurrency,
		work,
		() => failed.abort(),
		() => executionSignal?.aborted === true,
		readAhead.prepare,
	);
	return results.flat();
}
