import { systemClock } from '../../../nodes/PartnerCenterInsights/insights/clock';
import { isFailure } from '../../../nodes/PartnerCenterInsights/insights/errors';
import { receiveFile } from '../../../nodes/PartnerCenterInsights/insights/files/reportFile';
import type { FileTransport } from '../../../nodes/PartnerCenterInsights/insights/files/transport';
import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import {
	completedExecutions,
	readAgain,
} from '../../../nodes/PartnerCenterInsights/insights/runs/executions';
import { settle } from '../../../nodes/PartnerCenterInsights/insights/settle';
import { type Account, reportIdOf } from '../account';
import { finding, open, type Word, wordOf } from '../answer';
import type { Probe } from '../probe';

/** How much of a file is looked at. */
const ENOUGH = 64 * 1024;

/** What a file's first bytes are like. Nothing of what they say is kept. */
interface FileStart {
	encoding: Word;
	compressedUnnamed: boolean;
	mark: boolean;
	lineEnd: Word;
	quotes: boolean;
	doubledQuotes: boolean;
	backslashQuotes: boolean;
	columns: number;
}

function encodingOf(named: string | undefined): Word {
	const layers = (named ?? '').split(',').map((layer) => layer.trim().toLowerCase());
	if (layers.length > 1) return 'layers';
	return layers[0] === '' || layers[0] === 'identity' ? 'none' : wordOf(layers[0]);
}

function describe(start: Buffer, named: string | undefined, wire: Uint8Array): FileStart {
	const content = start.toString('utf8');
	const header = /^[^\r\n]*/.exec(content)?.[0] ?? '';
	return {
		encoding: encodingOf(named),
		compressedUnnamed: encodingOf(named) === 'none' && wire[0] === 0x1f && wire[1] === 0x8b,
		mark: content.startsWith('\uFEFF'),
		lineEnd: /\r\n/.test(content) ? 'CRLF' : /\n/.test(content) ? 'LF' : 'CR',
		quotes: content.includes('"'),
		doubledQuotes: content.includes('""'),
		backslashQuotes: content.includes('\\"'),
		columns: header.split(/[,\t]/).length,
	};
}

/** The newest completed executions of the first few reports, one each. */
async function candidates(account: Account): Promise<InsightsRecord[]> {
	const found: InsightsRecord[] = [];
	for (const report of (await account.reports()).slice(0, 4)) {
		found.push(...(await completedExecutions(account.client, reportIdOf(report))).slice(0, 1));
	}
	return found;
}

async function lookAt(account: Account, execution: InsightsRecord): Promise<FileStart> {
	let named: string | undefined;
	let wire: Uint8Array = Buffer.alloc(0);
	const fetchFile: FileTransport = async (link) => {
		const outcome = await account.fetchFile(link);
		if ('response' in outcome) {
			const { headers, body } = outcome.response;
			named = headers['content-encoding'];
			body.once('data', (piece: Buffer) => (wire = piece));
			body.pause();
		}
		return outcome;
	};
	return await receiveFile(
		execution,
		{
			fetchFile,
			refresh: async () => await readAgain(account.client, reportIdOf(execution), execution),
			maxRetries: 2,
			clock: systemClock(),
			abortSignal: undefined,
		},
		async ({ content }) => {
			const pieces: Buffer[] = [];
			let size = 0;
			for await (const piece of content) {
				pieces.push(piece as Buffer);
				size += (piece as Buffer).length;
				if (size >= ENOUGH) break;
			}
			return describe(Buffer.concat(pieces), named, wire);
		},
	);
}

/** What the files are like. */
export const fileProbes: Probe[] = [
	{
		id: 'file-encoding',
		assumes: 'A file comes as gzip, and its Content-Encoding header says so.',
		otherwise: 'gzip, deflate and br are decoded as named, gzip also unnamed and in layers.',
		code: 'nodes/PartnerCenterInsights/insights/files/decoding.ts',
		source: 'Public clients unzip whatever the header says',
		differsIn: ['observed'],
		ask: async (account) => {
			const files = await Promise.all(
				(await candidates(account)).map(async (run) => await settle(lookAt(account, run))),
			);
			const read = files.flatMap((file) => ('value' in file ? [file.value] : []));
			const failed = files.find((file) => 'error' in file);
			if (failed && 'error' in failed && !isFailure(failed.error)) {
				const { error } = failed;
				throw error;
			}
			if (read.length === 0) return open({ 'files that could not be had': files.length });
			const count = (test: (file: FileStart) => boolean) => read.filter(test).length;
			return finding(count(({ encoding }) => encoding === 'gzip') === read.length, {
				files: read.length,
				gzip: count(({ encoding }) => encoding === 'gzip'),
				br: count(({ encoding }) => encoding === 'br'),
				deflate: count(({ encoding }) => encoding === 'deflate'),
				'several layers': count(({ encoding }) => encoding === 'layers'),
				'gzip without a header': count(({ compressedUnnamed }) => compressedUnnamed),
			});
		},
	},
	{
		id: 'file-form',
		assumes: 'A file is UTF-8 with CRLF line ends; quotes inside quotes are doubled.',
		otherwise:
			'Any line end is read, a mark is skipped, and a file that cannot be cut is an error.',
		code: 'nodes/PartnerCenterInsights/insights/files/rows.ts',
		source: 'Not documented',
		ask: async (account) => {
			for (const run of await candidates(account)) {
				const file = await settle(lookAt(account, run));
				if (!('value' in file)) continue;
				const { lineEnd, mark, quotes, doubledQuotes, backslashQuotes, columns } = file.value;
				return finding(lineEnd === 'CRLF' && !backslashQuotes, {
					'line ends': lineEnd,
					'byte order mark': mark,
					quotes,
					'doubled quotes': doubledQuotes,
					'quotes after a backslash': backslashQuotes,
					columns,
				});
			}
			return open();
		},
	},
];
