import type { IDataObject, IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { Values } from '../../fields/field';
import { type Settled, settle } from '../../insights/settle';
import { toNodeError } from '../nodeErrors';
import { ownerOf } from '../../trigger/callback/address';
import { type Memory, memoryOf } from '../../trigger/memory/memory';
import { type InThisProcess, inThisProcess } from '../../trigger/memory/thisProcess';
import { triggerParameters } from '../../trigger/parameters';
import {
	type ConnectionSettings,
	readConnection,
	readSettings,
	type TriggerSettings,
} from '../../trigger/settings';

/*
 * The trigger as n8n calls it. What n8n's contexts are asked for in this folder is handed to `trigger/` as
 * plain values and functions.
 */

/** The contexts in which n8n calls the trigger. */
export type TriggerContext = IPollFunctions | IWebhookFunctions | IHookFunctions;

/** n8n's types have this for some contexts only; all of them can. */
interface Evaluating {
	evaluateExpression: (text: string, itemIndex: number) => unknown;
}

const parametersOf = (context: TriggerContext): Values['get'] =>
	triggerParameters({
		written: (name, fallback) => context.getNodeParameter(name, fallback, { rawExpressions: true }),
		filled: (name, fallback) => context.getNodeParameter(name, fallback),
		evaluate: (text) => (context as unknown as Evaluating).evaluateExpression(text, 0),
	});

export const settingsOf = (context: TriggerContext): TriggerSettings =>
	readSettings(parametersOf(context), context.getTimezone());

/** What the connection takes, also where nothing else can be read. */
export const connectionOf = (context: TriggerContext): ConnectionSettings =>
	readConnection(parametersOf(context), context.getTimezone());

export const warnIn =
	(context: TriggerContext) =>
	(message: string): void =>
		context.logger.warn(`${context.getNode().name}: ${message}`);

export const hereOf = (context: TriggerContext): InThisProcess =>
	inThisProcess(`${context.getWorkflow().id ?? ''} ${context.getNode().id}`);

export const memoryIn = (context: TriggerContext, ofNode: IDataObject): Memory =>
	memoryOf(ofNode, context.getWorkflowStaticData('global'), context.getNode().id);

export const ownerIn = (context: TriggerContext): string =>
	ownerOf(context.getInstanceId(), context.getWorkflow().id ?? '', context.getNode().id);

/** n8n starts: a workflow that is active already must not be given up for what passes. */
export const isRestart = (context: IHookFunctions | IPollFunctions): boolean =>
	['init', 'leadershipChange'].includes(context.getActivationMode());

/** The value, or the failure as n8n shows it. */
export function unwrapped<T>(context: TriggerContext, outcome: Settled<T>): T {
	if ('error' in outcome) throw toNodeError(context.getNode(), outcome.error);
	return outcome.value;
}

export const unlessRefused = async <T>(context: TriggerContext, work: Promise<T>): Promise<T> =>
	unwrapped(context, await settle(work));
