import { type FailureKind, InsightsError } from '../errors';

/** A failure of a report file. */
export const fileError = (
	kind: FailureKind,
	message: string,
	advice: string,
	status?: number,
): InsightsError => new InsightsError(message, { kind, advice, status, subject: 'report file' });

/** A failure after which the same may succeed. */
export interface Again {
	again: InsightsError;
	/** ms that the storage asks to wait */
	after?: number;
}

export const PROXY_ADVICE =
	'Look for a proxy or firewall between n8n and the file storage. Let n8n reach *.blob.core.windows.net directly.';
