import type { Clock } from '../clock';
import { InsightsError, kindOfStatus, NETWORK_SIGN_IN } from '../errors';
import { connectionFailed, TRUST_PROXY } from '../http/advice';
import {
	isDroppedConnection,
	isTimeout,
	isTransientStatus,
	isUntrusted,
	readRetryAfter,
} from '../http/retry';
import { withoutLinks } from '../withoutLinks';
import { type Again, fileError, PROXY_ADVICE } from './failures';
import type { FileResponse, FileTransport } from './transport';

const MOST_REDIRECTS = 3;

function httpsLink(link: string): string {
	if (URL.canParse(link) && new URL(link).protocol === 'https:') return link;
	throw fileError(
		'fileGone',
		'The execution has no download link that can be used',
		'The link must be an https address. Read the execution again, or run the report anew.',
	);
}

/** What came of asking for a file: it comes, the link does not let in, or it may come later. */
export type Opened = { response: FileResponse } | { denied: InsightsError } | Again;

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

const notLetOut = (refusal: string): InsightsError =>
	fileError(
		'notSent',
		`n8n did not send the request for the report file: ${withoutLinks(refusal)}`,
		'Where its rules for outgoing requests forbid it, have *.blob.core.windows.net allowed there.',
	);

const noAnswer = (code: string, host: string): InsightsError =>
	new InsightsError(connectionFailed(host, code, 'file storage'), {
		kind: 'unreachable',
		subject: 'report file',
		advice: isUntrusted(code)
			? TRUST_PROXY
			: 'Check that *.blob.core.windows.net can be reached, and any proxy in between.',
		timedOut: isTimeout(code),
	});

/** Where a redirect leads. */
function redirectedTo(location: string, from: string, status: number): string {
	const target = URL.canParse(location, from) ? new URL(location, from) : undefined;
	if (target?.protocol === 'https:') return target.href;
	throw fileError(
		'intercepted',
		'A proxy or firewall redirects the download to an address that is not https',
		PROXY_ADVICE,
		status,
	);
}

/**
 * Asks the storage for a file, along redirects to https addresses.
 *
 * @throws InsightsError where asking again is of no use
 */
export async function open(
	link: string,
	{ fetchFile, clock }: { fetchFile: FileTransport; clock: Clock },
): Promise<Opened> {
	let address = httpsLink(link);
	for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
		const outcome = await fetchFile(address);
		if ('refusal' in outcome) throw notLetOut(outcome.refusal);
		if ('code' in outcome) {
			const failure = noAnswer(outcome.code, outcome.host);
			if (!isDroppedConnection(outcome.code)) throw failure;
			return { again: failure };
		}
		const { response } = outcome;
		const { status, headers, body } = response;
		if (status === 200) return { response };
		body.on('error', () => undefined).destroy();
		if (status < 300 || status >= 400 || headers.location === undefined) {
			return judge(response, clock.now(), new URL(address).host !== new URL(link).host);
		}
		address = redirectedTo(headers.location, address, status);
	}
	throw fileError('intercepted', 'The download is redirected again and again', PROXY_ADVICE);
}
