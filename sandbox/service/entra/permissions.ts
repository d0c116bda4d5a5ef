import type { TokenPermissions } from '../tokens';
import { avery } from './directory';

/** What a token of an app alone carries. */
export function appPermissions(hasRole: boolean): TokenPermissions {
	return { roles: hasRole ? ['Insights.Read'] : [] };
}

/** What a token of an app and the sandbox's one user carries. */
export function userPermissions(withMfa: boolean): TokenPermissions {
	return {
		scp: 'user_impersonation',
		upn: avery.userName,
		oid: avery.objectId,
		amr: withMfa ? ['pwd', 'mfa'] : ['pwd'],
	};
}
