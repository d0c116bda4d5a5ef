import { createInsightsClient, type InsightsClient } from '../../insights/client';
import { systemClock } from '../../insights/clock';
import type { Wait } from '../../insights/http/request';
import { receiveFile } from '../../insights/files/reportFile';
import type { Transport } from '../../insights/http/transport';
import { readAgain } from '../../insights/runs/executions';
import { connect } from '../connection';
import { fileStore } from '../fileStore';
import { createFileTransport } from '../fileTransport';
import type { PollTime } from '../../trigger/polls/pollTime';
import type { Service, StoreFile } from '../../trigger/service';
import type { ConnectionSettings } from '../../trigger/settings';
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

/**
 * Puts files into n8n's store. One goes on coming when the poll that asked for it is over.
 *
 * @param clientBy makes a client whose waits are these
 */
function storeBy(context: TriggerContext, clientBy: (wait: Wait) => InsightsClient): StoreFile {
	const clock = systemClock();
	const client = clientBy(clock.wait);
	const fetchFile = createFileTransport(context, FILE_TIMEOUT, undefined);
	return async (reportId, execution) =>
		await receiveFile(
			execution,
			{
				fetchFile,
				refresh: async () => await readAgain(client, reportId, execution),
				maxRetries: MAX_RETRIES,
				clock,
				abortSignal: undefined,
			},
			fileStore(context, warnIn(context)),
		);
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
	const clientBy = (by: Transport, wait: Wait) =>
		createInsightsClient({ transport: by, apiBaseUrl, program, maxRetries: MAX_RETRIES, wait });
	const service = timed(transport);
	const credential = context.getNode().credentials?.[credentialType]?.id ?? '';
	return {
		client: clientBy(service.transport, time.wait),
		scope: [program, apiBaseUrl, account, credential].join(' '),
		now: service.now,
		storeFile: storeBy(context, (wait) => clientBy(transport, wait)),
		warn: warnIn(context),
	};
}
