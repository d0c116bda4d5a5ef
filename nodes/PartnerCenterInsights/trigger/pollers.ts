import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { TriggerContext } from './connection';
import type { TriggerSettings } from './parameters';

/**
 * What n8n keeps for the triggers that poll in this process, by workflow and node. n8n stores it only
 * when a poll emits something, so a request that comes in must work on the same memory as the polls.
 */
const pollers = new Map<string, IDataObject>();

const keyOf = (context: TriggerContext): string =>
	`${context.getWorkflow().id ?? ''} ${context.getNode().id}`;

/** To be called by each poll. */
export function rememberPoller(
	context: IPollFunctions,
	{ useCallback }: TriggerSettings,
	staticData: IDataObject,
): void {
	// Newer ways of scheduling hand each poll a copy of its own, which nobody else can work on.
	if (useCallback && '__dataChanged' in staticData) pollers.set(keyOf(context), staticData);
	else pollers.delete(keyOf(context));
}

/** What the polls of this trigger work on, if they run in this process. */
export const pollerOf = (context: TriggerContext): IDataObject | undefined =>
	pollers.get(keyOf(context));

export const forgetPoller = (context: TriggerContext): void => {
	pollers.delete(keyOf(context));
};
