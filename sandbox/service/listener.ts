import { STATUS_CODES } from 'node:http';
import type { Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import type { KeyPair } from './issuer';
import type { Faults, FaultTarget } from './faults';
import { type Journal, maskBody, maskHeaders } from './journal';
import type { Fault, JournalEntry, JournalHost, Program } from './protocol';

declare module 'fastify' {
	interface FastifyRequest {
		/** This request's line in the journal. */
		journalEntry: JournalEntry | null;
	}
}

export type HttpsListener = FastifyInstance<Server>;

const compileNothing = () => () => {
	throw new Error('The sandbox has no schemas');
};

export interface ListenerParts {
	host: Exclude<JournalHost, 'callback'>;
	tls: KeyPair;
	journal: Journal;
	faults: Faults;
	/** The time that clients measure, ms since the epoch. */
	now: () => number;
	/** Milliseconds that each request waits first. */
	latencyMs?: () => number;
	/** How this host words an AADSTS fault or a body fault; unset = not its business. */
	answerFault?: (fault: Fault, request: FastifyRequest, reply: FastifyReply) => boolean;
	/** Rewrites the envelope of a successful answer for the kinds that change it. */
	reshape?: (fault: Fault, payload: string) => string;
}

/** An HTTPS listener that journals each request and applies faults before and after handling. */
export function createListener(parts: ListenerParts): HttpsListener {
	const { host, journal, faults } = parts;
	const connections = new WeakMap<Socket, number>();
	let connectionCount = 0;

	const app: HttpsListener = fastify({
		https: { key: parts.tls.privateKey, cert: parts.tls.certificate },
		forceCloseConnections: true,
		bodyLimit: 16 * 1024 * 1024,
		// No route has a schema: the compilers of them would take longer to load than all of the sandbox.
		schemaController: {
			compilersFactory: { buildValidator: compileNothing, buildSerializer: compileNothing },
		},
		// a base address that ends in a slash before a path that begins with one
		rewriteUrl: ({ url = '/' }) => url.replace(/^\/+/, '/'),
		routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 5000 },
	});

	// Bodies stay text: each host reads them itself, and a broken one is that host's 400.
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
		done(null, body);
	});

	app.decorateRequest('journalEntry', null);

	app.addHook('onRequest', async (request) => {
		const { socket } = request.raw;
		const known = connections.get(socket);
		const connection = known ?? ++connectionCount;
		if (known === undefined) connections.set(socket, connection);
		const url = request.originalUrl;
		const question = url.indexOf('?');
		request.journalEntry = journal.open({
			host,
			method: request.method,
			path: question < 0 ? url : url.slice(0, question),
			query: question < 0 ? {} : (request.query as Record<string, string | string[]>),
			headers: maskHeaders(request.headers),
			connection,
		});
	});

	app.addHook('preHandler', (request, reply, done) => {
		const entry = request.journalEntry;
		if (entry && typeof request.body === 'string') {
			entry.body = maskBody(request.headers['content-type'], request.body);
		}
		const proceed = () => {
			const fault = faults.take(targetOf(host, request), 'before');
			if (!fault) {
				done();
				return;
			}
			if (entry) entry.faulted = fault.kind;
			applyBefore(fault, request, reply, parts);
		};
		const latencyMs = parts.latencyMs?.() ?? 0;
		if (latencyMs > 0) setTimeout(proceed, latencyMs);
		else proceed();
	});

	app.addHook('onSend', async (request, reply, payload: unknown) => {
		const entry = request.journalEntry;
		if (!entry) return payload;
		entry.status = reply.statusCode;
		if (entry.faulted || typeof payload !== 'string') return payload;
		const successful = reply.statusCode < 300;
		const fault = faults.take(
			targetOf(host, request),
			'after',
			(kind) => kind === 'resetAfterHandling' || kind === 'slowBody' || successful,
		);
		if (!fault) return payload;
		entry.faulted = fault.kind;
		switch (fault.kind) {
			case 'resetAfterHandling':
				entry.status = null;
				request.raw.socket.destroy();
				return payload;
			case 'slowBody':
				return trickle(payload, fault.durationMs ?? 3000);
			case 'bom':
				return `\uFEFF${payload}`;
			default:
				return parts.reshape?.(fault, payload) ?? payload;
		}
	});

	return app;
}

