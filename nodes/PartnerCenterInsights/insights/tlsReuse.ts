import type { IncomingMessage } from 'node:http';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { IHttpRequestOptions } from 'n8n-workflow';

/**
 * What the connections of one run to one host share. n8n opens a connection for each request; with the
 * authorities read once and the session of an earlier handshake resumed (RFC 8446, 2.2), opening one
 * takes half the work. A host that does not resume it does a full handshake, as ever.
 */
export interface TlsReuse {
	/** For the next request. */
	agentOptions: () => IHttpRequestOptions['agentOptions'];
	/** Whether there is a session to resume. */
	isReady: () => boolean;
	/** Keeps the session of the connection that the response came by. */
	learn: (response: IncomingMessage) => void;
}

export function createTlsReuse(): TlsReuse {
	const secureContext = createSecureContext();
	let session: Buffer | undefined;
	return {
		agentOptions: () => ({ secureContext, session }),
		isReady: () => session !== undefined,
		learn: ({ socket }) => {
			if (socket instanceof TLSSocket && socket.authorized) session ??= socket.getSession();
		},
	};
}
