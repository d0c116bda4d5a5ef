import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { type Clock, formatTime, parseTime } from '../clock';
import { guidFor } from '../identifiers';
import type { FileLocator } from '../insights/executions';
import type { Run, StoredReport } from '../insights/programState';
import type { SandboxSettings } from '../protocol';

const container = 'programmatic-export-pi';
const storageVersion = '2018-03-28';

/** What a shared access signature is worth. */
export type SignatureVerdict =
	| { valid: true }
	| { valid: false; code: 'ResourceNotFound' | 'AuthenticationFailed'; detail: string };

/** Makes and checks the download links: a blob's address plus a signature that expires. */
export class DownloadLinks implements FileLocator {
	private readonly key = randomBytes(32);

	constructor(
		private readonly clock: Clock,
		private readonly settings: SandboxSettings,
		private readonly blobUrl: () => string,
	) {}

	location(report: StoredReport, run: Run): string {
		const { reportName, format } = report.record;
		const id = this.settings.blobNames === 'executionId' ? run.executionId : ownFileId(run);
		const file = encodeURIComponent(`${reportName}_${id}.${format}`);
		return `${this.blobUrl()}/${container}/${file}`;
	}

	secureLink(report: StoredReport, run: Run): string {
		const address = this.location(report, run);
		const { linksSignedAt, linkLifetimeMs } = this.settings;
		const signed = linksSignedAt === 'reading' ? this.clock.now() : run.completedAt;
		const expires = formatTime(signed + linkLifetimeMs);
		const parameters = new URLSearchParams({
			sv: storageVersion,
			sr: 'b',
			sig: this.signature(new URL(address).pathname, expires),
			se: expires,
			sp: 'r',
		});
		return `${address}?${parameters.toString()}`;
	}

	/** Checks the signature in a request's query, then its expiry by the sandbox clock. */
	check(path: string, query: URLSearchParams): SignatureVerdict {
		const signature = query.get('sig');
		const expires = query.get('se') ?? '';
		if (signature === null) {
			return {
				valid: false,
				code: 'ResourceNotFound',
				detail: 'The specified resource does not exist.',
			};
		}
		const expected = Buffer.from(this.signature(path, expires));
		const actual = Buffer.from(signature);
		if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) {
			return {
				valid: false,
				code: 'AuthenticationFailed',
				detail: `Signature did not match. String to sign used was r ${expires} /blob${path}`,
			};
		}
		const end = parseTime(expires) ?? 0;
		if (end > this.clock.now()) return { valid: true };
		return {
			valid: false,
			code: 'AuthenticationFailed',
			detail: outsideTimeFrame(end, this.clock),
		};
	}

	private signature(path: string, expires: string): string {
		return createHmac('sha256', this.key).update(`r\n${expires}\n${path}`).digest('base64');
	}
}

/** The GUID in a file's name where that is not the execution's. */
export function ownFileId(run: Run): string {
	return guidFor(`file of ${run.executionId}`);
}

/** Blob storage's words for a link that expired at `end` (milliseconds since 1970). */
export function outsideTimeFrame(end: number, clock: Clock): string {
	const [expiry, current] = [end, clock.now()].map((time) => new Date(time).toUTCString());
	return `Signature not valid in the specified time frame: Start [] - Expiry [${expiry}] - Current [${current}]`;
}
