import type { IBinaryData } from 'n8n-workflow';
import { createInsightsClient } from '../../insights/client';
import { systemClock } from '../../insights/clock';
import { receiveFile } from '../../insights/files/reportFile';
import type { Transport } from '../../insights/http/transport';
import type { ReportId } from '../../insights/ids';
import type { InsightsRecord } from '../../insights/records';
import { readAgain } from '../../insights/runs/executions';
import { connect } from '../../n8n/connection';
import { fileStore } from '../../n8n/fileStore';
import { createFileTransport } from '../../n8n/fileTransport';
import type { PollTime } from '../polls/pollTime';
import type { Service } from '../service';
import type { ConnectionSettings } from '../settings';
import { type TriggerContext, warnIn } from './context';

const MAX_RETRIES = 3;
/** ms without any data of a file */
const FILE_TIMEOUT = 60_000;

/** Notes the service's own time with each answer. */
function timed(transport: Transport): { transport: Transport; now: () => number } {
	let ahead = 0;
	return {
		transport: async (request) => {
			const outcome = await transport(request);
			const date = outcome.kind === 'answer' ? Date.parse(outcome.headers.date ?? '') : NaN;
			if (!Number.isNaN(date)) ahead = date - Date.now();
			return outcome;
		},
		now: () => Date.now() + ahead,
	};
}

/** The service with the credential of the node, for as long as the time given. */
export async function openService(
	context: TriggerContext,
	{ credentialType, program }: ConnectionSettings,
	time: PollTime,
): Promise<Service> {
	const { account, transport, apiBaseUrl } = await connect(
		context,
		credentialType,
		time.requestTimeout,
		undefined,
	);
	const service = timed(transport);
	const client = createInsightsClient({
		transport: service.transport,
		apiBaseUrl,
		program,
		maxRetries: MAX_RETRIES,
		wait: time.wait,
	});
	// A file goes on coming when the poll that asked for it is over.
	const clock = systemClock();
	const patientClient = createInsightsClient({
		transport,
		apiBaseUrl,
		program,
		maxRetries: MAX_RETRIES,
		wait: clock.wait,
	});
	const fetchFile = createFileTransport(
		async (options) => (await context.helpers.httpRequest(options)) as unknown,
		FILE_TIMEOUT,
		undefined,
	);
	const warn = warnIn(context);
	const storeFile = async (reportId: ReportId, execution: InsightsRecord): Promise<IBinaryData> => {
		const { helpers } = context;
		if (!('prepareBinaryData' in helpers)) throw new Error('Files belong to polls');
		return await receiveFile(
			execution,
			{
				fetchFile,
				refresh: async () => await readAgain(patientClient, reportId, execution),
				maxRetries: MAX_RETRIES,
				clock,
				abortSignal: undefined,
			},
			fileStore(helpers, warn),
		);
	};
	const credential = context.getNode().credentials?.[credentialType]?.id ?? '';
	return {
		client,
		scope: [program, apiBaseUrl, account, credential].join(' '),
		now: service.now,
		storeFile,
		warn,
	};
}
