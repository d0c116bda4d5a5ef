import type { Readable } from 'node:stream';
import type { Clock } from '../clock';
import type { InsightsError } from '../errors';
import { retryDelay } from '../http/retry';
import { type InsightsRecord, text } from '../records';
import { sameText } from '../sameText';
import { fileError } from './failures';
import { describeFile, type FileDescription } from './fileName';
import { open } from './opening';
import { take } from './transfer';
import type { FileResponse, FileTransport } from './transport';

/** A report file that is being received: `content` is decoded, and fails when it ends too early. */
export interface ReportFile extends FileDescription {
	content: Readable;
	/** Bytes that it has at least, where the storage tells them; packed ones where it is compressed. */
	leastBytes: number | undefined;
	/** The execution that it belongs to, as it was read last. */
	execution: InsightsRecord;
}

/**
 * When a download link stops working: the SAS parameter `se`. The record's ReportExpiryTime was null
 * in every answer seen.
 *
 * @returns ms since the epoch, or undefined when the link does not say
 */
export function linkExpiry(link: string): number | undefined {
	const expiry = URL.canParse(link) ? new URL(link).searchParams.get('se') : null;
	const time = expiry === null ? NaN : Date.parse(expiry);
	return Number.isNaN(time) ? undefined : time;
}

/** What a download needs beside the link. */
export interface DownloadSettings {
	fetchFile: FileTransport;
	/** Reads the execution anew, for a link that works again. */
	refresh: () => Promise<InsightsRecord | undefined>;
	maxRetries: number;
	clock: Clock;
	/** 0 to 1 */
	random?: () => number;
	abortSignal: AbortSignal | undefined;
}

const linkOf = (execution: InsightsRecord): string => text(execution.ReportAccessSecureLink);

/** The service was seen to list nothing for a moment: that a run is not there now does not say it is gone. */
const notListed = (): InsightsError =>
	fileError(
		'unreadable',
		'The link to the report file has expired, and the service does not list this run now',
		'Try again later. The service lists the runs of 90 days.',
	);

/** The length of the body as it was sent. */
function lengthOf({ headers }: FileResponse): number | undefined {
	const length = Number(headers['content-length'] ?? NaN);
	return Number.isNaN(length) ? undefined : length;
}

/**
 * Receives an execution's file. `consume` is handed the decoded content; when the transfer breaks
 * while it reads, it is called again with a new one, from the begin.
 *
 * A link that has expired, or is denied, is read anew, of the same execution, as often as it comes to
 * that between other answers; one that was just read and is denied is the end. No message ever holds the
 * link.
 *
 * @throws InsightsError when the file cannot be received
 */
export async function receiveFile<T>(
	execution: InsightsRecord,
	settings: DownloadSettings,
	consume: (file: ReportFile) => Promise<T>,
): Promise<T> {
	const { refresh, maxRetries, clock, random = Math.random, abortSignal } = settings;
	/** `isNew`: the storage was not asked with this link yet. */
	let current = { record: execution, isNew: false };
	const renewed = async (): Promise<typeof current> => {
		const record = await refresh();
		// Record and data always belong to the same run.
		if (record === undefined || !sameText(record.ExecutionId, execution.ExecutionId)) {
			throw notListed();
		}
		return { record, isNew: true };
	};

	for (let retries = 0; ;) {
		const expiry = linkExpiry(linkOf(current.record)) ?? Infinity;
		if (!current.isNew && expiry <= clock.now()) current = await renewed();
		const { record, isNew } = current;
		const link = linkOf(record);
		const opened = await open(link, settings);
		if ('denied' in opened) {
			if (isNew) throw opened.denied;
			current = await renewed();
			continue;
		}
		// It may expire until the file is asked for again.
		current = { record, isNew: false };
		const outcome =
			'response' in opened
				? await take(
						opened.response,
						async (content) =>
							await consume({
								...describeFile(record, link),
								content,
								leastBytes: lengthOf(opened.response),
								execution: record,
							}),
						retries,
					)
				: opened;
		if ('result' in outcome) return outcome.result;
		const { again: failure, after: retryAfter } = outcome;
		abortSignal?.throwIfAborted();
		const delay = retryDelay(failure, { retries, maxRetries, retryAfter, random: random() });
		await clock.wait(delay);
		retries++;
	}
}
