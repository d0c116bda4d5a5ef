import { EntraError } from './errors';

export const globalResource = 'https://api.partnercenter.microsoft.com';
/** What the first samples asked for. Tokens are issued; the API has refused them since 2025. */
export const retiredResource = 'https://graph.windows.net';
export const chinaResource = 'https://partner.partnercenterapi.microsoftonline.cn';

/** Scopes that name no resource. */
const protocolScopes = new Set(['offline_access', 'openid', 'profile', 'email']);

/** The resource and permission that a `scope` parameter asks for. */
export interface RequestedScope {
	resource: string;
	/** `.default` or the name of a delegated permission. */
	permission: string;
	wantsRefreshToken: boolean;
	wantsIdToken: boolean;
}

/** Reads `scope`; undefined when it names no resource (as a refresh request may). */
export function readScope(scope: string): RequestedScope | undefined {
	const names = scope.split(/\s+/).filter(Boolean);
	const named = names.filter((name) => !protocolScopes.has(name));
	const first = named.at(0);
	if (first === undefined) return undefined;
	const split = first.lastIndexOf('/');
	// Microsoft's own parameter style for a resource with a trailing slash: two slashes
	const resource = first.slice(0, split).replace(/\/$/, '');
	const permission = first.slice(split + 1);
	if (split < 0 || !resource || !permission) throw new EntraError(70011, { scope });
	if (named.some((name) => !name.startsWith(resource))) throw new EntraError(70011, { scope });
	return {
		resource,
		permission,
		wantsRefreshToken: names.includes('offline_access'),
		wantsIdToken: names.includes('openid'),
	};
}

/** Refuses a resource that is no service principal in the sandbox's tenant. */
export function checkResource(resource: string, apiUrl: string): void {
	if (!acceptedResources(apiUrl).includes(resource.toLowerCase())) {
		throw new EntraError(500011, { resource });
	}
}

/** The global and the China API, and the sandbox's own under its two names. */
function acceptedResources(apiUrl: string): string[] {
	return [globalResource, chinaResource, retiredResource, ...ownOrigins(apiUrl)];
}

/** The origins under which this machine reaches the sandbox's API. */
export function ownOrigins(apiUrl: string): string[] {
	const { port } = new URL(apiUrl);
	return [apiUrl, `https://localhost:${port}`, `https://[::1]:${port}`];
}
