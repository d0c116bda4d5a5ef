import type { Readable } from 'node:stream';
import { type Clock } from '../clock';
import { type FailureKind, InsightsError, kindOfStatus, NETWORK_SIGN_IN } from '../errors';
import { connectionFailed, TRUST_PROXY } from '../http/advice';
import {
	isDroppedConnection,
	isTimeout,
	isTransientStatus,
	isUntrusted,
	readRetryAfter,
	retryDelay,
} from '../http/retry';
import { type InsightsRecord, text } from '../records';
import { sameText } from '../sameText';
import { settle } from '../settle';
import { withoutLinks } from '../withoutLinks';
import { checkContent, isBlank } from './content';
import { decode, type Decoded } from './decoding';
import { describeFile, type FileDescription } from './fileName';

/** The blob host's answer to a request for a file. */
export interface FileResponse {
	status: number;
	/** By names in lower case; `content-encoding` is that of the body as it was sent. */
	headers: Partial<Record<string, string>>;
	/** The body as it was sent. */
	body: Readable;
}

/**
 * What became of a request for a file: the host answered; or nothing came back, where `code` is Node's; or
 * the request was not let out, for the reason that is given.
 */
export type Fetched =
	{ response: FileResponse } | { code: string; host: string } | { refusal: string };

/** Fetches a link without any credential. Never throws for what the storage or network does. */
export type FileTransport = (url: string) => Promise<Fetched>;

/** A report file that is being received: `content` is decoded, and fails when it ends too early. */
export interface ReportFile extends FileDescription {
	content: Readable;
	/** Bytes that it has at least, where the storage tells them; packed ones where it is compressed. */
	leastBytes: number | undefined;
	/** The execution that it belongs to, as it was read last. */
	execution: InsightsRecord;
}

const MOST_REDIRECTS = 3;

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

const fileError = (
	kind: FailureKind,
	message: string,
	advice: string,
	status?: number,
): InsightsError => new InsightsError(message, { kind, advice, status, subject: 'report file' });

function httpsLink(link: string): string {
	if (URL.canParse(link) && new URL(link).protocol === 'https:') return link;
	throw fileError(
		'fileGone',
		'The execution has no download link that can be used',
		'The link must be an https address. Read the execution again, or run the report anew.',
	);
}

/** A failure after which the same may succeed. */
interface Again {
	again: InsightsError;
	/** ms that the storage asks to wait */
	after?: number;
}

type Opened = { response: FileResponse } | { denied: InsightsError } | Again;

const PROXY_ADVICE =
	'Look for a proxy or firewall between n8n and the file storage. Let n8n reach *.blob.core.windows.net directly.';

const intercepted = (status: number): InsightsError =>
	fileError(
		'intercepted',
		`A proxy or firewall answered in place of the file storage (HTTP ${status})`,
		PROXY_ADVICE,
		status,
	);

/**
 * What an answer other than the file means.
 *
 * @param isElsewhere whether a redirect has led to another host, which does not know what the storage has
 */
function judge({ status, headers }: FileResponse, now: number, isElsewhere: boolean): Opened {
	if (status < 300) {
		throw fileError(
			'unreadable',
			status === 206
				? 'The file storage sent a part of the report file only (HTTP 206)'
				: `The file storage answered without the report file (HTTP ${status})`,
			PROXY_ADVICE,
			status,
		);
	}
	// The storage itself tells the reason in XML, and redirects with an address.
	const isPage = /html/i.test(headers['content-type'] ?? '');
	if (
		status === 407 ||
		status === NETWORK_SIGN_IN ||
		status < 400 ||
		(isPage && !isTransientStatus(status))
	) {
		throw intercepted(status);
	}
	if (status === 401 || status === 403) {
		return {
			denied: isElsewhere
				? intercepted(status)
				: fileError(
						'fileGone',
						'The download link does not work, also not a new one',
						`Access was denied (HTTP ${status}). Run the report anew; the file is kept for a limited time.`,
						status,
					),
		};
	}
	if (status === 404) {
		// The file can be a little later than the record that names it.
		return {
			again: isElsewhere
				? intercepted(status)
				: fileError(
						'fileGone',
						'The report file is not in the storage',
						'The report may have been deleted, or its file was cleaned up. Run the report anew.',
						status,
					),
		};
	}
	const failure = fileError(
		kindOfStatus(status),
		`The file storage refused the download (HTTP ${status})`,
		'Try again later, or run the report anew.',
		status,
	);
	if (!isTransientStatus(status)) throw failure;
	return { again: failure, after: readRetryAfter(headers['retry-after'], now) };
}

