import { aadstsCode, explainRefusal, withoutSecrets } from '../../../credentials/entra/refusals';

/** A word of many letters that looks like a token, made so that none stands in the file. */
const opaque = (length: number) => 'aB3_'.repeat(Math.ceil(length / 4)).slice(0, length);
const jwt = () => [`eyJ${opaque(30)}`, `eyJ${opaque(200)}`, opaque(80)].join('.');

describe('a refusal that Microsoft documents', () => {
	it.each([
		['7000215', /client secret is wrong.*not its Secret ID/],
		['7000222', /client secret has expired/],
		['700016', /knows no app with this ID.*'Client ID' and 'Tenant ID'/],
		['90002', /tenant does not exist.*'Tenant ID'/],
		['50076', /[Mm]ultifactor authentication is required.*sign in again/],
		['50079', /must enrol in multifactor authentication/],
		['700082', /refresh token has expired.*sign in again/],
		['65001', /[Cc]onsent is missing.*administrator/],
		['500113', /no redirect address/],
		['50034', /user account does not exist in this tenant/],
	])('AADSTS%s is one plain sentence that ends with the code', (code, meaning) => {
		const message = explainRefusal(
			400,
			{
				error: 'invalid_client',
				error_description: `AADSTS${code}: Entra's own words.\r\nTrace ID: 1`,
				error_codes: [Number(code)],
			},
			[],
		);
		expect(message).toMatch(meaning);
		expect(message).not.toContain("Entra's own words");
		expect(message).not.toMatch(/\.\s+\S|[\r\n]/);
		expect(message.endsWith(` (AADSTS${code}).`)).toBe(true);
	});
});

describe('the code', () => {
	it.each([
		[{ error_codes: [7000215, 50034] }, '7000215'],
		[{ error_codes: ['65001'] }, '65001'],
		[{ error_description: 'AADSTS50076: Due to …' }, '50076'],
		[{ error_codes: [], error_description: 'AADSTS50079: …' }, '50079'],
		[{ error_codes: 'AADSTS1', error_description: 'no code here' }, undefined],
		[{ error_description: 42 }, undefined],
		[{}, undefined],
	])('of %j is %p', (body, code) => {
		expect(aadstsCode(body)).toBe(code);
	});
});

describe('a refusal that is not known', () => {
	it('shows the first line of Entra and nothing after it', () => {
		expect(
			explainRefusal(
				400,
				{
					error_description:
						'AADSTS123456: Something new went wrong.\r\nTrace ID: 4b7e1c0e\r\nCorrelation ID: 1f2e3d4c',
					error_codes: [123456],
				},
				[],
			),
		).toBe('Microsoft Entra refused to issue a token: AADSTS123456: Something new went wrong.');
	});

	it('cuts the trace off a description of one line', () => {
		expect(
			explainRefusal(
				400,
				{ error_description: 'AADSTS123456: New. Trace ID: 4b7e Correlation ID: 1f2e' },
				[],
			),
		).toBe('Microsoft Entra refused to issue a token: AADSTS123456: New.');
	});

	it('leaves out the secrets that were sent and whatever looks like a token', () => {
		const secret = 'short~but~secret';
		const assertion = jwt();
		const message = explainRefusal(
			400,
			{
				error_description: `AADSTS1: app sent '${secret}' with assertion ${assertion} twice ${secret}`,
			},
			[secret],
		);
		expect(message).toBe(
			"Microsoft Entra refused to issue a token: AADSTS1: app sent '…' with assertion … twice …",
		);
	});

	it('does not cut a secret into a readable part before it is left out', () => {
		const secret = `${'x'.repeat(50)} ${'y'.repeat(50)}`;
		const message = explainRefusal(400, { error_description: `${'.  '.repeat(90)}${secret}` }, [
			secret,
		]);
		expect(message).not.toMatch(/x|y{5}/);
	});

	it('keeps to a length that fits a message', () => {
		const message = explainRefusal(400, { error_description: 'word '.repeat(500) }, []);
		expect(message.length).toBeLessThan(400);
	});

	it.each([
		[401, { error: 'invalid_client' }, '(HTTP 401, invalid_client).'],
		[400, {}, '(HTTP 400).'],
		[400, { error_description: ' \r\n' }, '(HTTP 400).'],
		[400, { error: { code: 1 }, error_description: ['x'] }, '(HTTP 400).'],
	])('without a description: %d %j', (status, body, end) => {
		expect(explainRefusal(status, body, [])).toBe(
			`Microsoft Entra refused to issue a token ${end}`,
		);
	});

	it('leaves a token out of the error word too', () => {
		expect(explainRefusal(400, { error: jwt() }, [])).toBe(
			'Microsoft Entra refused to issue a token (HTTP 400, …).',
		);
	});
});

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
});
