import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Body } from './compression';

async function* bytesOf(body: Body): AsyncGenerator<Buffer> {
	for await (const piece of body.stream) yield piece as Buffer;
}

/** Only the first `limit` bytes, ended as if that were all. */
export function truncated(body: Body, limit: number): Body {
	return { stream: Readable.from(firstBytes(body, limit)), length: undefined };
}

/** The first `limit` bytes, then the connection is destroyed. A shorter body stays whole. */
export function cutOff(body: Body, limit: number, socket: Socket): Body {
	return {
		...body,
		stream: Readable.from(
			(async function* () {
				let sent = 0;
				for await (const piece of firstBytes(body, limit)) {
					sent += piece.length;
					yield piece;
				}
				if (sent >= limit) await destroyWhenSent(socket);
			})(),
		),
	};
}

/**
 * A body whose announced length is wrong by `by` bytes: more than there are (and then the
 * connection ends), or fewer (and then the rest is missing).
 */
export async function wronglyMeasured(body: Body, by: number, socket: Socket): Promise<Body> {
	const pieces: Buffer[] = [];
	for await (const piece of bytesOf(body)) pieces.push(piece);
	const bytes = Buffer.concat(pieces);
	const length = Math.max(0, bytes.length + by);
	return {
		length,
		stream: Readable.from(
			(async function* () {
				yield bytes.subarray(0, length);
				if (by > 0) await destroyWhenSent(socket);
			})(),
		),
	};
}

/** The same bytes in small pieces, spread over about `durationMs`. */
export function slowed(body: Body, durationMs: number): Body {
	const pieces = 20;
	return {
		...body,
		stream: Readable.from(
			(async function* () {
				for await (const chunk of bytesOf(body)) {
					const size = Math.max(1, Math.ceil(chunk.length / pieces));
					for (let start = 0; start < chunk.length; start += size) {
						await sleep(durationMs / pieces);
						yield chunk.subarray(start, start + size);
					}
				}
			})(),
		),
	};
}

async function* firstBytes(body: Body, limit: number): AsyncGenerator<Buffer> {
	let sent = 0;
	for await (const piece of bytesOf(body)) {
		if (sent >= limit) break;
		const part = piece.subarray(0, limit - sent);
		sent += part.length;
		if (part.length > 0) yield part;
	}
}

/** Lets what was written leave this machine first, so that the client sees a start of the body. */
async function destroyWhenSent(socket: Socket): Promise<void> {
	for (let waited = 0; socket.writableLength > 0 && waited < 2000; waited += 10) await sleep(10);
	await sleep(20);
	socket.destroy();
}
