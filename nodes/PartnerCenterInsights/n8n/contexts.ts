import type {
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

/** The n8n contexts in which the API can be called. */
export type RequestContext =
	IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions | IPollFunctions | IWebhookFunctions;

/** The context with another stop signal: n8n attaches that to every request of its own accord. */
export function stoppedBy<Context extends RequestContext>(
	context: Context,
	signal: AbortSignal | undefined,
): Context {
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => signal },
	}) as Context;
}

/** The context without its stop signal: what a stopped execution has created must still be removed. */
export const withoutStop = (context: IExecuteFunctions): IExecuteFunctions =>
	stoppedBy(context, undefined);
