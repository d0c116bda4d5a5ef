import { secretsOf, withoutSecrets } from '../../../credentials/entra/secrets';

/** A word of many letters that looks like a token, made so that none stands in the file. */
const opaque = (length: number) => 'aB3_'.repeat(Math.ceil(length / 4)).slice(0, length);
const jwt = () => [`eyJ${opaque(30)}`, `eyJ${opaque(200)}`, opaque(80)].join('.');

describe('leaving out secrets', () => {
	it('takes every occurrence of each secret, also with signs of regular expressions', () => {
		expect(withoutSecrets('a $& b .*+? c .*+? d', ['.*+?', 'none'])).toBe('a $& b … c … d');
	});

	it('puts nothing of the secret back by replacement signs', () => {
		expect(withoutSecrets('say $&$1 now', ['$&$1'])).toBe('say … now');
	});

	it('leaves text alone that merely holds a very short value', () => {
		expect(withoutSecrets('the tenant', ['t', ''])).toBe('the tenant');
	});

	it.each([
		['a JWT', jwt()],
		['a client secret', `${opaque(10)}~${opaque(30)}`],
		['a refresh token', `0.${opaque(300)}`],
		['base64', `${opaque(60)}/+==`],
		['an encoded token', `${opaque(30)}%2B${opaque(30)}%3D`],
	])('takes %s that was not named', (_what, word) => {
		expect(withoutSecrets(`before ${word} after`, [])).toBe('before … after');
	});

	it.each([
		'an ID 8c2f0a4e-1d3b-4c5d-9e6f-7a8b9c0d1e2f stays',
		'login.microsoftonline.com stays',
		"The token request could not be made: 'Client ID' is empty",
	])('%s', (text) => {
		expect(withoutSecrets(text, [])).toBe(text);
	});

	const SECRET = "S3cr3t~va lue++/x!'é";

	it.each<[string, (secret: string) => string]>([
		['as a form encodes it', (secret) => new URLSearchParams({ s: secret }).toString().slice(2)],
		['as an address encodes it', encodeURIComponent],
		['encoded twice', (secret) => encodeURIComponent(encodeURIComponent(secret))],
		['in small digits', (secret) => encodeURIComponent(secret).toLowerCase()],
		['encoded in part', (secret) => secret.replace('+', '%2B').replace(' ', '%20')],
		[
			'as mark-up writes it',
			(secret) => secret.replace(/[/'+]/g, (sign) => `&#${sign.charCodeAt(0)};`),
		],
		[
			'as JSON writes it by numbers',
			(secret) =>
				secret.replace(/\W/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
		],
		['with backslashes', (secret) => secret.replaceAll('/', String.raw`\/`)],
	])('takes a secret %s', (_how, encode) => {
		expect(withoutSecrets(`before ${encode(SECRET)} after`, [SECRET])).toBe('before … after');
	});

	it('takes a secret whose signs have names in mark-up', () => {
		expect(withoutSecrets('a hun&amp;ter&lt;2&quot; b', ['hun&ter<2"'])).toBe('a … b');
	});

	it.each([
		[
			'Unparsable request: client_id=app&client_secret=hunter2&scope=x',
			'Unparsable request: client_id=app&client_secret=…&scope=x',
		],
		['refresh_token=RT-short', 'refresh_token=…'],
		["sent 'client_assertion=a.b.c' by", "sent 'client_assertion=…' by"],
		['assertion=a.b, code=0.AXk', 'assertion=… code=…'],
		['body a%3Db%26client_secret%3Dhunter2%26x end', 'body a%3Db%26client_secret%3D… end'],
		['{"client_secret": "hun ter2","x":"y"}', '{"client_secret": "…","x":"y"}'],
		['CLIENT_SECRET=Hunter2', 'CLIENT_SECRET=…'],
	])('takes what is named as a secret: %s', (text, told) => {
		expect(withoutSecrets(text, [])).toBe(told);
	});

	it.each([
		"The value of 'client_secret' is missing",
		'The request body must contain the parameter: client_assertion',
		'error code=50034 was found',
		'authorization_code=x and code=7',
		'refresh_token: it has ended',
	])('names are no secrets: %s', (text) => {
		expect(withoutSecrets(text, [])).toBe(text);
	});

	it('knows those of both credentials', () => {
		expect(secretsOf({ clientId: 'app', clientSecret: ' a ', refreshToken: 'b' })).toEqual([
			'a',
			'b',
		]);
		const oauthTokenData = { access_token: 'c', refresh_token: 'd', expires_in: 1 };
		expect(secretsOf({ clientSecret: 'a', oauthTokenData })).toEqual(['a', 'c', 'd']);
	});
});
