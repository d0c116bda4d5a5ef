import { NETWORK_SIGN_IN } from '../errors';
import type { Envelope } from './envelope';
import type { Answer } from './transport';

/** Whether the body is what a proxy or a firewall writes: a page, or nothing at all. */
export const isPage = (body: unknown): boolean => typeof body === 'string' && /^\s*</.test(body);

/** Whether an answer is not the service's but that of something before it. */
export function isIntercepted(
	{ body }: Answer,
	status: number,
	envelope: Envelope | undefined,
): boolean {
	if (status === NETWORK_SIGN_IN) return true;
	// The body was lost: nothing is known of who wrote it.
	if (body === undefined || status >= 500 || status === 401 || status === 429) return false;
	if (status === 404) return envelope?.isNothingFound !== true;
	if (status === 403 || status === 407) return envelope === undefined;
	return isPage(body);
}

/** What has answered in the service's place. */
export function interceptedMessage(status: number, envelope: Envelope | undefined): string {
	const said = envelope?.message === undefined ? '' : `: ${envelope.message}`;
	switch (status) {
		case 403:
			return 'A firewall or proxy denies access to Partner Center (HTTP 403)';
		case 404:
			return `A gateway or proxy knows no such address (HTTP 404)${said}`;
		case 407:
			return 'The proxy wants to know who asks (HTTP 407)';
		case NETWORK_SIGN_IN:
			return 'The network, or a proxy in it, asks for a sign-in of its own (HTTP 511)';
		default:
			return `A firewall or proxy refused the request (HTTP ${status})`;
	}
}
