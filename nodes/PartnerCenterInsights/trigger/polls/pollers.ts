import { randomUUID } from 'node:crypto';
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { TriggerContext } from '../connection';
import type { TriggerSettings } from '../settings';

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
	const key = keyOf(context);
	// Newer ways of scheduling hand each poll a copy of its own, which nobody else can work on.
	if (!useCallback || !('__dataChanged' in staticData)) {
		pollers.delete(key);
	} else if (pollers.get(key) !== staticData) {
		pollers.set(key, staticData);
		// Stored by n8n when the activation is done.
		staticData.polledBy = randomUUID();
	}
}

/**
 * What the polls of this trigger work on, if they run in this process. With several main processes they
 * may have run here before and run in another one now; what n8n has stored tells.
 */
export function pollerOf(context: TriggerContext, stored: IDataObject): IDataObject | undefined {
	const polled = pollers.get(keyOf(context));
	return polled?.polledBy === stored.polledBy ? polled : undefined;
}

export const forgetPoller = (context: TriggerContext): void => {
	pollers.delete(keyOf(context));
};
