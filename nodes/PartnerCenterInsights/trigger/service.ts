import type { IBinaryData } from 'n8n-workflow';
import type { InsightsClient } from '../insights/client';
import type { ReportId } from '../insights/ids';
import type { InsightsRecord } from '../insights/records';

/** Puts the file of an execution into n8n's store. */
export type StoreFile = (reportId: ReportId, execution: InsightsRecord) => Promise<IBinaryData>;

/** The service as the trigger uses it. */
export interface Service {
	client: InsightsClient;
	/** Tells program and account apart from others. */
	scope: string;
	/** ms since the epoch, by the service's clock once it has answered, before that by n8n's. */
	now: () => number;
	storeFile: StoreFile;
	/** Says in n8n's log what a person should know. Neither a link nor a token gets there. */
	warn: (message: string) => void;
}
