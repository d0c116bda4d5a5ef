import { once } from 'node:events';
import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type FailureKind, InsightsError, kindOfStatus } from '../errors';
import { type InsightsRecord, text } from '../records';
import { backOff, isDroppedConnection, isTransientStatus, readRetryAfter } from '../http/retry';

/** The blob host's answer to a request for a file. */
export interface FileResponse {
	status: number;
	headers: Partial<Record<string, string>>;
	/** The body as it was sent. */
	body: Readable;
}

/** Fetches a link without any credential; undefined `response` when nothing came back. */
export type FileTransport = (
	url: string,
) => Promise<{ response: FileResponse } | { code: string; host: string }>;

/** A report file that is being received: `content` is decoded, and fails when it ends too early. */
export interface ReportFile {
	content: Readable;
	fileName: string;
	mimeType: string;
	delimiter: ',' | '\t';
}

const GZIP_MAGIC = [0x1f, 0x8b] as const;
/** Bytes that are decoded, or handed on, at once. */
const CHUNK = 256 * 1024;
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

const extensionOf = (name: string): string => /\.(csv|tsv)$/i.exec(name)?.[1]?.toLowerCase() ?? '';

/** File name, type and separator of an execution's file, from its record and its link. */
export function describeFile(execution: InsightsRecord, link: string): Omit<ReportFile, 'content'> {
	const path = URL.canParse(link) ? new URL(link).pathname : '';
	const encoded = path.split('/').at(-1) ?? '';
	const segment = /%(?![0-9a-f]{2})/i.test(encoded) ? encoded : decodeURIComponent(encoded);
	const name = segment.replace(/[\\/:*?"<>|]/g, '_').replace(/\.gz$/i, '');
	const format = (text(execution.Format) || extensionOf(name) || 'csv').toLowerCase();
	const isTsv = format === 'tsv';
	const extension = isTsv ? 'tsv' : 'csv';
	const stem = name === '' ? `report_${text(execution.ExecutionId)}` : name;
	return {
		fileName: extensionOf(stem) === '' ? `${stem}.${extension}` : stem,
		mimeType: isTsv ? 'text/tab-separated-values' : 'text/csv',
		delimiter: isTsv ? '\t' : ',',
	};
}

/**
 * Makes large pieces of small ones. TLS delivers 16 KiB at a time, and each piece costs a trip to
 * another thread when it is decoded, and one more when it is written.
 */
class Gathering extends Transform {
	private pieces: Buffer[] = [];

	private gathered = 0;

	constructor() {
		super({ highWaterMark: CHUNK });
	}

	override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
		this.pieces.push(piece);
		this.gathered += piece.length;
		if (this.gathered < CHUNK) done();
		else this._flush(done);
	}

	override _flush(done: TransformCallback): void {
		const whole = Buffer.concat(this.pieces, this.gathered);
		this.pieces = [];
		this.gathered = 0;
		done(null, whole);
	}
}

/** A stream that goes on in another one. Either may fail before its reader is there. */
function through<Target extends Transform>(source: Readable, target: Target): Target {
	pipeline(source, target, () => undefined);
	// The reader then finds it destroyed.
	return target.on('error', () => undefined);
}

/**
 * Decodes the body where it is gzip, told by its first bytes: the header that names the encoding may
 * be missing. A gzip stream that ends before its trailer is an error, not a short file.
 */
export async function decode(body: Readable): Promise<Readable> {
	const content = through(body, new Gathering());
	await once(content, 'readable');
	const start = content.read() as Buffer | null;
	if (start !== null) content.unshift(start);
	const isGzip = GZIP_MAGIC.every((byte, index) => start?.[index] === byte);
	return isGzip ? through(content, createGunzip({ chunkSize: CHUNK })) : content;
}

/** What a download needs beside the link. */
export interface DownloadSettings {
	fetchFile: FileTransport;
	/** Reads the execution anew, for a link that works again. */
	refresh: () => Promise<InsightsRecord | undefined>;
	maxRetries: number;
	/** Waits for so many ms; rejects at once when the execution is stopped. */
	wait: (ms: number) => Promise<void>;
	abortSignal: AbortSignal | undefined;
}

const linkOf = (execution: InsightsRecord | undefined): string =>
	text(execution?.ReportAccessSecureLink);

const fileError = (
	kind: FailureKind,
	message: string,
	advice: string,
	status?: number,
): InsightsError => new InsightsError(message, { kind, advice, status });

function httpsLink(link: string): string {
	if (URL.canParse(link) && new URL(link).protocol === 'https:') return link;
	throw fileError(
		'fileGone',
		'The execution has no download link that can be used',
		'The link must be an https address. Read the execution again, or run the report anew.',
	);
}

type Opened =
	{ file: Readable } | { expired: true } | { again: InsightsError; after: number | undefined };

async function open(link: string, { fetchFile }: DownloadSettings): Promise<Opened> {
	let address = httpsLink(link);
	for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
		const outcome = await fetchFile(address);
		if (!('response' in outcome)) {
			const { code, host } = outcome;
			const failure = fileError(
				'unreachable',
				`The connection to the file storage ${host} failed (${code})`,
				'Check that n8n may reach *.blob.core.windows.net, and any proxy in between.',
			);
			if (!isDroppedConnection(code)) throw failure;
			return { again: failure, after: undefined };
		}
		const { status, headers, body } = outcome.response;
		if (status < 300) return { file: body };
		body.on('error', () => undefined).destroy();
		if (status === 403 || status === 401) return { expired: true };
		const location = headers.location;
		if (status < 400 && location !== undefined) {
			address = httpsLink(URL.canParse(location, address) ? new URL(location, address).href : '');
			continue;
		}
		const failure = fileError(
			status === 404 ? 'fileGone' : kindOfStatus(status),
			status === 404
				? 'The report file is not in the storage'
				: `The file storage refused the download (HTTP ${status})`,
			status === 404
				? 'The report may have been deleted, or its file was cleaned up. Run the report anew.'
				: 'Try again later, or run the report anew.',
			status,
		);
		// The file can be a little later than the record that names it.
		if (status !== 404 && !isTransientStatus(status)) throw failure;
		return { again: failure, after: readRetryAfter(headers['retry-after'], Date.now()) };
	}
	throw fileError(
		'unreadable',
		'The file storage redirects the download again and again',
		'Read the execution again, or run the report anew.',
	);
}

