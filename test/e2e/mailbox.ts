/** A mail server on this machine, in the place of the service that carries messages to people. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

import type { CredentialInput } from '../../sandbox/n8n/rest';

export interface Mailbox {
	/** What n8n needs to send mail to it. */
	credential: CredentialInput;
	/** The first mail with this subject, as soon as it has arrived. */
	mail: (subject: string) => Promise<ParsedMail>;
	stop: () => Promise<void>;
}

export async function startMailbox(): Promise<Mailbox> {
	const arrived: ParsedMail[] = [];
	const waiting = new Set<() => void>();
	const server = new SMTPServer({
		authOptional: true,
		// Nothing but this machine reaches it: there is no certificate to have.
		hideSTARTTLS: true,
		logger: false,
		onData: (stream, _session, accepted) => {
			simpleParser(stream).then((mail) => {
				arrived.push(mail);
				accepted();
				for (const look of waiting) look();
			}, accepted);
		},
	});
	const listener = server.listen(0, '127.0.0.1');
	await once(listener, 'listening');
	const { port } = listener.address() as AddressInfo;
	return {
		credential: {
			name: 'Mailbox',
			type: 'smtp',
			data: {
				user: '',
				password: '',
				host: '127.0.0.1',
				port,
				secure: false,
				disableStartTls: true,
				hostName: '',
			},
		},
		mail: async (subject) =>
			await new Promise((resolve) => {
				const look = () => {
					const found = arrived.find((mail) => mail.subject === subject);
					if (found === undefined) return;
					waiting.delete(look);
					resolve(found);
				};
				waiting.add(look);
				look();
			}),
		stop: async () => await new Promise((resolve) => server.close(() => resolve())),
	};
}

/** Where the links in a mail lead, by their text. */
export function linksOf({ html }: ParsedMail): Map<string, string> {
	const links = (html === false ? '' : (html ?? '')).matchAll(
		/<a\b[^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g,
	);
	return new Map(
		[...links].map(([, address = '', text = '']) => [
			text.replace(/<[^>]*>/g, '').trim(),
			address.replaceAll('&amp;', '&'),
		]),
	);
}
