import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Commands } from './commands';

export interface ControlListener {
	url: string;
	close(): void;
}

/**
 * Starts the listener for control commands: `POST /<command>` with a JSON array of arguments.
 * Plain HTTP, so that whoever started the sandbox needs no certificate; only the holder of `token`
 * gets in.
 */
export async function startControl(commands: Commands, token: string): Promise<ControlListener> {
	const server = createServer((request, response) => {
		const answer = (status: number, body: unknown) => {
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(JSON.stringify(body));
		};
		if (!isToken(request.headers.authorization, token)) {
			request.resume();
			answer(401, { error: 'Wrong control token' });
			return;
		}
		run(commands, request).then(
			(result) => answer(200, { result: result ?? null }),
			(error: unknown) => {
				answer(400, { error: error instanceof Error ? error.message : String(error) });
			},
		);
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () => closeNow(server),
	};
}

function isToken(authorization: string | undefined, token: string): boolean {
	const sent = Buffer.from(authorization ?? '');
	const expected = Buffer.from(`Bearer ${token}`);
	return sent.length === expected.length && timingSafeEqual(sent, expected);
}

async function run(commands: Commands, request: IncomingMessage): Promise<unknown> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const args: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8') || '[]');
	const name = (request.url ?? '').slice(1);
	if (!Object.hasOwn(commands, name) || !Array.isArray(args)) {
		throw new Error(`No such control command: ${name}`);
	}
	// the client checks the arguments' types; what comes in here is its JSON
	const command = commands[name as keyof Commands] as (...values: unknown[]) => unknown;
	return await command(...args.map((value: unknown) => value ?? undefined));
}

function closeNow(server: Server): void {
	server.close();
	server.closeAllConnections();
}
