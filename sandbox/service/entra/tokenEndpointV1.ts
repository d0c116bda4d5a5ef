import { readScope } from './resource';

/**
 * A form of the v1 token endpoint in the words of v2: the resource becomes a scope. Users' tokens
 * come with a refresh token there, asked for or not.
 */
export function fromV1(sent: URLSearchParams): URLSearchParams {
	const form = new URLSearchParams(sent);
	const resource = sent.get('resource')?.replace(/\/$/, '');
	if (!resource) return form;
	if (sent.get('grant_type') === 'client_credentials') {
		form.set('scope', `${resource}/.default`);
	} else {
		const openId = sent.get('scope')?.includes('openid') ? 'openid ' : '';
		form.set('scope', `${openId}${resource}/user_impersonation offline_access`);
	}
	return form;
}

/** An answer of the v1 token endpoint: numbers as texts, permissions without their resource. */
export function toV1(
	answer: Record<string, unknown>,
	form: URLSearchParams,
	now: number,
): Record<string, unknown> {
	const lifetime = Number(answer.expires_in);
	const issued = Math.floor(now / 1000);
	return {
		...answer,
		...(answer.scope === undefined ? {} : { scope: 'user_impersonation' }),
		expires_in: String(lifetime),
		ext_expires_in: String(lifetime),
		expires_on: String(issued + lifetime),
		not_before: String(issued),
		resource: readScope(form.get('scope') ?? '')?.resource,
	};
}