const brokenTransfer = (): InsightsError =>
	fileError(
		'unreachable',
		'The report file broke off before its end',
		"Every attempt was cut short, and nothing of it was kept. Check the network and any proxy, or raise 'Max Retries'.",
	);

/**
 * Receives an execution's file. `consume` is handed the decoded content; when the transfer breaks
 * while it reads, it is called again with a new one, so it must not keep anything of an earlier call.
 *
 * A link that has expired is read anew once. No message ever holds the link.
 *
 * @throws InsightsError when the file cannot be received
 */
export async function receiveFile<T>(
	execution: InsightsRecord,
	settings: DownloadSettings,
	consume: (file: ReportFile) => Promise<T>,
): Promise<T> {
	const { refresh, maxRetries, wait, abortSignal } = settings;
	let current: InsightsRecord | undefined = execution;
	let renewals = 0;
	const renewLink = async (): Promise<void> => {
		if (renewals > 0) {
			throw fileError(
				'fileGone',
				'The download link does not work, also not a new one',
				'The storage denies access (HTTP 403). Run the report anew; the file is kept for a limited time.',
				403,
			);
		}
		renewals++;
		current = await refresh();
	};

	let retries = 0;
	for (;;) {
		if ((linkExpiry(linkOf(current)) ?? Infinity) <= Date.now() && renewals === 0)
			await renewLink();
		const link = linkOf(current);
		const opened = await open(link, settings);
		if ('expired' in opened) {
			await renewLink();
			continue;
		}
		let failure: InsightsError;
		let after: number | undefined;
		if ('again' in opened) {
			({ again: failure, after } = opened);
		} else {
			const { file } = opened;
			const result = await decode(file)
				.then(
					async (content) =>
						await consume({ ...describeFile(current ?? execution, link), content }),
				)
				.then(
					(value) => ({ value }),
					(error: unknown) => ({ error }),
				);
			if ('value' in result) return result.value;
			file.on('error', () => undefined).destroy();
			if (!isBrokenTransfer(result.error)) throw result.error;
			failure = brokenTransfer();
		}
		abortSignal?.throwIfAborted();
		if (retries >= maxRetries) throw failure;
		await wait(after ?? backOff(retries, Math.random()));
		retries++;
	}
}

/** Node's codes for a body that ended before its time: on the wire, or inside gzip. */
const BROKEN_TRANSFER_CODES = new Set([
	'ECONNRESET',
	'EPIPE',
	'ETIMEDOUT',
	'ERR_STREAM_PREMATURE_CLOSE',
	'Z_BUF_ERROR',
	'Z_DATA_ERROR',
]);

function isBrokenTransfer(error: unknown): boolean {
	let current: unknown = error;
	for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
		const { code, message, cause } = current as {
			code?: string;
			message?: string;
			cause?: unknown;
		};
		if (code !== undefined && BROKEN_TRANSFER_CODES.has(code)) return true;
		if (message === 'aborted' || message === 'terminated') return true;
		current = cause;
	}
	return false;
}
