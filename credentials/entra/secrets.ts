import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { trimmedField } from './environments';

/** Fields of both credentials that hold a secret. */
const SECRET_FIELDS = [
	'clientSecret',
	'refreshToken',
	'privateKey',
	'privateKeyPassphrase',
	'accessToken',
];

/** What must not come back in a message: the secrets and tokens of a credential. */
export function secretsOf(credentials: ICredentialDataDecryptedObject): string[] {
	const tokens = (credentials.oauthTokenData ?? {}) as IDataObject;
	return [
		...SECRET_FIELDS.map((name) => trimmedField(credentials, name)),
		...[tokens.access_token, tokens.refresh_token].map((token) =>
			typeof token === 'string' ? token : '',
		),
	].filter((secret) => secret !== '');
}

/** Signs that mark-up has names for. */
const NAMED_IN_MARKUP: Record<string, string> = {
	'&': 'amp',
	'<': 'lt',
	'>': 'gt',
	'"': 'quot',
	"'": 'apos',
};

/** A sign as mark-up and JSON write it by its number or its name. */
function escapesOf(sign: string): string[] {
	const number = sign.codePointAt(0) ?? 0;
	const hex = number.toString(16);
	const name = NAMED_IN_MARKUP[sign];
	return [
		`&#(?:0*${number}|x0*${hex});`,
		`\\\\+u${hex.padStart(4, '0')}`,
		...(name === undefined ? [] : [`&${name};`]),
	];
}

/** A sign as itself, with a backslash before it, percent-encoded, once or several times, or escaped. */
function anyFormOf(sign: string): string {
	const bytes = [...Buffer.from(sign)].map((byte) => byte.toString(16).padStart(2, '0'));
	const encoded = bytes.map((byte) => `%(?:25)*${byte}`).join('');
	const literal = sign.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
	// Nothing escapes letters and digits.
	const escapes = /[a-z\d]/i.test(sign) ? [] : escapesOf(sign);
	return sign === ' '
		? `(?: |\\+|${[encoded, ...escapes].join('|')})`
		: `(?:\\\\?${literal}|\\\\?${encoded}${escapes.map((escape) => `|${escape}`).join('')})`;
}

const anywhere = (secret: string): RegExp =>
	new RegExp(Array.from(secret, (sign) => anyFormOf(sign)).join(''), 'gi');

/** What a token request calls its secrets, in a form and in JSON. */
const NAMES = String.raw`(?:client_secret|refresh_token|access_token|id_token|client_assertion|assertion|password|code|code_verifier)`;
const VALUE = String.raw`[^&\s"'<>]`;
const NAMED_IN_FORM = new RegExp(
	String.raw`(?<![a-z_])(${NAMES}(?:=|%3d))(?!\d{1,9}(?!${VALUE}))${VALUE}+`,
	'gi',
);
const NAMED_IN_JSON = new RegExp(String.raw`(\\?"${NAMES}\\?"\s*:\s*\\?")(?:[^"\\]|\\[^"])+`, 'gi');

/** Letters and signs of tokens, and how they are encoded. */
const OPAQUE = /[A-Za-z0-9_+/=~.%-]{40,}/g;

/**
 * Text without what could be a credential: the given secrets in each form in which a request has them,
 * whatever stands behind the name of one, JWTs and other long opaque words.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
	return secrets
		.filter((secret) => secret.length > 3)
		.reduce((rest, secret) => rest.replace(anywhere(secret), '…'), text)
		.replace(NAMED_IN_FORM, '$1…')
		.replace(NAMED_IN_JSON, '$1…')
		.replace(OPAQUE, '…');
}
