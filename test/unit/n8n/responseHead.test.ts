import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import {
	endAfter,
	endWhenIdle,
	withHead,
} from '../../../nodes/PartnerCenterInsights/n8n/responseHead';

const MARKER = { header: 'x-request', content: 'this one' };

/** Asks a server of this machine, and reads its answer to the end. */
async function ask(
	answer: (response: ServerResponse) => void,
	look: (response: IncomingMessage) => void,
	header = MARKER.content,
	readAfter = 0,
	onSent?: () => void,
): Promise<string> {
	const server = createServer((_request, response) => answer(response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	try {
		return await withHead(
			MARKER,
			async () => {
				const response = await new Promise<IncomingMessage>((resolve, reject) => {
					get({ host: '127.0.0.1', port, headers: { [MARKER.header]: header } }, resolve).on(
						'error',
						reject,
					);
				});
				if (readAfter > 0) await delay(readAfter);
				return await text(response);
			},
			look,
			onSent,
		);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

const whole = (response: ServerResponse) => response.end('whole');
const stalling = (response: ServerResponse) => response.write('a part');

function trickling(response: ServerResponse) {
	const timer = setInterval(() => response.write('.'), 2);
	response.once('close', () => clearInterval(timer));
}

describe('the head of an answer', () => {
	it('is seen of the request that is marked, before its body is read', async () => {
		const seen: string[] = [];
		const look = ({ complete, statusCode }: IncomingMessage) =>
			seen.push(`${statusCode} ${complete}`);
		expect(await ask(whole, look)).toBe('whole');
		expect(await ask(whole, look, 'another one')).toBe('whole');
		expect(seen).toEqual(['200 false']);
	});

	it('comes after the request was told to have been sent, of the one that is marked alone', async () => {
		const seen: string[] = [];
		const onSent = () => seen.push('sent');
		expect(await ask(whole, () => seen.push('head'), MARKER.content, 0, onSent)).toBe('whole');
		expect(await ask(whole, () => undefined, 'another one', 0, onSent)).toBe('whole');
		expect(seen).toEqual(['sent', 'head']);
	});
});

describe('a body', () => {
	it('that stops coming is a dropped connection', async () => {
		const asking = ask(stalling, (head) => endWhenIdle(head, 20));
		await expect(asking).rejects.toMatchObject({ code: 'ETIMEDOUT' });
	});

	it('that trickles beyond the time of its request is one, too', async () => {
		const onEnd = jest.fn();
		const asking = ask(trickling, (head) => endAfter(head, 20, onEnd));
		await expect(asking).rejects.toMatchObject({ code: 'ETIMEDOUT' });
		expect(onEnd).toHaveBeenCalledTimes(1);
	});

	it('that stops coming because nobody takes it is left alone', async () => {
		const body = 'x'.repeat(10_000);
		const answer = (response: ServerResponse) => response.end(body);
		let listeners = (): number => 0;
		const look = (head: IncomingMessage) => {
			endWhenIdle(head, 100);
			listeners = () => head.listenerCount('timeout');
		};
		const asking = ask(answer, look, MARKER.content, 350);
		await delay(320);
		expect(listeners()).toBe(1);
		expect(await asking).toBe(body);
	});

	it('that comes in time is left alone', async () => {
		const look = (head: IncomingMessage) => {
			endWhenIdle(head, 60_000);
			endAfter(head, 60_000, () => undefined);
		};
		expect(await ask(whole, look)).toBe('whole');
	});
});
