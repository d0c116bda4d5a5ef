import type { Readable } from 'node:stream';
import { InsightsError } from '../errors';
import { settle } from '../settle';
import { checkContent, isBlank } from './content';
import { decode, type Decoded } from './decoding';
import { type Again, fileError, LET_THROUGH } from './failures';
import type { FileResponse } from './transport';

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
		`It was damaged on its way, or something before the file storage has changed its encoding and kept the name. Nothing of it was kept. Try again. ${LET_THROUGH}`,
	);

/** An empty result has a header still: the file may not have been written yet. */
const emptyFile = (): InsightsError =>
	fileError(
		'unreadable',
		'The report file is empty: it has not even a header',
		'A report without rows has one. Try again later, or run the report anew.',
	);

/** Decodes the body and hands it on, if it is a report. */
export async function take<T>(
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