/** Starts `app` on the loopback address and returns its origin. `port` 0 = any free one. */
export async function listen(app: HttpsListener, port: number): Promise<string> {
	await app.listen({ host: '127.0.0.1', port });
	return `https://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

/** What a fault's match is compared with. */
export function targetOf(host: JournalHost, request: FastifyRequest): FaultTarget {
	return { host, method: request.method, url: request.url, program: programOf(request.url) };
}

/** The program that a path below the API's origin belongs to. */
export function programOf(url: string): Program | undefined {
	const found = /^\/insights\/v[\d.]+\/(mpn|cmp)(?:[/?]|$)/i.exec(url)?.at(1);
	return found?.toLowerCase() as Program | undefined;
}

function applyBefore(
	fault: Fault,
	request: FastifyRequest,
	reply: FastifyReply,
	parts: ListenerParts,
): void {
	if (parts.answerFault?.(fault, request, reply)) return;
	switch (fault.kind) {
		case 'status': {
			const isText = typeof fault.body === 'string';
			void reply
				.code(fault.status)
				.type(isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8')
				.headers(fault.headers ?? {})
				.send(typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? null));
			return;
		}
		case 'rateLimit':
			sendRateLimit(fault, reply, parts.now());
			return;
		case 'reset':
			void reply.hijack();
			request.raw.socket.destroy();
			return;
		case 'hang':
			void reply.hijack();
			return;
		case 'malformed':
			void reply
				.code(200)
				.type('application/json; charset=utf-8')
				.send('{"value":[{"reportId":"0f6');
			return;
		case 'html':
			sendPage(reply, fault.status ?? 502);
			return;
		case 'redirect':
			void reply
				.code(fault.status ?? 307)
				.header('location', fault.location)
				.send('');
			return;
		default:
			void reply.code(500).type('text/plain').send(`No such fault here: ${fault.kind}`);
	}
}

/** A page of whatever stands between client and service. */
export function sendPage(reply: FastifyReply, status: number): void {
	const title = status === 200 ? 'Sign in to the network' : (STATUS_CODES[status] ?? 'Error');
	void reply
		.code(status)
		.type('text/html; charset=utf-8')
		.send(
			`<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${status} ${title}</h1></body></html>`,
		);
}

function sendRateLimit(
	fault: Fault & { kind: 'rateLimit' },
	reply: FastifyReply,
	now: number,
): void {
	const seconds = fault.retryAfterSeconds ?? fault.retryAfterDate;
	if (fault.retryAfterSeconds !== undefined) {
		void reply.header('retry-after', String(fault.retryAfterSeconds));
	} else if (fault.retryAfterDate !== undefined) {
		// HTTP dates have whole seconds: round up, so that waiting as told is waiting enough
		const at = Math.ceil((now + fault.retryAfterDate * 1000) / 1000) * 1000;
		void reply.header('retry-after', new Date(at).toUTCString());
	}
	void reply
		.code(429)
		.type('application/json; charset=utf-8')
		.send(rateLimitBody(seconds ?? 1));
}

/** The gateway's own words: it stands before the API and knows no envelope. */
export function rateLimitBody(seconds: number): string {
	return JSON.stringify({
		statusCode: 429,
		message: `Rate limit is exceeded. Try again in ${seconds} seconds.`,
	});
}

function trickle(payload: string, durationMs: number): Readable {
	const bytes = Buffer.from(payload);
	const pieces = Math.min(bytes.length, 20);
	return Readable.from(
		(async function* () {
			for (let piece = 0; piece < pieces; piece++) {
				await sleep(durationMs / pieces);
				yield bytes.subarray(
					Math.floor((piece * bytes.length) / pieces),
					Math.floor(((piece + 1) * bytes.length) / pieces),
				);
			}
		})(),
	);
}