async function open(link: string, { fetchFile, clock }: DownloadSettings): Promise<Opened> {
	let address = httpsLink(link);
	for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
		const outcome = await fetchFile(address);
		if ('refusal' in outcome) {
			throw fileError(
				'notSent',
				`n8n did not send the request for the report file: ${withoutLinks(outcome.refusal)}`,
				'Where its rules for outgoing requests forbid it, have *.blob.core.windows.net allowed there.',
			);
		}
		if (!('response' in outcome)) {
			const { code, host } = outcome;
			const failure = new InsightsError(connectionFailed(host, code, 'file storage'), {
				kind: 'unreachable',
				subject: 'report file',
				advice: isUntrusted(code)
					? TRUST_PROXY
					: 'Check that n8n may reach *.blob.core.windows.net, and any proxy in between.',
				timedOut: isTimeout(code),
			});
			if (!isDroppedConnection(code)) throw failure;
			return { again: failure };
		}
		const { response } = outcome;
		if (response.status === 200) return { response };
		response.body.on('error', () => undefined).destroy();
		const { location } = response.headers;
		if (response.status < 300 || response.status >= 400 || location === undefined) {
			return judge(response, clock.now(), new URL(address).host !== new URL(link).host);
		}
		const target = URL.canParse(location, address) ? new URL(location, address) : undefined;
		if (target?.protocol !== 'https:') {
			throw fileError(
				'intercepted',
				'A proxy or firewall redirects the download to an address that is not https',
				PROXY_ADVICE,
				response.status,
			);
		}
		address = target.href;
	}
	throw fileError('intercepted', 'The download is redirected again and again', PROXY_ADVICE);
}

/** @param retries how often the file has been asked for again */
const brokenTransfer = (retries: number): InsightsError =>
	new InsightsError('The report file broke off before its end', {
		kind: 'unreachable',
		subject: 'report file',
		retries,
		advice:
			'Every attempt was cut short, and nothing of it was kept. Check the network and any proxy.',
	});

/** @param retries how often the file has been asked for again */
const stalledTransfer = (retries: number): InsightsError =>
	new InsightsError('The report file stopped coming before its end', {
		kind: 'unreachable',
		subject: 'report file',
		retries,
		timedOut: true,
		advice:
			'No more of it came in time, with every attempt, and nothing of it was kept. Check the network and any proxy.',
	});

/** @param named the header `Content-Encoding`; what names none is told by its bytes, which are those of gzip */
const undecodable = (named: string | undefined): InsightsError =>
	fileError(
		'unreadable',
		`The report file cannot be decoded as "${named?.trim().slice(0, 40) || 'gzip'}"`,
		'It was damaged on its way, or something between n8n and the file storage has changed its encoding and kept the name. Nothing of it was kept. Try again, or let n8n reach *.blob.core.windows.net directly.',
	);

/** An empty result has a header still: the file may not have been written yet. */
const emptyFile = (): InsightsError =>
	fileError(
		'unreadable',
		'The report file is empty: it has not even a header',
		'A report without rows has one. Try again later, or run the report anew.',
	);

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

/** Decodes the body and hands it on, if it is a report. */
async function take<T>(
	{ headers, body }: FileResponse,
	consume: (content: Readable) => Promise<T>,
	retries: number,
): Promise<{ result: T } | Again> {
	const decoded = await settle(decode(body, headers['content-encoding']));
	const report = async ({ content, start }: Decoded): Promise<{ result: T } | Again> => {
		if (isBlank(start)) return { again: emptyFile() };
		checkContent(start, headers['content-type']);
		return { result: await consume(content) };
	};
	const outcome = 'value' in decoded ? await settle(report(decoded.value)) : decoded;
	if ('value' in outcome) return outcome.value;
	body.on('error', () => undefined).destroy();
	// Whoever stores the content may have put words of its own in place of the failure.
	const broken = 'value' in decoded ? decoded.value.content.errored : null;
	switch (flawOf(broken) ?? flawOf(outcome.error)) {
		case 'cut':
			return { again: brokenTransfer(retries) };
		case 'stalled':
			return { again: stalledTransfer(retries) };
		case 'damaged':
			return { again: undecodable(headers['content-encoding']) };
		default:
			throw outcome.error;
	}
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

/** Node's codes for a body that ended before its time, on the wire or inside its encoding. */
const CUT_CODES = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'Z_BUF_ERROR']);
/** The codes of zlib's and Brotli's decoders. */
const DECODER_CODE = /^(?:Z_|ERR__ERROR_)/;

/** What is wrong with a body, where that is why it could not be taken. */
function flawOf(error: unknown): 'cut' | 'stalled' | 'damaged' | undefined {
	let current: unknown = error;
	for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
		const { code, message, cause } = current as {
			code?: string;
			message?: string;
			cause?: unknown;
		};
		if (code === 'ETIMEDOUT') return 'stalled';
		if (code !== undefined && CUT_CODES.has(code)) return 'cut';
		if (message === 'aborted' || message === 'terminated') return 'cut';
		if (code !== undefined && DECODER_CODE.test(code)) return 'damaged';
		current = cause;
	}
	return undefined;
}
