import type { InsightsClient } from '../insights/client';
import type { StoreFile } from './polls/files';

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
