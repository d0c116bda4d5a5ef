import { randomUUID } from 'node:crypto';

import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Clock } from '../clock';
import type { Faults } from '../faults';
import type { ProgramState, Run, StoredReport } from '../insights/programState';
import { type HttpsListener, targetOf } from '../listener';
import type { Fault, FaultKind, Program, SandboxSettings } from '../protocol';
import type { Body } from './compression';
import { contentEncodingOf, type FileEncoding } from './encodings';
import { type DownloadLinks, outsideTimeFrame, ownFileId } from './links';
import type { ReportFiles } from './reportFiles';
import { sendStorageError, type StorageErrorCode } from './storageError';
import { cutOff, slowed, truncated, wronglyMeasured } from './transfer';

export interface BlobParts {
	programs: Record<Program, ProgramState>;
	links: DownloadLinks;
	files: ReportFiles;
	faults: Faults;
	settings: SandboxSettings;
	clock: Clock;
}

interface FoundFile {
	state: ProgramState;
	report: StoredReport;
	run: Run;
}

/** Adds the blob storage's one container to the blob listener. */
export function addBlobRoutes(app: HttpsListener, parts: BlobParts): void {
	app.addHook('onRequest', async (_request, reply) => {
		void reply
			.header('server', 'Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0')
			.header('x-ms-version', '2018-03-28');
	});
	app.setNotFoundHandler((_request, reply) => {
		sendStorageError(reply, 'ResourceNotFound', parts.clock.now());
	});
	app.route({
		method: ['GET', 'HEAD'],
		url: '/programmatic-export-pi/:file',
		handler: (request, reply) => {
			serveFile(request, reply, parts).catch((error: unknown) => {
				void reply.code(500).send(error);
			});
		},
	});
}

async function serveFile(
	request: FastifyRequest,
	reply: FastifyReply,
	parts: BlobParts,
): Promise<void> {
	const faults = takeFileFaults(request, parts.faults);
	const file = findFile(request, faults, parts);
	if ('code' in file) {
		sendStorageError(reply, file.code, parts.clock.now(), file.detail);
		return;
	}
	const encoding = encodingOf(file.run, faults, parts.settings);
	const { stream, length, layers } = parts.files.open(file.state, file.report, file.run, {
		layers: encoding.layers,
		bom: faults.bom !== undefined,
	});
	const whole = { stream, length };
	const namesEncoding = encoding.named && layers.length > 0;
	void reply
		.code(200)
		.type(file.report.record.format === 'tsv' ? 'text/tab-separated-values' : 'text/csv')
		.header('etag', `"0x${file.run.executionId.replaceAll('-', '').slice(0, 15).toUpperCase()}"`)
		.header('last-modified', new Date(file.run.completedAt).toUTCString())
		.header('x-ms-blob-type', 'BlockBlob')
		.header('x-ms-request-id', randomUUID());
	if (namesEncoding) void reply.header('content-encoding', layers.join(', '));

	if (request.method === 'HEAD') {
		whole.stream.destroy();
		if (whole.length !== undefined) void reply.header('content-length', String(whole.length));
		void reply.send('');
		return;
	}
	const body = await spoil(whole, faults, request);
	if (body.length !== undefined) void reply.header('content-length', String(body.length));
	if (faults.wrongLength) void reply.header('connection', 'close');
	void reply.send(body.stream);
}

/** What no header names must be told by its bytes, which of all encodings gzip alone can be. */
function encodingOf(run: Run, faults: FileFaults, settings: SandboxSettings): FileEncoding {
	if (faults.plain) return { layers: [], named: false };
	if (faults.noEncodingHeader) return { layers: ['gzip'], named: false };
	return contentEncodingOf(run, settings);
}

type FileFaults = { [Kind in FaultKind]?: Extract<Fault, { kind: Kind }> };

/** Faults of different kinds add up: a file can be uncompressed and cut. */
function takeFileFaults(request: FastifyRequest, faults: Faults): FileFaults {
	const taken: Partial<Record<FaultKind, Fault>> = {};
	const target = targetOf('blob', request);
	for (;;) {
		const fault = faults.take(target, 'file', (kind) => taken[kind] === undefined);
		if (!fault) return taken as FileFaults;
		taken[fault.kind] = fault;
		if (request.journalEntry) request.journalEntry.faulted ??= fault.kind;
	}
}

async function spoil(body: Body, faults: FileFaults, request: FastifyRequest): Promise<Body> {
	const { socket } = request.raw;
	let result = body;
	if (faults.slowBody) result = slowed(result, faults.slowBody.durationMs ?? 3000);
	if (faults.truncate) result = truncated(result, faults.truncate.afterBytes);
	if (faults.wrongLength) {
		result = await wronglyMeasured(result, faults.wrongLength.by ?? 100, socket);
	}
	if (faults.cut) result = cutOff(result, faults.cut.afterBytes, socket);
	return result;
}

/** The file that a request may read, or why it may not. */
function findFile(
	request: FastifyRequest,
	faults: FileFaults,
	{ links, programs, clock, settings }: BlobParts,
): FoundFile | { code: StorageErrorCode; detail?: string } {
	// a link authorises by itself: blob storage takes any further authorization for its own kind
	if (request.headers.authorization !== undefined) return { code: 'InvalidAuthenticationInfo' };
	const { pathname, searchParams } = new URL(request.url, 'https://localhost');
	const verdict = links.check(pathname, searchParams);
	if (!verdict.valid) return verdict;
	if (faults.expired) {
		return { code: 'AuthenticationFailed', detail: outsideTimeFrame(clock.now() - 60_000, clock) };
	}
	const found = faults.notFound ? undefined : findRun(pathname, programs);
	const { fileLifetimeMs } = settings;
	const isGone =
		found === undefined ||
		(fileLifetimeMs !== null && clock.now() > found.run.completedAt + fileLifetimeMs);
	return isGone ? { code: 'BlobNotFound' } : found;
}

/** The completed run whose ID, or that of its file, ends the file's name. */
function findRun(pathname: string, programs: Record<Program, ProgramState>): FoundFile | undefined {
	const id = /_([0-9a-f-]{36})\.(?:csv|tsv)$/i.exec(pathname)?.at(1);
	for (const state of Object.values(programs)) {
		for (const report of state.reports.values()) {
			const run = report.runs.find(
				(candidate) => candidate.executionId === id || ownFileId(candidate) === id,
			);
			if (run && state.statusOf(run) === 'Completed') return { state, report, run };
		}
	}
	return undefined;
}
