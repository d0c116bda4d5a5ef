import type { IBinaryData, IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { createInsightsClient, type InsightsClient } from '../insights/client';
import { connect, createFileTransport } from '../n8n/connection';
import type { InsightsRecord } from '../insights/records';
import { receiveFile } from '../insights/files/reportFile';
import { readAgain } from '../insights/runs/executions';
import type { TriggerSettings } from './settings';
import type { PollTime } from './polls/pollTime';

/** The contexts in which n8n calls the trigger. */
export type TriggerContext = IPollFunctions | IWebhookFunctions | IHookFunctions;

const MAX_RETRIES = 3;
/** ms without any data of a file */
const FILE_TIMEOUT = 60_000;

/** The service as the trigger uses it. */
export interface Connection {
	client: InsightsClient;
	/** Tells program and credential apart from others. */
	scope: string;
}

export async function openConnection(
	context: TriggerContext,
	{ credentialType, program }: TriggerSettings,
	time: PollTime,
): Promise<Connection> {
	const { account, ...transport } = await connect(
		context,
		credentialType,
		time.requestTimeout,
		undefined,
	);
	const credential = context.getNode().credentials?.[credentialType]?.id ?? '';
	return {
		client: createInsightsClient({
			...transport,
			program,
			maxRetries: MAX_RETRIES,
			wait: time.wait,
		}),
		scope: [program, transport.apiBaseUrl, account, credential].join(' '),
	};
}

/** Puts an execution's report file into n8n's binary store. */
export async function storeFile(
	context: IPollFunctions | IWebhookFunctions,
	{ client }: Connection,
	time: PollTime,
	reportId: string,
	execution: InsightsRecord,
): Promise<IBinaryData> {
	const fetchFile = createFileTransport(
		async (options) => (await context.helpers.httpRequest(options)) as unknown,
		FILE_TIMEOUT,
		undefined,
	);
	return await receiveFile(
		execution,
		{
			fetchFile,
			refresh: async () => await readAgain(client, reportId, execution),
			maxRetries: MAX_RETRIES,
			clock: { now: Date.now, wait: time.wait },
			abortSignal: undefined,
		},
		async ({ content, fileName, mimeType }) =>
			await context.helpers.prepareBinaryData(content, fileName, mimeType),
	);
}
