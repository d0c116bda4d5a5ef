import { chinaResource, globalResource, ownOrigins, retiredResource } from '../entra/resource';
import type { Directory } from '../entra/directory';
import type { Program, SandboxSettings } from '../protocol';
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
	| { allowed: false; status: 400 | 401 | 403; message: string; code?: string };

const unauthorized = {
	allowed: false,
	status: 401,
	message: 'Unauthorized. Access token is missing or invalid.',
} as const;

/** What a request shows of itself. */
export interface Knock {
	authorization: string | undefined;
	userTicket: string | string[] | undefined;
	host: string;
	program: Program | undefined;
}

export interface Gate {
	tokens: Tokens;
	directory: Directory;
	settings: SandboxSettings;
	apiUrl: () => string;
}

/** Decides on the token of an API request, as the gateway and the service would. */
export async function admit(knock: Knock, gate: Gate): Promise<Admission> {
	const { tokens, directory, settings } = gate;
	const text = tokenOf(knock, settings);
	if (!text) return unauthorized;
	const token = await tokens.verify(text);
	if (token?.audience === retiredResource) {
		return {
			...unauthorized,
			message: 'Tokens for https://graph.windows.net are no longer accepted.',
			code: '900420',
		};
	}
	if (!token || !audienceFits(token, knock.host, gate.apiUrl())) return unauthorized;
	const refusal = refuseKind(token, knock.program, settings);
	if (refusal) return refusal;
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

function tokenOf(
	{ authorization, userTicket }: Knock,
	{ userTicketHeader }: SandboxSettings,
): string | undefined {
	if (userTicketHeader && typeof userTicket === 'string') return userTicket;
	return /^Bearer (\S+)$/i.exec(authorization ?? '')?.at(1);
}

/** Which kind of token a program takes, where that is switched on. */
function refuseKind(
	{ userName, withMfa }: AccessToken,
	program: Program | undefined,
	settings: SandboxSettings,
): Admission | undefined {
	const isUser = userName !== undefined;
	if (program === 'mpn' && !isUser && !settings.appTokensOnMpn) {
		const message = 'Authorization header token missing user information';
		return { allowed: false, status: 400, message };
	}
	if (program === 'cmp' && isUser && !settings.userTokensOnCmp) {
		const message = 'Forbidden. User credentials are not supported, use an application.';
		return { allowed: false, status: 403, message };
	}
	if (isUser && !withMfa && settings.mfaRequired) {
		const message = 'Multi-factor authentication is required for this request.';
		return { allowed: false, status: 401, message, code: '900421' };
	}
	return undefined;
}

/** A token for another cloud's API is worth nothing here. */
function audienceFits({ audience }: AccessToken, host: string, apiUrl: string): boolean {
	const isChina = host.toLowerCase() === new URL(chinaResource).host;
	if (audience === chinaResource) return isChina;
	if (audience === globalResource) return !isChina;
	return ownOrigins(apiUrl).includes(audience);
}
