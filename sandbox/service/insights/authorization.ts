import { chinaResource, globalResource, ownOrigins } from '../entra/resource';
import type { Directory } from '../entra/directory';
import type { Program } from '../protocol';
import type { AccessToken, Tokens } from '../tokens';

export interface Caller {
	/** For whom quotas count. */
	key: string;
	/** What the mpn program shows as `user`. */
	userName: string;
}

/** The seller that the cmp program shows as `user`, whoever calls. */
const sellerId = '142344300';

/** What `user` of a record holds in this program. */
export function recordUser(program: Program, caller: Caller): string {
	return program === 'mpn' ? caller.userName : sellerId;
}

export type Admission =
	| { allowed: true; caller: Caller; isUser: boolean }
	| { allowed: false; status: 401 | 403; message: string };

const unauthorized = {
	allowed: false,
	status: 401,
	message: 'Unauthorized. Access token is missing or invalid.',
} as const;

/** Decides on the Authorization header of an API request, as the gateway and the service would. */
export async function admit(
	authorization: string | undefined,
	host: string,
	apiUrl: string,
	tokens: Tokens,
	directory: Directory,
): Promise<Admission> {
	const [, text] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
	if (!text) return unauthorized;
	const token = await tokens.verify(text);
	if (!token || !audienceFits(token, host, apiUrl)) return unauthorized;
	if (!directory.app(token.clientId)?.hasRole) {
		return {
			allowed: false,
			status: 403,
			message: 'Forbidden. The application or user has no role that allows this operation.',
		};
	}
	return {
		allowed: true,
		isUser: token.userName !== undefined,
		caller: {
			key: token.userName ?? token.clientId,
			userName: token.userName ?? `${token.clientId}@contoso.onmicrosoft.com`,
		},
	};
}

/** A token for another cloud's API is worth nothing here. */
function audienceFits({ audience }: AccessToken, host: string, apiUrl: string): boolean {
	const isChina = host.toLowerCase() === new URL(chinaResource).host;
	if (audience === chinaResource) return isChina;
	if (audience === globalResource) return !isChina;
	return ownOrigins(apiUrl).includes(audience);
}
