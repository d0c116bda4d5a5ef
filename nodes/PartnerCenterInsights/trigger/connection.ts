import type { IBinaryData, IPollFunctions } from 'n8n-workflow';
import { createInsightsClient, type InsightsClient } from '../insights/client';
import { connect, createFileTransport } from '../insights/n8nTransport';
import type { InsightsRecord } from '../insights/records';
import { text } from '../insights/records';
import { receiveFile } from '../insights/reportFile';
import { completedExecution } from '../insights/waiting';
import type { TriggerSettings } from './parameters';
import type { PollTime } from './pollTime';

const MAX_RETRIES = 3;
/** ms without any data of a file */
const FILE_TIMEOUT = 60_000;

/** The service as one poll uses it. */
export interface Connection {
	client: InsightsClient;
	/** Tells program and credential apart from others. */
	scope: string;
	/** Stores an execution's report file. */
	storeFile: (reportId: string, execution: InsightsRecord) => Promise<IBinaryData>;
}

export async function openConnection(
	context: IPollFunctions,
	{ credentialType, program }: TriggerSettings,
	time: PollTime,
): Promise<Connection> {
	const { account, ...transport } = await connect(
		context,
		credentialType,
		time.requestTimeout,
		undefined,
	);
	const retries = { maxRetries: MAX_RETRIES, wait: time.wait };
	const client = createInsightsClient({ ...transport, program, ...retries });
	const credential = context.getNode().credentials?.[credentialType]?.id ?? '';
	const fetchFile = createFileTransport(
		async (options) => (await context.helpers.httpRequest(options)) as unknown,
		FILE_TIMEOUT,
		undefined,
	);
	return {
		client,
		scope: [program, transport.apiBaseUrl, account, credential].join(' '),
		storeFile: async (reportId, execution) =>
			await receiveFile(
				execution,
				{
					fetchFile,
					refresh: async () =>
						await completedExecution(client, reportId, text(execution.ExecutionId)),
					...retries,
					abortSignal: undefined,
				},
				async ({ content, fileName, mimeType }) =>
					await context.helpers.prepareBinaryData(content, fileName, mimeType),
			),
	};
}
