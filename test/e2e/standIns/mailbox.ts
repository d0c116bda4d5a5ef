/** A mail server that keeps what it is given, in the place of everybody's mailbox. */
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

import type { CredentialInput } from '../../../sandbox/n8n/rest';

export interface Mailbox {
	/** n8n's credential for sending by it. */
	credential: CredentialInput;
	/**
	 * Takes the oldest mail that has not been taken, and waits for one.
	 *
	 * @throws Error when none has come within 30 s
	 */
	next: () => Promise<ParsedMail>;
	stop: () => Promise<void>;
}

/** The links of a mail, by their text: `Approve`, for example. */
export function linksOf({ html }: ParsedMail): Map<string, string> {
	const anchors = [...(html || '').matchAll(/<a\s[^>]*href="([^"]+)"[^>]*>([\s\S]*?)<\/a>/g)];
	return new Map(
		anchors.map(([, href = '', text = '']) => [
			text.replace(/<[^>]+>/g, '').trim(),
			href.replaceAll('&amp;', '&'),
		]),
	);
}

export async function openMailbox(): Promise<Mailbox> {
	const mails: ParsedMail[] = [];
	const server = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onData(stream, _session, done) {
			simpleParser(stream).then(
				(mail) => {
					mails.push(mail);
					done();
				},
				(error: unknown) => done(error as Error),
			);
		},
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
	const { port } = server.server.address() as AddressInfo;
	return {
		credential: {
			name: 'Mail',
			type: 'smtp',
			data: {
				user: '',
				password: '',
				host: '127.0.0.1',
				port,
				secure: false,
				disableStartTls: true,
			},
		},
		async next() {
			const deadline = Date.now() + 30_000;
			for (;;) {
				const mail = mails.shift();
				if (mail !== undefined) return mail;
				if (Date.now() > deadline) throw new Error('No mail has come.');
				await sleep(100);
			}
		},
		stop: async () => await new Promise<void>((resolve) => server.close(() => resolve())),
	};
}
