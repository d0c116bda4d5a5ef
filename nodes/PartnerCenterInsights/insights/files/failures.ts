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

/** What to do about what stands before the storage. */
export const LET_THROUGH = 'Let requests to *.blob.core.windows.net go out directly.';

export const PROXY_ADVICE = `Look for a proxy or firewall before the file storage. ${LET_THROUGH}`;
